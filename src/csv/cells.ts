import { parse } from 'csv-parse/sync';
import { RunError } from '../core/run-error.ts';
import type { Dialect } from './dialect.ts';

/**
 * The cells of whole, checked records, each ended by one LF. csv-parse gets nothing else, so it can only read them as the
 * scanner did. Should the two ever disagree on the number of cells, values could shift: that stops the program.
 */
export function splitCells(records: Buffer, { delimiter, quote }: Dialect, widths: readonly number[]): string[][] {
  if (widths.length === 0) return [];
  let rows: string[][];
  try {
    rows = parse(records, {
      delimiter,
      quote,
      escape: quote,
      record_delimiter: '\n',
      relax_quotes: true, // a quote inside a bare cell is text
      relax_column_count: true,
    });
  } catch (error) {
    throw new RunError('bug', 'csv-parse refused a record that the scanner had accepted', { cause: error });
  }
  if (rows.length !== widths.length || rows.some((cells, index) => cells.length !== widths[index])) {
    throw new RunError('bug', 'csv-parse and the scanner disagree on where a record or cell ends');
  }
  return rows;
}

/** Whether every cell is empty or holds only white space. */
export function areBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell === '' || cell.trim() === '');
}
