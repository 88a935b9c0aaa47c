import { describe, expect, it } from 'vitest';
import { createRefusalLimits } from '../../../../src/run/requests/health/refusal-limits.ts';
import type { RefusalLimits } from '../../../../src/run/requests/health/refusal-limits.ts';

const none = { succeeded: 0, refused: 0 };

/** Counts refusals until the run must stop; undefined when 200 do not stop it. */
function refuse(limits: RefusalLimits): number | undefined {
  for (let nth = 1; nth <= 200; nth += 1) if (limits.refused()) return nth;
  return undefined;
}
function succeed(limits: RefusalLimits, count: number): void {
  for (let nth = 0; nth < count; nth += 1) limits.succeeded();
}

it('20 refused rows without a success stop the run', () => {
  expect(refuse(createRefusalLimits(none, false))).toBe(20);
});

it('25 refused of the first 100 stop the run, even with successes among them', () => {
  for (const successes of [1, 40, 75]) {
    const limits = createRefusalLimits(none, false);
    succeed(limits, successes);
    expect(refuse(limits)).toBe(25);
  }
});

it('24 refused of the first 100 do not, and after that no number does', () => {
  const limits = createRefusalLimits(none, false);
  succeed(limits, 76);
  for (let nth = 0; nth < 24; nth += 1) {
    expect(limits.areOpen).toBe(true);
    expect(limits.refused()).toBe(false);
  }
  expect(limits.areOpen).toBe(false);
  expect(refuse(limits)).toBeUndefined();
});

describe('a resumed run', () => {
  it('continues the count', () => {
    expect(refuse(createRefusalLimits({ succeeded: 0, refused: 15 }, false))).toBe(5);
    expect(refuse(createRefusalLimits({ succeeded: 3, refused: 15 }, false))).toBe(10);
  });

  it('has no limits after 100 rows', () => {
    const limits = createRefusalLimits({ succeeded: 90, refused: 10 }, false);
    expect(limits.areOpen).toBe(false);
    expect(refuse(limits)).toBeUndefined();
  });
});

it('--accept-refusals turns both limits off, and no refusal is provisional', () => {
  const limits = createRefusalLimits(none, true);
  expect(limits.areOpen).toBe(false);
  expect(refuse(limits)).toBeUndefined();
});
