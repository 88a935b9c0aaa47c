import { commandText } from '../core/command-text.ts';
import { RunError } from '../core/run-error.ts';
import { openLedger } from '../ledger/ledger.ts';
import type { Summary } from '../report/summary.ts';
import { openContext, runReportPass } from './context.ts';
import { describeRun } from './finish.ts';
import { holdReports } from './hold-reports.ts';
import { readRunFile } from './run-folder.ts';

/**
 * Writes a run's reports again from its copy of the input and the ledger: after it was killed, or while it is going.
 *
 * @throws RunError `usage` when the folder holds no run that its ledger knows.
 */
export async function rewriteReports(folder: string): Promise<Summary> {
  const file = await readRunFile(folder);
  const ledger = openLedger(file.ledger);
  try {
    const record = ledger.findRun(file.run);
    if (record === undefined || record.state === 'checking')
      throw new RunError('usage', `${folder} holds no run that got past its check`);
    const context = await openContext(folder, file, ledger, () => undefined);
    // The run may be going on meanwhile.
    const { counts, files, problems } = await holdReports(ledger.file, async () =>
      ledger.atOneMoment(async () => runReportPass(context)),
    );
    const isOver = record.state === 'finished' || record.state === 'refused';
    return {
      version: 1,
      exitCode: 0,
      sentence: `The reports of run ${record.id} were written as of now${isOver ? '' : '; the run is not finished'}.`,
      next: isOver ? undefined : commandText('resume', folder),
      ...describeRun(context),
      counts: { read: record.read, blank: record.blank, ...counts },
      files,
      problems,
    };
  } finally {
    ledger.close();
  }
}
