import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkDrift, gateLimitsSchema, movementSentence } from '../../../src/core/quality/nightly-gate.ts';
import type { Measures } from '../../../src/core/quality/nightly-gate.ts';

const limits = gateLimitsSchema.parse({});
const file = (change: Partial<Measures> = {}): Measures => ({
  rows: 100,
  valid: 98,
  invalid: 2,
  filled: { first_name: 98, phone: 60 },
  people: { all: 98, new: 1, changed: 3 },
  columns: ['Name', 'Phone'],
  endsInLineBreak: true,
  mapping: 'a',
  ...change,
});
const driftOf = (baselines: readonly Measures[], current: Measures, endsDamaged = false) =>
  checkDrift(baselines, current, limits, endsDamaged).map(({ measure, name }) => name ?? measure);

it.each<[string, Partial<Measures>, readonly string[]]>([
  ['the same', {}, []],
  ['20 % fewer rows, as many as may be', { rows: 80 }, []],
  ['21 % fewer rows', { rows: 79 }, ['rows']],
  ['21 % more rows', { rows: 121 }, ['rows']],
  ['no row', { rows: 0, valid: 0, invalid: 0, filled: {}, people: undefined }, ['rows']],
  ['a field filled less', { filled: { first_name: 98, phone: 45 } }, ['phone']],
  ['a field filled more', { filled: { first_name: 98, phone: 75 } }, ['phone']],
  ['the same under another mapping', { filled: {}, mapping: 'b', people: { all: 98, new: 1, changed: 98 } }, []],
  ['new people', { people: { all: 98, new: 25, changed: 0 } }, ['newPeople']],
  ['changed people', { people: { all: 98, new: 0, changed: 40 } }, ['changedPeople']],
  ['invalid rows', { invalid: 9, valid: 91, filled: { first_name: 91, phone: 56 } }, ['invalid']],
  ['a column renamed', { columns: ['Name', 'Mobile'] }, ['Phone', 'Mobile']],
  ['no last line break', { endsInLineBreak: false }, ['lastRecordCut']],
])('%s', (_what, change, expected) => {
  expect(driftOf([file(), file(), file()], file(change))).toEqual(expected);
});

it('ignores a single odd night, and does not compare few rows', () => {
  expect(driftOf([file({ rows: 10 }), file(), file()], file())).toEqual([]);
  const small = file({ rows: 8, valid: 8, invalid: 0, filled: { phone: 8 }, people: { all: 8, new: 0, changed: 0 } });
  const smaller = file({ rows: 4, valid: 4, invalid: 0, filled: {}, people: { all: 4, new: 4, changed: 0 } });
  expect(driftOf([small], smaller)).toEqual([]);
});

it('does not hold a feed in which most people change every night', () => {
  const busy = file({ people: { all: 98, new: 0, changed: 90 } });
  expect(driftOf([busy, busy], busy)).toEqual([]);
});

it('when no night ends with a line break, only a broken last record counts as cut off', () => {
  const open = file({ endsInLineBreak: false });
  expect(driftOf([open], open)).toEqual([]);
  expect(driftOf([open], open, true)).toEqual(['lastRecordCut']);
});

it('a night like the others has no movement, nor does a first night, and every movement has its sentence', () => {
  const counts = fc.nat({ max: 5000 });
  const any = fc
    .record({
      valid: counts,
      invalid: counts,
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      lineBreak: fc.boolean(),
    })
    .map(({ valid, invalid, share, lineBreak }) =>
      file({
        rows: valid + invalid,
        valid,
        invalid,
        filled: { phone: Math.floor(valid * share) },
        people: { all: valid, new: Math.floor(valid * share), changed: 0 },
        endsInLineBreak: lineBreak,
      }),
    );
  fc.assert(
    fc.property(any, any, fc.integer({ min: 1, max: 7 }), (usual, other, nights) => {
      if (usual.rows > 0)
        expect(
          driftOf(
            Array.from({ length: nights }, () => usual),
            usual,
          ),
        ).toEqual([]);
      expect(driftOf([], other)).toEqual([]);
      for (const movement of checkDrift([usual], other, limits, true)) expect(movementSentence(movement)).not.toBe('');
    }),
  );
});
