import { setMaxListeners } from 'node:events';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRateLimiter } from '../../src/flow/rate-limiter.ts';
import type { RateLimiter } from '../../src/flow/rate-limiter.ts';
import { fakeClock, settled } from './fake-clock.ts';
import type { FakeClock } from './fake-clock.ts';

const never = new AbortController().signal;
setMaxListeners(0, never);

interface Crowd {
  readonly clock: FakeClock;
  readonly limiter: RateLimiter;
  /** When each request passed, and which it was. */
  readonly times: number[];
  readonly order: number[];
}

/** Lets a number of requests enter the limiter at once. */
function crowd(rate: number, size: number, signal = never): Crowd {
  const clock = fakeClock();
  const limiter = createRateLimiter(rate, clock, clock);
  const [times, order]: [number[], number[]] = [[], []];
  for (let nth = 0; nth < size; nth += 1) {
    void limiter.enter(signal).then(() => times.push(clock.monotonic()) + order.push(nth));
  }
  return { clock, limiter, times, order };
}

/** The most requests in any second that begins with one. */
function busiestSecond(times: readonly number[]): number {
  let most = 0;
  let from = 0;
  times.forEach((time, index) => {
    while ((times[from] ?? 0) <= time - 1000 + 1e-6) from += 1;
    most = Math.max(most, index - from + 1);
  });
  return most;
}

