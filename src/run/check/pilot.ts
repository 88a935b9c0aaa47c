import { listFields } from '../../core/mapping/fields.ts';
import type { Mapping } from '../../core/mapping/schema.ts';
import type { RowKind } from './row-kinds.ts';

/**
 * Picks a good pilot: a few rows that together use every field that the file fills, every word that value lists and yes/no
 * words send, and every tag.
 */
export interface PilotPicker {
  /** Offers a row to be sent. The first row of a kind is enough. */
  offer(row: number, kind: Pick<RowKind, 'contact' | 'tags'>): void;
  rows(): number[];
}

/** Different words of a field, and tags, that a pilot covers. More would make it no pilot. */
const mostWords = 20;

/** Tags put on, and taken off. */
const tagKinds = ['+', '-'] as const;

export function createPilotPicker(mapping: Mapping): PilotPicker {
  /** Fields of which a row may send one of a few words. */
  const listed = listFields(mapping)
    .filter(({ kind, settings }) => kind === 'boolean' || settings.values !== undefined)
    .map(({ name }) => name);
  /** What rows have used so far, by kind: words of a field, tags put on, tags taken off. */
  const words = new Map<string, Set<string>>([...listed, ...tagKinds].map((kind) => [kind, new Set()]));
  const fields = new Set<string>();
  const candidates: { readonly row: number; readonly uses: readonly string[] }[] = [];

  const isNewWord = (kind: string, word: string): boolean => {
    const known = words.get(kind);
    return known !== undefined && !known.has(word) && known.size < mostWords;
  };
  const isNew = ({ contact, tags: { add, remove } }: Pick<RowKind, 'contact' | 'tags'>): boolean => {
    for (const name in contact) if (!fields.has(name)) return true;
    for (const name of listed) {
      const value = contact[name];
      if (value !== undefined && isNewWord(name, value)) return true;
    }
    return add.some((tag) => isNewWord('+', tag)) || remove.some((tag) => isNewWord('-', tag));
  };
  /** The uses of a row that count: not words beyond the most. */
  const usesOf = ({ contact, tags: { add, remove } }: Pick<RowKind, 'contact' | 'tags'>): string[] => {
    const uses = Object.keys(contact);
    for (const name of uses) fields.add(name);
    const note = (kind: string, word: string): void => {
      const known = words.get(kind);
      if (isNewWord(kind, word)) known?.add(word);
      if (known?.has(word) === true) uses.push(`${kind}=${word}`);
    };
    for (const name of listed) {
      const value = contact[name];
      if (value !== undefined) note(name, value);
    }
    for (const tag of add) note('+', tag);
    for (const tag of remove) note('-', tag);
    return uses;
  };

  return {
    offer(row, kind) {
      // Nearly all rows use what others have used; they cost no allocation.
      if (isNew(kind)) candidates.push({ row, uses: usesOf(kind) });
    },
    rows() {
      // The last rows were taken for what no row before had; many of the first have nothing of their own.
      const times = new Map<string, number>();
      for (const use of candidates.flatMap(({ uses }) => uses)) times.set(use, (times.get(use) ?? 0) + 1);
      return candidates
        .filter(({ uses }) => {
          if (uses.some((use) => times.get(use) === 1)) return true;
          for (const use of uses) times.set(use, (times.get(use) ?? 0) - 1);
          return false;
        })
        .map(({ row }) => row);
    },
  };
}
