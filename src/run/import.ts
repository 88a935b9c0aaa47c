import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { exceeds } from '../core/options.ts';
import type { Share } from '../core/options.ts';
import { exitCodeOfSignal } from '../core/exit-codes.ts';
import { RunError } from '../core/run-error.ts';
import { lockAccount } from '../ledger/account-lock.ts';
import { openLedger } from '../ledger/ledger.ts';
import type { Ledger, RunRecord } from '../ledger/ledger.ts';
import type { Summary } from '../report/summary.ts';
import { openContext, runCheckPass } from './context.ts';
import type { RunContext } from './context.ts';
import type { StopReason } from './events.ts';
import { finish, finishedBefore } from './finish.ts';
import { copyInput } from './input-copy.ts';
import type { InputCopy } from './input-copy.ts';
import { createPlan, isLoopback } from './plan.ts';
import type { Ports } from './ports.ts';
import { preflight } from './preflight.ts';
import { goOn } from './resume.ts';
import { claimRunFolder, inputCopyOf, readRunFile, writeRunFile } from './run-folder.ts';
import { openTraffic, send } from './send.ts';
import { accountOf, identityOf, runFileOf } from './setup.ts';
import type { ImportSetup } from './setup.ts';

/**
 * Imports a file: copies it, checks all of it, asks, sends, reports. The same call again goes on with an unfinished run, and
 * sends nothing for a finished one.
 *
 * @throws RunError when the run could not start; once rows may have been sent, the reason is in the summary instead.
 */
export async function runImport(setup: ImportSetup, ports: Ports): Promise<Summary> {
  const lock = lockAccount(accountOf(setup));
  const ledger = openLedger(setup.ledgerFile);
  try {
    const incoming = path.join(path.dirname(setup.out), `.incoming-${randomUUID()}.csv`);
    try {
      const copy = await copyInput(setup.input, incoming);
      const identity = identityOf(setup, copy.sha256, setup.options);
      const earlier = setup.options.again ? undefined : await findEarlier(ledger, identity);
      if (earlier?.state === 'finished') return await finishedBefore(earlier, ledger, setup);
      if (earlier !== undefined) return await goOn(earlier, ledger, setup, ports);
      return await startNew(setup, ports, ledger, copy, identity);
    } finally {
      await rm(incoming, { force: true });
    }
  } finally {
    ledger.close();
    lock.release();
  }
}

async function startNew(
  setup: ImportSetup,
  ports: Ports,
  ledger: Ledger,
  copy: InputCopy,
  identity: string,
): Promise<Summary> {
  const { out, options } = setup;
  await claimRunFolder(out, identity);
  const started = new Date(ports.clock.now()).toISOString();
  const record = ledger.createRun({
    started,
    identity,
    account: accountOf(setup),
    feed: setup.mapping.name,
    inputName: setup.input.name,
    out,
  });
  let file = runFileOf(setup, record, copy);
  const discard = async (): Promise<void> => {
    ledger.deleteRun(record.id);
    await rm(out, { recursive: true, force: true });
  };
  let context: RunContext;
  try {
    await writeRunFile(out, file);
    await rename(copy.file, inputCopyOf(out));
    ports.emit({
      type: 'run_started',
      run: record.id,
      input: setup.input.name,
      out,
      resumed: false,
      simulator: isLoopback(setup.origin.origin),
    });
    context = await openContext(out, file, ledger, ports.emit, setup.findings);
    file = { ...file, check: await runCheckPass(context, ports.emit) };
  } catch (error) {
    await discard();
    throw error;
  }
  const save = async (): Promise<void> => {
    context = { ...context, file };
    await writeRunFile(out, file);
  };
  await save();
  let facts = file.check;
  if (facts === undefined) throw new RunError('bug', 'The check left no facts');

  const isReport = context.csv.report !== undefined;
  if (!isReport && exceeds(options.maxInvalid, facts.invalid, facts.read)) {
    ledger.updateRun(record.id, { state: 'refused' });
    return finish(context, ports, { error: tooManyInvalid(facts.invalid, facts.read, options.maxInvalid) });
  }
  if (facts.toSend > 0) {
    const traffic = openTraffic(setup, ports);
    try {
      const known = options.preflight
        ? await preflight({
            ...context,
            sampleRows: facts.sampleRows,
            client: traffic.client,
            gate: traffic.gate,
            signal: ports.stop.signal,
          })
        : undefined;
      const plan = createPlan(context, facts, {
        preflight: known,
        credentialSource: setup.credentials.source,
        rate: options.rate,
      });
      const answer = await ports.confirm(plan);
      if (answer.kind === 'nothing' || ports.stop.signal.aborted) {
        await discard();
        return nothingSent(ports.stop.reason);
      }
      if (answer.kind === 'pilot') {
        file = { ...file, selection: { ...file.selection, limit: answer.rows } };
        file = {
          ...file,
          identity: identityOf(setup, copy.sha256, { ...options, limit: answer.rows }),
          check: undefined,
        };
        ledger.updateRun(record.id, { identity: file.identity });
        context = { ...context, file };
        file = { ...file, check: await runCheckPass(context, ports.emit) };
        await save();
        facts = file.check ?? facts;
      }
    } catch (error) {
      await discard();
      throw error;
    } finally {
      traffic.close();
    }
  }
  return send(context, setup, ports);
}

async function findEarlier(ledger: Ledger, identity: string): Promise<RunRecord | undefined> {
  for (const record of ledger.listRuns({ identity })) {
    if (record.state === 'checking' || record.state === 'refused') continue;
    const isThere = await readRunFile(record.out).then(
      (file) => file.run === record.id,
      () => false,
    );
    if (isThere || record.state === 'finished') return record;
  }
  return undefined;
}

function tooManyInvalid(invalid: number, read: number, share: Share): RunError {
  const allowed = share.percent === undefined ? `${share.rows}` : `${share.percent}%`;
  return new RunError(
    'too_many_invalid',
    `Nothing was sent: ${invalid} of ${read} rows are invalid, more than --max-invalid allows (${allowed})`,
    {
      hint: 'failure.csv lists them with reasons. Correct the mapping or the file, or raise --max-invalid.',
    },
  );
}

function nothingSent(reason: StopReason | undefined): Summary {
  const exitCode = reason?.kind === 'signal' ? exitCodeOfSignal(reason.signal) : 2;
  return { version: 1, exitCode, sentence: 'Nothing was sent, as you chose.', next: undefined, simulator: false };
}