describe('the rate', () => {
  it.each([
    [50, 500, 51],
    [5, 50, 6],
    [1, 10, 2],
    [0.5, 5, 2],
    [1000, 10_000, 1010],
    [333, 3330, 337],
  ])('of %d a second: %i requests, never more than %i in a second', async (rate, size, most) => {
    const { clock, times } = crowd(rate, size);
    await clock.advance((size / rate) * 1000 + 1);
    expect(times).toHaveLength(size);
    expect(busiestSecond(times)).toBeLessThanOrEqual(most);
    const took = (times.at(-1) ?? 0) - (times[0] ?? 0);
    expect(took).toBeGreaterThan(((size - 1) / rate) * 1000 * 0.98 - 1100 / rate);
  });

  it('holds after a pause', async () => {
    const { clock, limiter, times } = crowd(50, 500);
    await clock.advance(2000);
    const before = times.length;
    limiter.pause(20_000);
    await clock.advance(19_999);
    expect(times).toHaveLength(before);
    await clock.advance(10_000);
    expect(times).toHaveLength(500);
    expect(busiestSecond(times)).toBeLessThanOrEqual(51);
  });

  it('holds after the machine was suspended', async () => {
    const { clock, times } = crowd(50, 500);
    await clock.advance(1000);
    await clock.jump(3_600_000);
    await clock.advance(10_000);
    expect(times).toHaveLength(500);
    expect(busiestSecond(times)).toBeLessThanOrEqual(51);
  });

  it('holds after idle time', async () => {
    const { clock, limiter, times } = crowd(50, 1);
    await clock.advance(60_000);
    for (let nth = 0; nth < 200; nth += 1) void limiter.enter(never).then(() => times.push(clock.monotonic()));
    await clock.advance(10_000);
    expect(busiestSecond(times)).toBeLessThanOrEqual(51);
  });

  it('holds for any pauses and suspensions', async () => {
    const step = fc.record({
      act: fc.constantFrom('advance', 'jump', 'pause', 'throttle', 'recover'),
      ms: fc.integer({ min: 1, max: 5000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(2, 7, 50, 300), fc.array(step, { maxLength: 12 }), async (rate, steps) => {
        const { clock, limiter, times } = crowd(rate, 400);
        for (const { act, ms } of steps) {
          if (act === 'advance' || act === 'jump') await clock[act](ms);
          else if (act === 'recover') limiter.recover();
          else limiter[act](ms);
          expect(limiter.rate).toBeLessThanOrEqual(rate);
        }
        expect(busiestSecond(times)).toBeLessThanOrEqual(Math.ceil(rate + Math.max(1, rate * 0.01)));
      }),
      { numRuns: 40 },
    );
  });

  it('does not apply without a limit', async () => {
    const { times } = crowd(0, 1000);
    await settled();
    expect(times).toHaveLength(1000);
  });
});

it('requests pass in the order in which they arrived', async () => {
  const { clock, order } = crowd(100, 50);
  await clock.advance(1000);
  expect(order).toEqual(Array.from({ length: 50 }, (_, nth) => nth));
});

describe('a pause', () => {
  it('holds back all requests, with or without a limit', async () => {
    for (const rate of [0, 50]) {
      const { clock, limiter } = crowd(rate, 0);
      limiter.pause(5000);
      let passed = false;
      void limiter.enter(never).then(() => (passed = true));
      await clock.advance(4999);
      expect(passed).toBe(false);
      await clock.advance(1);
      expect(passed).toBe(true);
    }
  });

  it('can be extended, but never shortened', async () => {
    const { clock, limiter, times } = crowd(1, 0);
    limiter.pause(5000);
    void limiter.enter(never).then(() => times.push(clock.monotonic()));
    await clock.advance(1000);
    limiter.pause(9000);
    limiter.pause(10);
    await clock.advance(20_000);
    expect(times).toEqual([11_000]);
  });

  it('uses the clock for waits', async () => {
    const [clock, waits] = [fakeClock(), fakeClock()];
    const limiter = createRateLimiter(50, clock, waits);
    limiter.pause(1000);
    let passed = false;
    void limiter.enter(never).then(() => (passed = true));
    await clock.advance(5000);
    expect(passed).toBe(false);
    await waits.advance(1000);
    expect(passed).toBe(true);
  });
});

describe('too many requests', () => {
  it('lower the rate to 0.7 of the rate achieved, once per pause', async () => {
    const { clock, limiter } = crowd(50, 500);
    await clock.advance(3000);
    limiter.throttle(1000);
    expect(limiter.rate).toBeCloseTo(35, 0);
    for (let nth = 0; nth < 7; nth += 1) limiter.throttle(2000);
    expect(limiter.rate).toBeCloseTo(35, 0);
    await clock.advance(4000);
    limiter.throttle(1000);
    expect(limiter.rate).toBeLessThan(30);
  });

  it('count the rate achieved, not the rate allowed', async () => {
    const { clock, limiter } = crowd(1000, 20);
    await clock.advance(1500);
    limiter.throttle(1000);
    expect(limiter.rate).toBeCloseTo(14, 0);
  });

  it('set a rate for a limiter without one', async () => {
    const { limiter } = crowd(0, 40);
    await settled();
    limiter.throttle(1000);
    expect(limiter.rate).toBeCloseTo(28, 0);
  });

  it.each([0.1, 0.5, 1, 5])('never raise a rate of %d, and never lower it to nothing', (rate) => {
    const { limiter, clock } = crowd(rate, 0);
    for (let nth = 0; nth < 40; nth += 1) {
      limiter.throttle(0);
      expect(limiter.rate).toBeLessThanOrEqual(rate);
      expect(limiter.rate).toBeGreaterThanOrEqual(Math.min(rate, 0.2));
    }
    expect(clock.sleepers).toBe(0);
  });
});

describe('recovery', () => {
  it('raises the rate to the configured one and no further', () => {
    const { limiter } = crowd(50, 0);
    limiter.throttle(0);
    const low = limiter.rate;
    limiter.recover();
    expect(limiter.rate).toBeGreaterThan(low);
    expect(limiter.rate).toBeLessThan(low + 2);
    for (let nth = 0; nth < 100_000; nth += 1) limiter.recover();
    expect(limiter.rate).toBe(50);
  });

  it('restores about a fiftieth of the configured rate a second', async () => {
    const { clock, limiter } = crowd(50, 500);
    await clock.advance(3000);
    limiter.throttle(0);
    const low = limiter.rate;
    for (let answer = 0; answer < low; answer += 1) limiter.recover();
    expect(limiter.rate - low).toBeCloseTo(1, 0);
  });
});

it('an abort releases all requests at once and leaves no timer', async () => {
  const controller = new AbortController();
  const { clock, limiter, times } = crowd(1, 20, controller.signal);
  limiter.pause(60_000);
  await clock.advance(10);
  controller.abort();
  await settled();
  expect(times).toHaveLength(20);
  expect(clock.sleepers).toBe(0);
});
