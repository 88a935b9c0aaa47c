import { existsSync } from 'node:fs';
import { openDatabase } from './database.ts';
import type { Database } from './database.ts';
import { hasReadableFeeds } from './schema.ts';

/** Rows of a file that pilots have sent to an account. */
export function findPilotRows(database: Database, account: string, inputSha: string): ReadonlySet<number> {
  const rows = database
    .prepare(
      `SELECT rows.row FROM runs JOIN rows ON rows.run = runs.id
       WHERE runs.account = ? AND runs.input_sha = ? AND runs.kind = 'pilot' AND rows.attempts > 0`,
    )
    .all(account, inputSha);
  return new Set(rows.map(([row]) => Number(row)));
}

/** The same without writing: none where there is no ledger, or none of this version. */
export function readPilotRows(ledgerFile: string, account: string, inputSha: string): ReadonlySet<number> {
  if (!existsSync(ledgerFile)) return new Set();
  const database = openDatabase(ledgerFile);
  try {
    return hasReadableFeeds(database) ? findPilotRows(database, account, inputSha) : new Set();
  } finally {
    database.close();
  }
}
