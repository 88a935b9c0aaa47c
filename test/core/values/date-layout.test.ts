import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { dateLayoutOf, showDateLayout } from '../../../src/core/values/date-layout.ts';

/** The same as one regular expression. */
function layoutOf(cell: string): string | undefined {
  const date = /^\s*(\d{1,4})([./ -])(\d{1,2})\2(\d{2,4})/.exec(cell);
  if (date === null) return /^\s*\d{5}(?:\.\d+)?\s*$/.test(cell) ? '99999 (a day number)' : undefined;
  const [, first = '', separator = '', second = '', third = ''] = date;
  if (first.length === 4) return `9999${separator}99${separator}99`;
  const isPadded = first.startsWith('0') || second.startsWith('0');
  if (!isPadded && first.length !== 1 && second.length !== 1) return undefined;
  const unit = isPadded ? '09' : '9';
  return `${unit}${separator}${unit}${separator}${'9'.repeat(third.length)}`;
}

function shown(cell: string): string | undefined {
  const layout = dateLayoutOf(cell);
  return layout === undefined ? undefined : showDateLayout(layout);
}

it.each([
  ['1/2/2020', '9/9/9999'],
  ['01/12/2020 7:00', '09/09/9999'],
  ['1.2.20', '9.9.99'],
  ['2020-01-02', '9999-99-99'],
  ['44197', '99999 (a day number)'],
  [' 44197.5 ', '99999 (a day number)'],
  ['12/25/2020', undefined],
  ['12/25-2020', undefined],
  ['', undefined],
])('%j', (cell, layout) => {
  expect(shown(cell)).toBe(layout);
});

it('agrees with the regular expression for any text', () => {
  const piece = fc.constantFrom('0', '1', '9', '12', '2020', '/', '-', '.', ' ', '\u00a0', 'x', '44197', ':');
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(text, (cell) => {
      expect(shown(cell)).toBe(layoutOf(cell));
    }),
    { numRuns: 5000 },
  );
});
