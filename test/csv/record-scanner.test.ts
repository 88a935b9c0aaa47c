import { describe, expect, it } from 'vitest';
import { afterLineEnd, findLineEnd, RecordScanner } from '../../src/csv/record-scanner.ts';

const dialect = { delimiter: ',', quote: '"' };

function scan(text: string, { isLast = true, limit = 1000, width = 0, start = 0 } = {}) {
  const scanner = new RecordScanner(dialect, limit, width);
  const result = scanner.scan(Buffer.from(text), start, isLast);
  const { cells, end, next, breaks, isQuoted, hasBareQuote, hasStrayQuote, surplusAt } = scanner;
  return { result, cells, end, next, breaks, isQuoted, hasBareQuote, hasStrayQuote, surplusAt };
}

describe('a whole record', () => {
  it.each([
    ['a,b\nc', { cells: 2, end: 3, next: 4 }],
    ['a,b\r\nc', { cells: 2, end: 3, next: 5 }],
    ['a,b\rc', { cells: 2, end: 3, next: 4 }],
    ['a,b', { cells: 2, end: 3, next: 3 }],
    ['\nx', { cells: 1, end: 0, next: 1 }],
    ['é,"ü",\n', { cells: 3, end: 8, next: 9 }],
  ])('%j', (text, found) => {
    expect(scan(text)).toMatchObject({ result: 'whole', breaks: 0, hasBareQuote: false, ...found });
  });

  it('counts the line ends inside quotes, CRLF once', () => {
    expect(scan('"1\r\n2\n3\r4""",x\ny')).toMatchObject({ result: 'whole', cells: 2, breaks: 3, isQuoted: true });
  });

  it('distinguishes an unmatched quote from a pair, in cells without quotes around them', () => {
    expect(scan('5\'10",x')).toMatchObject({ hasBareQuote: true, hasStrayQuote: true, isQuoted: false });
    expect(scan('Bo "the" Li,x')).toMatchObject({ hasBareQuote: true, hasStrayQuote: false });
    expect(scan('"Bo ""the"" Li",x')).toMatchObject({ hasBareQuote: false, hasStrayQuote: false, isQuoted: true });
  });

  it('finds where the cells beyond the width begin', () => {
    expect(scan('a,b,c,d', { width: 2 })).toMatchObject({ cells: 4, surplusAt: 3 });
    expect(scan('a,b', { width: 2 })).toMatchObject({ surplusAt: -1 });
  });

  it('forgets the previous record', () => {
    const scanner = new RecordScanner(dialect, 1000, 1);
    const bytes = Buffer.from('"a\nb",c",d\ne\n');
    scanner.scan(bytes, 0, true);
    expect(scanner.scan(bytes, scanner.next, true)).toBe('whole');
    expect(scanner).toMatchObject({ cells: 1, breaks: 0, isQuoted: false, hasBareQuote: false, hasStrayQuote: false });
    expect(scanner.surplusAt).toBe(-1);
  });
});

describe('a record that is cut by the end of the bytes', () => {
  it.each(['a,b', 'a,"b', 'a,"b"', 'a,b\r'])('%j needs more', (text) => {
    expect(scan(text, { isLast: false }).result).toBe('more');
    expect(scan(text).result).not.toBe('more');
  });
});

describe('a damaged record', () => {
  it.each([
    ['"a"x,b\n', 'broken_quote', 3],
    ['"a" ,b\n', 'broken_quote', 3],
    ['a,"b\nc', 'unclosed_quote', 6],
    ['a,"b""', 'unclosed_quote', 6],
  ])('%j: %s', (text, result, end) => {
    expect(scan(text)).toMatchObject({ result, end });
  });

  it('over the limit, inside and outside quotes', () => {
    expect(scan('abcde,f\n', { limit: 7 }).result).toBe('whole');
    expect(scan('abcde,f\n', { limit: 6 }).result).toBe('record_too_long');
    expect(scan('"bcde",f\n', { limit: 4 }).result).toBe('unclosed_quote');
  });
});

it('finds line ends and what follows them', () => {
  const bytes = Buffer.from('a\r\nb\rc\n');
  expect(findLineEnd(bytes, 0)).toBe(1);
  expect(afterLineEnd(bytes, 1, true)).toBe(3);
  expect(afterLineEnd(bytes, 4, true)).toBe(5);
  expect(afterLineEnd(bytes, 6, true)).toBe(7);
  expect(findLineEnd(Buffer.from('abc'), 1)).toBe(3);
  // An LF may follow.
  expect(afterLineEnd(Buffer.from('a\r'), 1, false)).toBe(-1);
  expect(afterLineEnd(Buffer.from('a\r'), 1, true)).toBe(2);
});
