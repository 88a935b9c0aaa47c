import { rm } from 'node:fs/promises';
import { commandText } from '../core/settings/command-text.ts';
import { exceeds } from '../core/settings/options.ts';
import type { Share } from '../core/settings/options.ts';
import { exitCodeOfSignal } from '../core/outcome/exit-codes.ts';
import { RunError } from '../core/outcome/run-error.ts';
import type { Ledger, RunRecord } from '../ledger/ledger.ts';
import type { ImportSummary } from '../report/summary.ts';
import { isLoopback } from '../gleantap/origin.ts';
import { tooManyOptouts } from './check/check-stats.ts';
import { compileOrHold, openInput, runCheckPass } from './context.ts';
import { optOutsToRespect, withRespect } from './consent/consent.ts';
import type { StopReason } from './events.ts';
import { rejectStaleExport, warnAboutExport } from './feed/export-health.ts';
import { finish, finishedBefore } from './finish.ts';
import { withAccountLock, requireLedger } from './files/account-lock.ts';
import { copyInput, moveCopy } from './files/input-copy.ts';
import { keysLeftWaiting } from './send/left-waiting.ts';
import { checkDrift, heldError } from './feed/snapshot.ts';
import { kindOf } from './model.ts';
import type { CheckStats, CheckedContext, InputCopy, RunContext, RunFile } from './model.ts';
import { createPlan } from './plan.ts';
import type { Confirmation } from './plan.ts';
import type { Ports } from './ports.ts';
import { preflight } from './preflight.ts';
import { continueRun } from './resume.ts';
import { openMatcher } from './feed/matcher.ts';
import { claimRunFolder, inputCopyOf, readRunFile, writeRunFile } from './files/run-folder.ts';
import { openApiSession } from './send/api-session.ts';
import type { ApiSession } from './send/api-session.ts';
import { createRequestRunner } from './send/request-runner.ts';
import { send } from './send/send.ts';
import { accountOf, feedOf, identityOf, runFileOf } from './setup.ts';
import type { ImportSetup, RunOptions } from './setup.ts';
import { lookUpPeople } from './tags/look-up.ts';
import { writeLookedUp } from './tags/looked-up.ts';
import { planTags } from './tags/plan-tags.ts';
import { mapTags } from './tags/tag-mapper.ts';

/**
 * Imports a file: copies it, checks all of it, asks, sends, reports. The same call again goes on with an unfinished run, and
 * sends nothing for a finished one.
 *
 * @throws RunError when the run could not start; once rows may have been sent, the reason is in the summary instead.
 */
export async function importFile(setup: ImportSetup, ports: Ports): Promise<ImportSummary> {
  if (setup.options.onlyChanged && !setup.options.newLedger) {
    requireLedger(
      setup.ledgerFile,
      'Without it everyone would count as new and be sent. On the first run of a feed, add --new-ledger. Later, look where the ledger has gone.',
    );
  }
  return withAccountLock(accountOf(setup), setup.ledgerFile, async (ledger, incoming) => {
    const copy = await copyInput(setup.input, incoming, ports.stop.signal);
    if (copy === undefined) return nothingSent(ports.stop.reason);
    await rejectStaleExport(setup, copy, ports.clock);
    const identity = identityOf(setup, copy.sha256, setup.options);
    const earlier = setup.options.again ? undefined : await findEarlier(ledger, identity);
    // With --only-changed a finished file is simply run again: it sends those whose last outcome was no success.
    if (earlier?.state === 'finished' && !setup.options.onlyChanged) return finishedBefore(earlier, ledger, setup);
    if (earlier !== undefined && earlier.state !== 'finished') return continueRun(earlier, ledger, setup, ports);
    return startNew(setup, ports, ledger, copy, identity);
  });
}

