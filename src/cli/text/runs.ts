import type { OutcomeCounts } from '../../core/outcome/outcome.ts';
import type { RunRecord } from '../../ledger/ledger.ts';
import { historySentence } from '../../run/report/correction-history.ts';
import type { CorrectionHistory } from '../../run/report/correction-history.ts';
import type { Screen, Style } from './screen.ts';
import type { Cell } from './words.ts';
import { count, table, wrapAll } from './words.ts';

export interface ListedRun extends RunRecord {
  readonly counts: OutcomeCounts;
  readonly rounds?: CorrectionHistory;
  /** The command that continues the run or imports what is left of it. */
  readonly next?: string | undefined;
}

const styles: Readonly<Record<RunRecord['state'], Style>> = {
  checking: 'dim',
  sending: 'warning',
  stopped: 'warning',
  finished: 'ok',
  refused: 'failed',
};

/** The most important columns first: where a terminal is narrow, the last ones go below. */
function cellsOf({ id, started, state, counts, read, inputName, account }: ListedRun, isOfSeveral: boolean): Cell[] {
  const { succeeded, failed, unknown, skipped } = counts;
  const pending = Math.max(0, read - succeeded - failed - unknown - skipped);
  const open = Object.entries({ failed, unknown, pending }).filter(([, rows]) => rows > 0);
  return [
    String(id),
    started.slice(0, 16).replace('T', ' '),
    { text: state, style: styles[state] },
    `${count(succeeded)} of ${count(read)}`,
    inputName,
    ...(isOfSeveral ? [account] : []),
    {
      text: open.map(([outcome, rows]) => `${count(rows)} ${outcome}`).join(', '),
      style: failed > 0 ? 'failed' : 'warning',
    },
  ];
}

/** Past runs as a table, what to do next about them, and how files fared over all rounds. Commands are not wrapped. */
export function runLines(runs: readonly ListedRun[], screen: Screen): string[] {
  if (runs.length === 0) return ['No runs yet.'];
  const isOfSeveral = new Set(runs.map(({ account }) => account)).size > 1;
  const titles = ['run', 'started (UTC)', 'state', 'succeeded', 'file', ...(isOfSeveral ? ['account'] : []), 'open'];
  const header = titles.map((text) => ({ text, style: 'dim' as const }));
  const lines = table([header, ...runs.map((run) => cellsOf(run, isOfSeveral))], screen, { indent: '' });
  const open = runs.filter(({ next }) => next !== undefined);
  if (open.length > 0) lines.push('', screen.paint('strong', 'Next:'));
  for (const { id, next } of open) lines.push(`  ${screen.paint('dim', `run ${id}:`)} ${next}`);
  const histories = runs.flatMap(({ rounds }) => (rounds === undefined ? [] : [historySentence(rounds)]));
  if (histories.length > 0) lines.push('', screen.paint('strong', 'Over all rounds, corrected reports included:'));
  return [...lines, ...histories.flatMap((text) => wrapAll(`  ${text}`, screen.sentenceWidth))];
}
