import type { Claim } from '../column.ts';
import type { Drafting } from '../drafting.ts';
import { languageOf, plainName } from '../words/header-words.ts';
import { isGivenName } from '../words/word-lists.ts';

export type NameOrder = 'first last' | 'last first';

/** How whole names without commas are written: by the header, by capitals, by script, by names that are known. */
export function orderOf(
  { sheet }: Drafting,
  { column }: Claim,
): { readonly order: NameOrder | '?'; readonly why: string } {
  const { header, evidence } = column;
  if (lastNameFirst.test(plainName(header)))
    return { order: 'last first', why: 'written "Last First", as its header says' };
  if (firstNameFirst.test(plainName(header)))
    return { order: 'first last', why: 'written "First Last", as its header says' };
  const names = evidence.words.flatMap(({ text }) => {
    const words = text.split(/\s+/).filter((word) => word !== '');
    return words.length < 2 || text.includes(',') ? [] : [words];
  });
  const share = (test: (words: readonly string[]) => boolean): number =>
    names.filter(test).length / Math.max(1, names.length);
  const capitals = share((words) => isCapital(words[0]) && !isCapital(words.at(-1)));
  if (capitals >= 0.8) return { order: 'last first', why: 'written "LAST First": the last names are in capitals' };
  if (share((words) => isCapital(words.at(-1)) && !isCapital(words[0])) >= 0.8)
    return { order: 'first last', why: 'written "First LAST": the last names are in capitals' };
  if (share((words) => eastAsian.test(words[0] ?? '')) >= 0.8)
    return { order: 'last first', why: 'written with the last name first, as in East Asia' };
  const first = share((words) => isGivenName(words[0] ?? '') && !isGivenName(words.at(-1) ?? ''));
  const last = share((words) => isGivenName(words.at(-1) ?? '') && !isGivenName(words[0] ?? ''));
  const plain = { order: 'first last', why: 'written "First Last"' } as const;
  if (last >= 0.15 && last >= first * 4)
    return names.length >= 3
      ? { order: 'last first', why: 'written "Last First": given names come last' }
      : { order: '?', why: 'in an open order' };
  if (first >= 0.15 && first >= last * 4) return plain;
  // Lists in English have the first name first. Elsewhere both ways are usual, so few known names prove nothing.
  const isEnglish = languageOf(sheet.columns.map((one) => one.header)) === undefined;
  return isEnglish && last <= first ? plain : { order: '?', why: 'in an order that the file does not show' };
}

/** Two letters or more, all of them capitals. */
function isCapital(word = ''): boolean {
  return /\p{Lu}.*\p{Lu}/u.test(word) && !/\p{Ll}/u.test(word);
}

const eastAsian = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

const lastNameFirst =
  /^(?:\w*lastfirst\w*|lastnamefirstname|nometprenom|nomprenom|apellidos?ynombres?\w*|namevorname|nachnamevorname|achternaamvoornaam|cognomee?nome)$/;
const firstNameFirst =
  /^(?:\w*firstlast\w*|firstandlastname|firstnamelastname|prenometnom|prenomnom|nombreyapellidos?|vornameundnachname|vornamename|vornamenachname|voornaamachternaam|nomee?cognome)$/;