async function startNew(
  setup: ImportSetup,
  ports: Ports,
  ledger: Ledger,
  copy: InputCopy,
  identity: string,
): Promise<ImportSummary> {
  const { out, origin } = setup;
  await claimRunFolder(out, (file) => mayBeginAgain(ledger.findRun(file.run), file, identity));
  const record = ledger.createRun({
    started: new Date(ports.clock.now()).toISOString(),
    identity,
    inputSha: copy.sha256,
    account: accountOf(setup),
    feed: setup.mapping.name,
    inputName: setup.input.name,
    out,
  });
  const session = openApiSession(setup, ports);
  try {
    let confirmed: CheckedContext | ImportSummary;
    try {
      const file = runFileOf(setup, record, copy);
      await writeRunFile(out, file);
      await moveCopy(copy, inputCopyOf(out));
      const simulator = isLoopback(origin.origin);
      ports.emit({ type: 'run_started', run: record.id, input: setup.input.name, out, resumed: false, simulator });
      warnOfUnfinished(ledger, record, copy, ports);
      const csv = await openInput(out, file);
      const laidOut = { folder: out, file, ledger, csv };
      const isWhole = kindOf(laidOut) === 'full';
      const baselines = isWhole && !file.acceptChanges ? ledger.baselines.measures(feedOf(file)) : [];
      const compiled = compileOrHold(laidOut, ports.emit, setup.findings, baselines);
      const opened = await opening(compiled, setup, ports, session);
      const matcher = kindOf(opened) === 'tags' ? undefined : openMatcher(ledger, record.account, file.mapping);
      if (kindOf(opened) === 'report' && file.onlyChanged)
        ports.emit({ type: 'warning', message: 'A report is sent whole: --only-changed does not apply to it' });
      confirmed = await confirmRun(await checked({ ...opened, matcher }, setup.options, ports), setup, ports, session);
      if (!('exitCode' in confirmed)) markExpected(confirmed);
    } catch (error) {
      await deleteRun(ledger, record);
      throw error;
    }
    if ('exitCode' in confirmed) return confirmed;
    const sent = await send(confirmed, setup, ports, session);
    return await finish(confirmed, ports, { ...sent, reportValues: setup.options.reportValues });
  } finally {
    session.close();
  }
}

/** Whether a run's folder holds nothing that was sent: it was killed before, or refused exactly this. */
function mayBeginAgain(run: RunRecord | undefined, { started }: RunFile, identity: string): boolean {
  if (run === undefined || run.started !== started) return false;
  return run.state === 'checking' || (run.state === 'refused' && run.identity === identity);
}

/** Looks the people of a list of tags up, and keeps with the run what was found; other runs need nothing before the check. */
async function opening(
  context: RunContext,
  { options }: ImportSetup,
  { emit, stop, ...ports }: Ports,
  session: ApiSession,
): Promise<RunContext> {
  const { folder, file, map } = context;
  if (file.tagList === undefined) return context;
  const runner = createRequestRunner({ ...options, ...ports, limiter: session.limiter, emit, stop });
  const lookedUp = await lookUpPeople({
    context: { ...context, map: mapTags(map, undefined) },
    runner,
    client: session.client,
    concurrency: options.concurrency,
    emit,
    stop,
  });
  await writeLookedUp(folder, lookedUp);
  return { ...context, map: mapTags(map, lookedUp) };
}

/** Checks the whole file and keeps what was found with the run. */
async function checked(context: RunContext, options: RunOptions, ports: Ports): Promise<CheckedContext> {
  const isWhole = kindOf(context) === 'full';
  const found = await runCheckPass(context, ports, {
    findWaiting: isWhole ? async () => keysLeftWaiting(context) : undefined,
    forOptOuts: options.respectOptouts !== false,
  });
  const baselines = context.ledger.baselines.measures(feedOf(context.file));
  const snapshot = isWhole ? await checkDrift(context, found.stats, baselines, options.gate) : undefined;
  if (snapshot !== undefined) warnAboutExport(snapshot, context.file, ports.emit);
  const file = { ...context.file, check: found.stats, snapshot };
  await writeRunFile(context.folder, file);
  context.ledger.updateRun(file.run, { kind: kindOf(context) });
  return { ...context, file, ...found };
}

/** Tells the memory of the feed what is about to be sent, before the first request. */
function markExpected(context: CheckedContext): void {
  const { matcher, expected, file } = context;
  if (matcher === undefined || expected === undefined || kindOf(context) !== 'full') return;
  matcher.memory.begin(file.run, expected.toSend, expected.seen);
}

