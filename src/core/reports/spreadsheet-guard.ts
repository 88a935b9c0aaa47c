/**
 * Cells that a spreadsheet would run or rewrite get one leading apostrophe in our reports, and lose it when a report is
 * read again. A spreadsheet that opens the CSV shows the apostrophe and saves it again, so the cell survives the trip.
 */

/** What makes a spreadsheet run a cell: `= + - @`, tab, carriage return, and the full-width forms. */
const formulaStart = /^[=+\-@\t\r＝＋－＠]/;

/** As above behind any number of apostrophes: these cells need one more, or removing one would be ambiguous. */
const quotedFormulaStart = /^'*[=+\-@\t\r＝＋－＠]/;

const leadingZero = /^\s*0\d/;
const scientific = /^\s*(?:\d+[.,]?\d*|[.,]\d+)e[+-]?\d+\s*$/i;
const plainNumber = /^[\d.,\s]+$/;
const digitsThatSurvive = 11;

/** For reports that are read, not edited (`success.csv`, `skipped.csv`): guards cells that would be run. */
export function guardFormula(cell: string): string {
  return quotedFormulaStart.test(cell) ? `'${cell}` : cell;
}

/** The exact inverse of `guardFormula`: other cells may start with their own apostrophe. */
export function unguardFormula(cell: string): string {
  return cell.startsWith("'") && quotedFormulaStart.test(cell) ? cell.slice(1) : cell;
}

/**
 * For reports that are made to be edited (`failure.csv`, `unknown.csv`): also guards cells that would be rewritten. These
 * are numbers with a leading zero, with more digits than a spreadsheet keeps, or in scientific notation, every date, and,
 * so that one apostrophe can always be removed again, every cell that starts with one.
 */
export function guardForEditing(cell: string, mayBeDate: boolean): string {
  return formulaStart.test(cell) || cell.startsWith("'") || (mayBeDate && cell !== '') || isRewritten(cell)
    ? `'${cell}`
    : cell;
}

/** The exact inverse of `guardForEditing`. */
export function unguard(cell: string): string {
  return cell.startsWith("'") ? cell.slice(1) : cell;
}

function isRewritten(cell: string): boolean {
  if (leadingZero.test(cell) || scientific.test(cell)) return true;
  return plainNumber.test(cell) && cell.replaceAll(/\D/g, '').length > digitsThatSurvive;
}
