import { expect, it } from 'vitest';
import { createPauseRules } from '../../../../src/run/requests/health/pause-rules.ts';
import { fakeClock } from '../../../flow/fake-clock.ts';
import { failure } from './failure.ts';

const throttled = (retryAfterMs?: number) => failure('status_429', { retryAfterMs });

it('429 pauses for as long as the server asks, and lowers the rate', () => {
  const clock = fakeClock();
  const rules = createPauseRules(clock);
  expect(rules.pauseAfter(throttled(7000), clock.monotonic(), 500)).toEqual({ ms: 7000, isThrottle: true });
});

it('429 with a time of 0 pauses for the backoff of its request, never 0', () => {
  const clock = fakeClock();
  expect(createPauseRules(clock).pauseAfter(throttled(0), clock.monotonic(), 500)?.ms).toBe(500);
});

it('429 without Retry-After pauses for 30 s, doubling up to 5 minutes, and a success starts over', async () => {
  const clock = fakeClock();
  const rules = createPauseRules(clock);
  const pauses: (number | undefined)[] = [];
  const ask = async (): Promise<void> => {
    await clock.advance(1);
    pauses.push(rules.pauseAfter(throttled(), clock.monotonic(), 500)?.ms);
  };
  for (let nth = 0; nth < 6; nth += 1) await ask();
  rules.succeeded();
  await ask();
  expect(pauses).toEqual([30_000, 60_000, 120_000, 240_000, 300_000, 300_000, 30_000]);
});

it('requests that were in flight together are throttled once', async () => {
  const clock = fakeClock();
  const rules = createPauseRules(clock);
  const sentAt = clock.monotonic();
  await clock.advance(10);
  const together = [1, 2, 3].map(() => rules.pauseAfter(throttled(), sentAt, 500)?.ms);
  expect(together).toEqual([30_000, 30_000, 30_000]);
  await clock.advance(30_000);
  expect(rules.pauseAfter(throttled(), clock.monotonic(), 500)?.ms).toBe(60_000);
});

it('503 with Retry-After pauses without lowering the rate; without a time it does not pause', () => {
  const clock = fakeClock();
  const rules = createPauseRules(clock);
  const busy = (retryAfterMs?: number) => failure('status_503_retry_after', { retryAfterMs });
  expect(rules.pauseAfter(busy(5000), 0, 500)).toEqual({ ms: 5000, isThrottle: false });
  expect(rules.pauseAfter(busy(0), 0, 500)).toBeUndefined();
  expect(rules.pauseAfter(busy(), 0, 500)).toBeUndefined();
});

it('no other answer pauses the run, whatever it contains', () => {
  const rules = createPauseRules(fakeClock());
  for (const event of ['status_5xx', 'status_400', 'status_408', 'reset_fresh'] as const)
    expect(rules.pauseAfter(failure(event, { retryAfterMs: 5000 }), 0, 500)).toBeUndefined();
});
