import { hashNumber } from '../../core/people/key-hashes.ts';
import type { TextHash } from '../../core/people/text-hash.ts';
import { createRowNumbers } from '../../core/people/row-numbers.ts';

/**
 * Keys by number, and which was the first of its hash: an open-addressing hash table. A key's hash is kept once, by its number, and
 * the table holds numbers only, so that a million rows of three keys cost 45 MB.
 */
export interface KeyTable {
  /** Adds a key, whose number is higher than all before. Returns the number of the first one with this hash, which may be itself. */
  add(key: number, hash: TextHash): number;
  has(key: number): boolean;
  /** 52 bits of the hash of a key. */
  numberOf(key: number): number;
  /** Whether two keys have the same hash. */
  areSame(one: number, other: number): boolean;
}

/** The table is at most this full. */
const mostFull = 0.8;

export function createKeyTable(): KeyTable {
  const lows = createRowNumbers();
  const highs = createRowNumbers();
  let slots = new Uint32Array(4096);
  /** A byte of each slot's hash; 0 is free. Nearly all other keys are skipped without reading their hashes, which are far away in memory. */
  let tags = new Uint8Array(slots.length);
  let used = 0;

  const has = (key: number): boolean => highs.at(key) !== 0;
  const areSame = (one: number, other: number): boolean =>
    lows.at(one) === lows.at(other) && highs.at(one) === highs.at(other);
  const place = (key: number): number => {
    const last = slots.length - 1;
    const tag = highs.at(key) >>> 24 || 1;
    let slot = lows.at(key) & last;
    for (let found = tags[slot]; found !== 0; found = tags[slot]) {
      const held = slots[slot] ?? 0;
      if (found === tag && areSame(held, key)) return held;
      slot = (slot + 1) & last;
    }
    slots[slot] = key;
    tags[slot] = tag;
    used += 1;
    return key;
  };
  const grow = (latest: number): void => {
    slots = new Uint32Array(slots.length * 2);
    tags = new Uint8Array(slots.length);
    used = 0;
    for (let key = 0; key <= latest; key += 1) if (has(key)) place(key);
  };
  return {
    add(key, { low, high }) {
      lows.set(key, low);
      // 0 is not a key: for one in four billion, the other half must do.
      highs.set(key, high || 1);
      const first = place(key);
      if (used > slots.length * mostFull) grow(key);
      return first;
    },
    has,
    numberOf: (key) => hashNumber({ low: lows.at(key), high: highs.at(key) }),
    areSame,
  };
}
