import type { PersonKeys } from '../../ledger/ledger.ts';

/** Keys of many rows in the order in which they were added, 36 bytes a row. */
export interface KeyList extends Iterable<{ readonly row: number; readonly keys: PersonKeys }> {
  readonly length: number;
  add(row: number, keys: PersonKeys): void;
}

const kinds = ['user', 'email', 'phone', 'first'] as const;
const rowsPerPiece = 4096;

export function createKeyList(): KeyList {
  const pieces: { readonly rows: Uint32Array; readonly keys: Float64Array }[] = [];
  let length = 0;
  return {
    get length() {
      return length;
    },
    add(row, keys) {
      const at = length % rowsPerPiece;
      if (at === 0)
        pieces.push({ rows: new Uint32Array(rowsPerPiece), keys: new Float64Array(rowsPerPiece * kinds.length) });
      const piece = pieces.at(-1);
      if (piece === undefined) return;
      piece.rows[at] = row;
      for (const [nth, kind] of kinds.entries()) piece.keys[at * kinds.length + nth] = keys[kind] ?? NaN;
      length += 1;
    },
    *[Symbol.iterator]() {
      for (let index = 0; index < length; index += 1) {
        const piece = pieces[Math.floor(index / rowsPerPiece)];
        const at = index % rowsPerPiece;
        const keyAt = (nth: number): number | undefined => {
          const key = piece?.keys[at * kinds.length + nth];
          return key === undefined || Number.isNaN(key) ? undefined : key;
        };
        yield {
          row: piece?.rows[at] ?? 0,
          keys: { user: keyAt(0), email: keyAt(1), phone: keyAt(2), first: keyAt(3) },
        };
      }
    },
  };
}
