import { rm } from 'node:fs/promises';
import { exitCodeOfSignal } from '../core/outcome/exit-codes.ts';
import type { Ledger, RunRecord } from '../ledger/ledger.ts';
import type { ImportSummary } from '../report/summary.ts';
import { isLoopback } from '../gleantap/origin.ts';
import { assess, refusalError } from './assess.ts';
import type { Refusal } from './assess.ts';
import { holdRows } from './compare/account-view.ts';
import { openAccount } from './compare/compare.ts';
import { readAccount } from './compare/read-account.ts';
import { judgeRows } from './compare/judge-rows.ts';
import { openContext, openImport } from './context.ts';
import { optOutsToRespect, withRespect } from './consent/consent.ts';
import type { StopReason } from './events.ts';
import { rejectStaleExport } from './feed/export-health.ts';
import { historyOf } from './feed/history.ts';
import { finish, finishedBefore } from './finish.ts';
import { withAccountLock, requireLedger } from './files/account-lock.ts';
import { copyInput, moveCopy, withSheet } from './files/input-copy.ts';
import { removeIfEmpty, removeOwnFiles } from './files/own-files.ts';
import { keysLeftWaiting } from './send/left-waiting.ts';
import { kindOf } from './model.ts';
import type { AccountView, CheckedContext, InputCopy, RunContext, RunFile } from './model.ts';
import { isUnfinished, nextOfRun } from './next-step.ts';
import { createPlan } from './plan.ts';
import type { Confirmation } from './plan.ts';
import type { Ports } from './ports.ts';
import { preflight } from './preflight.ts';
import { continueRun } from './resume.ts';
import { openMatcher } from './feed/matcher.ts';
import {
  accountFileOf,
  claimRunFolder,
  hasRunFile,
  inputCopyOf,
  readRunFile,
  writeRunFile,
} from './files/run-folder.ts';
import { openApiSession } from './requests/api-session.ts';
import type { ApiSession } from './requests/api-session.ts';
import { createReader } from './requests/reader.ts';
import { createRequestRunner } from './requests/request-runner.ts';
import { send, warnOfFarDeadline } from './send/send.ts';
import { accountOf, feedOf, identityOf, runFileOf } from './setup.ts';
import type { ImportSetup } from './setup.ts';
import { lookUpPeople } from './tags/look-up.ts';
import { writeLookedUp } from './tags/looked-up.ts';
import { planTags } from './tags/plan-tags.ts';
import { mapTags } from './tags/tag-mapper.ts';

/**
 * Imports a file: copies it, checks all of it, asks, sends, reports. The same call again continues an unfinished run, and
 * sends nothing for a finished one.
 *
 * @throws RunError when the run could not start; once rows may have been sent, the reason is in the summary instead.
 */
