import type { Database } from './database.ts';
import { loadPayloads } from './payload-table.ts';
import type { PayloadTable } from './payload-table.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { createSearch } from './find-people.ts';
import type { PersonKeys } from './records.ts';
import { rememberRun } from './remember.ts';
import { loadLastSeen } from './last-seen.ts';

/** A person who was in an earlier file and is not in the current one. */
export interface Vanished {
  readonly id: string;
  /** Where the person was last seen. */
  readonly row: number;
  readonly run: number;
}

/** The memory of one feed: what became of each person. Only runs of whole files enter it (`kind` is `full`). */
export interface FeedMemory {
  readonly pseudonyms: Pseudonyms;
  /** Names of everything that a payload of this feed ever held, in the order of `filled`. */
  readonly fields: readonly string[];
  /** One more than the highest number of a person; 0 when no person was ever sent. */
  readonly size: number;
  payloads(): PayloadTable;
  /** The people that a row may be, the likeliest first. */
  find(keys: PersonKeys): number[];
  /** By what the rows of a person were known when it was last sent. */
  keysOf(person: number): PersonKeys[];
  /** Rows of people that had this email or phone and first name when they were last sent: the nth of its person. */
  rowsOf(by: 'email' | 'phone', value: number, first: number): { readonly person: number; readonly nth: number }[];
  /** The `_id` under which Gleantap has a person, as far as known. */
  idOf(person: number): string | undefined;
  /** What the rows of a person filled when it was last sent, all together. */
  filledBy(person: number): string;
  /** First names that come with an email or phone, of people whom Gleantap may have. */
  firstNames(by: 'email' | 'phone', value: number): number[];
  /**
   * Notes what is about to happen, before the first request: these people are no longer known to be as they were last sent,
   * whatever happens to this process, and those were seen.
   *
   * @param seen The current row of each person by number; 0 where there is none.
   */
  begin(run: number, toSend: Iterable<number>, seen: Uint32Array): void;
  /**
   * Takes over what became of the people of a run, as far as it has come. The same run again is the same as once.
   *
   * @param isOver Whether all rows have their outcome: then its new people count as seen.
   */
  remember(run: number, isOver: boolean): void;
  vanished(seen: Uint32Array): Generator<Vanished>;
}

export interface FeedName {
  readonly account: string;
  /** The mapping's name. */
  readonly feed: string;
  /** Names of what a payload of the current mapping can hold. */
  readonly fields: readonly string[];
}

/** Opens the memory of an account's feed and brings it up to date with runs that were killed. */
export function openFeed(database: Database, pseudonyms: Pseudonyms, name: FeedName): FeedMemory {
  const { account } = name;
  const unremembered = database
    .prepare(
      `SELECT id FROM runs WHERE account = ? AND feed = ? AND kind = 'full' AND remembered = 0
       AND state IN ('sending', 'stopped', 'finished') ORDER BY id`,
    )
    .all(account, name.feed);
  const memory = memoryOf(database, pseudonyms, claimFeed(database, name));
  for (const [run] of unremembered) memory.remember(Number(run), false);
  return memory;
}

/** The memory of a feed as it is, read-only. Undefined when there is none. */
export function findFeed(database: Database, pseudonyms: Pseudonyms, name: FeedName): FeedMemory | undefined {
  const known = knownFeed(database, name);
  return known === undefined ? undefined : memoryOf(database, pseudonyms, known);
}

interface Feed {
  readonly feed: number;
  readonly fields: readonly string[];
}

