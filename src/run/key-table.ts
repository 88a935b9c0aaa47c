import type { TextHash } from '../core/text-hash.ts';
import { createRowNumbers } from './row-numbers.ts';

/**
 * Which key was the first of its hash: an open-addressing hash table. Each key's hash is kept once, by the key's number, and the
 * table holds numbers only, so that a million rows of three keys cost 40 MB.
 */
export interface KeyTable {
  /** The number of the first key with this hash, which is `key` itself where it is the first. */
  firstOf(hash: TextHash, key: number): number;
}

/** The table is at most this full. */
const mostFull = 0.8;

export function createKeyTable(): KeyTable {
  const lows = createRowNumbers();
  const highs = createRowNumbers();
  /** Numbers of keys plus one; 0 is free. */
  let slots = new Uint32Array(4096);
  let used = 0;

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
    firstOf({ low, high }, key) {
      let slot = low & (slots.length - 1);
      for (;;) {
        const held = slots[slot] ?? 0;
        if (held === 0) break;
        if (lows.at(held - 1) === low && highs.at(held - 1) === high) return held - 1;
        slot = (slot + 1) & (slots.length - 1);
      }
      lows.set(key, low);
      highs.set(key, high);
      slots[slot] = key + 1;
      used += 1;
      if (used > slots.length * mostFull) grow();
      return key;
    },
  };
}
