import type { Problem } from '../problem.ts';
import { cleanCell, createMissing } from '../values/text.ts';
import type { ColumnFinder } from './columns.ts';
import { listTagSources } from './fields.ts';
import type { Mapping } from './schema.ts';

/** The tags that a row puts on and takes off, each once, in the order in which the mapping names them. */
export interface TagsReading {
  readonly add: readonly string[];
  readonly remove: readonly string[];
  readonly problems: readonly Problem[];
}

/** Tags that the command line adds to every row. */
export interface ExtraTags {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** Compiles the tags of a mapping. A comma inside a tag is a problem: the API joins tags with commas. */
export function compileTags(
  mapping: Mapping,
  find: ColumnFinder,
  extra: ExtraTags,
): (cells: readonly string[]) => TagsReading {
  const isMissing = createMissing(mapping.missing ?? [], 'other');
  const constants = { add: [] as string[], remove: [] as string[] };
  const columns: { action: 'add' | 'remove'; name: string; index: number; split: string | undefined }[] = [];
  for (const { action, column, value, split } of listTagSources(mapping)) {
    if (value !== undefined) constants[action].push(cleanCell(value));
    if (column === undefined) continue;
    const lookup = find(column);
    if (lookup.kind === 'found') columns.push({ action, name: column, index: lookup.index, split });
  }
  constants.add.push(...extra.add);
  constants.remove.push(...extra.remove);

  return (cells) => {
    const tags = { add: new Set<string>(), remove: new Set<string>() };
    const problems: Problem[] = [];
    for (const { action, name, index, split } of columns) {
      const cell = cells[index] ?? '';
      if (cell === '' || isMissing(cell)) continue;
      for (const part of split === undefined ? [cell] : cell.split(split)) {
        const tag = cleanCell(part);
        if (tag === '') continue;
        if (tag.includes(',')) problems.push({ code: 'tag_with_comma', field: 'tags', column: name, value: tag });
        else tags[action].add(tag);
      }
    }
    for (const tag of constants.add) tags.add.add(tag);
    for (const tag of constants.remove) tags.remove.add(tag);
    return { add: [...tags.add], remove: [...tags.remove], problems };
  };
}
