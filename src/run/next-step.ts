import type { Ledger, RunRecord } from '../ledger/ledger.ts';
import { readRunFile } from './files/run-folder.ts';
import { nextCommand } from './next-command.ts';
import { roundsOf } from './report/correction-history.ts';

/**
 * The next command for a run, as its ledger has it now: the one place that decides it for a run of the past.
 *
 * @returns undefined when nothing is left to do, when a later run has taken its place, or when its folder is gone.
 */
export async function nextOfRun(ledger: Ledger, record: RunRecord): Promise<string | undefined> {
  const { state, out } = record;
  const isOpen = isUnfinished(record);
  if (!isOpen && state !== 'finished') return undefined;
  if (isOpen ? newerOfFeed(ledger, record) !== undefined : await isDealtWith(ledger, record)) return undefined;
  const file = await readRunFile(out).catch(() => undefined);
  if (file?.run !== record.id) return undefined;
  return nextCommand(out, file, { counts: ledger.countRows(record.id), isOpen, isPilot: record.kind === 'pilot' });
}

/** The same for a run with its corrections: what they have left open is in the last of their reports. */
export async function nextOverRounds(ledger: Ledger, record: RunRecord): Promise<string | undefined> {
  const [last = record] = await roundsOf(ledger, record);
  return nextOfRun(ledger, last);
}

/** Whether a run has begun to send and is not finished. */
export function isUnfinished({ state }: RunRecord): boolean {
  return state === 'sending' || state === 'stopped';
}

/** A later run of the feed: if an older one continued, it could overwrite newer data. */
export function newerOfFeed(ledger: Ledger, { id, account, feed }: RunRecord): RunRecord | undefined {
  return ledger.listRuns({ account }).find((run) => run.id > id && run.feed === feed && hasSent(run));
}

/** Whether a finished run's file was imported again since, or one of its reports. */
async function isDealtWith(ledger: Ledger, record: RunRecord): Promise<boolean> {
  const { id, account, inputSha } = record;
  if (ledger.listRuns({ account, inputSha }).some((run) => run.id > id && run.kind === record.kind && hasSent(run)))
    return true;
  const rounds = await roundsOf(ledger, record);
  return rounds.some((round) => round.id > id);
}

function hasSent({ state }: RunRecord): boolean {
  return state !== 'checking' && state !== 'refused';
}