function memoryOf(database: Database, pseudonyms: Pseudonyms, { feed, fields }: Feed): FeedMemory {
  const search = createSearch(database, feed);
  const filled = database.prepare('SELECT filled FROM person_rows WHERE feed = ? AND number = ?');
  const names = (by: 'email' | 'phone') =>
    database.prepare(
      `SELECT DISTINCT r.first FROM person_rows AS r JOIN people AS p USING (feed, number)
       WHERE r.feed = ? AND r.${by} = ? AND (p.contact_id IS NOT NULL OR p.outcome <> 'failed') LIMIT 3`,
    );
  const contactId = database.prepare('SELECT contact_id FROM people WHERE feed = ? AND number = ?');
  const keys = database.prepare('SELECT user, email, phone, first FROM person_rows WHERE feed = ? AND number = ?');
  const rows = (by: 'email' | 'phone') =>
    database.prepare(`SELECT number, nth FROM person_rows WHERE feed = ? AND ${by} = ? AND first = ?`);
  const rowsBy = { email: rows('email'), phone: rows('phone') };
  const namesBy = { email: names('email'), phone: names('phone') };
  return {
    pseudonyms,
    fields,
    get size() {
      return sizeOf(database, feed);
    },
    payloads: () => loadPayloads(database, feed, sizeOf(database, feed)),
    find: search,
    keysOf: (person) =>
      keys.all(feed, person).map((cells) => {
        const [user, email, phone, first] = cells
          .map((cell) => cell ?? undefined)
          .map((cell) => cell as number | undefined);
        return { user, email, phone, first };
      }),
    rowsOf: (by, value, first) =>
      rowsBy[by].all(feed, value, first).map(([person, nth]) => ({ person: Number(person), nth: Number(nth) })),
    idOf(person) {
      const id = contactId.get(feed, person)?.[0];
      return typeof id === 'string' ? id : undefined;
    },
    filledBy: (person) => filled.all(feed, person).reduce((all, [text]) => union(all, String(text)), ''),
    firstNames: (by, value) => namesBy[by].all(feed, value).map(([first]) => Number(first)),
    begin(run, toSend, seen) {
      const lastSeen = loadLastSeen(database, feed);
      const open = database.prepare(`UPDATE people SET outcome = 'pending' WHERE feed = ? AND number = ?`);
      const forget = database.prepare('UPDATE person_rows SET payload = NULL WHERE feed = ? AND number = ?');
      database.transaction(() => {
        for (const person of toSend) {
          open.run(feed, person);
          forget.run(feed, person);
        }
        seen.forEach((row, person) => {
          if (row !== 0) lastSeen.note(person, run, row);
        });
        lastSeen.save();
      });
    },
    remember: (run, isOver) => rememberRun(database, feed, search, run, isOver),
    *vanished(seen) {
      const lastSeen = loadLastSeen(database, feed);
      for (let person = 0; person < lastSeen.size; person += 1) {
        const run = lastSeen.runOf(person);
        if (run === 0 || (seen[person] ?? 0) !== 0) continue;
        const id = contactId.get(feed, person)?.[0];
        if (typeof id === 'string') yield { id, row: lastSeen.rowOf(person), run };
      }
    },
  };
}

function knownFeed(database: Database, { account, feed: name, fields }: FeedName): Feed | undefined {
  const found = database.prepare('SELECT id, fields FROM feeds WHERE account = ? AND name = ?').get(account, name);
  if (found === undefined) return undefined;
  const known = JSON.parse(String(found[1])) as string[];
  return { feed: Number(found[0]), fields: [...new Set([...known, ...fields])] };
}

function claimFeed(database: Database, name: FeedName): Feed {
  let claimed: Feed | undefined;
  database.transaction(() => {
    database
      .prepare("INSERT OR IGNORE INTO feeds (account, name, fields) VALUES (?, ?, '[]')")
      .run(name.account, name.feed);
    claimed = knownFeed(database, name);
    const fields = JSON.stringify(claimed?.fields);
    database.prepare('UPDATE feeds SET fields = ?1 WHERE id = ?2 AND fields <> ?1').run(fields, claimed?.feed ?? 0);
  });
  if (claimed === undefined) throw new Error('A feed that was written cannot be read');
  return claimed;
}

function sizeOf(database: Database, feed: number): number {
  const highest = database.prepare('SELECT max(number) FROM people WHERE feed = ?').get(feed)?.[0];
  return typeof highest === 'number' ? highest + 1 : 0;
}

function union(a: string, b: string): string {
  let all = '';
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) all += a[at] === '1' || b[at] === '1' ? '1' : '0';
  return all;
}
