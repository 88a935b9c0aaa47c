import type { Drafting } from '../drafting.ts';
import { footerWords } from '../../csv/data-rows.ts';
import type { OddRow, Survey } from '../evidence/survey.ts';

/** Rows that are not people: repeated headers, totals, footers. */
export function leaveOutOddRows(drafting: Drafting, { repeatedHeaders, totals, damaged }: Survey): void {
  const { notes } = drafting;
  if (repeatedHeaders > 0)
    notes.push(
      `The header is repeated ${repeatedHeaders === 1 ? 'once' : `${repeatedHeaders} times`}, as at page breaks. They are left out.`,
    );
  const [total] = totals;
  if (total !== undefined)
    notes.push(
      `Totals or a page's footer ("${total.text.trim().slice(0, 40)}") are in ${rows(totals)}: left out (csv.footer).`,
    );
  if (damaged > 0) notes.push(`${damaged === 1 ? '1 row is' : `${damaged} rows are`} damaged. "check" lists them.`);
}

/** A regular expression for the rows that are totals or footers; numbers in them may be others next time. */
export function footerPattern(totals: readonly OddRow[]): string | undefined {
  const texts = totals.map(({ text }) => {
    const trimmed = text.trim();
    const [words = ''] = footerWords.exec(trimmed) ?? [];
    const isWhole = /^[\s\d.,:;/()-]*$/.test(trimmed.slice(words.length));
    const shown = (isWhole ? trimmed : words).replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
    return (
      shown.replaceAll(/\s+/g, String.raw`\s+`).replaceAll(/\d+/g, String.raw`\d+`) +
      (isWhole ? '$' : /\w$/.test(words) ? String.raw`\b` : '')
    );
  });
  const patterns = [...new Set(texts)];
  if (patterns.length === 0) return undefined;
  return patterns.length === 1 ? `^${patterns[0]}` : `^(?:${patterns.join('|')})`;
}

function rows(odd: readonly OddRow[]): string {
  const [first, ...more] = odd.map(({ row }) => row);
  if (more.length === 0) return `row ${first}`;
  return `rows ${[first, ...more].slice(0, 3).join(', ')}${more.length > 2 ? ` and ${more.length - 2} more` : ''}`;
}

/** Several rows of one person, or several people under one address, are said; who wins is for the user to know. */
export function adviseOnPeople({ sheet, fields, notes, people }: Drafting): void {
  const order =
    people === undefined
      ? 'Rows are sent in file order and the last one wins: sort the current one last, or see --duplicates.'
      : 'A question below is about which of their rows is sent.';
  for (const { key, verdict, header } of sheet.columns) {
    if (key === undefined || verdict === undefined) continue;
    const isEmail = verdict.fields.includes('email');
    const isKey = verdict.fields.includes('user_id') || (isEmail && fields['user_id'] === undefined);
    if (isKey && key.repeated > 0) {
      const many = key.repeated === 1 ? '1 person is' : `${key.repeated} people are`;
      notes.push(`${many} in several rows, with the same ${isEmail ? 'name and ' : ''}"${header}". ${order}`);
    }
    if (isEmail && key.shared > 0) {
      const many = key.shared === 1 ? '1 address has' : `${key.shared} addresses have`;
      notes.push(
        `${many} different first names in "${header}", as in families: each name becomes a contact of its own.`,
      );
    }
  }
}
