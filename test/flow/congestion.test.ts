import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createCongestion } from '../../src/flow/congestion.ts';

it('falls to 0.7, once for requests that were under way together', () => {
  const congestion = createCongestion(20);
  congestion.crowded(100, 200);
  expect(congestion.allowed).toBe(14);
  congestion.crowded(150, 210);
  congestion.crowded(199, 220);
  expect(congestion.allowed).toBe(14);
  congestion.crowded(201, 300);
  expect(congestion.allowed).toBe(9);
});

it('comes back one by one, never beyond what was asked for, never below one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.array(fc.boolean(), { maxLength: 200 }), (most, answers) => {
      const congestion = createCongestion(most);
      answers.forEach((isFine, now) => {
        const before = congestion.allowed;
        if (isFine) congestion.fine();
        else congestion.crowded(now, now);
        expect(congestion.allowed).toBeGreaterThanOrEqual(1);
        expect(congestion.allowed).toBeLessThanOrEqual(isFine ? Math.min(most, before + 1) : before);
      });
      for (let nth = 0; nth < most * most + 1; nth += 1) congestion.fine();
      expect(congestion.allowed).toBe(most);
    }),
  );
});
