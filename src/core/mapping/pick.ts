import { compileDateFormats } from '../values/dates.ts';
import { fold, plainText } from '../values/text.ts';
import type { ColumnFinder } from './columns.ts';
import type { Mapping } from './schema.ts';

/** The rank of a row of which a cell cannot be compared. */
export const unclearRank = 0;

/** A rank has its day in 24 bits. The schema allows so few statuses that both fit into 32. */
const dayRange = 2 ** 24;

/**
 * Compiles `people.pick` to a function that ranks rows: of several rows of one person, the one with the highest rank is sent.
 * Undefined without the setting. A status that is not listed, or a date that cannot be read, has `unclearRank`. A blank date
 * ranks below all dates.
 */
export function compilePick(
  { people }: Mapping,
  find: ColumnFinder,
  today: string,
): ((cells: readonly string[]) => number) | undefined {
  const pick = people?.pick;
  if (pick === undefined) return undefined;
  const cellOf = (name: string): ((cells: readonly string[]) => string) => {
    const lookup = find(name);
    return (cells) => (lookup.kind === 'found' ? plainText(cells[lookup.index] ?? '') : '');
  };
  const { column, order = [''], ties } = pick;
  // Without a column, every row has the same rank.
  const statusOf = column === undefined ? () => '' : cellOf(column);
  const ranks = new Map(order.map((word, index) => [fold(word), order.length - index]));
  const dateOf = ties === undefined ? undefined : cellOf(ties.column);
  const parse = compileDateFormats([ties?.format ?? []].flat(), { want: 'date', today });
  return (cells) => {
    const status = ranks.get(fold(statusOf(cells)));
    if (status === undefined) return unclearRank;
    const text = dateOf?.(cells) ?? '';
    if (text === '') return status * dayRange;
    const parsed = parse.ofText(text);
    if (parsed.kind === 'bad') return unclearRank;
    if (parsed.kind === 'missing') return status * dayRange;
    // 10,000 years have fewer days than there is room for.
    const day = Math.floor(Date.parse(parsed.value) / 86_400_000) + 1_000_000;
    return status * dayRange + (ties?.take === 'earliest' ? dayRange - 1 - day : day);
  };
}
