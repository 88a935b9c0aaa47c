import { isPhoneCountry } from '../values/phones.ts';
import type { PhoneCountry } from '../values/phones.ts';
import { fold, plainText } from '../values/text.ts';
import type { ColumnFinder } from './columns.ts';
import type { Mapping } from './schema.ts';

/**
 * The country of phone numbers that belong to no row, like those in the account's list of opt-outs: the mapping's own, or
 * what it says for rows without one.
 */
export function defaultCountry({ country }: Pick<Mapping, 'country'>): string | undefined {
  return typeof country === 'object' ? country.default : country;
}

/** The country of a row's phone numbers; undefined where its cell names none that the mapping knows. */
export type RowCountry = (cells: readonly string[]) => PhoneCountry | undefined;

/** Compiles how each row's country is found: by the column that the mapping names, or the same for all. */
export function compileRowCountry(mapping: Mapping, find: ColumnFinder): RowCountry {
  const { country } = mapping;
  const fallback = codeOf(defaultCountry(mapping));
  if (typeof country !== 'object') return () => fallback;
  const lookup = find(country.column);
  if (lookup.kind !== 'found') return () => fallback;
  const listed = new Map(Object.entries(country.values ?? {}).map(([word, code]) => [fold(word), codeOf(code)]));
  return (cells) => {
    const cell = plainText(cells[lookup.index] ?? '');
    if (cell === '') return fallback;
    return listed.get(fold(cell)) ?? codeOf(cell.toUpperCase());
  };
}

function codeOf(code: string | undefined): PhoneCountry | undefined {
  return code !== undefined && isPhoneCountry(code) ? code : undefined;
}
