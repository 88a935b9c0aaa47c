import type { Outcome, OutcomeCounts } from '../core/outcome/outcome.ts';
import { noCounts } from '../core/outcome/outcome.ts';
import { openDatabase } from './database.ts';
import type { Cell } from './database.ts';
import { openFeed } from './feed-memory.ts';
import type { FeedMemory, FeedName } from './feed-memory.ts';
import { openBaselines } from './baselines.ts';
import type { Baselines } from './baselines.ts';
import { openPseudonyms } from './pseudonyms.ts';
import { cellsOf, recordOf, rowColumns, runColumns, runOf, traceCellsOf, traceColumns } from './records.ts';
import type { Effect, NewRun, RowRecord, RunRecord, UnchangedRows } from './records.ts';
import { findPilotRows } from './pilot-rows.ts';
import { migrate } from './schema.ts';

export type { FeedMemory, Vanished } from './feed-memory.ts';
export type { Baselines, RunsFeed } from './baselines.ts';
export type { PayloadTable } from './payload-table.ts';
export { undecided } from './records.ts';
export type {
  Effect,
  NewRun,
  PersonKeys,
  RowRecord,
  RowTrace,
  RunKind,
  RunRecord,
  RunState,
  UnchangedRows,
} from './records.ts';

/** The memory of runs and rows. Rows that are merely to be sent have no record until they have an outcome. */
export interface Ledger {
  readonly file: string;
  createRun(run: NewRun): RunRecord;
  findRun(id: number): RunRecord | undefined;
  /** Newest first. */
  listRuns(filter?: Partial<Pick<RunRecord, 'identity' | 'account' | 'inputSha'>>): RunRecord[];
  updateRun(
    id: number,
    change: Partial<Pick<RunRecord, 'state' | 'identity' | 'kind' | 'read' | 'blank' | 'exitCode'>>,
  ): void;
  /** Forgets a run of which nothing was sent. */
  deleteRun(id: number): void;
  /** Replaces the decisions of a run in commits of some thousand rows; call `flush` at the end. */
  decide(run: number, record: RowRecord): void;
  /** Decides that these rows are `skipped: unchanged`; as `decide`. */
  decideUnchanged(run: number, rows: UnchangedRows): void;
  clearRows(run: number): void;
  /** Books a row's outcome. It is on the disk after the next `flush`, which happens within 200 ms. */
  book(run: number, record: RowRecord): void;
  flush(): void;
  /** A page of a run's records in row order. */
  rowsAfter(run: number, row: number, limit: number): RowRecord[];
  /** A page of a run's unchanged rows that begin after a row. */
  unchangedAfter(run: number, row: number, limit: number): UnchangedRows[];
  countUnchanged(run: number): number;
  /** What the work reads is the ledger as of one moment, whatever another process commits meanwhile. */
  atOneMoment<T>(work: () => Promise<T>): Promise<T>;
  countRows(run: number): OutcomeCounts;
  countProvisional(run: number): number;
  /** Rows that created a contact, and rows that updated one. */
  countEffects(run: number): Readonly<Record<Effect, number>>;
  /** Rows of a file that pilots have sent to an account. */
  pilotRows(account: string, inputSha: string): ReadonlySet<number>;
  /** The first rows of a run that succeeded. */
  succeededRows(run: number, limit: number): number[];
  /**
   * Contacts that the server wrote the rows of several people onto, by their `_id`: how many, and the first rows of two of the
   * people for the first contacts.
   */
  mergedPeople(run: number, limit: number): { readonly contacts: number; readonly rows: [number, number][] };
  /**
   * Which refusals of a run do not say why. All of them, where all have the same text: a reason that every row shares explains
   * none of them. Else those without a text. Undefined where there are fewer than five.
   */
  silentRefusals(run: number): SilentRefusals | undefined;
  /** Their rows, as long as they are provisional: a hundred at most. */
  provisionalRefusals(run: number, which: SilentRefusals): number[];
  /** Turns provisional refusals into final ones, or back into rows that wait. */
  finalizeProvisional(run: number, to: 'failed' | 'pending'): void;
  /** Marks failed rows of which a later row of the same person succeeded. */
  markSuperseded(run: number): void;
  /**
   * The memory of a feed, up to date with all runs before.
   *
   * @throws RunError `usage` when the ledger's key is lost.
   */
  openFeed(name: FeedName): FeedMemory;
  /** What is remembered of a feed's finished files, also after their runs were removed. */
  readonly baselines: Baselines;
  close(): void;
}

/** Refusals that do not say why: all of a run, or those that came without a text. */
export type SilentRefusals = 'all' | 'without text';

