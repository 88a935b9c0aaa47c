import type { Measures } from '../../core/quality/nightly-gate.ts';
import type { Ledger, RunRecord, RunsFeed } from '../../ledger/ledger.ts';
import { readBaselines } from '../../ledger/baselines.ts';
import { readRuns } from '../../ledger/read-runs.ts';

/** What the ledger remembers of a feed's earlier files. */
export interface FeedHistory {
  /** Measures of its earlier files, newest first. */
  readonly baselines: readonly Measures[];
  /** Its newest finished run of a whole file. */
  readonly last: RunRecord | undefined;
}

export function historyOf(ledger: Ledger, feed: RunsFeed): FeedHistory {
  return { baselines: ledger.baselines.measures(feed), last: lastOf(ledger.listRuns({ account: feed.account }), feed) };
}

/** The same without writing; empty where there is no ledger. */
export function readHistory(ledgerFile: string, feed: RunsFeed): FeedHistory {
  return { baselines: readBaselines(ledgerFile, feed), last: lastOf(readRuns(ledgerFile, feed.account), feed) };
}

function lastOf(runs: readonly RunRecord[], { feed }: RunsFeed): RunRecord | undefined {
  return runs.find((run) => run.feed === feed && run.kind === 'full' && run.state === 'finished');
}
