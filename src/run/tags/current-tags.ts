import { createColumnFinder } from '../../core/mapping/columns.ts';
import { cleanCell } from '../../core/values/text.ts';

/**
 * Reads the tags that a row's person has, from the list's own column of them, as an export of Gleantap writes it: parted by
 * commas or semicolons. Undefined where the list does not say.
 */
export function createCurrentTags(
  header: readonly string[],
  column: string | undefined,
): (cells: readonly string[]) => ReadonlySet<string> | undefined {
  const lookup = column === undefined ? undefined : createColumnFinder(header)(column);
  if (lookup?.kind !== 'found') return () => undefined;
  return (cells) =>
    new Set(
      (cells[lookup.index] ?? '')
        .split(/[,;]/)
        .map(cleanCell)
        .filter((tag) => tag !== ''),
    );
}
