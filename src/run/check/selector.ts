import type { Selection } from '../model.ts';

/** Says of rows, asked in ascending order, whether a pilot includes them. */
export interface Selector {
  /** Whether the pilot is not over before this row. */
  isOpenFor(row: number): boolean;
  /** Whether this valid row is one of the pilot's; it counts towards the limit. */
  take(row: number): boolean;
}

export function createSelector({ limit = Infinity, rows }: Selection): Selector {
  let taken = 0;
  const isOpenFor = (row: number): boolean =>
    taken < limit && (rows === undefined || rows.some(([first, last]) => first <= row && row <= last));
  return {
    isOpenFor,
    take(row) {
      if (!isOpenFor(row)) return false;
      taken += 1;
      return true;
    },
  };
}
