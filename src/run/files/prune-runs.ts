import { pathFault } from '../../core/outcome/path-fault.ts';
import path from 'node:path';
import type { Ledger, RunRecord } from '../../ledger/ledger.ts';
import type { Emit } from '../events.ts';
import { checksIn } from './check-folder.ts';
import { removeIfEmpty, removeOwnFiles } from './own-files.ts';
import { readRunFile } from './run-folder.ts';
import type { RunFile } from '../model.ts';
import { feedOf } from '../setup.ts';

/**
 * Removes what is left of a feed's old runs and checks: files of this program, the folder if nothing else is in it, and rows of the
 * ledger. What the feed remembers of people and files stays. A stopped run goes too: since a newer run of the feed has finished, it
 * can't be continued.
 *
 * @param latest The run that has just finished. Its `keepRuns` says how many of the newest runs stay, itself included. Checks go
 *   when as many runs are newer.
 */
export async function pruneRuns(ledger: Ledger, latest: RunFile, emit: Emit): Promise<void> {
  const { keepRuns = Infinity } = latest;
  const { account, feed } = feedOf(latest);
  const runs = ledger.listRuns({ account }).filter((run) => run.feed === feed);
  const warn = (what: string, error: unknown): void => {
    emit({ type: 'warning', message: `${what} could not be removed: ${pathFault(latest.ledger, error).reason}` });
  };
  for (const run of runs.slice(keepRuns)) {
    if (run.id >= latest.run) continue;
    try {
      if (await isItsFolder(run, ledger)) await removeFolder(run.out);
      ledger.deleteRun(run.id);
    } catch (error) {
      warn(`The old run ${run.id} in ${run.out}`, error);
    }
  }
  const oldest = runs[keepRuns - 1];
  if (oldest === undefined) return;
  for await (const { folder, file } of checksIn(placesOf(ledger, runs))) {
    const isOwn =
      file.feed === feed &&
      (file.account === undefined ? file.mappingFile === latest.mappingFile : file.account === account);
    if (isOwn && file.started < oldest.started)
      await removeFolder(folder).catch((error: unknown) => warn(`The old check in ${folder}`, error));
  }
}

/** Where checks have put their folders unless the user chose a place: where runs and the ledger are. */
function placesOf(ledger: Ledger, runs: readonly RunRecord[]): Set<string> {
  const near = runs.map(({ out }) => path.dirname(out));
  return new Set([path.dirname(ledger.file), ...near, ...near.map((place) => path.dirname(place))]);
}

async function removeFolder(folder: string): Promise<void> {
  await removeOwnFiles(folder);
  await removeIfEmpty(folder);
}

/** Whether the folder is still this run's: another may have been put in its place. */
async function isItsFolder({ id, out, started }: RunRecord, ledger: Ledger): Promise<boolean> {
  return readRunFile(out).then(
    (file) => file.run === id && file.started === started && path.resolve(file.ledger) === path.resolve(ledger.file),
    () => false,
  );
}
