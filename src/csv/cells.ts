import { CsvError, parse } from 'csv-parse/sync';
import { RunError } from '../core/outcome/run-error.ts';
import type { Dialect } from './dialect.ts';
import type { RecordBytes } from './records.ts';

const lineEnd = 0x0a;

/**
 * The cells of clean records, cut by csv-parse. A record is clean when its quotes are well-formed, no cell without quotes
 * around it holds a quote, and all its bytes are text. Neighbors with equally many cells go to csv-parse as one stretch,
 * because each call costs as much as several records.
 *
 * The scanner has already found where each record ends. If csv-parse disagrees, values could shift, so the program stops.
 */
export function cutCells(records: readonly RecordBytes[], dialect: Dialect): readonly string[][] {
  let cut: readonly string[][] = [];
  for (let from = 0, to = 0; from < records.length; from = to) {
    const width = records[from]?.cells;
    while (records[to]?.cells === width) to += 1;
    const stretch = cutStretch(joinLines(records.slice(from, to)), dialect);
    if (stretch.length !== to - from || stretch[0]?.length !== width) throw disagreement(`${stretch.length} records`);
    cut = cut.length === 0 ? stretch : cut.concat(stretch);
  }
  return cut;
}

function joinLines(records: readonly RecordBytes[]): Buffer {
  const lines = Buffer.allocUnsafe(records.reduce((length, { start, end }) => length + end - start + 1, 0));
  let at = 0;
  for (const { bytes, start, end } of records) {
    at += bytes.copy(lines, at, start, end);
    lines[at] = lineEnd;
    at += 1;
  }
  return lines;
}

/** The cells of records that end in a line feed. csv-parse makes sure that all have the same number of cells. */
function cutStretch(bytes: Buffer, { delimiter, quote, skipsBlanks = false }: Dialect): string[][] {
  try {
    return parse(bytes, { delimiter, quote, escape: quote, record_delimiter: '\n', trim: skipsBlanks });
  } catch (error) {
    // Its message quotes cells, which are private.
    throw disagreement(error instanceof CsvError ? error.code : String(error));
  }
}

function disagreement(found: string): RunError {
  return new RunError('bug', `csv-parse and the scanner disagree about records: ${found}`);
}

/**
 * The cells of a record that csv-parse does not accept: one with a quote in a cell without quotes around it, or with bad
 * bytes. Other records give the same cells as csv-parse.
 *
 * @param record Without its line end.
 * @param expected How many cells the scanner counted. If there are not as many, the program stops.
 */
export function splitCells(record: string, dialect: Dialect, expected: number): string[] {
  const { delimiter, quote, skipsBlanks = false } = dialect;
  const pastBlanks = (from: number): number => {
    let to = from;
    while (record[to] === ' ') to += 1;
    return to;
  };
  const cells: string[] = [];
  for (let at = 0; at <= record.length; at += 1) {
    if (skipsBlanks && record[pastBlanks(at)] === quote) at = pastBlanks(at);
    if (record[at] === quote) {
      let end = record.indexOf(quote, at + 1);
      while (record[end + 1] === quote) end = record.indexOf(quote, end + 2);
      cells.push(record.slice(at + 1, end).replaceAll(quote + quote, quote));
      at = skipsBlanks ? pastBlanks(end + 1) : end + 1;
    } else {
      const end = record.indexOf(delimiter, at);
      cells.push(record.slice(at, end < 0 ? record.length : end));
      at = end < 0 ? record.length : end;
    }
  }
  if (cells.length === expected) return cells;
  throw new RunError('bug', `A record has ${cells.length} cells where the scanner counted ${expected}`);
}

/** Whether every cell is empty or holds only white space. */
export function areBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell === '' || cell.trim() === '');
}
