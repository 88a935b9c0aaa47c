import type { People } from './people.ts';
import { createRowBytes } from './row-bytes.ts';

/**
 * Consent belongs to the person: when one row says that they are or may be a minor, no other row of theirs opts them in. Rows
 * that are not sent count too.
 */
export interface OptInGuard {
  /** Notes a valid row that withholds the opt-in. */
  note(index: number): void;
  /** Notes a row like this that is invalid or filtered, by its match keys. */
  noteLeftOut(keys: readonly number[]): void;
  /** Says that all rows have been read. */
  complete(): void;
  withholds(index: number): boolean;
  /** Remembers that a row would have opted its person in. */
  markWithheld(index: number): void;
  isWithheld(index: number): boolean;
}

const bits = { withholds: 1, withheld: 2 } as const;

export function createOptInGuard(people: Pick<People, 'size' | 'keysAt' | 'groups'>): OptInGuard {
  const bytes = createRowBytes();
  const leftOut = new Set<number>();
  let isNeeded = false;
  const mark = (index: number, bit: number): void => bytes.set(index, bytes.at(index) | bit);
  const withholds = (index: number): boolean => (bytes.at(index) & bits.withholds) !== 0;
  return {
    note(index) {
      isNeeded = true;
      mark(index, bits.withholds);
    },
    noteLeftOut(keys) {
      for (const key of keys) leftOut.add(key);
    },
    complete() {
      if (leftOut.size > 0) {
        for (let index = 0; index < people.size; index += 1) {
          if (!people.keysAt(index).some((key) => leftOut.has(key))) continue;
          isNeeded = true;
          mark(index, bits.withholds);
        }
      }
      if (!isNeeded) return;
      for (const { members } of people.groups())
        if (members.some(withholds)) for (const index of members) mark(index, bits.withholds);
    },
    withholds,
    markWithheld: (index) => mark(index, bits.withheld),
    isWithheld: (index) => (bytes.at(index) & bits.withheld) !== 0,
  };
}
