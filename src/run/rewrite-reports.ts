import { rename } from 'node:fs/promises';
import path from 'node:path';
import { RunError } from '../core/outcome/run-error.ts';
import { openLedger } from '../ledger/ledger.ts';
import type { RunSummary } from '../report/summary.ts';
import { openContext, runReportPass } from './context.ts';
import { describeRun } from './finish.ts';
import { requireLedger } from './files/account-lock.ts';
import { withReportLock } from './report/report-lock.ts';
import { againCommand } from './next-command.ts';
import { nextOfRun } from './next-step.ts';
import { writeReportPage } from './report/report-page.ts';
import { requireSameCopy } from './files/input-copy.ts';
import { isEdited } from './files/own-files.ts';
import { readRunFile, requireSameRun } from './files/run-folder.ts';

/**
 * Writes a run's reports again from its copy of the input and the ledger: after it was killed, or while it is going.
 *
 * @throws RunError `usage` when the folder holds no run that its ledger knows. `run_changed` and `copy_changed` when its files are
 *   not those that it wrote: rows would get the outcomes of other people.
 */
export async function rewriteReports(folder: string, showsValues: boolean): Promise<RunSummary> {
  const file = await readRunFile(folder);
  requireLedger(file.ledger, 'It records what the run has sent. Restore it from a backup.');
  const ledger = openLedger(file.ledger);
  try {
    const record = ledger.findRun(file.run);
    if (record === undefined || record.state === 'checking')
      throw new RunError('usage', `${folder} does not contain a run that passed its check`);
    requireSameRun(folder, file, record);
    await requireSameCopy(folder, file.input, againCommand(folder, file));
    const context = await openContext(folder, file, ledger, () => undefined);
    await keepCorrections(folder);
    // The run may still be running.
    const { counts, files, problems, examples } = await withReportLock(ledger.file, async () =>
      ledger.atOneMoment(async () => runReportPass(context)),
    );
    const isOver = record.state === 'finished' || record.state === 'refused';
    const summary: RunSummary = {
      version: 1,
      kind: 'run',
      exitCode: 0,
      sentence: `The reports of run ${record.id} were written as of now${isOver ? '' : ', but the run is not finished'}.`,
      next: await nextOfRun(ledger, record),
      ...describeRun(context),
      counts: { read: record.read, blank: record.blank, ...counts },
      files,
      problems,
    };
    await writeReportPage(context, summary, examples, showsValues);
    return summary;
  } finally {
    ledger.close();
  }
}

/** A report that was saved again since the run ended holds corrections: it is set aside, not overwritten. */
async function keepCorrections(folder: string): Promise<void> {
  for (const name of ['failure', 'unknown']) {
    if (await isEdited(folder, `${name}.csv`))
      await rename(path.join(folder, `${name}.csv`), path.join(folder, `${name}-edited.csv`));
  }
}
