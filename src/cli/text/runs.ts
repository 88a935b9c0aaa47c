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

interface Column {
  readonly title: string;
  cell(run: ListedRun): Cell;
  /** Whether any run has something to show there; undefined where it is always shown. */
  readonly isShown?: (runs: readonly ListedRun[]) => boolean;
}

const styles: Readonly<Record<RunRecord['state'], Style>> = {
  checking: 'dim',
  sending: 'warning',
  stopped: 'warning',
  finished: 'ok',
  refused: 'failed',
};

const columns: readonly Column[] = [
  { title: 'run', cell: ({ id }) => String(id) },
  { title: 'started (UTC)', cell: ({ started }) => started.slice(0, 16).replace('T', ' ') },
  { title: 'state', cell: ({ state }) => ({ text: state, style: styles[state] }) },
  { title: 'succeeded', cell: ({ counts, read }) => `${count(counts.succeeded)} of ${count(read)}` },
  { title: 'failed', cell: ({ counts: { failed } }) => worrying(failed, 'failed') },
  {
    title: 'unknown',
    cell: ({ counts: { unknown } }) => worrying(unknown, 'warning'),
    isShown: (runs) => runs.some(({ counts }) => counts.unknown > 0),
  },
  {
    title: 'pending',
    cell: (run) => worrying(pendingOf(run), 'warning'),
    isShown: (runs) => runs.some((run) => pendingOf(run) > 0),
  },
  { title: 'file', cell: ({ inputName }) => inputName },
  {
    title: 'account',
    cell: ({ account }) => account,
    isShown: (runs) => new Set(runs.map(({ account }) => account)).size > 1,
  },
];

function worrying(rows: number, style: Style): Cell {
  return rows > 0 ? { text: count(rows), style } : count(rows);
}

function pendingOf({ counts: { succeeded, failed, unknown, skipped }, read }: ListedRun): number {
  return Math.max(0, read - succeeded - failed - unknown - skipped);
}

/** Past runs as a table, what to do next about them, and how files fared over all rounds. Commands are not wrapped. */
export function runLines(runs: readonly ListedRun[], screen: Screen): string[] {
  if (runs.length === 0) return ['No runs yet.'];
  const shown = columns.filter(({ isShown }) => isShown?.(runs) !== false);
  const header = shown.map(({ title }) => ({ text: title, style: 'dim' as const }));
  const lines = table([header, ...runs.map((run) => shown.map(({ cell }) => cell(run)))], screen, { indent: '' });
  const open = runs.filter(({ next }) => next !== undefined);
  if (open.length > 0) lines.push('', screen.paint('strong', 'Next:'));
  for (const { id, next } of open) lines.push(`  ${screen.paint('dim', `run ${id}:`)} ${next}`);
  const histories = runs.flatMap(({ rounds }) => (rounds === undefined ? [] : [historySentence(rounds)]));
  if (histories.length > 0) lines.push('', screen.paint('strong', 'Over all rounds, corrected reports included:'));
  return [...lines, ...histories.flatMap((text) => wrapAll(`  ${text}`, screen.sentenceWidth))];
}
