import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fasterClock, systemClock } from '../../src/flow/clock.ts';
import { fakeClock } from './fake-clock.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Whether a sleep has ended yet. */
function watch(sleep: Promise<void>): { readonly over: boolean } {
  const state = { over: false };
  void sleep.then(() => (state.over = true));
  return state;
}

describe('sleep', () => {
  it('lasts as long as it should', async () => {
    const sleep = watch(systemClock.sleep(1000));
    await vi.advanceTimersByTimeAsync(999);
    expect(sleep.over).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(sleep.over).toBe(true);
  });

  it.each([0, -1, Number.NaN])('of %d ends at once', async (ms) => {
    await systemClock.sleep(ms);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('can be longer than a timer can be', async () => {
    const days = 50 * 86_400_000;
    const sleep = watch(systemClock.sleep(days));
    await vi.advanceTimersByTimeAsync(days - 1);
    expect(sleep.over).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(sleep.over).toBe(true);
  });

  it('ends when the signal aborts, and leaves neither timer nor listener', async () => {
    for (const ms of [1000, Infinity]) {
      const controller = new AbortController();
      const sleep = watch(systemClock.sleep(ms, controller.signal));
      controller.abort();
      await vi.advanceTimersByTimeAsync(0);
      expect([sleep.over, vi.getTimerCount()]).toEqual([true, 0]);
      expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    }
  });

  it('removes its listener when it ends by itself', async () => {
    const { signal } = new AbortController();
    const sleep = systemClock.sleep(10, signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(10);
    await sleep;
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('does not start when the signal is already aborted', async () => {
    await systemClock.sleep(1000, AbortSignal.abort());
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('a faster clock shortens waits and leaves the wall time unchanged', async () => {
  vi.useRealTimers();
  const clock = fakeClock();
  const faster = fasterClock(clock, 100);
  const sleep = watch(faster.sleep(1000));
  await clock.advance(10);
  expect(sleep.over).toBe(true);
  expect([faster.now(), faster.monotonic()]).toEqual([clock.now(), clock.monotonic() * 100]);
  expect(fasterClock(clock, 1)).toBe(clock);
});
