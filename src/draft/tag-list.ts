import { columnAddresses } from '../core/mapping/columns.ts';
import type { Mapping } from '../core/mapping/schema.ts';
import { RunError } from '../core/outcome/run-error.ts';
import { readSeparator, tagColumns } from '../core/reports/tag-columns.ts';
import { candidateOf } from './words/header-words.ts';

/** What the plain header of a list of people and tags says. */
export interface TagList {
  readonly fields: Mapping['fields'];
  /** The column of the tags that people have, by an unambiguous name. */
  readonly currentTags: string | undefined;
}

const tagMeanings: Readonly<Record<string, string>> = {
  tags_to_add: 'add',
  tags_to_remove: 'remove',
  current_tags: 'current',
};

/**
 * Reads a list's header without a mapping: only names that are known for certain count, each meaning once.
 *
 * @param hasOtherTags Whether tags for all rows are given elsewhere.
 * @throws RunError `usage` saying which column is missing or unclear.
 */
export function readTagList(header: readonly string[], hasOtherTags: boolean): TagList {
  const found = new Map<string, { readonly address: string; readonly rank: number; readonly separator: string }>();
  const addresses = columnAddresses(header);
  header.forEach((column, index) => {
    const { name, separator } = readSeparator(column);
    const meaning = meaningOf(name);
    const address = addresses[index] ?? column;
    if (meaning === undefined) return;
    const known = found.get(meaning.meaning);
    if (known?.rank === meaning.rank)
      throw unclear(`"${known.address}" and "${address}" both look like ${meaning.meaning}`);
    if (known === undefined || meaning.rank < known.rank)
      found.set(meaning.meaning, { address, rank: meaning.rank, separator });
  });
  const of = (meaning: string): string | undefined => found.get(meaning)?.address;
  const bare = of('tags');
  if (bare !== undefined)
    throw unclear(
      `"${bare}" does not say what to do with these tags: call it "${tagColumns.add}", "${tagColumns.remove}", or "Current tags" for those that people have`,
    );
  const [userId, email, phone] = [of('user_id'), of('email'), of('phone')];
  const first = of('first_name');
  const whole = of('full_name');
  if (userId === undefined && email === undefined && phone === undefined)
    throw unclear(`no column "${tagColumns.user_id}", "${tagColumns.email}" or "${tagColumns.phone}"`);
  if (userId === undefined && first === undefined && whole === undefined)
    throw unclear(
      `no column "${tagColumns.first_name}": without a user id Gleantap finds people by email or phone with the first name`,
    );
  const sourcesOf = (action: 'add' | 'remove') => {
    const column = found.get(action);
    return column === undefined ? {} : { [action]: [{ column: column.address, split: column.separator }] };
  };
  const tags = { ...sourcesOf('add'), ...sourcesOf('remove') };
  if (Object.keys(tags).length === 0 && !hasOtherTags)
    throw unclear(`no column "${tagColumns.add}" or "${tagColumns.remove}", and neither --add-tags nor --remove-tags`);
  return {
    currentTags: of('current'),
    fields: {
      ...(userId === undefined ? {} : { user_id: userId }),
      ...(first !== undefined
        ? { first_name: first }
        : whole === undefined
          ? {}
          : { first_name: { column: whole, name: 'first' as const } }),
      ...(email === undefined ? {} : { email: { column: email, onInvalid: 'drop' as const } }),
      ...(phone === undefined ? {} : { phone: { column: phone, format: 'asis' as const, onInvalid: 'drop' as const } }),
      ...(Object.keys(tags).length === 0 ? {} : { tags }),
    },
  };
}

/** The column of the tags that people have, whatever mapping reads the rest. */
export function currentTagsColumn(header: readonly string[]): string | undefined {
  const at = header.findIndex((column) => meaningOf(column)?.meaning === 'current');
  return at < 0 ? undefined : columnAddresses(header)[at];
}

function meaningOf(column: string): { readonly meaning: string; readonly rank: number } | undefined {
  // Columns of reports, and Gleantap's own _id, which is not a user_id.
  if (column.startsWith('_')) return undefined;
  const candidate = candidateOf(column);
  if (candidate?.match !== 'known') return undefined;
  const meaning = tagMeanings[candidate.meaning];
  return meaning === undefined ? candidate : { meaning, rank: 0 };
}

function unclear(what: string): RunError {
  return new RunError('usage', `The list's header is not clear: ${what}`, {
    hint: 'Rename the column in the list, or assign the columns in a mapping and name it with --mapping.',
  });
}
