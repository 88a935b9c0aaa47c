import { existsSync } from 'node:fs';
import { measuresSchema } from '../core/quality/nightly-gate.ts';
import type { Measures } from '../core/quality/nightly-gate.ts';
import { openDatabase } from './database.ts';
import type { Cell, Database } from './database.ts';
import type { FeedName } from './feed-memory.ts';
import { isCurrent } from './schema.ts';

/** A feed as runs know it. */
export type RunsFeed = Pick<FeedName, 'account' | 'feed'>;

/** What is kept of a feed's nights beside its runs, which may be pruned. Only runs of whole files enter it. */
export interface Nights {
  /** Measures of finished nights, newest first; those before a change that somebody accepted no longer count. */
  measures(feed: RunsFeed): Measures[];
  /** @param accepted Whether the night was held, and sent because somebody said that its changes are right. */
  addMeasures(run: number, feed: RunsFeed, measures: Measures, accepted: boolean): void;
  /** Marks of the rows that failed in the night before this run; undefined where there was none. */
  failuresBefore(run: number, feed: RunsFeed): ReadonlySet<string> | undefined;
  /** Replaces the marks of a run, and forgets those that nobody asks for any more. @param marks Pseudonyms. */
  setFailures(run: number, feed: RunsFeed, marks: Iterable<string>): void;
}

/** A week: a weekend, or one odd night, does not become the measure of things. */
const nightsCompared = 7;

export function openNights(database: Database): Nights {
  return {
    measures: (feed) => readMeasures(database, feed),
    addMeasures(run, { account, feed }, measures, accepted) {
      database
        .prepare('INSERT OR REPLACE INTO baselines (run, account, feed, accepted, measures) VALUES (?, ?, ?, ?, ?)')
        .run(run, account, feed, accepted ? 1 : 0, JSON.stringify(measures));
    },
    failuresBefore(run, { account, feed }) {
      const night = database
        .prepare('SELECT max(run) FROM failure_marks WHERE account = ? AND feed = ? AND run < ?')
        .get(account, feed, run)?.[0];
      if (typeof night !== 'number') return undefined;
      const [marks] = database.prepare('SELECT marks FROM failure_marks WHERE run = ?').get(night) ?? [];
      return new Set(JSON.parse(String(marks)) as string[]);
    },
    setFailures(run, { account, feed }, marks) {
      database.transaction(() => {
        const values: Cell[] = [run, account, feed, JSON.stringify([...marks])];
        database
          .prepare('INSERT OR REPLACE INTO failure_marks (run, account, feed, marks) VALUES (?, ?, ?, ?)')
          .run(...values);
        // A resumed run asks again for those of the night before it.
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

/** The measures of a feed's nights, for looking only: nothing where there is no ledger, or none of this version. */
export function readNights(ledgerFile: string, feed: RunsFeed): Measures[] {
  if (!existsSync(ledgerFile)) return [];
  const database = openDatabase(ledgerFile);
  try {
    return isCurrent(database) ? readMeasures(database, feed) : [];
  } finally {
    database.close();
  }
}

function readMeasures(database: Database, { account, feed }: RunsFeed): Measures[] {
  const nights = database
    .prepare('SELECT measures, accepted FROM baselines WHERE account = ? AND feed = ? ORDER BY run DESC LIMIT ?')
    .all(account, feed, nightsCompared);
  const first = nights.findIndex(([, accepted]) => accepted === 1);
  return nights.slice(0, first < 0 ? nights.length : first + 1).flatMap(([text]) => {
    const parsed = measuresSchema.safeParse(JSON.parse(String(text)));
    return parsed.success ? [parsed.data] : [];
  });
}
