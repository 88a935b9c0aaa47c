import { cleanCell, fold } from '../../core/values/text.ts';
import type { CsvFile } from '../../csv/csv-file.ts';
import { footerWords } from '../../csv/data-rows.ts';
import { ColumnEvidence } from './column-evidence.ts';
import type { Candidate } from '../words/header-words.ts';
import { KeyEvidence } from './key-evidence.ts';
import type { KeyVerdict } from './key-evidence.ts';

/** What one pass over all rows of a file finds. */
export interface Survey {
  readonly rows: number;
  readonly damaged: number;
  /** Rows that repeat the header, as exports do at page breaks. Reading leaves them out by itself. */
  readonly repeatedHeaders: number;
  /** Rows that are totals or a page's footer. */
  readonly totals: readonly OddRow[];
  readonly columns: readonly ColumnEvidence[];
  /** By the position of a column: of those that may identify a person. */
  readonly keys: ReadonlyMap<number, KeyVerdict>;
  /** By the position of a column that may hold whole names, in files that have a column of first names too. */
  readonly repeats: ReadonlyMap<number, Repeats>;
}

/** In how many rows a whole name repeats the row's first name, and at which end of it. */
export interface Repeats {
  atStart: number;
  atEnd: number;
}

export interface OddRow {
  readonly row: number;
  /** The first cell that isn't blank, and its column. */
  readonly column: number;
  readonly text: string;
}

const mostOddRows = 1000;

/**
 * Reads a whole file once and collects what its columns say, in bounded memory (but for some 48 bytes a row, see `KeyEvidence`).
 *
 * @param candidates What each column may mean by its name.
 */
export async function surveyRows(file: CsvFile, candidates: readonly (Candidate | undefined)[]): Promise<Survey> {
  const columns = file.header.map(() => new ColumnEvidence());
  const firstNames = positionsOf(candidates, ['first_name']);
  const names = positionsOf(candidates, ['first_name', 'middle_name', 'last_name', 'full_name']);
  const births = positionsOf(candidates, ['dob']);
  const keys = new KeyEvidence(
    positionsOf(candidates, ['user_id', 'email']),
    positionsOf(candidates, ['status', 'created_date']),
  );
  const repeats = new Map(
    firstNames.length === 0
      ? []
      : positionsOf(candidates, ['full_name', 'last_name']).map((index) => [index, { atStart: 0, atEnd: 0 }] as const),
  );
  let repeatedHeaders = 0;
  const totals: OddRow[] = [];
  let rows = 0;
  let damaged = 0;
  for await (const batch of file.batches()) {
    repeatedHeaders += batch.repeatedHeaders;
    for (const { row, cells, damage } of batch.rows) {
      const odd = damage === undefined || damage.code === 'wrong_width' ? oddRow(row, cells) : undefined;
      if (odd !== undefined && isTotal(odd, cells)) {
        if (totals.length < mostOddRows) totals.push(odd);
        continue;
      }
      rows += 1;
      if (damage !== undefined) {
        damaged += 1;
        continue;
      }
      columns.forEach((column, index) => column.add(cells[index] ?? '', row));
      const name = names.map((index) => fold(cells[index] ?? '')).join(' ');
      const firstName = firstNames.length === 0 ? name : firstNames.map((index) => fold(cells[index] ?? '')).join(' ');
      // A father and a son of one name differ in their birthdays.
      keys.add(row, cells, firstName, [name, ...births.map((index) => cells[index] ?? '')].join(' '));
      for (const [index, found] of repeats) noteRepeat(found, fold(cells[index] ?? ''), firstName);
    }
  }
  for (const column of columns) column.settle();
  const verdicts = await withValues(file, keys.verdicts());
  return { rows, damaged, repeatedHeaders, totals, columns, keys: verdicts, repeats };
}

/** Reads the values that do not belong to one person from the file again: only their hashes were kept. */
async function withValues(file: CsvFile, verdicts: Map<number, KeyVerdict>): Promise<Map<number, KeyVerdict>> {
  const wanted = [...verdicts].flatMap(([column, verdict]) =>
    verdict.sharedRows === undefined ? [] : [{ column, verdict, row: verdict.sharedRows[0] }],
  );
  const last = Math.max(0, ...wanted.map(({ row }) => row));
  if (last === 0) return verdicts;
  for await (const { rows } of file.batches()) {
    for (const { column, verdict, row } of wanted) {
      const cells = rows.find((read) => read.row === row)?.cells;
      if (cells !== undefined) verdicts.set(column, { ...verdict, sharedValue: cleanCell(cells[column] ?? '') });
    }
    if ((rows.at(-1)?.row ?? 0) >= last) break;
  }
  return verdicts;
}

function noteRepeat(found: Repeats, whole: string, firstName: string): void {
  if (firstName === '' || whole.length <= firstName.length) return;
  if (whole.startsWith(`${firstName} `)) found.atStart += 1;
  else if (whole.endsWith(` ${firstName}`)) found.atEnd += 1;
}

function positionsOf(
  candidates: readonly (Candidate | undefined)[],
  meanings: readonly Candidate['meaning'][],
): number[] {
  return candidates.flatMap((candidate, index) =>
    candidate !== undefined && meanings.includes(candidate.meaning) ? [index] : [],
  );
}

function oddRow(row: number, cells: readonly string[]): OddRow | undefined {
  const column = cells.findIndex((cell) => cell.trim() !== '');
  return column < 0 ? undefined : { row, column, text: cells[column] ?? '' };
}

/** A row that starts with words of a total or footer and has few other cells filled. */
function isTotal({ text }: OddRow, cells: readonly string[]): boolean {
  if (!footerWords.test(text.trim())) return false;
  const filled = cells.filter((cell) => cell.trim() !== '').length;
  return filled <= Math.max(3, cells.length / 3);
}
