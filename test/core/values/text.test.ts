import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apostropheDropped, cleanCell, createMissing, fold, unwrapFormula } from '../../../src/core/values/text.ts';

const anyText = fc.string({
  unit: fc.oneof(fc.constantFrom("'", ' ', '\u00a0', '\u200b', '\ufeff', '=', '7', 'ß', 'e\u0301'), fc.string()),
});

describe('cleanCell', () => {
  it.each([
    ['plain', 'plain'],
    ['  two  words\t', 'two  words'],
    ['', ''],
    ['\u00a0 \u200b\ufeff', ''],
    ['\ufeffMember', 'Member'],
    ['\u202a+12075550147\u202c', '+12075550147'],
    ['Jose\u0301', 'José'],
    ['a\u00a0b', 'a\u00a0b'],
    ["'04101", '04101'],
    ["  '=1+1", '=1+1'],
    ["'+1 207", '+1 207'],
    ["'-5", '-5'],
    ["'@home", '@home'],
    ["'Aisha", "'Aisha"],
    ["''7", "''7"],
    ["' 7", "' 7"],
    ["O'7", "O'7"],
  ])('%j means %j', (cell, expected) => {
    expect(cleanCell(cell)).toBe(expected);
  });

  it('is idempotent and leaves NFC text with visible characters at both ends', () => {
    fc.assert(
      fc.property(anyText, (cell) => {
        const cleaned = cleanCell(cell);
        expect(cleanCell(cleaned)).toBe(cleaned);
        expect(cleaned.trim().normalize('NFC')).toBe(cleaned);
      }),
    );
  });

  it('takes linear time on a cell full of blanks', () => {
    const cell = `é${' '.repeat(1_000_000)}x`;
    expect(cleanCell(cell)).toBe(cell);
  });
});

describe('apostropheDropped', () => {
  it.each([
    ["'04101", true],
    [" '04101 ", true],
    ["'\u00a004101", false],
    [' 04101 ', false],
    ["'Aisha", false],
    ['e\u0301', false],
  ])('%j: %s', (cell, expected) => {
    expect(apostropheDropped(cell, cleanCell(cell))).toBe(expected);
  });
});

describe('fold', () => {
  it.each([
    [' Email ', 'EMAIL'],
    ['Straße', 'STRASSE'],
    ['STRAẞE', 'strasse'],
    ['Jose\u0301', 'JOSÉ'],
    ['ΟΔΟΣ', 'οδος'],
    ['\ufeffFirst Name', 'first name'],
  ])('%j and %j are the same', (one, other) => {
    expect(fold(one)).toBe(fold(other));
  });

  it('distinguishes an apostrophe and different words', () => {
    expect(fold("'7")).not.toBe(fold('7'));
    expect(fold('José')).not.toBe(fold('Jose'));
  });

  it('is idempotent and ignores case', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(fold(fold(text))).toBe(fold(text));
        expect(fold(text.toUpperCase())).toBe(fold(text));
      }),
    );
  });
});

describe('createMissing', () => {
  const other = createMissing(['N/A', 'None', 'unbekannt'], 'other');
  const name = createMissing(['N/A', 'None', 'unbekannt'], 'name');

  it.each([
    ['', true, true],
    [' \u00a0 ', true, true],
    ['n/a', true, true],
    ['-', false, true],
    ['NONE', true, false],
    ['null', false, false],
    ['na', false, false],
    ['Unbekannt ', true, false],
    ['Ana', false, false],
  ])('%j: elsewhere %s, as a name %s', (text, elsewhere, asName) => {
    expect(other(text)).toBe(elsewhere);
    expect(name(text)).toBe(asName);
  });
});

describe('what databases write for NULL', () => {
  const words = ['NULL', '(null)', '#N/A', 'none'];
  it.each([
    [String.raw`\N`, true, true],
    ['(null)', true, true],
    ['#n/a', true, true],
    ['NULL', true, true],
    ['Null', true, false],
    ['none', true, false],
    ['N', false, false],
  ])('%j: elsewhere %s, as a name %s', (text, elsewhere, asName) => {
    expect(createMissing(words, 'other')(text)).toBe(elsewhere);
    expect(createMissing(words, 'name')(text)).toBe(asName);
  });

  it('NULL is a name unless the mapping lists it', () => {
    expect(createMissing(['none'], 'name')('NULL')).toBe(false);
    expect(createMissing([], 'name')(String.raw`\N`)).toBe(true);
  });
});

describe('unwrapFormula', () => {
  it.each([
    ['="04101"', '04101'],
    ['=""', ''],
    ['="a""b"', 'a"b'],
    ['="a"&"b"', undefined],
    ['04101', undefined],
    ['="04101', undefined],
  ])('%j: %j', (text, expected) => {
    expect(unwrapFormula(text)).toBe(expected);
  });
});
