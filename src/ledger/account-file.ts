import { existsSync } from 'node:fs';
import type { AccountPerson, PersonKeys } from '../core/compare/person.ts';
import { openScratchDatabase } from './database.ts';
import type { Cell, Database, Statement } from './database.ts';

export interface StoredPerson extends AccountPerson {
  /** When it was created, as the server says. */
  readonly created: string;
}

/** The people of an account at one moment, in a SQLite file that only its owner can read. */
export interface AccountFile {
  /** When the reading began, as an ISO time. Undefined for a file that was not completed. */
  readonly taken: string | undefined;
  readonly size: number;
  has(id: string): boolean;
  byId(id: string): StoredPerson | undefined;
  /** Those with this email and first name, or this phone and first name. Three at most. */
  matching(keys: PersonKeys): StoredPerson[];
  /** Those with this email, or with this phone. Three at most. */
  sharing(keys: PersonKeys): StoredPerson[];
  /** All with this email, or with this phone. */
  holding(by: 'email' | 'phone', key: string): StoredPerson[];
  /** Adds people, or replaces them by what they are now. */
  add(people: readonly { readonly person: StoredPerson; readonly keys: PersonKeys }[]): void;
  /** Says that everyone has been added. @param account Whose people they are. */
  complete(account: string, taken: string): void;
  close(): void;
}

const version = 1;
const columns = 'id, first_name, last_name, email, phone, location, created';

/** Nothing of it is there before it is complete. @throws RunError `not_writable` */
export function createAccountFile(file: string): AccountFile {
  return accountFileIn(openScratchDatabase(file), true);
}

/**
 * Opens a file that is complete.
 *
 * @param account Whose people it must hold.
 * @returns undefined where there is none.
 */
export function openAccountFile(file: string, account: string): AccountFile | undefined {
  if (!existsSync(file)) return undefined;
  const database = openScratchDatabase(file);
  const isWhole = database.prepare('PRAGMA user_version').get()?.[0] === version;
  if (isWhole && database.prepare('SELECT account FROM reading').get()?.[0] === account)
    return accountFileIn(database, false);
  database.close();
  return undefined;
}

function accountFileIn(database: Database, isNew: boolean): AccountFile {
  // One transaction for all of it: a reading that was cut short leaves nothing, and a commit a page would cost more than the rest.
  if (isNew)
    database.exec(`BEGIN;
      CREATE TABLE people (
        id TEXT PRIMARY KEY, first_name TEXT NOT NULL, last_name TEXT NOT NULL, email TEXT NOT NULL, phone TEXT NOT NULL,
        location TEXT NOT NULL, created TEXT NOT NULL, email_key TEXT, phone_key TEXT, first_key TEXT
      ) WITHOUT ROWID;
      CREATE TABLE reading (account TEXT NOT NULL, taken TEXT NOT NULL)`);
  const insert = database.prepare(`INSERT OR REPLACE INTO people VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const there = database.prepare('SELECT 1 FROM people WHERE id = ?');
  // As one text: libsql takes three times as long for a list of rows as for a single one.
  const find = (where: string, limit: string): Statement =>
    database.prepare(
      `SELECT json_group_array(json_array(${columns})) FROM (SELECT ${columns} FROM people WHERE ${where} ${limit})`,
    );
  const found = (statement: Statement, ...values: readonly Cell[]): StoredPerson[] =>
    (JSON.parse(String(statement.get(...values)?.[0])) as Cell[][]).map(personOf);
  const one = find('id = ?', '');
  const matching = find('(email_key = ?1 AND first_key = ?3) OR (phone_key = ?2 AND first_key = ?3)', 'LIMIT 3');
  const sharing = find('email_key = ?1 OR phone_key = ?2', 'LIMIT 3');
  const holding = { email: find('email_key = ?', ''), phone: find('phone_key = ?', '') };
  return {
    get taken() {
      const taken = database.prepare('SELECT taken FROM reading').get()?.[0];
      return typeof taken === 'string' ? taken : undefined;
    },
    get size() {
      return Number(database.prepare('SELECT count(*) FROM people').get()?.[0] ?? 0);
    },
    has: (id) => there.get(id) !== undefined,
    byId: (id) => found(one, id)[0],
    matching: ({ email, phone, first }) => found(matching, email ?? null, phone ?? null, first ?? null),
    sharing: ({ email, phone }) => found(sharing, email ?? null, phone ?? null),
    holding: (by, key) => found(holding[by], key),
    add(people) {
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
    },
    complete(owner, taken) {
      database.exec(`
        CREATE INDEX people_email ON people (email_key, first_key) WHERE email_key IS NOT NULL;
        CREATE INDEX people_phone ON people (phone_key, first_key) WHERE phone_key IS NOT NULL`);
      database.prepare('INSERT INTO reading VALUES (?, ?)').run(owner, taken);
      database.exec(`PRAGMA user_version = ${version}; COMMIT`);
    },
    close: () => database.close(),
  };
}

function personOf(cells: readonly Cell[]): StoredPerson {
  const [id = '', first = '', last = '', email = '', phone = '', location = '', created = ''] = cells.map(String);
  return { id, first_name: first, last_name: last, email, phone, location, created };
}
