import { RunError } from '../core/run-error.ts';
import type { Database } from './database.ts';

/** Each brings the file from the version of its index to the next; what is released is never changed. */
const migrations = [
  `
CREATE TABLE runs (
  id INTEGER PRIMARY KEY, started TEXT NOT NULL, state TEXT NOT NULL, identity TEXT NOT NULL, account TEXT NOT NULL,
  feed TEXT NOT NULL, input_name TEXT NOT NULL, input_sha TEXT NOT NULL, out TEXT NOT NULL, read INTEGER NOT NULL DEFAULT 0,
  blank INTEGER NOT NULL DEFAULT 0, exit_code INTEGER
);
CREATE INDEX runs_identity ON runs (identity);
CREATE TABLE rows (
  run INTEGER NOT NULL, row INTEGER NOT NULL, outcome TEXT NOT NULL, code TEXT, person INTEGER,
  provisional INTEGER NOT NULL DEFAULT 0, contact_id TEXT, attempts INTEGER NOT NULL DEFAULT 0, status INTEGER,
  detail TEXT, warnings TEXT, PRIMARY KEY (run, row)
) WITHOUT ROWID;
CREATE INDEX rows_person ON rows (run, person, row) WHERE person IS NOT NULL;
`,
];

/** Brings a ledger to this program's version, which SQLite keeps in `user_version`. */
export function migrate(file: string, database: Database): void {
  if (versionOf(database) === migrations.length) return;
  database.transaction(() => {
    // Asked again: another process may have done it meanwhile.
    const version = versionOf(database);
    if (version > migrations.length) {
      throw new RunError('usage', `The ledger ${file} was written by a newer version of this program`, {
        hint: 'Update gleantap-import, or name another ledger with --ledger.',
      });
    }
    for (const statements of migrations.slice(version)) database.exec(statements);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}

function versionOf(database: Database): number {
  return Number(database.prepare('PRAGMA user_version').get()?.[0] ?? 0);
}
