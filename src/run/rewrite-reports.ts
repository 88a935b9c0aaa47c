import { rename } from 'node:fs/promises';
import path from 'node:path';
import { RunError } from '../core/outcome/run-error.ts';
import { openLedger } from '../ledger/ledger.ts';
import type { RunRecord } from '../ledger/ledger.ts';
import { readRunSummary } from '../report/summary.ts';
import type { RunSummary, SummaryCounts } from '../report/summary.ts';
import { openContext, runReportPass } from './context.ts';
import { countsText, describeRun } from './finish.ts';
import { requireLedger } from './files/account-lock.ts';
import { againCommand } from './next-command.ts';
import { nextOverRounds } from './next-step.ts';
import { requireSameCopy } from './files/input-copy.ts';
import { isEdited } from './files/own-files.ts';
import { readRunFile, requireSameRun } from './files/run-folder.ts';
import type { RunContext } from './model.ts';
import { historyOf, historyOfReport, historySentence } from './report/correction-history.ts';
import { withReportLock } from './report/report-lock.ts';
import { writeReportPage } from './report/report-page.ts';
import type { EndedRun } from './report/report-page.ts';

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
  let context: RunContext | undefined;
  try {
    const record = ledger.findRun(file.run);
    if (record === undefined || record.state === 'checking')
      throw new RunError('usage', `${folder} does not contain a run that passed its check`);
    requireSameRun(folder, file, record);
    await requireSameCopy(folder, file.input, againCommand(folder, file));
    context = await openContext(folder, file, ledger, () => undefined);
    const opened = context;
    await keepCorrections(folder);
    // The run may still be running.
    const { counts, files, problems, findings } = await withReportLock(ledger.file, async () =>
      ledger.atOneMoment(async () => runReportPass(opened)),
    );
    const rounds = record.kind === 'report' ? await historyOfReport(ledger, record) : await historyOf(ledger, record);
    const end = await endOf(context, record, { read: record.read, blank: record.blank, ...counts });
    // What was next when it ended may have been done since.
    const ended = { ...end, next: await nextOverRounds(ledger, record) };
    const now = {
      files: Object.fromEntries(Object.entries(files).map(([name, rows]) => [path.join(folder, name), rows])),
      problems,
      ...(rounds === undefined ? {} : { rounds: { ...rounds, sentence: historySentence(rounds) } }),
    };
    await writeReportPage(context, { ...ended, ...now }, findings, showsValues);
    const isOver = record.state === 'finished' || record.state === 'refused';
    return {
      version: 1,
      kind: 'run',
      exitCode: 0,
      sentence: `The reports of run ${record.id} were written as of now${isOver ? '' : ', but the run is not finished'}.`,
      next: ended.next,
      ...describeRun(context),
      counts: ended.counts,
      ...now,
    };
  } finally {
    context?.account?.close();
    ledger.close();
  }
}

/**
 * How the run ended: as its own summary says, if that is still true. A run that was killed or is in progress
 * has no exit code.
 */
async function endOf(context: RunContext, record: RunRecord, counts: SummaryCounts): Promise<EndedRun> {
  const { folder, file } = context;
  const exitCode = record.state === 'sending' ? undefined : record.exitCode;
  const stored = await readRunSummary(folder);
  const isTrue =
    stored?.run === record.id && stored.exitCode === exitCode && countsText(stored.counts) === countsText(counts);
  if (isTrue) return stored;
  return {
    version: 1,
    kind: 'run',
    exitCode,
    sentence: `Run ${record.id}: ${countsText(counts)}`,
    next: undefined,
    ...describeRun(context),
    counts,
    ...(file.compared === undefined ? {} : { compared: file.compared, effects: context.ledger.countEffects(file.run) }),
    files: {},
    problems: {},
  };
}

/** A report that was saved again since the run ended holds corrections: it is set aside, not overwritten. */
async function keepCorrections(folder: string): Promise<void> {
  for (const name of ['failure.csv', 'unknown.csv', 'failure.xlsx', 'unknown.xlsx']) {
    if (await isEdited(folder, name))
      await rename(path.join(folder, name), path.join(folder, name.replace('.', '-edited.')));
  }
}
