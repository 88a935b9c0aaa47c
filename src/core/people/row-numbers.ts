/** A number for each of many rows, 0 until it is set: four bytes a row. */
export interface RowNumbers {
  at(index: number): number;
  /** @param value From 0 up to 2^32 - 1. */
  set(index: number, value: number): void;
}

/** Rows that share a piece of memory. A list that grew by copying itself would need half as much again while it does. */
const pieceBits = 16;
const withinPiece = 2 ** pieceBits - 1;

export function createRowNumbers(): RowNumbers {
  const pieces: Uint32Array[] = [];
  return {
    at: (index) => pieces[index >>> pieceBits]?.[index & withinPiece] ?? 0,
    set(index, value) {
      const nth = index >>> pieceBits;
      while (pieces.length <= nth) pieces.push(new Uint32Array(withinPiece + 1));
      const piece = pieces[nth];
      if (piece !== undefined) piece[index & withinPiece] = value;
    },
  };
}
