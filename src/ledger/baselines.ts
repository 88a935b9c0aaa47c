import { existsSync } from 'node:fs';
import { measuresSchema } from '../core/quality/nightly-gate.ts';
import type { Measures } from '../core/quality/nightly-gate.ts';
import { openDatabase } from './database.ts';
import type { Cell, Database } from './database.ts';
import type { FeedName } from './feed-memory.ts';
import { hasReadableFeeds } from './schema.ts';

/** A feed as runs know it. */
export type RunsFeed = Pick<FeedName, 'account' | 'feed'>;

/** What is kept about a feed's finished files, independent of its runs, which may be removed. Only runs of whole files enter it. */
export interface Baselines {
  /** Measures of finished runs, newest first. Those before a change that was accepted no longer count. */
  measures(feed: RunsFeed): Measures[];
  /** @param accepted Whether the file was held, and sent because its changes were accepted. */
  addMeasures(run: number, feed: RunsFeed, measures: Measures, accepted: boolean): void;
  /** Marks of the rows that failed in the run before this one; undefined where there was none. */
  failuresBefore(run: number, feed: RunsFeed): ReadonlySet<string> | undefined;
  /** Replaces the marks of a run, and forgets those that are not needed any more. @param marks Pseudonyms. */
  setFailures(run: number, feed: RunsFeed, marks: Iterable<string>): void;
}

/** A week of nightly runs: a weekend, or one odd file, does not become the measure of things. */
const runsCompared = 7;

export function openBaselines(database: Database): Baselines {
  return {
    measures: (feed) => readMeasures(database, feed),
    addMeasures(run, { account, feed }, measures, accepted) {
      database
        .prepare('INSERT OR REPLACE INTO baselines (run, account, feed, accepted, measures) VALUES (?, ?, ?, ?, ?)')
        .run(run, account, feed, accepted ? 1 : 0, JSON.stringify(measures));
    },
    failuresBefore(run, { account, feed }) {
      const before = database
        .prepare('SELECT max(run) FROM failure_marks WHERE account = ? AND feed = ? AND run < ?')
        .get(account, feed, run)?.[0];
      if (typeof before !== 'number') return undefined;
      const [marks] = database.prepare('SELECT marks FROM failure_marks WHERE run = ?').get(before) ?? [];
      return new Set(JSON.parse(String(marks)) as string[]);
    },
    setFailures(run, { account, feed }, marks) {
      database.transaction(() => {
        const values: Cell[] = [run, account, feed, JSON.stringify([...marks])];
        database
          .prepare('INSERT OR REPLACE INTO failure_marks (run, account, feed, marks) VALUES (?, ?, ?, ?)')
          .run(...values);
        // A resumed run asks again for those of the run before it.
        database
          .prepare(
            `DELETE FROM failure_marks WHERE account = ?1 AND feed = ?2 AND run < (SELECT max(run) FROM failure_marks
             WHERE account = ?1 AND feed = ?2 AND run < ?3)`,
          )
          .run(account, feed, run);
      });
    },
  };
}

/** The measures of a feed, for looking only: nothing where there is no ledger, or none that can be read. */
export function readBaselines(ledgerFile: string, feed: RunsFeed): Measures[] {
  if (!existsSync(ledgerFile)) return [];
  const database = openDatabase(ledgerFile);
  try {
    return hasReadableFeeds(database) ? readMeasures(database, feed) : [];
  } finally {
    database.close();
  }
}

function readMeasures(database: Database, { account, feed }: RunsFeed): Measures[] {
  const found = database
    .prepare('SELECT measures, accepted FROM baselines WHERE account = ? AND feed = ? ORDER BY run DESC LIMIT ?')
    .all(account, feed, runsCompared);
  const first = found.findIndex(([, accepted]) => accepted === 1);
  return found.slice(0, first < 0 ? found.length : first + 1).flatMap(([text]) => {
    const parsed = measuresSchema.safeParse(JSON.parse(String(text)));
    return parsed.success ? [parsed.data] : [];
  });
}
