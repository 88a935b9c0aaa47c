import { existsSync } from 'node:fs';
import { openScratchDatabase } from './database.ts';
import type { Cell } from './database.ts';

/** A contact as it is stored, with the keys by which it is found. */
export interface StoredPerson {
  readonly id: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string;
  readonly phone: string;
  readonly location: string;
  /** When it was created, as the server says. */
  readonly created: string;
}

export interface StoredKeys {
  readonly email: string | undefined;
  readonly phone: string | undefined;
  readonly first: string | undefined;
}

/** The people of an account at one moment, in a SQLite file that only its owner can read. */
export interface AccountFile {
  /** When the reading began, as an ISO time. Undefined for a file that was not completed. */
  readonly taken: string | undefined;
  readonly size: number;
  has(id: string): boolean;
  byId(id: string): StoredPerson | undefined;
  /** Those with this email and first name, or this phone and first name. Three at most. */
  matching(keys: StoredKeys): StoredPerson[];
  /** Those with this email, or with this phone. Three at most. */
  sharing(keys: StoredKeys): StoredPerson[];
  /** All with this email, or with this phone. */
  holding(by: 'email' | 'phone', key: string): StoredPerson[];
  /** Adds people, or replaces them by what they are now. */
  add(people: readonly { readonly person: StoredPerson; readonly keys: StoredKeys }[]): void;
  /** Says that everyone has been added. @param account Whose people they are. */
  complete(account: string, taken: string): void;
  close(): void;
}

const version = 1;
const columns = 'id, first_name, last_name, email, phone, location, created';

/** @throws RunError `not_writable` */
export function createAccountFile(file: string): AccountFile {
  const database = openScratchDatabase(file);
  database.exec(`
    CREATE TABLE people (
      id TEXT PRIMARY KEY, first_name TEXT NOT NULL, last_name TEXT NOT NULL, email TEXT NOT NULL, phone TEXT NOT NULL,
      location TEXT NOT NULL, created TEXT NOT NULL, email_key TEXT, phone_key TEXT, first_key TEXT
    ) WITHOUT ROWID;
    CREATE TABLE reading (account TEXT NOT NULL, taken TEXT NOT NULL);
    CREATE INDEX people_email ON people (email_key, first_key) WHERE email_key IS NOT NULL;
    CREATE INDEX people_phone ON people (phone_key, first_key) WHERE phone_key IS NOT NULL;
    PRAGMA user_version = ${version}`);
  database.close();
  return openAccountFile(file, undefined) ?? never(file);
}

/**
 * Opens a file that is complete.
 *
 * @param account Whose people it must hold; undefined for any, complete or not.
 * @returns undefined where there is none.
 */
export function openAccountFile(file: string, account: string | undefined): AccountFile | undefined {
  if (!existsSync(file)) return undefined;
  const database = openScratchDatabase(file);
  const reading = (): Cell[] | undefined => {
    if (database.prepare('PRAGMA user_version').get()?.[0] !== version) return undefined;
    return database.prepare('SELECT account, taken FROM reading').get();
  };
  if (account !== undefined && reading()?.[0] !== account) {
    database.close();
    return undefined;
  }
  const insert = database.prepare(`INSERT OR REPLACE INTO people VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const one = database.prepare(`SELECT ${columns} FROM people WHERE id = ?`);
  const there = database.prepare('SELECT 1 FROM people WHERE id = ?');
  const named = (by: 'email' | 'phone') =>
    database.prepare(`SELECT ${columns} FROM people WHERE ${by}_key = ? AND first_key = ? LIMIT 3`);
  const shared = (by: 'email' | 'phone') =>
    database.prepare(`SELECT ${columns} FROM people WHERE ${by}_key = ? LIMIT 3`);
  const held = (by: 'email' | 'phone') => database.prepare(`SELECT ${columns} FROM people WHERE ${by}_key = ?`);
  const statements = {
    email: { named: named('email'), shared: shared('email'), held: held('email') },
    phone: { named: named('phone'), shared: shared('phone'), held: held('phone') },
  };
  const eachOnce = (found: readonly Cell[][]): StoredPerson[] => {
    const people = new Map(found.map((cells) => [cells[0], personOf(cells)] as const));
    return [...people.values()].slice(0, 3);
  };
  return {
    get taken() {
      const taken = reading()?.[1];
      return typeof taken === 'string' ? taken : undefined;
    },
    get size() {
      return Number(database.prepare('SELECT count(*) FROM people').get()?.[0] ?? 0);
    },
    has: (id) => there.get(id) !== undefined,
    byId(id) {
      const cells = one.get(id);
      return cells === undefined ? undefined : personOf(cells);
    },
    matching({ email, phone, first }) {
      if (first === undefined) return [];
      return eachOnce([
        ...(email === undefined ? [] : statements.email.named.all(email, first)),
        ...(phone === undefined ? [] : statements.phone.named.all(phone, first)),
      ]);
    },
    sharing: ({ email, phone }) =>
      eachOnce([
        ...(email === undefined ? [] : statements.email.shared.all(email)),
        ...(phone === undefined ? [] : statements.phone.shared.all(phone)),
      ]),
    holding: (by, key) => statements[by].held.all(key).map(personOf),
    add(people) {
      database.transaction(() => {
        for (const { person, keys } of people)
          insert.run(
            person.id,
            person.first_name,
            person.last_name,
            person.email,
            person.phone,
            person.location,
            person.created,
            keys.email ?? null,
            keys.phone ?? null,
            keys.first ?? null,
          );
      });
    },
    complete(owner, taken) {
      database.prepare('INSERT INTO reading VALUES (?, ?)').run(owner, taken);
    },
    close: () => database.close(),
  };
}

function personOf(cells: readonly Cell[]): StoredPerson {
  const [id = '', first = '', last = '', email = '', phone = '', location = '', created = ''] = cells.map(String);
  return { id, first_name: first, last_name: last, email, phone, location, created };
}

function never(file: string): never {
  throw new Error(`${file} was created and is not there`);
}
