import { RunError } from '../core/outcome/run-error.ts';
import type { Dialect } from './dialect.ts';

/**
 * The cells of one record that the scanner found whole, without its line end. It can only be read as the scanner did; should
 * the two ever disagree on the number of cells, values could shift: that stops the program.
 *
 * @param isQuoted Whether any cell of it stands in quotes.
 */
export function splitCells(record: string, dialect: Dialect, isQuoted: boolean, expected: number): string[] {
  const cells = isQuoted ? splitQuoted(record, dialect) : record.split(dialect.delimiter);
  if (cells.length === expected) return cells;
  throw new RunError('bug', `A record has ${cells.length} cells where the scanner counted ${expected}`);
}

function splitQuoted(record: string, { delimiter, quote }: Dialect): string[] {
  const cells: string[] = [];
  for (let at = 0; ; at += 1) {
    if (record[at] === quote) {
      let end = record.indexOf(quote, at + 1);
      let isDoubled = false;
      while (record[end + 1] === quote) {
        isDoubled = true;
        end = record.indexOf(quote, end + 2);
      }
      const text = record.slice(at + 1, end);
      cells.push(isDoubled ? text.replaceAll(quote + quote, quote) : text);
      at = end + 1;
    } else {
      const end = record.indexOf(delimiter, at);
      cells.push(record.slice(at, end < 0 ? record.length : end));
      at = end < 0 ? record.length : end;
    }
    if (at >= record.length) return cells;
  }
}

/** Whether every cell is empty or holds only white space. */
export function areBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell === '' || cell.trim() === '');
}
