import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { retryDelay, retryLaterDelay, silentPause } from '../../../src/core/api/backoff.ts';

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const tries = fc.integer({ min: 0, max: 10_000 });

it('a retry waits a random time below a doubling cap, and never 0', () => {
  expect([1, 2, 3, 4, 5, 6, 7].map((nth) => retryDelay(nth, 0.5))).toEqual([
    500, 1000, 2000, 4000, 8000, 15_000, 15_000,
  ]);
  fc.assert(fc.property(tries, chance, (nth, luck) => retryDelay(nth, luck) >= 50 && retryDelay(nth, luck) <= 30_000));
});

it('a row that the server may have taken waits at least 2 s, and longer each time, so that no late answer is overtaken', () => {
  expect([1, 2, 3, 4, 5, 6].map((nth) => retryLaterDelay(nth, 0))).toEqual([2000, 4000, 8000, 16_000, 30_000, 30_000]);
  fc.assert(
    fc.property(
      tries,
      chance,
      (nth, luck) => retryLaterDelay(nth, luck) >= 2000 && retryLaterDelay(nth, luck) <= 45_000,
    ),
  );
  fc.assert(fc.property(tries, (nth) => retryLaterDelay(nth + 1, 0) >= retryLaterDelay(nth, 0)));
});

it('a 429 without Retry-After waits 30 s, then twice as long up to 5 minutes', () => {
  expect([1, 2, 3, 4, 5, 6, 50].map(silentPause)).toEqual([
    30_000, 60_000, 120_000, 240_000, 300_000, 300_000, 300_000,
  ]);
});
