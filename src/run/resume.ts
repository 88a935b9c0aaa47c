import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { RunError } from '../core/outcome/run-error.ts';
import { commandText } from '../core/settings/command-text.ts';
import type { Ledger, RunRecord } from '../ledger/ledger.ts';
import { tryReports } from '../report/reports.ts';
import type { ImportSummary } from '../report/summary.ts';
import { isLoopback } from '../gleantap/origin.ts';
import { openContext } from './context.ts';
import { finish, finishedBefore } from './finish.ts';
import { withAccountLock, requireLedger } from './files/account-lock.ts';
import { againCommand, typedPath } from './next-command.ts';
import { openMatcher } from './feed/matcher.ts';
import { kindOf } from './model.ts';
import { isUnfinished, newerOfFeed } from './next-step.ts';
import type { Ports } from './ports.ts';
import { requireSameCopy } from './files/input-copy.ts';
import { readRunFile, requireSameRun } from './files/run-folder.ts';
import { openApiSession } from './requests/api-session.ts';
import { send, warnOfFarDeadline } from './send/send.ts';
import { accountOf } from './setup.ts';
import type { ResumeSetup } from './setup.ts';

/**
 * Continues a stopped run from what the run itself stored. Only pace and output may differ.
 *
 * @throws RunError `usage` when there is nothing to continue, or a newer run of the feed has sent rows. `run_changed` and
 *   `copy_changed` when its files are not those that it wrote.
 */
export async function resumeRun(folder: string, setup: ResumeSetup, ports: Ports): Promise<ImportSummary> {
  const file = await readRunFile(folder);
  requireLedger(file.ledger, 'It records what the run has sent. Restore it, or start the import again with "run".');
  warnOfFarDeadline(setup.options.deadline, ports);
  return withAccountLock(accountOf(setup), file.ledger, async (ledger) => {
    const record = ledger.findRun(file.run);
    if (record === undefined)
      throw new RunError('usage', `The ledger ${file.ledger} has no record of the run in ${folder}`);
    if (record.account !== accountOf(setup)) {
      throw new RunError(
        'usage',
        `The run belongs to the account ${record.account}, but the credentials are for ${accountOf(setup)}`,
        {
          hint: 'Use the credentials of that run. If they are in another file, name it with --env-file.',
        },
      );
    }
    await requireOwnFolder(folder, record);
    requireSameRun(folder, file, record);
    if (record.state === 'finished') return finishedBefore(record, ledger, setup);
    return continueRun(record, ledger, setup, ports);
  });
}

/** A folder that holds the `run.json` of a run whose folder is another one. @throws RunError `run_changed` */
async function requireOwnFolder(folder: string, { id, out }: RunRecord): Promise<void> {
  const real = async (name: string): Promise<string> => realpath(name).catch(() => path.resolve(name));
  if ((await real(folder)) === (await real(out))) return;
  throw new RunError('run_changed', `${folder} is not the folder of run ${id}. Its folder is ${out}`, {
    hint: `Nothing was sent. Move the folder back if it was moved, then continue it: ${commandText('resume', typedPath(out))}`,
  });
}

/** Continues an unfinished run, unless a newer run of the feed has overtaken it. */
export async function continueRun(
  record: RunRecord,
  ledger: Ledger,
  setup: ResumeSetup,
  ports: Ports,
): Promise<ImportSummary> {
  if (!isUnfinished(record)) {
    throw new RunError('usage', `Run ${record.id} cannot be resumed: it stopped before sending`, {
      hint: `Import the file ${record.inputName} again with "run".`,
    });
  }
  const newer = newerOfFeed(ledger, record);
  const file = await readRunFile(record.out);
  requireSameRun(record.out, file, record);
  if (newer !== undefined) {
    throw new RunError(
      'usage',
      `Run ${newer.id} (${newer.inputName}) of the same feed is newer: continuing run ${record.id} could overwrite newer data`,
      {
        hint: `Import a new export, or this file again: ${againCommand(record.out, file)}`,
      },
    );
  }
  await requireSameCopy(record.out, file.input, againCommand(record.out, file));
  await tryReports(record.out);
  ports.emit({
    type: 'run_started',
    run: record.id,
    input: record.inputName,
    out: record.out,
    resumed: true,
    simulator: isLoopback(file.account.origin),
  });
  const opened = await openContext(record.out, file, ledger, ports.emit);
  const matcher = kindOf(opened) === 'full' ? openMatcher(ledger, record.account, file.mapping) : undefined;
  const context = { ...opened, matcher };
  const session = openApiSession(setup, ports, ledger.countRows(record.id).succeeded > 0);
  try {
    const sent = await send(context, setup, ports, session);
    return await finish(context, ports, { ...sent, reportValues: setup.options.reportValues });
  } finally {
    opened.account?.close();
    session.close();
  }
}
