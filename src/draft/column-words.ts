import { columnAddresses, createColumnFinder } from '../core/mapping/columns.ts';
import { RunError } from '../core/outcome/run-error.ts';
import { cleanCell, fold } from '../core/values/text.ts';
import { openUnknown } from './draft.ts';
import type { DraftOptions } from './draft.ts';

/** The different words of one column, the most frequent first. Spellings that differ only in case are one word. */
export interface ColumnWords {
  readonly column: string;
  readonly rows: number;
  readonly blank: number;
  readonly words: readonly { readonly word: string; readonly count: number }[];
}

/** More different cells are not words. */
const mostWords = 10_000;

/**
 * Reads a whole file and counts the words of one column.
 *
 * @throws RunError `input` when the file can't be read, `usage` when it does not have the column, or too many different cells in it.
 */
export async function columnWords(
  path: string,
  options: Pick<DraftOptions, 'name' | 'encoding'>,
  column: string,
): Promise<ColumnWords> {
  const { file } = await openUnknown(path, options);
  const index = positionOf(column, file.header);
  const words = new Map<string, { readonly word: string; count: number }>();
  const counts = { rows: 0, blank: 0 };
  for await (const { rows } of file.batches()) {
    for (const { cells, damage } of rows) {
      if (damage !== undefined) continue;
      counts.rows += 1;
      const word = cleanCell(cells[index] ?? '');
      if (word === '') {
        counts.blank += 1;
        continue;
      }
      const known = words.get(fold(word));
      if (known === undefined) words.set(fold(word), { word, count: 1 });
      else known.count += 1;
      if (words.size <= mostWords) continue;
      throw new RunError(
        'usage',
        `"${column}" has more than ${mostWords} different cells, so it is not a column of words`,
        {
          hint: 'Name a column of few words, for example of a status, a membership type, or a consent.',
        },
      );
    }
  }
  return { column, ...counts, words: [...words.values()].sort((a, b) => b.count - a.count) };
}

function positionOf(column: string, header: readonly string[]): number {
  const found = createColumnFinder(header)(column);
  if (found.kind === 'found') return found.index;
  const columns = found.kind === 'ambiguous' ? found.names : columnAddresses(header).filter((name) => name !== '');
  const nearest = found.kind === 'missing' && found.nearest !== undefined ? `, did you mean "${found.nearest}"?` : '';
  const what = found.kind === 'ambiguous' ? 'The file has several columns' : 'The file has no column';
  throw new RunError('usage', `${what} "${column}"${nearest}`, {
    hint: `Name one of these: ${columns.map((name) => `"${name}"`).join(', ')}.`,
  });
}
