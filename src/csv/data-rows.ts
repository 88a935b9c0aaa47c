import { compilePattern } from '../core/mapping/pattern.ts';
import { RunError } from '../core/outcome/run-error.ts';
import { fold } from '../core/values/text.ts';
import type { CsvBatch, CsvRow, CsvSettings } from './csv-file.ts';
import { normalName } from './header.ts';

/**
 * Words that a total or a page's footer begins with. A line that does is reported like any other that lacks cells, but it is
 * surely not a piece of its neighbors.
 */
export const footerWords =
  /^(?:(?:grand |sub ?|report )?totals?\b|(?:record|row|member|client|customer)s?(?: count)?\s*:|count\b|number of (?:records|rows|members|clients)|page \d+|end of (?:report|file|export)|(?:report )?(?:generated|exported|printed|created|run) (?:on|by|at)\b|generated\b|copyright|©|gesamt|summe|anzahl|seite \d+|total g[ée]n[ée]ral|fin du rapport|totaal|pagina \d+|p[áa]gina \d+)/i;

/**
 * Leaves out what is not data: the header repeated at page breaks, and footers. Marks rows that may be split: a line end inside a
 * cell without quotes makes two lines of a row, and where the cell is the row's first or last, one of them is as wide as the
 * header and would pass for a whole row with half a cell. The other has a single cell, so the neighbors of a line like that are
 * not believed; neither is a row of several lines before a damaged one, for it may have drawn in that one's beginning.
 *
 * At most as many rows as `footer` says are held back.
 */
export async function* dataRows(
  batches: AsyncIterable<Pick<CsvBatch, 'rows' | 'blank'>>,
  header: readonly string[],
  footer: CsvSettings['footer'],
  file = 'the file',
): AsyncGenerator<CsvBatch, void, undefined> {
  const pattern = typeof footer === 'string' ? await compilePattern(footer) : undefined;
  const atEnd = typeof footer === 'number' ? footer : 0;
  const headerLikeness = createHeaderTest(header);
  let before: CsvRow | undefined;
  let held: CsvRow[] = [];
  for await (const { rows, blank } of batches) {
    const kept = held;
    let repeatedHeaders = 0;
    let left = 0;
    for (const row of rows) {
      const { cells } = row;
      const likeness = headerLikeness(cells);
      if (likeness === 'other' && row.damage === undefined) throw otherHeader(row.row, file);
      if (likeness === 'same' || isSepLine(cells)) repeatedHeaders += 1;
      else if (pattern !== undefined && row.damage?.raw === undefined && pattern.test(firstText(cells))) left += 1;
      else kept.push(row);
    }
    // The next row shows whether one is split.
    held = kept.splice(Math.max(0, kept.length - atEnd - 1));
    if (kept.length === 0 && blank === 0 && repeatedHeaders === 0 && left === 0) continue;
    yield { rows: doubtTorn(before, kept, held[0]), blank, repeatedHeaders, footer: left };
    before = kept.at(-1) ?? before;
  }
  if (held.length === 0) return;
  const last = held.slice(0, Math.max(0, held.length - atEnd));
  yield { rows: doubtTorn(before, last, undefined), blank: 0, repeatedHeaders: 0, footer: held.length - last.length };
}

/** Marks the rows of which the damaged line next to them may be a piece. */
function doubtTorn(before: CsvRow | undefined, rows: readonly CsvRow[], after: CsvRow | undefined): readonly CsvRow[] {
  if (before?.damage === undefined && after?.damage === undefined && rows.every(({ damage }) => damage === undefined))
    return rows;
  return rows.map((row, index) => {
    if (row.damage !== undefined) return row;
    const [previous, next] = [rows[index - 1] ?? before, rows[index + 1] ?? after];
    const follows = next?.damage !== undefined && next.row === row.row + 1;
    const isTorn =
      (previous?.row === row.row - 1 && isLoneCell(previous)) ||
      (follows && (isLoneCell(next) || (mayBeRest(next) && row.cells.some((cell) => /[\r\n]/.test(cell)))));
    if (!isTorn) return row;
    return { ...row, damage: { code: 'torn_row', firstRow: row.row, lastRow: row.row } };
  });
}

/** Whether a line may be a cell's piece. */
function isLoneCell({ damage, cells }: CsvRow): boolean {
  return damage?.code === 'wrong_width' && damage.found === 1 && !footerWords.test(cells[0]?.trim() ?? '');
}

/** Whether a line may be what is left of a row whose beginning a lost quote has drawn into the record before it. */
function mayBeRest({ damage, hasStrayQuote }: CsvRow): boolean {
  if (damage === undefined) return false;
  const { code, found = 0, expected = 0, raw } = damage;
  return hasStrayQuote === true || raw !== undefined || (code === 'wrong_width' && found < expected);
}

/**
 * Whether a row is the header again, or the header of another list that was joined to this one: a row with at least
 * half of its cells, and at least two, named like columns.
 */
function createHeaderTest(header: readonly string[]): (cells: readonly string[]) => 'same' | 'other' | undefined {
  const folded = header.map((name) => fold(name));
  const names = new Set(folded.filter((name) => /\p{L}{2}/u.test(name)));
  const initials = new Set(folded.map((name) => name.charAt(0)));
  const isName = (cell: string): boolean => names.has(fold(normalName(cell)));
  return (cells) => {
    const [first = ''] = cells;
    // A quick look, so that few rows are compared with the header.
    if (!initials.has(first.charAt(0).toLowerCase()) && first.charAt(0) !== '\uFEFF' && first !== '') return undefined;
    if (cells.every((cell, index) => fold(normalName(cell)) === folded[index])) return 'same';
    const filled = cells.filter((cell) => cell !== '');
    if (filled.length < 2 || (first !== '' && !isName(first))) return undefined;
    const named = new Set(filled.filter(isName).map((cell) => fold(cell))).size;
    return named >= 3 && named * 2 > filled.length ? 'other' : undefined;
  };
}

/** The first line of another file that was joined to this one. */
function isSepLine([first = '', ...others]: readonly string[]): boolean {
  return /^\uFEFF?sep=.?$/i.test(first) && others.every((cell) => cell === '');
}

function otherHeader(row: number, file: string): RunError {
  return new RunError(
    'input',
    `Row ${row} of ${file} is another header: two lists with different columns were joined.`,
    {
      hint: 'Split the file at that row, and import each list with a mapping of its own.',
    },
  );
}

function firstText(cells: readonly string[]): string {
  return cells.find((cell) => cell.trim() !== '')?.trim() ?? '';
}
