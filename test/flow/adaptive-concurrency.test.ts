import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createAdaptiveConcurrency } from '../../src/flow/adaptive-concurrency.ts';

it('falls to 0.7, once for requests that were in flight together', () => {
  const concurrency = createAdaptiveConcurrency(20);
  concurrency.overloaded(100, 200);
  expect(concurrency.limit).toBe(14);
  concurrency.overloaded(150, 210);
  concurrency.overloaded(199, 220);
  expect(concurrency.limit).toBe(14);
  concurrency.overloaded(201, 300);
  expect(concurrency.limit).toBe(9);
});

it('recovers one at a time, never above the highest limit and never below one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.array(fc.boolean(), { maxLength: 200 }), (highest, answers) => {
      const concurrency = createAdaptiveConcurrency(highest);
      answers.forEach((isSuccess, now) => {
        const before = concurrency.limit;
        if (isSuccess) concurrency.succeeded();
        else concurrency.overloaded(now, now);
        expect(concurrency.limit).toBeGreaterThanOrEqual(1);
        expect(concurrency.limit).toBeLessThanOrEqual(isSuccess ? Math.min(highest, before + 1) : before);
      });
      for (let nth = 0; nth < highest * highest + 1; nth += 1) concurrency.succeeded();
      expect(concurrency.limit).toBe(highest);
    }),
  );
});
