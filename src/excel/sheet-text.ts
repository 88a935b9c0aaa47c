import type { WorkbookLimits } from './archive.ts';
import { noTraits } from './choose-sheet.ts';
import { SheetFindings } from './sheet-findings.ts';
import { hasFilteredTable, sheetRows } from './sheet-rows.ts';
import type { SheetRow } from './sheet-rows.ts';
import type { Workbook, Worksheet } from './workbook.ts';

/** What to do with what a person has hidden. A filter is not that: its rows are always read. */
export type HiddenCells = 'include' | 'skip';

/** How a sheet becomes text. */
export interface SheetSettings {
  /** Undefined where the mapping does not say. */
  readonly hidden?: HiddenCells | undefined;
  /** The sign in numbers that are not whole, as the mapping reads them: a point where it says nothing. */
  readonly decimal?: ',' | undefined;
}

/** What a sheet is besides its text, known when all of it was read. */
export interface SheetSummary {
  readonly sheet: string;
  /** What a person should know, in sentences without a period. */
  readonly notes: readonly string[];
  /** Columns of real dates, like `F ("Joined")`. */
  readonly dateColumns: readonly string[];
  /** Rows and columns with content that were hidden by hand. */
  readonly hiddenRows: number;
  readonly hiddenColumns: readonly string[];
}

/**
 * Rows that show how wide the sheet is. Later ones are padded to that, so that they look like those of a CSV file, and one with a
 * cell beyond it stands out there as it does here.
 */
const rowsToMeasure = 1000;
/** Fewer of them in a sheet with hundreds of columns, since they are kept in memory. */
const cellsToMeasure = 200_000;

/**
 * A sheet as CSV: UTF-8 with a byte order mark and a line that names the delimiter, so that nothing has to be found out. Each row
 * is where Excel has it, since blank ones are written too.
 *
 * @param known What is known already, to be noted first.
 */
export async function* sheetText(
  workbook: Workbook,
  sheet: Worksheet,
  { hidden, decimal }: SheetSettings,
  limits: WorkbookLimits,
  known: readonly string[] = [],
): AsyncGenerator<string, SheetSummary, undefined> {
  const traits = noTraits();
  const findings = new SheetFindings();
  const isTableFiltered = await hasFilteredTable(workbook, sheet);
  const isFiltered = (): boolean => traits.isFiltered || isTableFiltered;
  const keep = (read: SheetRow): SheetRow | undefined => {
    if (hidden !== 'skip') return read;
    if (read.isHidden && !isFiltered()) return undefined;
    return { ...read, cells: withoutColumns(read.cells, traits.hiddenColumns) };
  };
  const textOf = (cell: SheetRow['cells'][number]): string | undefined =>
    decimal !== undefined && cell?.kind === 'number' ? cell.text.replace('.', decimal) : cell?.text;
  let written = 0;
  let width = 0;
  let measured: SheetRow[] | undefined = [];
  let cells = 0;
  const write = (rows: readonly SheetRow[]): string => {
    let text = '';
    for (const { row, cells: shown } of rows) {
      text += '\r\n'.repeat(row - written - 1);
      for (let column = 0; column < shown.length; column += 1)
        text += (column > 0 ? ',' : '') + quoted(textOf(shown[column]));
      text += `${','.repeat(Math.max(0, width - shown.length))}\r\n`;
      written = row;
    }
    return text;
  };

  yield '\uFEFFsep=,\r\n';
  for await (const batch of sheetRows(workbook, sheet, limits, traits)) {
    for (const row of batch) findings.noteRow(row);
    const rows = batch.map(keep).filter((row) => row !== undefined);
    if (measured !== undefined) {
      for (const row of rows) measured.push(row);
      cells += rows.reduce((sum, row) => sum + row.cells.length, 0);
      if (measured.length < rowsToMeasure && cells < cellsToMeasure) continue;
      width = widest(measured);
      yield write(measured);
      measured = undefined;
    } else yield write(rows);
  }
  if (measured !== undefined) {
    width = widest(measured);
    yield write(measured);
  }

  const hiddenRows = isFiltered() ? 0 : findings.hiddenRows;
  const hiddenColumns = findings.hiddenColumns(traits);
  const notes = [...known, ...findings.notes(traits)];
  if (isFiltered() && findings.hiddenRows > 0)
    notes.push(
      `A filter hides ${rowsOf(findings.hiddenRows)} of the sheet. Filters are ignored, so these rows are read like the others`,
    );
  if (hidden === undefined || hidden === 'skip') notes.push(...hiddenNotes(hiddenRows, hiddenColumns, hidden));
  if (workbook.hasMacros) notes.push('The workbook has macros. They were not read');
  return { sheet: sheet.name, notes, dateColumns: findings.dateColumns(), hiddenRows, hiddenColumns };
}

function hiddenNotes(rows: number, columns: readonly string[], hidden: 'skip' | undefined): string[] {
  const done = hidden === 'skip' ? 'left out' : 'read like the others';
  const setting =
    hidden === 'skip'
      ? ''
      : '. To leave out what is hidden, add "csv": { "hidden": "skip" } to the mapping, or "include" to confirm';
  const notes: string[] = [];
  if (rows > 0) notes.push(`${rowsOf(rows)} of the sheet ${rows === 1 ? 'is' : 'are'} hidden and ${done}${setting}`);
  if (columns.length > 0) {
    const which = columns.length === 1 ? `Column ${columns[0]} is` : `Columns ${columns.join(', ')} are`;
    notes.push(`${which} hidden and ${done}${setting}`);
  }
  return notes;
}

function rowsOf(count: number): string {
  return count === 1 ? '1 row' : `${count} rows`;
}

function withoutColumns(cells: SheetRow['cells'], hidden: readonly [number, number][]): SheetRow['cells'] {
  const isHidden = (column: number): boolean => hidden.some(([first, last]) => first <= column && column <= last);
  const kept: SheetRow['cells'][number][] = [];
  cells.forEach((cell, column) => {
    if (!isHidden(column)) kept[column] = cell;
  });
  return kept;
}

function widest(rows: readonly SheetRow[]): number {
  return rows.reduce((most, { cells }) => Math.max(most, cells.length), 0);
}

function quoted(text = ''): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
