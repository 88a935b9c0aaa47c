import type { Problem } from '../outcome/problem.ts';
import { createCellReader, textOf } from '../values/cell-text.ts';
import { tagsIn } from '../values/tag-cells.ts';
import { cleanCell, collapseSpaces, createMissing, withoutFormatCharacters } from '../values/text.ts';
import type { ColumnFinder } from './columns.ts';
import { listTagSources } from './fields.ts';
import type { Mapping } from './schema.ts';

export type TagAction = 'add' | 'remove';

/** The tags that a row adds and removes, each once, in the order in which the mapping names them. */
export interface TagsReading {
  readonly add: readonly string[];
  readonly remove: readonly string[];
  /** Those of the mapping alone, without the command line's. */
  readonly ownAdd: readonly string[];
  readonly ownRemove: readonly string[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Tags that the command line adds to every row. */
export interface ExtraTags {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** @param action The row's own `tag_action`, where the mapping has one: it rules the mapping's tags, not the command line's. */
export type TagsReader = (cells: readonly string[], action?: TagAction) => TagsReading;

/**
 * Compiles the tags of a mapping. A comma inside a tag is a problem, since the API joins tags with commas, and so is a tag that
 * the row adds and removes.
 */
export function compileTags(mapping: Mapping, find: ColumnFinder, extra: ExtraTags): TagsReader {
  const saysNothing = createMissing(mapping.missing ?? [], 'other');
  const sources = listTagSources(mapping).map(({ action, column, value = '', split = [], commaAs, ...settings }) => {
    const separators = typeof split === 'string' ? [split] : split;
    const lookup = column === undefined ? undefined : find(column);
    const index = lookup?.kind === 'found' ? lookup.index : -1;
    return {
      action,
      isMissing: column === undefined ? () => false : saysNothing,
      about: column === undefined ? { field: 'tags' } : { field: 'tags', column },
      cellIn: (cells: readonly string[]): string => (column === undefined ? value : (cells[index] ?? '')),
      read: createCellReader(settings, 'kept'),
      partsOf: (text: string) => (column === undefined ? [text] : tagsIn(text, separators)),
      withoutComma: (tag: string) => (commaAs === undefined ? tag : cleanCell(tag.replaceAll(/\s*,/g, commaAs))),
    };
  });

  return (cells, rowAction) => {
    let add = none;
    let remove = none;
    let problems: Problem[] | undefined;
    let warnings: Problem[] | undefined;
    for (const { action, about, isMissing, cellIn, read, partsOf, withoutComma } of sources) {
      const cell = cellIn(cells);
      if (cell === '') continue;
      const said = read(cell);
      if (typeof said !== 'string')
        (warnings ??= []).push(...said.notes.map((code) => ({ code, ...about, value: cell })));
      for (const part of partsOf(textOf(said))) {
        const tag = withoutComma(collapseSpaces(withoutFormatCharacters(cleanCell(part))));
        if (tag === '' || isMissing(tag)) continue;
        if (tag.includes(',')) (problems ??= []).push({ code: 'tag_with_comma', ...about, value: tag });
        else if ((rowAction ?? action) === 'add') add = withTag(add, tag);
        else remove = withTag(remove, tag);
      }
    }
    const allAdded = extra.add.reduce(withTag, add);
    const allRemoved = extra.remove.reduce(withTag, remove);
    for (const tag of allRemoved)
      if (allAdded.includes(tag)) (problems ??= []).push({ code: 'tag_both_ways', field: 'tags', value: tag });
    return {
      add: allAdded,
      remove: allRemoved,
      ownAdd: add,
      ownRemove: remove,
      problems: problems ?? noProblems,
      warnings: warnings ?? noProblems,
    };
  };
}

const none: readonly string[] = [];
const noProblems: readonly Problem[] = [];

/** Each tag once, in order. A row has few, so a list is quicker than a set. */
function withTag(tags: readonly string[], tag: string): readonly string[] {
  return tags.includes(tag) ? tags : [...tags, tag];
}
