import { expect, it } from 'vitest';
import { hidesRows } from '../../src/csv/hidden-rows.ts';
import { RecordScanner } from '../../src/csv/record-scanner.ts';

function hides(text: string, { width = 5, surplus = 0 }: { width?: number; surplus?: number | 'any' } = {}): boolean {
  const dialect = { delimiter: ',', quote: '"' };
  const layout = {
    dialect,
    width,
    leastWidth: width,
    surplus,
    comment: undefined,
    recordLimit: 1000,
    isTranscoded: false,
  };
  const bytes = Buffer.from(`x\n${text}\ny`);
  return hidesRows(bytes, 2, bytes.length - 2, layout, new RecordScanner(dialect, 1000, width));
}

it('a line in the middle of a cell is a row by itself', () => {
  expect(hides('1,"2,3,4,5\n1,2,3,4,5\n1,2",3,4,5')).toBe(true);
  expect(hides('1,"2,3,4,5\n1,2,3,4\n1,2",3,4,5')).toBe(true); // its ends are two rows
  expect(hides('1,"2,3\n1,2,3,4,5\n1",3,4,5')).toBe(true);
  expect(hides('1,"2,3\n1,2,3,4\n1",3,4,5')).toBe(false);
});

it('the two ends of a cell have the delimiters of two rows', () => {
  expect(hides('1,2,"3,4,5\n1,2,3",4,5')).toBe(true);
  expect(hides('1,2,"3,4,5\n1,2",4,5')).toBe(false);
  expect(hides('1,2,"3,4\n1,2,3",4,5')).toBe(false);
  expect(hides('1,2,"3,4,5\r\n1,2,3",4,5')).toBe(true);
});

it('a cell of several lines without delimiters is text', () => {
  expect(hides('1,2,"first\nsecond\n\nthird ""line""",4,5')).toBe(false);
});

it('blank cells that every row has are counted', () => {
  expect(hides('1,"2\n1,2,3,4,5,\n1",3,4,5,', { surplus: 1 })).toBe(true);
  expect(hides('1,"2\n1,2,3,4,5,\n1",3,4,5')).toBe(false);
  expect(hides('1,"2\n1,2,3,4,5\n1",3,4,5', { surplus: 'any' })).toBe(true);
});

it('with fewer than five columns nothing is taken for rows', () => {
  expect(hides('1,"2,3,4\n1,2,3,4\n1",3,4', { width: 4 })).toBe(false);
});