/** Shows what would happen and asks. Returns the run to send, or how it ended because nothing is to be sent. */
async function confirmRun(
  checkedOnly: CheckedContext,
  setup: ImportSetup,
  ports: Ports,
  session: ApiSession,
): Promise<CheckedContext | ImportSummary> {
  const { stats, file, ledger, csv } = checkedOnly;
  const { options } = setup;
  const { stop } = ports;
  const record = { id: file.run, out: checkedOnly.folder };
  if (!stop.signal.aborted && csv.report === undefined && exceeds(options.maxInvalid, stats.invalid, stats.read)) {
    ledger.updateRun(file.run, { state: 'refused' });
    return finish(checkedOnly, ports, {
      error: tooManyInvalid(stats.invalid, stats.read, options.maxInvalid),
      reportValues: options.reportValues,
    });
  }
  const optouts = csv.report === undefined && !options.acceptOptouts ? tooManyOptouts(stats) : undefined;
  if (!stop.signal.aborted && optouts !== undefined) {
    ledger.updateRun(file.run, { state: 'refused' });
    return finish(checkedOnly, ports, { error: optoutsError(optouts, stats), reportValues: options.reportValues });
  }
  const drift = file.snapshot?.drift ?? [];
  if (!stop.signal.aborted && drift.length > 0 && !options.acceptChanges) {
    ledger.updateRun(file.run, { state: 'refused' });
    return finish(checkedOnly, ports, { error: heldError(drift), reportValues: options.reportValues });
  }
  if (!stop.signal.aborted && stats.toSend === 0) {
    if (options.rows !== undefined && stats.failed === 0) {
      ports.emit({
        type: 'warning',
        message: 'The file has no row of --rows that could be sent; the header is a row too',
      });
    }
    return checkedOnly;
  }
  const known =
    options.preflight && !stop.signal.aborted
      ? await preflight({ ...session, samples: checkedOnly.samples, signal: stop.signal })
      : undefined;
  const optOuts = stop.signal.aborted ? undefined : await optOutsToRespect(checkedOnly, setup, ports, session);
  const context = await withRespect(checkedOnly, optOuts);
  const plan = createPlan(context, context.stats, {
    preflight: known,
    credentialSource: setup.credentials.source,
    rate: options.rate,
    tags: file.tagList === undefined || stop.signal.aborted ? undefined : await planTags(context),
  });
  const answer: Confirmation = stop.signal.aborted ? { kind: 'nothing' } : await ports.confirm(plan);
  if (answer.kind === 'nothing' || stop.signal.aborted) {
    await deleteRun(ledger, record);
    return nothingSent(stop.reason);
  }
  const agreed =
    answer.kind === 'all' ? context : await withRespect(await asPilot(context, answer.rows, setup, ports), optOuts);
  // What the check knew of every row takes memory that sending needs no more.
  return { ...agreed, sentRows: () => [] };
}

/** The same run as a pilot: another identity, and rows selected anew. */
async function asPilot(
  context: RunContext,
  chosen: number | readonly number[],
  setup: ImportSetup,
  ports: Ports,
): Promise<CheckedContext> {
  const { file, ledger } = context;
  const only =
    typeof chosen === 'number' ? { limit: chosen } : { rows: chosen.map((row): [number, number] => [row, row]) };
  const identity = identityOf(setup, file.input.sha256, { ...setup.options, ...only });
  ledger.updateRun(file.run, { identity });
  const pilot = { ...file, identity, selection: { ...file.selection, ...only } };
  return checked({ ...context, file: pilot }, setup.options, ports);
}

/** Leaves no trace of a run of which nothing was sent. */
async function deleteRun(ledger: Ledger, { id, out }: Pick<RunRecord, 'id' | 'out'>): Promise<void> {
  await rm(out, { recursive: true, force: true });
  ledger.deleteRun(id);
}

/** The same file with another mapping or other options: a run of its own, which may not be what the user wants. */
function warnOfUnfinished(ledger: Ledger, record: RunRecord, copy: InputCopy, { emit }: Ports): void {
  const unfinished = ledger
    .listRuns({ account: record.account, inputSha: copy.sha256 })
    .find(({ id, state }) => id !== record.id && (state === 'sending' || state === 'stopped'));
  if (unfinished === undefined) return;
  const command = commandText('resume', unfinished.out);
  emit({
    type: 'warning',
    message: `Run ${unfinished.id} of the same file is not finished: "${command}" goes on with it as it was begun. This new run, with another mapping or other options, sends all rows; those already sent are updated`,
  });
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

function optoutsError(percent: number, { emailOptouts }: CheckStats): RunError {
  return new RunError(
    'too_many_optouts',
    `Nothing was sent: this file would opt ${percent} % of its people out of email (${emailOptouts.rows} of ${emailOptouts.of})`,
    {
      hint: 'Check "yes" and "no" of optout_email in the mapping: they may be the wrong way round. If it is right, add --accept-optouts.',
    },
  );
}

function nothingSent(reason: StopReason | undefined): ImportSummary {
  if (reason?.kind === 'error') throw reason.error;
  const exitCode = reason?.kind === 'signal' ? exitCodeOfSignal(reason.signal) : 2;
  return {
    version: 1,
    kind: 'failed',
    exitCode,
    sentence: 'Nothing was sent, as you chose.',
    next: undefined,
    simulator: false,
  };
}
