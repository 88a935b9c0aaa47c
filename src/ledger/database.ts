import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import path from 'node:path';
import Libsql from 'libsql';
import { notWritable } from '../core/outcome/path-fault.ts';
import { RunError } from '../core/outcome/run-error.ts';
import { breakSeal, checkSeal, damaged, needsSeal, removeSeal, sealLedger } from './seal.ts';

/** In bytes, as SQLite takes it. */
const longestPath = 511;

/** The only file that knows libsql. Rows come back as arrays: its objects carry a `_metadata` key of their own. */
export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  /** Runs the work in one transaction that is committed to the disk, or not at all. */
  transaction(work: () => void): void;
  close(): void;
}

export type Cell = string | number | null;

export interface Statement {
  run(...values: readonly Cell[]): void;
  all(...values: readonly Cell[]): Cell[][];
  get(...values: readonly Cell[]): Cell[] | undefined;
}

/**
 * Opens or creates a SQLite file that only its owner can read, in WAL mode with `synchronous=FULL`: what was committed
 * survives a power cut, and others can read while we write. It is sealed when it is closed.
 *
 * @throws RunError `not_writable` now and in every later call when the file can't be opened, read or written; `ledger_damaged`
 *   when it is not as it was left, or is not a database.
 */
export function openDatabase(file: string): Database {
  return open(file, true);
}

/**
 * The same for what can be read again from where it came: all of it is in the one file, and nothing says whether it is as it was left.
 */
export function openScratchDatabase(file: string): Database {
  return open(file, false);
}

function open(file: string, isSealed: boolean): Database {
  requireShortName(file);
  makeFolder(file);
  const isNew = !isSealed || attempt(file, () => checkSeal(file));
  const database = openFile(file, 5000);
  const exec = (sql: string): void => {
    attempt(file, () => database.exec(sql));
  };
  const numbers = (sql: string): number[] =>
    attempt(file, () => (database.prepare(sql).raw(true).get() as Cell[]).map(Number));
  try {
    exec(`PRAGMA journal_mode = ${isSealed ? 'WAL' : 'DELETE'}; PRAGMA synchronous = ${isSealed ? 'FULL' : 'NORMAL'}`);
    if (!isNew && numbers('PRAGMA user_version')[0] === 0)
      throw damaged(file, 'it has no tables. If nothing was ever imported with it, delete the file');
  } catch (error) {
    database.close();
    throw error;
  }
  let noted = -1;
  const noteWrite = (): void => {
    if (isSealed) noted = breakSeal(file, noted);
  };
  /** All changes are in the file itself, and no process writes while it is read. */
  const seal = (): void => {
    try {
      const [before] = numbers('PRAGMA data_version');
      const [, inLog, moved] = numbers('PRAGMA wal_checkpoint(PASSIVE)');
      database.exec('BEGIN IMMEDIATE');
      try {
        if (inLog === moved && before === numbers('PRAGMA data_version')[0]) sealLedger(file);
        else removeSeal(file);
      } finally {
        database.exec('ROLLBACK');
      }
    } catch {
      removeSeal(file);
    }
  };
  return {
    exec,
    prepare(sql) {
      const statement = attempt(file, () => database.prepare(sql));
      const reader = (): Libsql.Statement => (statement.reader ? statement.raw(true) : statement);
      const bound = attempt(file, reader);
      return {
        // As one list: libsql copies several arguments once more, which costs a third of an insertion.
        run: (...values) => {
          attempt(file, () => bound.run(values));
          if (!database.inTransaction) noteWrite();
        },
        all: (...values) => attempt(file, () => bound.all(values) as Cell[][]),
        get: (...values) => attempt(file, () => bound.get(values) as Cell[] | undefined),
      };
    },
    transaction(work) {
      exec('BEGIN IMMEDIATE');
      try {
        work();
        exec('COMMIT');
        noteWrite();
      } catch (error) {
        try {
          // After a failed COMMIT, or a full disk, SQLite may have rolled back by itself.
          if (database.inTransaction) database.exec('ROLLBACK');
        } catch {
          // A disk that fails may fail here too; what counts is the first error, and nothing was committed.
        }
        throw error;
      }
    },
    close: () => {
      if (isSealed && needsSeal(file)) seal();
      database.close();
    },
  };
}

/**
 * Takes an exclusive lock that the operating system holds for this process and that ends with it, however it ends.
 *
 * @returns undefined when another process holds it.
 */
export function lockFile(file: string): { release(): void } | undefined {
  makeFolder(file);
  const database = openFile(file, 0);
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (codeOf(error) === 'SQLITE_BUSY') return undefined;
    throw notWritable(file, error);
  }
  return {
    release: () => {
      database.close();
    },
  };
}

function makeFolder(file: string): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw notWritable(file, error);
  }
}

function openFile(file: string, timeout: number): Libsql.Database {
  try {
    closeSync(openSync(file, 'a', 0o600));
    return new Libsql(file, { timeout });
  } catch (error) {
    throw notWritable(file, error);
  }
}

function attempt<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = codeOf(error);
    if (error instanceof RunError) throw error;
    if (/^E[A-Z]+$/.test(code) || /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|PERM|BUSY)/.test(code))
      throw notWritable(file, error);
    // Our own SQL is right: a table or column that it does not find is missing.
    if (/^SQLITE_(CORRUPT|NOTADB|ERROR|CONSTRAINT|MISMATCH|FORMAT)/.test(code))
      throw damaged(file, error instanceof Error ? error.message : code, error);
    throw error;
  }
}

/** Refuses a name to which nothing can be added, before rows are sent: SQLite and the lock of the reports have files of their own. */
function requireShortName(file: string): void {
  const longest = `${file}.reports-journal`;
  try {
    if (Buffer.byteLength(longest) > longestPath) throw Object.assign(new Error(), { code: 'ENAMETOOLONG' });
    statSync(longest, { throwIfNoEntry: false });
  } catch (error) {
    throw notWritable(file, error);
  }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';
}
