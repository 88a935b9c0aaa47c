import { existsSync } from 'node:fs';
import { openDatabase } from './database.ts';
import { runColumns, runOf } from './records.ts';
import type { RunRecord } from './records.ts';
import { hasReadableFeeds } from './schema.ts';

/** The runs of an account, newest first, without writing: none where there is no ledger, or none of this version. */
export function readRuns(ledgerFile: string, account: string): RunRecord[] {
  if (!existsSync(ledgerFile)) return [];
  const database = openDatabase(ledgerFile);
  try {
    if (!hasReadableFeeds(database)) return [];
    return database
      .prepare(`SELECT ${runColumns} FROM runs WHERE account = ? ORDER BY id DESC`)
      .all(account)
      .map(runOf);
  } finally {
    database.close();
  }
}
