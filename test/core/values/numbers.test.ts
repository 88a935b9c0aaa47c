import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNumberParser } from '../../../src/core/values/numbers.ts';

const point = createNumberParser({ decimal: '.' });
const comma = createNumberParser({ decimal: ',' });
const badNumber = { kind: 'bad', code: 'bad_number' };

describe('decimal point', () => {
  it.each([
    ['0', 0],
    ['-0', 0],
    ['007', 7],
    ['1234.5', 1234.5],
    ['.5', 0.5],
    ['+3', 3],
    ['-12.50', -12.5],
    ['−12.50', -12.5],
    ['1,234', 1234],
    ['1,234,567.89', 1_234_567.89],
    ['12,34,567', 1_234_567],
    ['1 234.5', 1234.5],
    ['1\u202f234\u202f567', 1_234_567],
    ["1'234.50", 1234.5],
    ['$1,234.50', 1234.5],
    ['-$5', -5],
    ['$-5', -5],
    ['($5.00)', -5],
    ['$(5.00)', -5],
    ['(5.00) USD', -5],
    ['US$ 20', 20],
    ['R$ 20', 20],
    ['$5.00 CAD', 5],
    ['20 kr', 20],
    ['£0.00', 0],
    ['123456789012345', 123_456_789_012_345],
    ['1.100000000000000000000', 1.1],
  ])('%j is %d', (cell, expected) => {
    expect(point(cell)).toEqual({ kind: 'value', value: expected });
  });

  it.each([
    '1,5',
    '1,23',
    '0,123',
    '1.234,56',
    '1,234 567',
    '1.2.3',
    '12,3456',
    '5.',
    '.',
    '$',
    '()',
    '-',
    '--5',
    '-(5)',
    '5-',
    '5%',
    '1E5',
    '1.5e+3',
    '0x10',
    'Infinity',
    'NaN',
    'MAY 12',
    'Paid 5',
    '5 visits',
    '1234567890123456',
    '0.1234567890123456',
    '٣',
    '9'.repeat(10_000),
  ])('%j is not a number', (cell) => {
    expect(point(cell)).toEqual(badNumber);
  });

  it('accepts blanks and apostrophes', () => {
    expect(point(' ')).toEqual({ kind: 'missing' });
    expect(point("'42")).toEqual({ kind: 'value', value: 42, notes: ['apostrophe_dropped'] });
  });
});

describe('decimal comma', () => {
  it.each([
    ['1.234,56', 1234.56],
    ['1.234', 1234],
    ['0,5', 0.5],
    ['1.234,50 €', 1234.5],
    ['-1 234,5', -1234.5],
    ['CHF 12', 12],
  ])('%j is %d', (cell, expected) => {
    expect(comma(cell)).toEqual({ kind: 'value', value: expected });
  });

  it.each(['1.5', '0.123', '1,234.56', '1,234,567', '12,34,567'])('%j is not a number', (cell) => {
    expect(comma(cell)).toEqual(badNumber);
  });
});

describe('the thousands separator', () => {
  it.each([
    ['.', ',', '1,234.5', 1234.5],
    ['.', "'", "1'234.5", 1234.5],
    ['.', "'", '1’234.5', 1234.5],
    [',', '.', '1.234,5', 1234.5],
    [',', ' ', '1 234,5', 1234.5],
    [',', ' ', '1\u00a0234', 1234],
    [',', '.', '1234,5', 1234.5],
    ['.', ',', '12,34,567', 1_234_567],
  ] as const)('decimal %j, separator %j: %j is %d', (decimal, separator, cell, expected) => {
    expect(createNumberParser({ decimal, separator })(cell)).toEqual({ kind: 'value', value: expected });
  });

  it.each([
    ['.', ',', '1 234.5'],
    ['.', ' ', '1,234.5'],
    ['.', ' ', '12,34,567'],
    [',', ' ', '1.234'],
    [',', '.', '1 234,5'],
  ] as const)('decimal %j, separator %j: %j is not a number', (decimal, separator, cell) => {
    expect(createNumberParser({ decimal, separator })(cell)).toEqual(badNumber);
  });
});

describe('always', () => {
  const amounts = fc.integer({ min: -99_999_999_999_999, max: 99_999_999_999_999 });

  it('reads back every amount of cents, grouped or not, signed or in parentheses', () => {
    fc.assert(
      fc.property(amounts, fc.constantFrom(',', ' ', "'", ''), fc.boolean(), (cents, group, accounting) => {
        const [whole = '', fraction = ''] = (Math.abs(cents) / 100).toFixed(2).split('.');
        const digits = `${whole.replaceAll(/\B(?=(?:\d{3})+$)/g, group)}.${fraction}`;
        const amount = cents < 0 ? (accounting ? `($${digits})` : `-${digits}`) : digits;
        expect(point(amount)).toEqual({ kind: 'value', value: Number((cents / 100).toFixed(2)) });
      }),
    );
  });

  it('never returns a value that is not a finite number, and never loses a digit', () => {
    const cells = fc.string({ unit: fc.constantFrom(...'0123456789.,-+() $€E\u00a0'.split('')) });
    fc.assert(
      fc.property(cells, fc.constantFrom(point, comma), (cell, read) => {
        const parsed = read(cell);
        if (parsed.kind !== 'value') return;
        expect(Number.isFinite(parsed.value)).toBe(true);
        const significant = (text: string): string => text.replaceAll(/\D/g, '').replace(/^0+/, '').replace(/0+$/, '');
        expect(significant(parsed.value.toPrecision(15).replace(/e.*/, ''))).toBe(significant(cell));
      }),
      { numRuns: 2000 },
    );
  });
});

it.each(['1.234,56', '12,50', '-12,5', '€ 99,00'])('%s proves a decimal comma without a setting for it', (cell) => {
  expect(createNumberParser({})(cell)).toEqual({ kind: 'bad', code: 'number_decimal_comma' });
  expect(createNumberParser({ decimal: '.' })(cell)).toEqual(badNumber);
});

it.each(['many', '12.5%'])('%s is not a number with either decimal sign', (cell) => {
  expect(createNumberParser({})(cell)).toEqual(badNumber);
});
