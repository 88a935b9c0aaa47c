import { RunError } from '../core/outcome/run-error.ts';
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
  // The memory of feeds. All that says something of a person is a pseudonym (pseudonyms.ts). A person is a number within its
  // feed; `person_rows` are the rows by which it was last sent. Their `payload` is there only while the last outcome of
  // the whole person is a success, with the person's number in front, so that a feed's memory is read as one long text.
  `
ALTER TABLE runs ADD COLUMN kind TEXT NOT NULL DEFAULT 'full';
ALTER TABLE runs ADD COLUMN remembered INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rows ADD COLUMN payload TEXT;
ALTER TABLE rows ADD COLUMN user INTEGER;
ALTER TABLE rows ADD COLUMN email INTEGER;
ALTER TABLE rows ADD COLUMN phone INTEGER;
ALTER TABLE rows ADD COLUMN first INTEGER;
ALTER TABLE rows ADD COLUMN filled TEXT;
CREATE TABLE unchanged (
  run INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, rows INTEGER NOT NULL, PRIMARY KEY (run, first)
) WITHOUT ROWID;
CREATE TABLE pseudonym_key (mark TEXT NOT NULL);
CREATE TABLE feeds (
  id INTEGER PRIMARY KEY, account TEXT NOT NULL, name TEXT NOT NULL, fields TEXT NOT NULL, UNIQUE (account, name)
);
CREATE TABLE people (
  feed INTEGER NOT NULL, number INTEGER NOT NULL, user INTEGER, contact_id TEXT, outcome TEXT NOT NULL,
  PRIMARY KEY (feed, number)
) WITHOUT ROWID;
CREATE TABLE person_rows (
  feed INTEGER NOT NULL, number INTEGER NOT NULL, nth INTEGER NOT NULL, payload TEXT, user INTEGER, email INTEGER,
  phone INTEGER, first INTEGER, filled TEXT NOT NULL, PRIMARY KEY (feed, number, nth)
) WITHOUT ROWID;
CREATE INDEX person_rows_user ON person_rows (feed, user) WHERE user IS NOT NULL;
CREATE INDEX person_rows_email ON person_rows (feed, email, first) WHERE email IS NOT NULL;
CREATE INDEX person_rows_phone ON person_rows (feed, phone, first) WHERE phone IS NOT NULL;
CREATE TABLE sightings (feed INTEGER NOT NULL, part INTEGER NOT NULL, seen TEXT NOT NULL, PRIMARY KEY (feed, part)) WITHOUT ROWID;
`,
  // What outlives the runs of a feed's nights: what the nightly gate compares, and pseudonyms of the rows that failed.
  `
CREATE TABLE baselines (
  run INTEGER PRIMARY KEY, account TEXT NOT NULL, feed TEXT NOT NULL, accepted INTEGER NOT NULL, measures TEXT NOT NULL
);
CREATE INDEX baselines_feed ON baselines (feed, account, run);
CREATE TABLE failure_marks (run INTEGER PRIMARY KEY, account TEXT NOT NULL, feed TEXT NOT NULL, marks TEXT NOT NULL);
`,
  // What decides about a resumed run gets columns of its own. Before, consent to withhold was read out of the text of a row's
  // warnings, `detail` was the server's text or the number of another row, and `code` marked pending rows in two ways.
  `
ALTER TABLE rows ADD COLUMN withheld TEXT;
ALTER TABLE rows ADD COLUMN other_row INTEGER;
ALTER TABLE rows ADD COLUMN goes_first INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rows ADD COLUMN applied INTEGER NOT NULL DEFAULT 0;
UPDATE rows SET withheld = trim(
  CASE WHEN instr(' | ' || warnings || ' | ', ' | optin_sms:opted_out_of_sms | ') > 0 THEN 'optin_sms' ELSE '' END || ',' ||
  CASE WHEN instr(' | ' || warnings || ' | ', ' | optout_email:opted_out_of_email | ') > 0 THEN 'optout_email' ELSE '' END, ',')
  WHERE instr(warnings, ':opted_out_of_') > 0;
UPDATE rows SET withheld = NULL WHERE withheld = '';
UPDATE rows SET warnings = NULL WHERE outcome = 'pending';
UPDATE rows SET other_row = CAST(detail AS INTEGER), detail = NULL
  WHERE code IN ('two_people_one_key', 'duplicate_person', 'duplicate') AND detail IS NOT NULL;
UPDATE rows SET goes_first = 1, code = NULL WHERE outcome = 'pending' AND code = 'waited';
UPDATE rows SET applied = 1, code = NULL WHERE outcome = 'pending' AND code = 'partly_applied';
`,
  // Whether a row created its contact or updated it, where the account was read before the run.
  `
ALTER TABLE rows ADD COLUMN effect TEXT;
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

/** What is remembered of feeds has been the same since this version. */
const feedsSince = 3;

/** Whether this program can read what the ledger remembers of feeds, without converting it. */
export function hasReadableFeeds(database: Database): boolean {
  const version = versionOf(database);
  return version >= feedsSince && version <= migrations.length;
}

function versionOf(database: Database): number {
  return Number(database.prepare('PRAGMA user_version').get()?.[0] ?? 0);
}
