import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createZipParser } from '../../../src/core/values/zips.ts';

const plain = createZipParser({ restoreZeros: false });
const restoring = createZipParser({ restoreZeros: true });

describe('postal codes', () => {
  it.each([
    ['94612', '94612', []],
    ['04101', '04101', []],
    ['4101', '04101', ['zip_zero_restored']],
    ['4101-1234', '04101-1234', ['zip_zero_restored']],
    ['94612.0', '94612', ['zip_decimals_dropped']],
    ['4101.0', '04101', ['zip_decimals_dropped', 'zip_zero_restored']],
    ["'04101", '04101', ['apostrophe_dropped']],
    ['94612-1234', '94612-1234', []],
    ['412', '412', []],
    ['0412', '0412', []],
    ['41011', '41011', []],
    ['4101-12', '4101-12', []],
    ['SW1A 1AA', 'SW1A 1AA', []],
    ['K1A 0B1', 'K1A 0B1', []],
  ])('%j is %j, %j', (cell, expected, notes) => {
    expect(restoring(cell)).toEqual({ kind: 'value', value: expected, ...(notes.length === 0 ? {} : { notes }) });
  });

  it.each(['4101', '4101-1234', '1010'])('%j stays as it is unless the mapping asks for the fix', (cell) => {
    expect(plain(cell)).toEqual({ kind: 'value', value: cell });
  });

  it('undoes exactly what a spreadsheet does to a code with one leading zero, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1000, max: 99_999 }),
        fc.option(fc.integer({ min: 0, max: 9999 })),
        (five, four) => {
          const code = String(five).padStart(5, '0') + (four === null ? '' : `-${String(four).padStart(4, '0')}`);
          const damaged = code.replace(/^0/, '');
          expect(restoring(code)).toEqual({ kind: 'value', value: code });
          expect(restoring(damaged)).toMatchObject({ kind: 'value', value: code });
        },
      ),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', minLength: 1 }), (text) => {
        const parsed = restoring(text);
        if (parsed.kind !== 'value' || parsed.notes !== undefined) return;
        expect(parsed.value).toBe(text.trim());
      }),
    );
  });
});
