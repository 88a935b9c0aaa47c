import type { Database } from './database.ts';

/**
 * What a feed's people were last sent with success, for finding a payload's person among millions: 64-bit digests and numbers
 * in typed arrays, some 30 bytes a row.
 */
export interface PayloadTable {
  /** The person who was last sent this payload in one of its rows, as the place of that row. Undefined when no person was. */
  placeOf(digest: string): number | undefined;
  readonly size: number;
  personAt(place: number): number;
  /** The place of a person's nth row; undefined when its payload is not there. */
  placeAt(person: number, nth: number): number | undefined;
  /** Whether a person was last sent exactly these payloads, in this order. */
  equals(person: number, places: readonly number[]): boolean;
  /** Whether the last outcome of a person was a success. */
  has(person: number): boolean;
}

/** People that are read at a time. */
const page = 10_000;
const bytesPerRow = 12;

/** @param size One more than the feed's highest number of a person. */
export function loadPayloads(database: Database, feed: number, size: number): PayloadTable {
  const rows = database.prepare(
    `SELECT group_concat(payload, '') FROM (
       SELECT payload FROM person_rows WHERE feed = ? AND number >= ? AND number < ? ORDER BY number, nth)`,
  );
  const count = Number(database.prepare('SELECT count(payload) FROM person_rows WHERE feed = ?').get(feed)?.[0] ?? 0);
  const people = new Uint32Array(count);
  const high = new Uint32Array(count);
  const low = new Uint32Array(count);
  /** The first place of each person, and one more. */
  const firstPlaces = new Uint32Array(size);
  let capacity = 16;
  while (capacity < count * 1.5) capacity *= 2;
  /** Open addressing: places and one more, 0 for none. */
  const slots = new Uint32Array(capacity);

  const slotOf = (left: number, right: number): number => {
    let slot = right & (capacity - 1);
    for (let held = slots[slot] ?? 0; held !== 0; held = slots[slot] ?? 0) {
      if (high[held - 1] === left && low[held - 1] === right) break;
      slot = (slot + 1) & (capacity - 1);
    }
    return slot;
  };
  let place = 0;
  for (let from = 0; from < size; from += page) {
    const text = rows.get(feed, from, from + page)?.[0];
    const bytes = typeof text === 'string' ? Buffer.from(text, 'hex') : Buffer.alloc(0);
    for (let at = 0; at < bytes.length; at += bytesPerRow) {
      const person = bytes.readUInt32BE(at);
      const left = bytes.readUInt32BE(at + 4);
      const right = bytes.readUInt32BE(at + 8);
      people[place] = person;
      high[place] = left;
      low[place] = right;
      firstPlaces[person] ||= place + 1;
      const slot = slotOf(left, right);
      slots[slot] ||= place + 1;
      place += 1;
    }
  }
  return {
    placeOf(digest) {
      const left = Number.parseInt(digest.slice(0, 8), 16);
      const right = Number.parseInt(digest.slice(8), 16);
      const held = slots[slotOf(left, right)] ?? 0;
      return held === 0 ? undefined : held - 1;
    },
    size: count,
    personAt: (at) => people[at] ?? 0,
    placeAt(person, nth) {
      const first = firstPlaces[person] ?? 0;
      return first === 0 || people[first - 1 + nth] !== person ? undefined : first - 1 + nth;
    },
    equals(person, places) {
      const first = (firstPlaces[person] ?? 0) - 1;
      if (first < 0 || people[first + places.length] === person) return false;
      return places.every(
        (at, nth) => people[first + nth] === person && high[at] === high[first + nth] && low[at] === low[first + nth],
      );
    },
    has: (person) => (firstPlaces[person] ?? 0) !== 0,
  };
}

/** A payload as it is stored: the number of its person in front. */
export function storedPayload(person: number, digest: string): string {
  return person.toString(16).padStart(8, '0') + digest;
}
