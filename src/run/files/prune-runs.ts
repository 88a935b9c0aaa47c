import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Ledger, RunRecord } from '../../ledger/ledger.ts';
import type { Emit } from '../events.ts';
import { readRunFile } from './run-folder.ts';
import type { RunFile } from '../model.ts';
import { feedOf } from '../setup.ts';

/**
 * Removes the folders and rows of a feed's old runs, and keeps what the feed remembers of people and files. Runs that can still
 * be continued stay, and so does the newest finished one.
 *
 * @param latest The run that has just finished. Its `keepRuns` says how many of the newest runs stay, itself included.
 */
export async function pruneRuns(ledger: Ledger, latest: RunFile, emit: Emit): Promise<void> {
  const { account, feed } = feedOf(latest);
  const runs = ledger.listRuns({ account }).filter((run) => run.feed === feed);
  for (const run of runs.slice(latest.keepRuns)) {
    const isOpen = run.state === 'sending' || run.state === 'stopped';
    if (isOpen || run.id === latest.run) continue;
    try {
      if (await isItsFolder(run, ledger)) await rm(run.out, { recursive: true, force: true });
      ledger.deleteRun(run.id);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      emit({ type: 'warning', message: `The old run ${run.id} in ${run.out} could not be removed: ${reason}` });
    }
  }
}

/** Whether the folder is still this run's: another may have been put in its place. */
async function isItsFolder({ id, out, started }: RunRecord, ledger: Ledger): Promise<boolean> {
  return readRunFile(out).then(
    (file) => file.run === id && file.started === started && path.resolve(file.ledger) === path.resolve(ledger.file),
    () => false,
  );
}
