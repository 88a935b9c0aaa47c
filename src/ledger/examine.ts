import { openDatabase } from './database.ts';
import { damaged } from './seal.ts';

/** Looks at every page of a ledger, which takes seconds for a large one. @throws RunError `ledger_damaged` */
export function examineLedger(file: string): void {
  const database = openDatabase(file);
  try {
    const found = database.prepare('PRAGMA integrity_check(1)').get()?.[0];
    if (found !== 'ok') throw damaged(file, String(found));
  } finally {
    database.close();
  }
}
