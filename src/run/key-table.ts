import type { TextHash } from '../core/text-hash.ts';
import { createRowNumbers } from './row-numbers.ts';

/**
 * Keys by number, and which was the first of its hash: an open-addressing hash table. A key's hash is kept once, by its number, and
 * the table holds numbers only, so that a million rows of three keys cost 40 MB.
 */
export interface KeyTable {
  /** Adds a key. Returns the number of the first one with this hash, which is `key` itself where it is the first. */
  add(key: number, hash: TextHash): number;
  has(key: number): boolean;
  /** Whether two keys have the same hash. */
  areSame(one: number, other: number): boolean;
}

/** The table is at most this full. */
const mostFull = 0.8;

export function createKeyTable(): KeyTable {
  const lows = createRowNumbers();
  const highs = createRowNumbers();
  /** Numbers of keys plus one; 0 is free. */
  let slots = new Uint32Array(4096);
  let used = 0;

  const areSame = (one: number, other: number): boolean =>
    lows.at(one) === lows.at(other) && highs.at(one) === highs.at(other);
  const grow = (): void => {
    const old = slots;
    slots = new Uint32Array(old.length * 2);
    for (const held of old) {
      if (held === 0) continue;
      let slot = lows.at(held - 1) & (slots.length - 1);
      while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = held;
    }
  };
  return {
    add(key, { low, high }) {
      lows.set(key, low);
      // 0 is no key: for one in four billion the other half has to do.
      highs.set(key, high || 1);
      let slot = low & (slots.length - 1);
      for (;;) {
        const held = slots[slot] ?? 0;
        if (held === 0) break;
        if (areSame(held - 1, key)) return held - 1;
        slot = (slot + 1) & (slots.length - 1);
      }
      slots[slot] = key + 1;
      used += 1;
      if (used > slots.length * mostFull) grow();
      return key;
    },
    has: (key) => highs.at(key) !== 0,
    areSame,
  };
}
