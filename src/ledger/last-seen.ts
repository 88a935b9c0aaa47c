import type { Database } from './database.ts';

/** Where each person of a feed was last seen: the run and the row. */
export interface LastSeen {
  /** People who were ever seen in the file of a run that got to its end, or in one after. */
  readonly size: number;
  runOf(person: number): number;
  rowOf(person: number): number;
  note(person: number, run: number, row: number): void;
  /** Within the caller's transaction. */
  save(): void;
}

/** People in one record: every night moves every row, and a record for each person would cost more than reading the file. */
const perPart = 50_000;
const bytesPerPerson = 8;

export function loadLastSeen(database: Database, feed: number): LastSeen {
  const parts = database.prepare('SELECT part, seen FROM sightings WHERE feed = ? ORDER BY part').all(feed);
  const store = database.prepare('INSERT OR REPLACE INTO sightings (feed, part, seen) VALUES (?, ?, ?)');
  let size = 0;
  let seen = new Uint32Array(Math.max(1, parts.length) * perPart * 2);
  const changed = new Set<number>();
  for (const [part, text] of parts) {
    const bytes = Buffer.from(String(text), 'base64');
    new Uint8Array(seen.buffer).set(bytes, Number(part) * perPart * bytesPerPerson);
    size = Number(part) * perPart + bytes.length / bytesPerPerson;
  }
  return {
    get size() {
      return size;
    },
    runOf: (person) => seen[person * 2] ?? 0,
    rowOf: (person) => seen[person * 2 + 1] ?? 0,
    note(person, run, row) {
      if (person * 2 >= seen.length) {
        const larger = new Uint32Array(Math.max(seen.length * 2, (person + 1) * 2));
        larger.set(seen);
        seen = larger;
      }
      size = Math.max(size, person + 1);
      seen[person * 2] = run;
      seen[person * 2 + 1] = row;
      changed.add(Math.floor(person / perPart));
    },
    save() {
      for (const part of changed) {
        const from = part * perPart * bytesPerPerson;
        const length = Math.min(perPart * bytesPerPerson, size * bytesPerPerson - from);
        store.run(feed, part, Buffer.from(seen.buffer, from, length).toString('base64'));
      }
      changed.clear();
    },
  };
}
