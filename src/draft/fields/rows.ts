import type { Drafting } from '../drafting.ts';
import { skipRows } from '../drafting.ts';
import type { OddRow, Survey } from '../evidence/survey.ts';

/** Rows that are no people: repeated headers, totals, footers. */
export function leaveOutOddRows(drafting: Drafting, { repeatedHeaders, totals, damaged }: Survey): void {
  const { sheet, notes } = drafting;
  for (const { text, column, fits } of [...repeatedHeaders, ...totals]) {
    const { address } = sheet.columns[column] ?? {};
    if (fits && address !== undefined) skipRows(drafting, address, [text.trim()]);
  }
  if (repeatedHeaders.length > 0)
    notes.push(`The header is repeated, as at a page break, in ${rows(repeatedHeaders)}: left out (rows.skip).`);
  const whole = totals.filter(({ fits }) => fits);
  const short = totals.filter(({ fits }) => !fits);
  const shown = (odd: readonly OddRow[]): string => `"${odd[0]?.text.trim().slice(0, 40) ?? ''}"`;
  if (whole.length > 0)
    notes.push(`Totals or a page's footer (${shown(whole)}) stand in ${rows(whole)}: left out (rows.skip).`);
  if (short.length > 0)
    notes.push(
      `Totals or a page's footer (${shown(short)}) stand in ${rows(short)}, with too few cells for a row: "check" will report them.`,
    );
  if (damaged > 0) notes.push(`${damaged === 1 ? '1 row is' : `${damaged} rows are`} damaged; "check" lists them.`);
}

function rows(odd: readonly OddRow[]): string {
  const [first, ...more] = odd.map(({ row }) => row);
  if (more.length === 0) return `row ${first}`;
  return `rows ${[first, ...more].slice(0, 3).join(', ')}${more.length > 2 ? ` and ${more.length - 2} more` : ''}`;
}

/** Several rows of one person, or several people under one address, are said; who wins is for the user to know. */
export function adviseOnPeople({ sheet, fields, notes }: Drafting): void {
  const order = 'Rows are sent in file order and the last one wins: sort the current one last, or see --duplicates.';
  for (const { key, verdict, header } of sheet.columns) {
    if (key === undefined || verdict === undefined) continue;
    const isEmail = verdict.fields.includes('email');
    const isKey = verdict.fields.includes('user_id') || (isEmail && fields['user_id'] === undefined);
    if (isKey && key.repeated > 0) {
      const many = key.repeated === 1 ? '1 person stands' : `${key.repeated} people stand`;
      notes.push(`${many} in several rows, with the same ${isEmail ? 'name and ' : ''}"${header}". ${order}`);
    }
    if (isEmail && key.shared > 0) {
      const many = key.shared === 1 ? '1 address stands' : `${key.shared} addresses stand`;
      notes.push(
        `${many} with different first names in "${header}", as in families: each name becomes a contact of its own.`,
      );
    }
  }
}
