import { hash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { pathFault } from '../core/outcome/path-fault.ts';
import { RunError } from '../core/outcome/run-error.ts';
import type { Database } from './database.ts';

/**
 * Names for people that can't be traced back without the ledger's key: SHA-256 over the key and the text, cut short, which is
 * as good as an HMAC (what HMAC adds protects digests that are published whole) at a fifth of the cost of `createHmac`.
 */
export interface Pseudonyms {
  /** 16 hexadecimal digits (64 bits). */
  digest(text: string): string;
  /** 52 bits, which a JavaScript number and SQLite both hold. */
  number(kind: 'user' | 'email' | 'phone' | 'first', text: string): number;
}

/** 0600, next to the ledger. */
export function keyFileOf(ledgerFile: string): string {
  return `${ledgerFile}.key`;
}

/**
 * Reads a ledger's key; makes one for a ledger that never had any.
 *
 * @throws RunError `usage` when the key is lost or another ledger's, `not_writable`
 */
export function openPseudonyms(ledgerFile: string, database: Database): Pseudonyms {
  const file = keyFileOf(ledgerFile);
  let key = readKey(file);
  let mark = markOf(database);
  if (mark === undefined) {
    // In a transaction: of two processes that find no key, one makes it and the other uses it.
    database.transaction(() => {
      mark = markOf(database);
      key = readKey(file) ?? (mark === undefined ? createKey(file) : undefined);
      if (mark !== undefined || key === undefined) return;
      mark = digestWith(key, 'mark');
      database.prepare('INSERT INTO pseudonym_key (mark) VALUES (?)').run(mark);
    });
  }
  if (key === undefined || digestWith(key, 'mark') !== mark) {
    const problem =
      key === undefined
        ? `The ledger ${ledgerFile} has lost its key: ${file} is missing or cut`
        : `The key ${file} is not that of the ledger ${ledgerFile}`;
    throw new RunError('usage', problem, {
      hint: 'Restore the key file from a backup. Without it, people who were sent before cannot be recognized. To start over, move the ledger to another folder, or name another ledger with --ledger.',
    });
  }
  const own = key;
  return {
    digest: (text) => digestWith(own, text),
    number: (kind, text) => Number.parseInt(digestWith(own, `${kind}\0${text}`).slice(0, 13), 16),
  };
}

function digestWith(key: string, text: string): string {
  return hash('sha256', key + text, 'hex').slice(0, 16);
}

/** Distinguishes a ledger's own key from another's. */
function markOf(database: Database): string | undefined {
  const mark = database.prepare('SELECT mark FROM pseudonym_key').get()?.[0];
  return typeof mark === 'string' ? mark : undefined;
}

/** 64 hexadecimal digits: exactly one block of SHA-256. */
const keyFormat = /^[\da-f]{64}$/;

function readKey(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return keyFormat.test(text) ? text : undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw keyError(file, error);
  }
}

/** The key is on the disk before anything is named by it. */
function createKey(file: string): string {
  const key = randomBytes(32).toString('hex');
  const temporary = `${file}.new`;
  try {
    rmSync(temporary, { force: true });
    const handle = openSync(temporary, 'wx', 0o600);
    try {
      writeSync(handle, `${key}\n`);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, file);
    return key;
  } catch (error) {
    throw keyError(file, error);
  }
}

function keyError(file: string, cause: unknown): RunError {
  return new RunError('not_writable', `${file} cannot be read or written: ${pathFault(file, cause).reason}`, {
    hint: 'Free up space or fix the permissions, then run the same command again.',
    cause,
  });
}
