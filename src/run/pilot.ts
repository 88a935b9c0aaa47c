import type { MappedRow } from '../core/mapping/compile.ts';
import { listFields } from '../core/mapping/fields.ts';
import type { Mapping } from '../core/mapping/schema.ts';

/**
 * Picks a good pilot: a few rows that together use every field that the file fills, every word that value lists and yes/no
 * words send, and every tag.
 */
export interface PilotPicker {
  /** Offers a row that is to be sent. */
  offer(row: number, mapped: MappedRow): void;
  rows(): number[];
}

/** Different words of a field, and tags, that a pilot covers. More would make it no pilot. */
const mostWords = 20;

export function createPilotPicker(mapping: Mapping): PilotPicker {
  /** Fields of which a row may send one of a few words. */
  const listed = listFields(mapping)
    .filter(({ kind, settings }) => kind === 'boolean' || settings.values !== undefined)
    .map(({ name }) => name);
  const words = new Map<string, number>();
  const covered = new Set<string>();
  const candidates: { readonly row: number; readonly uses: readonly string[] }[] = [];

  const note = (uses: string[], kind: string, word: string): void => {
    const use = `${kind}=${word}`;
    if (!covered.has(use)) {
      const known = words.get(kind) ?? 0;
      if (known >= mostWords) return;
      words.set(kind, known + 1);
      covered.add(use);
      isNew = true;
    }
    uses.push(use);
  };
  let isNew = false;

  return {
    offer(row, { contact, tags: { add, remove } }) {
      isNew = false;
      for (const name in contact) if (!covered.has(name)) isNew = true;
      const uses: string[] = [];
      for (const name of listed) if (contact[name] !== undefined) note(uses, name, String(contact[name]));
      for (const tag of add) note(uses, 'add', tag);
      for (const tag of remove) note(uses, 'remove', tag);
      if (!isNew) return;
      for (const name of Object.keys(contact)) {
        covered.add(name);
        uses.push(name);
      }
      candidates.push({ row, uses });
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