export async function importFile(setup: ImportSetup, ports: Ports): Promise<ImportSummary> {
  if (setup.options.onlyChanged && !setup.options.newLedger) {
    requireLedger(
      setup.ledgerFile,
      'Without it, every person would count as new and be sent. On the first run of a feed, add --new-ledger. Otherwise, find out where the ledger is.',
    );
  }
  warnOfFarDeadline(setup.options.deadline, ports);
  return withAccountLock(accountOf(setup), setup.ledgerFile, async (ledger, incoming) => {
    const input = withSheet(setup.input, setup.mapping, setup.options.sheet);
    ports.emit({ type: 'copying', input: input.name });
    const copy = await copyInput(input, incoming, ports.stop.signal);
    if (copy === undefined) return nothingSent(ports.stop.reason);
    await rejectStaleExport(setup, copy, ports.clock);
    const identity = identityOf({ mapping: setup.mapping, account: accountOf(setup) }, copy.sha256, setup.options);
    const earlier = setup.options.again ? undefined : await findEarlier(ledger, identity);
    // With --only-changed a finished file is simply run again: it sends those whose last outcome was not a success.
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
  const isNew = await claimRunFolder(out, (file) => mayBeginAgain(ledger.findRun(file.run), file, identity));
  const record = ledger.createRun({
    started: new Date(ports.clock.now()).toISOString(),
    identity,
    inputSha: copy.sha256,
    account: accountOf(setup),
    feed: setup.mapping.name,
    inputName: setup.input.name,
    out,
  });
  /** Leaves no trace of the run, of which nothing was sent. */
  const discard = async (): Promise<void> => {
    await removeOwnFiles(out);
    if (isNew) await removeIfEmpty(out);
    ledger.deleteRun(record.id);
  };
  const session = openApiSession(setup, ports);
  let account: AccountView | undefined;
  try {
    let confirmed: CheckedContext | ImportSummary;
    try {
      const file = runFileOf(setup, record, copy);
      await writeRunFile(out, file);
      await moveCopy(copy, inputCopyOf(out));
      const simulator = isLoopback(origin.origin);
      ports.emit({ type: 'run_started', run: record.id, input: setup.input.name, out, resumed: false, simulator });
      for (const message of copy.sheet?.notes ?? []) ports.emit({ type: 'warning', message });
      await warnOfUnfinished(ledger, record, copy, ports);
      const history = historyOf(ledger, feedOf(file));
      const opened = await openImport(out, file, ports.emit, setup.findings, history.baselines);
      const context = await withPeopleLookedUp({ folder: out, file, ledger, ...opened }, setup, ports, session);
      const matcher = isFeedless(context) ? undefined : openMatcher(ledger, record.account, file.mapping);
      const assessed = await assessRun({ ...context, matcher }, setup, ports);
      if (needsAccount(assessed, setup, ports))
        account = await openAccount(assessed.context, foldersOf(ledger, record), setup, ports, session);
      const compared = account === undefined ? assessed : await compareRun(assessed, account, setup, ports);
      confirmed = await confirmRun(compared, setup, ports, session, discard);
      if (!('exitCode' in confirmed)) markExpected(confirmed);
    } catch (error) {
      await discard();
      throw error;
    }
    if ('exitCode' in confirmed) return confirmed;
    const sent = await send(confirmed, setup, ports, session);
    return await finish(confirmed, ports, { ...sent, reportValues: setup.options.reportValues });
  } finally {
    account?.close();
    session.close();
  }
}

/** Whether a run's folder holds nothing that was sent: it was killed before, or refused exactly this. */
function mayBeginAgain(run: RunRecord | undefined, { started }: RunFile, identity: string): boolean {
  if (run === undefined || run.started !== started) return false;
  return run.state === 'checking' || (run.state === 'refused' && run.identity === identity);
}

/** Looks the people of a list of tags up, and keeps with the run what was found; other runs need nothing before the check. */
async function withPeopleLookedUp(
  context: RunContext,
  setup: ImportSetup,
  allPorts: Ports,
  session: ApiSession,
): Promise<RunContext> {
  const { options } = setup;
  const { emit, stop, ...ports } = allPorts;
  const { folder, file, map } = context;
  if (file.tagList === undefined) return context;
  const runner = createRequestRunner({ ...options, ...ports, limiter: session.limiter, emit, stop });
  const lookedUp = await lookUpPeople({
    context: { ...context, map: mapTags(map, undefined) },
    runner,
    client: session.client,
    concurrency: options.concurrency,
    readAccount: async (mostPages) =>
      readAccount({
        context,
        account: accountOf(setup),
        read: createReader(options, allPorts, session),
        client: session.client,
        ports: allPorts,
        mostPages,
      }),
    emit,
    stop,
  });
  await rm(accountFileOf(folder), { force: true });
  await writeLookedUp(folder, lookedUp);
  return { ...context, map: mapTags(map, lookedUp) };
}

interface AssessedRun {
  readonly context: CheckedContext;
  readonly refusals: readonly Refusal[];
}

/** Assesses the whole file and keeps what was found with the run. */
async function assessRun(context: RunContext, { options }: ImportSetup, ports: Ports): Promise<AssessedRun> {
  const { ledger, folder } = context;
  const kind = kindOf(context);
  const openRun = async (out: string, file: RunFile): Promise<RunContext> =>
    openContext(out, { ...file, compared: undefined, hold: undefined }, ledger, () => undefined);
  const findWaiting = kind === 'full' ? async () => keysLeftWaiting(context, openRun) : undefined;
  const forOptOuts = options.respectOptouts !== false;
  const feed = feedOf(context.file);
  const piloted = ledger.pilotRows(feed.account, context.file.input.sha256);
  const history = historyOf(ledger, feed);
  const { snapshot, refusals, ...checked } = await assess(
    context,
    history,
    { ...options, findWaiting, forOptOuts, piloted },
    ports,
  );
  const file = { ...context.file, check: checked.stats, snapshot };
  await writeRunFile(folder, file);
  ledger.updateRun(file.run, { kind });
  return { context: { ...context, file, ...checked }, refusals };
}

/** Folders of an account's runs, newest first. */
function foldersOf(ledger: Ledger, { account }: RunRecord): string[] {
  return ledger.listRuns({ account }).map(({ out }) => out);
}

/** Lists of tags, and of what is undone, do not belong to a feed. */
function isFeedless(context: RunContext): boolean {
  return kindOf(context) === 'tags' || kindOf(context) === 'undo';
}

/** A file of which nothing will be sent needs no comparing. */
function needsAccount({ context, refusals }: AssessedRun, { comparing }: ImportSetup, { stop }: Ports): boolean {
  if (comparing === undefined || stop.signal.aborted) return false;
  return refusals.length === 0 && context.stats.toSend > 0 && !isFeedless(context);
}

/** Compares the file with the account, and keeps back the rows that the user does not want sent. */
async function compareRun(
  { context: assessed }: AssessedRun,
  account: AccountView,
  setup: ImportSetup,
  ports: Ports,
): Promise<AssessedRun> {
  const context = await withComparison({ ...assessed, account }, ports);
  return { context: await holdBack(context, setup, ports), refusals: [] };
}

/** Judges the rows to be sent, where the account was read, and keeps the result with the run. */
async function withComparison(context: CheckedContext, { stop }: Ports): Promise<CheckedContext> {
  const { account, folder } = context;
  if (account === undefined) return context;
  const file = { ...context.file, compared: await judgeRows(context, account, stop) };
  await writeRunFile(folder, file);
  return { ...context, file };
}

async function holdBack(context: CheckedContext, setup: ImportSetup, ports: Ports): Promise<CheckedContext> {
  const { account, file } = context;
  if (account === undefined || file.hold === undefined) return context;
  context.sentRows.release();
  const held = (await assessRun({ ...context, map: holdRows(context.map, account, file.hold) }, setup, ports)).context;
  // Rows that are kept back say nothing of the export.
  const same = { ...held, file: { ...held.file, snapshot: file.snapshot } };
  await writeRunFile(same.folder, same.file);
  return same;
}

/** Records in the memory of the feed what is about to be sent, before the first request. */
function markExpected(context: CheckedContext): void {
  const { matcher, expected, file } = context;
  if (matcher === undefined || expected === undefined || kindOf(context) !== 'full') return;
  matcher.memory.begin(file.run, expected.toSend, expected.seen);
}

/** Shows what would happen and asks. Returns the run to send, or how it ended because nothing is to be sent. */
async function confirmRun(
  { context: assessed, refusals: [refusal] }: AssessedRun,
  setup: ImportSetup,
  ports: Ports,
  session: ApiSession,
  discard: () => Promise<void>,
): Promise<CheckedContext | ImportSummary> {
  const { stats, file, ledger } = assessed;
  const { options } = setup;
  const { stop } = ports;
  if (!stop.signal.aborted && refusal !== undefined) {
    ledger.updateRun(file.run, { state: 'refused' });
    return finish(assessed, ports, { error: refusalError(refusal), reportValues: options.reportValues });
  }
  if (!stop.signal.aborted && stats.toSend === 0) return assessed;
  const known =
    options.preflight && assessed.account === undefined && !stop.signal.aborted
      ? await preflight({ ...session, samples: assessed.samples, signal: stop.signal, emit: ports.emit })
      : undefined;
  const optOuts = stop.signal.aborted ? undefined : await optOutsToRespect(assessed, setup, ports, session);
  const context = await withRespect(assessed, optOuts);
  const plan = createPlan(context, context.stats, {
    preflight: known,
    credentialSource: setup.credentials.source,
    rate: options.rate,
    tags: file.tagList === undefined || stop.signal.aborted ? undefined : await planTags(context),
  });
  const answer: Confirmation = stop.signal.aborted ? { kind: 'nothing' } : await ports.confirm(plan);
  if (answer.kind === 'nothing' || stop.signal.aborted) {
    await discard();
    return nothingSent(stop.reason);
  }
  if (answer.kind === 'hold')
    return confirmRun(
      { context: await alsoHolding(assessed, setup, ports), refusals: [] },
      setup,
      ports,
      session,
      discard,
    );
  const agreed =
    answer.kind === 'all' ? context : await withRespect(await asPilot(context, answer.rows, setup, ports), optOuts);
  for (const { sentRows } of [context, agreed]) sentRows.release();
  return agreed;
}

/** The same run without the rows that would make a second person: another identity, and rows decided again. */
async function alsoHolding(context: CheckedContext, setup: ImportSetup, ports: Ports): Promise<CheckedContext> {
  const hold = [...new Set([...(context.file.hold ?? []), 'second-person' as const])];
  const identity = identityOf({ mapping: setup.mapping, account: accountOf(setup) }, context.file.input.sha256, {
    ...setup.options,
    hold,
  });
  context.ledger.updateRun(context.file.run, { identity });
  return holdBack({ ...context, file: { ...context.file, identity, hold } }, setup, ports);
}

/** The same run as a pilot: another identity, and rows selected again. */
async function asPilot(
  context: RunContext,
  chosen: number | readonly number[],
  setup: ImportSetup,
  ports: Ports,
): Promise<CheckedContext> {
  const { file, ledger } = context;
  const only =
    typeof chosen === 'number' ? { limit: chosen } : { rows: chosen.map((row): [number, number] => [row, row]) };
  const identity = identityOf({ mapping: setup.mapping, account: accountOf(setup) }, file.input.sha256, {
    ...setup.options,
    ...only,
    hold: file.hold === undefined ? [] : [...file.hold],
  });
  ledger.updateRun(file.run, { identity });
  const pilot = { ...file, identity, selection: { ...file.selection, ...only } };
  return withComparison((await assessRun({ ...context, file: pilot }, setup, ports)).context, ports);
}

/** The same file with another mapping or other options: a run of its own, which may not be what the user wants. */
async function warnOfUnfinished(ledger: Ledger, record: RunRecord, copy: InputCopy, { emit }: Ports): Promise<void> {
  const unfinished = ledger
    .listRuns({ account: record.account, inputSha: copy.sha256 })
    .find((run) => run.id !== record.id && isUnfinished(run));
  if (unfinished === undefined) return;
  const next = await nextOfRun(ledger, unfinished);
  if (next === undefined) return;
  emit({
    type: 'warning',
    message: `Run ${unfinished.id} of the same file is not finished. This new run has another mapping or other options: it sends all rows, and updates those already sent. Once it has begun, the other can't be continued. To continue that one, send nothing now, and type: ${next}`,
  });
}

async function findEarlier(ledger: Ledger, identity: string): Promise<RunRecord | undefined> {
  for (const record of ledger.listRuns({ identity })) {
    if (record.state === 'checking' || record.state === 'refused') continue;
    if (record.state === 'finished' || (await isStillThere(ledger, record))) return record;
  }
  return undefined;
}

/**
 * Whether the folder of an unfinished run is neither gone nor another run's by now. A `run.json` that is there but damaged or changed
 * counts: continuing it is refused, where a new run would send everyone again.
 */
async function isStillThere(ledger: Ledger, { id, out }: RunRecord): Promise<boolean> {
  if (!hasRunFile(out)) return false;
  const file = await readRunFile(out).catch(() => undefined);
  return file === undefined || file.run === id || ledger.findRun(file.run)?.out !== out;
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
