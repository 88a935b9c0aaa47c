import { expect, it } from 'vitest';
import { blankCells } from '../../src/csv/dialect.ts';
import { findHeader } from '../../src/csv/header.ts';
import { sampleRows } from '../../src/csv/sample.ts';

function sample(
  text: string,
  { isWhole = true, encoding = 'utf8' }: { isWhole?: boolean; encoding?: BufferEncoding } = {},
) {
  const head = { bytes: Buffer.from(text, encoding), isWhole };
  const dialect = { delimiter: ',', quote: '"' };
  const search = { dialect, headerRow: 1, comment: undefined, recordLimit: 1000, isTranscoded: false };
  const header = findHeader(head, { row: 1, line: 1, offset: 0 }, search);
  if (typeof header === 'string') throw new Error(header);
  const width = header.cells.length;
  return sampleRows(head, header, { ...search, width, leastWidth: width, surplus: 'any' });
}

it('counts rows, rows of the header width, and rows with bytes that are not text', () => {
  expect(sample('a,b\n1,2\n3\n4,5\xff\n"6,7\n', { encoding: 'latin1' })).toMatchObject({
    rows: 4,
    fitting: 2,
    undecodable: 1,
    surplus: 0,
  });
});

it('finds how many blank cells most rows have after the header', () => {
  expect(sample('a,b\n1,2,,\n3,4\n5,6, ,""\n').surplus).toBe(2);
});

it('reads 1,000 lines, and ignores a record that is cut by the end of the sample', () => {
  expect(sample(`a,b\n${'1,2\n'.repeat(1500)}`).rows).toBe(1000);
  expect(sample('a,b\n1,2\n3,4', { isWhole: false }).rows).toBe(1);
  expect(sample('a,b\n1,2\n3,4').rows).toBe(2);
});

it.each([
  [{ delimiter: ',', quote: '"' }, ',  ,"",'],
  [{ delimiter: '|', quote: "'" }, "|' '|"],
  [{ delimiter: ' ', quote: '"' }, ' "" '],
])('%j: blank cells', (dialect, text) => {
  expect(blankCells(dialect).test(text)).toBe(true);
  expect(blankCells(dialect).test(`${text}x`)).toBe(false);
});
