import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guardForEditing, guardFormula, unguard, unguardFormula } from '../../../src/core/reports/spreadsheet-guard.ts';

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.stringMatching(/^'{0,3}[=+\-@\t\r＝＋－＠0-9eE.']{0,14}$/),
  fc.stringMatching(/^[0-9]{0,4}[.eE+]{0,2}[0-9]{0,13}$/),
);

describe('guards of spreadsheet cells', () => {
  it.each(['=1+1', '+1', '-1', '@x', '\tx', '\rx', '＝1', '＋1', '－1', '＠1'])('guard the formula %j', (cell) => {
    expect(guardFormula(cell)).toBe(`'${cell}`);
    expect(guardForEditing(cell, false)).toBe(`'${cell}`);
  });

  it.each(['0123', '007 Bond', '+12075550123', '123456789012', '1234567890.12', '1e5', '4.41E+11', "'t Hooft", "'"])(
    'keep %j from being rewritten',
    (cell) => {
      expect(guardForEditing(cell, false)).toBe(`'${cell}`);
    },
  );

  it.each(['', 'Ana', '0', '0.5', '12345678901', '12 Main St', "O'Neil", 'a=b', 'e5', 'James 1e5'])(
    'leave %j',
    (cell) => {
      expect(guardFormula(cell)).toBe(cell);
      expect(guardForEditing(cell, false)).toBe(cell);
    },
  );

  it('guard every date that is not empty', () => {
    expect(guardForEditing('5/14/1990', true)).toBe("'5/14/1990");
    expect(guardForEditing('', true)).toBe('');
  });

  it('leave numbers and apostrophes in reports that are not imported again', () => {
    expect(guardFormula('0123')).toBe('0123');
    expect(guardFormula("'t Hooft")).toBe("'t Hooft");
  });

  it('are undone exactly, for any text', () => {
    fc.assert(
      fc.property(text, fc.boolean(), (cell, isDate) => {
        expect(unguard(guardForEditing(cell, isDate))).toBe(cell);
        expect(unguardFormula(guardFormula(cell))).toBe(cell);
        if (!cell.startsWith("'")) expect(unguard(guardFormula(cell))).toBe(cell);
      }),
      { numRuns: 2000 },
    );
  });

  it('never leave a cell that a spreadsheet would execute', () => {
    fc.assert(
      fc.property(text, (cell) => {
        expect(guardFormula(cell)).not.toMatch(/^[=+\-@\t\r＝＋－＠]/);
        expect(guardForEditing(cell, false)).not.toMatch(/^[=+\-@\t\r＝＋－＠]/);
      }),
      { numRuns: 2000 },
    );
  });
});