/** Milliseconds that an outcome may wait for its commit (promise P2). */
const commitWindow = 200;
const largestCommit = 5000;
/** Fewer refusals show no pattern. */
const fewestSilent = 5;

/** @throws RunError `not_writable` here and in every call when the disk does not play along. */
export function openLedger(file: string): Ledger {
  const database = openDatabase(file);
  try {
    migrate(file, database);
  } catch (error) {
    database.close();
    throw error;
  }
  const insertRow = database.prepare(
    `INSERT OR REPLACE INTO rows (run, ${rowColumns}, ${traceColumns})
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertUnchanged = database.prepare('INSERT INTO unchanged (run, first, last, rows) VALUES (?, ?, ?, ?)');
  const page = database.prepare(`SELECT ${rowColumns} FROM rows WHERE run = ? AND row > ? ORDER BY row LIMIT ?`);
  const unchangedPage = database.prepare(
    'SELECT first, last, rows FROM unchanged WHERE run = ? AND first > ? ORDER BY first LIMIT ?',
  );
  let waiting: ({ run: number; record: RowRecord } | { run: number; unchanged: UnchangedRows })[] = [];
  let timer: NodeJS.Timeout | undefined;
  let commitError: Error | undefined;

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (commitError !== undefined) throw commitError;
    if (waiting.length === 0) return;
    const batch = waiting;
    waiting = [];
    try {
      database.transaction(() => {
        for (const entry of batch) {
          if ('record' in entry) insertRow.run(entry.run, ...cellsOf(entry.record), ...traceCellsOf(entry.record));
          else insertUnchanged.run(entry.run, entry.unchanged.first, entry.unchanged.last, entry.unchanged.rows);
        }
      });
    } catch (error) {
      // These rows have no outcome on the disk, and a second try could not be believed: nothing works from here on.
      commitError = error instanceof Error ? error : new Error(String(error));
      throw commitError;
    }
  };
  const flushLater = (): void => {
    timer = undefined;
    try {
      flush();
    } catch {
      // No caller can catch it here: the next call throws it.
    }
  };
  const write = (sql: string, ...values: Cell[]): void => {
    flush();
    database.prepare(sql).run(...values);
  };

  const ledger: Ledger = {
    file,
    createRun({ started, identity, account, feed, inputName, inputSha, out }) {
      flush();
      const insert = database.prepare(
        `INSERT INTO runs (started, state, identity, account, feed, input_name, input_sha, out)
         VALUES (?, 'checking', ?, ?, ?, ?, ?, ?) RETURNING ${runColumns}`,
      );
      let created: Cell[] | undefined;
      // libsql's get() commits when it puts the statement back, and does not report when that fails.
      database.transaction(() => {
        created = insert.get(started, identity, account, feed, inputName, inputSha, out);
      });
      return runOf(created ?? []);
    },
    findRun(id) {
      const cells = database.prepare(`SELECT ${runColumns} FROM runs WHERE id = ?`).get(id);
      return cells === undefined ? undefined : runOf(cells);
    },
    listRuns({ identity, account, inputSha } = {}) {
      const cells = database
        .prepare(
          `SELECT ${runColumns} FROM runs WHERE identity = coalesce(?, identity) AND account = coalesce(?, account)
           AND input_sha = coalesce(?, input_sha) ORDER BY id DESC`,
        )
        .all(identity ?? null, account ?? null, inputSha ?? null);
      return cells.map(runOf);
    },
    updateRun(id, { state, identity, kind, read, blank, exitCode }) {
      write(
        `UPDATE runs SET state = coalesce(?, state), identity = coalesce(?, identity), kind = coalesce(?, kind),
         read = coalesce(?, read), blank = coalesce(?, blank), exit_code = coalesce(?, exit_code),
         remembered = CASE WHEN ?1 = 'sending' THEN 0 ELSE remembered END WHERE id = ?`,
        state ?? null,
        identity ?? null,
        kind ?? null,
        read ?? null,
        blank ?? null,
        exitCode ?? null,
        id,
      );
    },
    deleteRun(id) {
      ledger.clearRows(id);
      write('DELETE FROM runs WHERE id = ?', id);
    },
    decide(run, record) {
      waiting.push({ run, record });
      if (waiting.length >= largestCommit) flush();
    },
    decideUnchanged(run, unchanged) {
      waiting.push({ run, unchanged });
      if (waiting.length >= largestCommit) flush();
    },
    clearRows(run) {
      write('DELETE FROM rows WHERE run = ?', run);
      write('DELETE FROM unchanged WHERE run = ?', run);
    },
    book(run, record) {
      if (commitError !== undefined) throw commitError;
      waiting.push({ run, record });
      timer ??= setTimeout(flushLater, commitWindow);
    },
    flush,
    rowsAfter: (run, row, limit) => page.all(run, row, limit).map(recordOf),
    unchangedAfter: (run, row, limit) =>
      unchangedPage
        .all(run, row, limit)
        .map(([first, last, rows]) => ({ first: Number(first), last: Number(last), rows: Number(rows) })),
    countUnchanged: (run) =>
      Number(database.prepare('SELECT sum(rows) FROM unchanged WHERE run = ?').get(run)?.[0] ?? 0),
    async atOneMoment(work) {
      database.exec('BEGIN');
      try {
        return await work();
      } finally {
        database.exec('COMMIT');
      }
    },
    countRows(run) {
      const counts = { ...noCounts };
      for (const [outcome, count] of database
        .prepare('SELECT outcome, count(*) FROM rows WHERE run = ? GROUP BY outcome')
        .all(run)) {
        counts[outcome as Outcome] = Number(count);
      }
      counts.skipped += ledger.countUnchanged(run);
      return counts;
    },
    countEffects(run) {
      const counts = { created: 0, updated: 0 };
      for (const [effect, rows] of database
        .prepare('SELECT effect, count(*) FROM rows WHERE run = ? AND effect IS NOT NULL GROUP BY effect')
        .all(run))
        counts[effect as Effect] = Number(rows);
      return counts;
    },
    countProvisional: (run) =>
      Number(database.prepare('SELECT count(*) FROM rows WHERE run = ? AND provisional = 1').get(run)?.[0] ?? 0),
    pilotRows: (account, inputSha) => findPilotRows(database, account, inputSha),
    succeededRows: (run, limit) =>
      database
        .prepare("SELECT row FROM rows WHERE run = ? AND outcome = 'succeeded' ORDER BY row LIMIT ?")
        .all(run, limit)
        .map(([row]) => Number(row)),
    mergedPeople(run, limit) {
      // A person with several rows is named by the first of them, any other row is a person.
      const merged = `SELECT contact_id, min(row) AS one, min(coalesce(person, row)) AS first FROM rows
        WHERE run = ?1 AND outcome = 'succeeded' AND contact_id IS NOT NULL
        GROUP BY contact_id HAVING min(coalesce(person, row)) < max(coalesce(person, row))`;
      const contacts = Number(database.prepare(`SELECT count(*) FROM (${merged})`).get(run)?.[0] ?? 0);
      if (contacts === 0) return { contacts, rows: [] };
      const rows = database
        .prepare(
          `SELECT merged.one, (SELECT min(row) FROM rows WHERE run = ?1 AND outcome = 'succeeded'
             AND contact_id = merged.contact_id AND coalesce(person, row) <> merged.first)
           FROM (${merged} ORDER BY one LIMIT ?2) AS merged ORDER BY one`,
        )
        .all(run, limit)
        .map(([one, other]): [number, number] => [Number(one), Number(other)]);
      return { contacts, rows };
    },
    silentRefusals(run) {
      const [all, texts, empty] = (
        database
          .prepare(
            "SELECT count(*), count(DISTINCT detail), sum(detail IS NULL) FROM rows WHERE run = ? AND code = 'refused'",
          )
          .get(run) ?? []
      ).map(Number);
      if (texts !== undefined && texts <= 1 && (all ?? 0) >= fewestSilent) return 'all';
      return (empty ?? 0) >= fewestSilent ? 'without text' : undefined;
    },
    provisionalRefusals: (run, which) =>
      database
        .prepare(
          `SELECT row FROM rows WHERE run = ? AND provisional = 1 AND code = 'refused' AND (? = 'all' OR detail IS NULL)`,
        )
        .all(run, which)
        .map(([row]) => Number(row)),
    finalizeProvisional(run, to) {
      if (to === 'failed') write('UPDATE rows SET provisional = 0 WHERE run = ? AND provisional = 1', run);
      else {
        write(
          `UPDATE rows SET outcome = 'pending', code = NULL, provisional = 0, attempts = 0, status = NULL, detail = NULL
           WHERE run = ? AND provisional = 1`,
          run,
        );
      }
    },
    markSuperseded(run) {
      write(
        `UPDATE rows SET code = 'superseded' WHERE run = ?1 AND outcome = 'failed' AND person IS NOT NULL AND EXISTS (
           SELECT 1 FROM rows AS later WHERE later.run = ?1 AND later.person = rows.person
           AND later.row > rows.row AND later.outcome = 'succeeded')`,
        run,
      );
    },
    baselines: openBaselines(database),
    openFeed(name) {
      flush();
      return openFeed(database, openPseudonyms(file, database), name);
    },
    close() {
      try {
        // A commit that failed in the background was already thrown by a later call.
        if (commitError === undefined) flush();
      } finally {
        database.close();
      }
    },
  };
  return ledger;
}
