import type { ShownCell } from './cells.ts';
import { columnName } from './columns.ts';
import type { SheetRow, SheetTraits } from './sheet-rows.ts';

/** How often something was found, and where first. */
interface Tally {
  count: number;
  first: string;
}

interface ColumnFindings {
  /** Its first text, which is its name in most lists. */
  title: string | undefined;
  dates: number;
  /** Texts and plain numbers in it. */
  readonly textDates: Tally;
  readonly numbers: Tally;
}

/** What a person should know about a sheet that its text alone does not show. */
export class SheetFindings {
  readonly #columns: ColumnFindings[] = [];
  readonly #lostDigits: Tally = { count: 0, first: '' };
  readonly #noValue: Tally = { count: 0, first: '' };
  #hiddenRows = 0;

  get hiddenRows(): number {
    return this.#hiddenRows;
  }

  noteRow({ row, isHidden, cells }: SheetRow): void {
    if (isHidden) this.#hiddenRows += 1;
    for (let column = 0; column < cells.length; column += 1) {
      const cell = cells[column];
      if (cell !== undefined) this.#noteCell(cell, row, column);
    }
  }

  #noteCell({ text, kind, flaw }: ShownCell, row: number, column: number): void {
    const found = (this.#columns[column] ??= {
      title: undefined,
      dates: 0,
      textDates: { count: 0, first: '' },
      numbers: { count: 0, first: '' },
    });
    if (flaw !== undefined) add(flaw === 'lost_digits' ? this.#lostDigits : this.#noValue, row, column);
    if (kind === 'date') found.dates += 1;
    else if (kind === 'number') add(found.numbers, row, column);
    else if (kind === 'text') {
      found.title ??= text;
      if (looksLikeDate.test(text)) add(found.textDates, row, column);
    }
  }

  /** Columns that hold something, of those that are hidden. */
  hiddenColumns({ hiddenColumns }: SheetTraits): string[] {
    return this.#columns.flatMap((found, column) =>
      hiddenColumns.some(([first, last]) => first <= column && column <= last) ? [nameOf(found, column)] : [],
    );
  }

  /** Columns of real dates, which no setting has to describe. */
  dateColumns(): string[] {
    return this.#columns.flatMap((found, column) => (found.dates > 0 ? [nameOf(found, column)] : []));
  }

  /** In sentences, without a period at the end. */
  notes({ mergedCount, firstMerged }: SheetTraits): string[] {
    const notes = this.#columns.flatMap((found, column) => mixedNotes(found, column));
    if (this.#lostDigits.count > 0)
      notes.push(
        `${cellsWith(this.#lostDigits)} a number of 16 digits or more. Excel keeps 15, so its last digits may be wrong. Format these columns as text before you enter the numbers`,
      );
    if (this.#noValue.count > 0)
      notes.push(
        `${cellsWith(this.#noValue)} a formula whose result is not in the file, so its value is missing. Open the file in Excel and save it there`,
      );
    if (mergedCount > 0)
      notes.push(
        `${mergedCount === 1 ? '1 range of cells is' : `${mergedCount} ranges of cells are`} merged, the first one ${firstMerged}. Only the top left cell of a merged range has a value. The others are empty`,
      );
    return notes;
  }
}

/** Days in figures, or with the name of the month. */
const looksLikeDate =
  /^\s*(?:\d{1,4}([./-])\d{1,2}\1\d{1,4}|\d{1,2}[ .-]+\p{L}{3,9}\.?[ ,.-]+\d{2,4}|\p{L}{3,9}\.? \d{1,2},? \d{2,4})(?:[ ,T]|$)/u;

function mixedNotes(found: ColumnFindings, column: number): string[] {
  const { dates, textDates, numbers } = found;
  if (dates === 0) return [];
  const of = `Column ${nameOf(found, column)} mixes ${dates === 1 ? '1 real date' : `${dates} real dates`} with`;
  const notes: string[] = [];
  if (textDates.count > 0)
    notes.push(
      `${of} ${textDates.count === 1 ? '1 date' : `${textDates.count} dates`} in text (first: ${textDates.first}). Excel did not understand those, so it may have swapped day and month in the real ones. Compare some with the source`,
    );
  // A date above a column of numbers is part of a title.
  if (numbers.count > 0 && numbers.count < dates)
    notes.push(
      `${of} ${numbers.count === 1 ? '1 number' : `${numbers.count} numbers`} (first: ${numbers.first}). Numbers stay as they are`,
    );
  return notes;
}

function add(tally: Tally, row: number, column: number): void {
  tally.count += 1;
  if (tally.count === 1) tally.first = `${columnName(column)}${row}`;
}

function cellsWith({ count, first }: Tally): string {
  return count === 1 ? `Cell ${first} has` : `${count} cells (first: ${first}) have`;
}

function nameOf({ title }: ColumnFindings, column: number): string {
  return title === undefined ? columnName(column) : `${columnName(column)} ("${title}")`;
}
