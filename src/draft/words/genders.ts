import { entriesOf } from '../../core/mapping/consent-words.ts';
import { fold } from '../../core/values/text.ts';
import genders from './genders.json' with { type: 'json' };

export type Gender = 'male' | 'female' | 'other';

interface Reading {
  readonly gender: Gender;
  readonly language: string;
}

const readings = new Map<string, Reading[]>();
for (const [gender, byLanguage] of Object.entries(genders) as [Gender, Readonly<Record<string, string>>][])
  for (const [language, list] of Object.entries(byLanguage))
    for (const entry of entriesOf({ list })) {
      const word = plain(entry);
      readings.set(word, [...(readings.get(word) ?? []), { gender, language }]);
    }

function plain(word: string): string {
  return fold(word).replace(/\.$/, '');
}

/** Whether a word is one for a gender in any language. */
export function isGenderWord(word: string): boolean {
  return readings.has(plain(word));
}

/**
 * What the words of one column mean together: "M" is male next to "F", and female next to "H". A word whose meaning depends on
 * the language is read in the file's language, if that gives no two letters one gender. Undefined where it stays open.
 *
 * @param language Of the file's header; undefined for English and for headers that show none.
 */
export function gendersOf(words: readonly string[], language: string | undefined): Map<string, Gender | undefined> {
  const letters = words.filter((word) => isGenderWord(word) && plain(word).length === 1);
  const others = words.filter((word) => isGenderWord(word) && plain(word).length > 1);
  const all = [...new Set([...readings.values()].flat().map((reading) => reading.language))];
  const spoken = languagesOf(others);
  const preferred = [language ?? 'en', ...spoken];
  const fitting = (languages: readonly string[]): Map<string, Gender>[] =>
    languages.flatMap((one) => assignments(letters, one));
  const found = [fitting([...new Set(preferred)]), fitting(all)].find((some) => some.length > 0) ?? [];
  const meaning = new Map<string, Gender | undefined>();
  for (const word of others) meaning.set(word, only(readings.get(plain(word))?.map(({ gender }) => gender) ?? []));
  for (const word of letters) meaning.set(word, only(found.flatMap((assigned) => assigned.get(word) ?? [])));
  return meaning;
}

/** The languages in which some of the words are written and that write no letter as two things. */
function languagesOf(words: readonly string[]): string[] {
  return words.flatMap((word) => {
    const found = new Set((readings.get(plain(word)) ?? []).map(({ language }) => language));
    return found.size === 1 ? [...found] : [];
  });
}

/** The ways in which letters have different genders in one language. */
function assignments(letters: readonly string[], language: string): Map<string, Gender>[] {
  let ways: Map<string, Gender>[] = [new Map()];
  for (const letter of letters) {
    const possible = (readings.get(plain(letter)) ?? []).filter((reading) => reading.language === language);
    ways = ways.flatMap((way) =>
      possible
        .filter(({ gender }) => ![...way.values()].includes(gender))
        .map(({ gender }) => new Map(way).set(letter, gender)),
    );
  }
  return ways;
}

function only(genderList: readonly Gender[]): Gender | undefined {
  const different = new Set(genderList);
  return different.size === 1 ? [...different][0] : undefined;
}
