import { describe, expect, it } from 'vitest';
import { createRateLimiter } from '../../src/flow/rate-limiter.ts';
import type { RateLimiter } from '../../src/flow/rate-limiter.ts';
import { fakeClock } from './fake-clock.ts';
import type { FakeClock } from './fake-clock.ts';

const never = new AbortController().signal;

interface Account {
  readonly limiter: RateLimiter;
  readonly times: number[];
}

/** Limiters that share one limiter, each with a number of requests at once. */
function night(overAll: number, each: number, accounts: number, size: number) {
  const clock = fakeClock();
  const shared = createRateLimiter(overAll, clock, clock);
  const all = Array.from({ length: accounts }, (): Account => {
    const limiter = createRateLimiter(each, clock, clock, shared);
    const times: number[] = [];
    for (let nth = 0; nth < size; nth += 1) void limiter.enter(never).then(() => times.push(clock.monotonic()));
    return { limiter, times };
  });
  return { clock, all };
}

function busiestSecond(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  return Math.max(...sorted.map((from) => sorted.filter((time) => time >= from && time < from + 1000 - 1e-6).length));
}

async function secondsPass(clock: FakeClock, seconds: number, each: () => void): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    await clock.advance(1000);
    each();
  }
}

describe('several accounts share one limiter', () => {
  it.each([
    ['the rate over all is the narrower', 9, 5],
    ['the rate of each is the narrower', 100, 5],
    ['accounts have no limit of their own', 9, 0],
  ])('keep both rates, and none starves when %s', async (_name, overAll, each) => {
    const { clock, all } = night(overAll, each, 3, 60);
    await secondsPass(clock, 10, () => {
      const passed = all.map(({ times }) => times.length);
      expect(Math.max(...passed) - Math.min(...passed)).toBeLessThanOrEqual(1);
    });
    await clock.advance(60_000);
    expect(all.map(({ times }) => times.length)).toEqual([60, 60, 60]);
    expect(busiestSecond(all.flatMap(({ times }) => times))).toBeLessThanOrEqual(overAll + 1);
    if (each > 0) for (const { times } of all) expect(busiestSecond(times)).toBeLessThanOrEqual(each + 1);
  });

  it('one that the server pauses sends nothing and does not hold the others back', async () => {
    const { clock, all } = night(9, 0, 3, 200);
    await clock.advance(1000);
    const [paused, ...others] = all;
    const before = paused?.times.length;
    paused?.limiter.throttle(5000);
    await clock.advance(4900);
    expect(paused?.times).toHaveLength(before ?? -1);
    const sent = others.map(({ times }) => times.length);
    expect(sent[0]! + sent[1]!).toBeGreaterThanOrEqual(48);
    await clock.advance(200_000);
    expect(paused?.times).toHaveLength(200);
  });
});
