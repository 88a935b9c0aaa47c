import { expect, it } from 'vitest';
import { sharingText } from '../../../src/core/reports/figures.ts';

it.each([
  ['all rows are sent', { people: 13, rows: 26 }, '26 rows belong to 13 people. Later rows overwrite earlier ones.'],
  [
    'none is left out',
    { people: 1, rows: 2, leftOut: 0 },
    '2 rows belong to 1 person. Later rows overwrite earlier ones.',
  ],
  ['one is left out', { people: 1, rows: 2, leftOut: 1 }, '2 rows belong to 1 person. 1 row of them is left out.'],
  ['some are left out', { people: 2, rows: 5, leftOut: 3 }, '5 rows belong to 2 people. 3 rows of them are left out.'],
])('rows of the same people: %s', (_what, sharing, text) => {
  expect(sharingText(sharing)).toBe(text);
});
