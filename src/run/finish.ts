import { rounded } from '../core/reports/figures.ts';
import path from 'node:path';
import { createRefusalPattern, differenceSentence } from '../core/quality/refusal-pattern.ts';
import type { Difference } from '../core/quality/refusal-pattern.ts';
import { exitCodeOf, exitCodeOfCounts, exitCodeOfSignal } from '../core/outcome/exit-codes.ts';
import type { ExitCode } from '../core/outcome/exit-codes.ts';
import { noCounts } from '../core/outcome/outcome.ts';
import type { OutcomeCounts } from '../core/outcome/outcome.ts';
import type { Share } from '../core/settings/option-values.ts';
import { RunError } from '../core/outcome/run-error.ts';
import type { Ledger, RunRecord } from '../ledger/ledger.ts';
import { errorOf, movedOf, readRunSummary, writeSummary } from '../report/summary.ts';
import type { ImportSummary, MergedSummary, RunSummary } from '../report/summary.ts';
import { isLoopback } from '../gleantap/origin.ts';
import { runReportPass } from './context.ts';
import type { RowListener } from './context.ts';
import { createFailureNews } from './report/failure-news.ts';
import type { FailureFacts, FailureNews } from './report/failure-news.ts';
import type { TrafficStats } from './requests/traffic-recorder.ts';
import type { StopReason } from './events.ts';
import type { Ports } from './ports.ts';
import { withReportLock } from './report/report-lock.ts';
import { againCommand, nextCommand, undoCommand } from './next-command.ts';
import { nextOverRounds } from './next-step.ts';
import { inverseFile, kindOf, listedRows } from './model.ts';
import type { RunContext } from './model.ts';
import { pruneRuns } from './files/prune-runs.ts';
import { writeReportPage } from './report/report-page.ts';
import { historyOfReport, historySentence } from './report/correction-history.ts';
import type { CorrectionHistory } from './report/correction-history.ts';
import { readRunFile, writeRunFile } from './files/run-folder.ts';
import { feedOf } from './setup.ts';
import { writeTraffic } from './files/traffic-file.ts';

export interface Ending {
  /** Why nothing was sent at all. */
  readonly error?: RunError;
  /** Why sending stopped early. */
  readonly reason?: StopReason | undefined;
  readonly traffic?: TrafficStats;
  /** Whether the report page shows cells as they are. */
  readonly reportValues: boolean;
  /** Milliseconds of sending. */
  readonly durationMs?: number;
}

/** Ends a run: settles what is still open in the ledger, writes the reports and the summary. */
export async function finish(
  context: RunContext,
  { emit, clock, stop }: Pick<Ports, 'emit' | 'clock' | 'stop'>,
  ending: Ending,
): Promise<ImportSummary> {
  const { ledger, file, folder } = context;
  const { reason } = ending;
  const error = ending.error ?? (reason?.kind === 'error' ? reason.error : undefined);
  if (stop.skipsReports) return summaryWithoutReports(context, ending);
  const ended = new Date(clock.now()).toISOString();
  emit({ type: 'reporting', out: folder });
  try {
    if (ending.error === undefined && file.compared !== undefined)
      await writeRunFile(folder, {
        ...file,
        ended,
        ...(error?.code === 'matches_otherwise' ? { contradicted: true } : {}),
      });
    const pattern = findPattern(context);
    if (ending.error === undefined) {
      if (error?.code === 'server_refuses') ledger.finalizeProvisional(file.run, 'pending');
      else if (reason === undefined) ledger.finalizeProvisional(file.run, 'failed');
      ledger.markSuperseded(file.run);
      if (kindOf(context) === 'full') context.matcher?.memory.remember(file.run, reason === undefined);
    }
    if (ending.traffic !== undefined) await writeTraffic(folder, ending.traffic.timeline);
    const news = openNews(context);
    const { counts, files, problems, findings } = await withReportLock(ledger.file, async () =>
      runReportPass(
        context,
        [news, pattern].filter((listener) => listener !== undefined),
      ),
    );
    if (news !== undefined && ending.error === undefined)
      ledger.baselines.setFailures(file.run, feedOf(file), news.marks);
    const isDone = ending.error === undefined && reason === undefined && counts.pending === 0;
    const isTolerated = within(file.tolerate, counts);
    const exitCode = exitOf(error, reason, counts, isTolerated);
    const difference = pattern?.strongest();
    const refusals = difference === undefined ? undefined : differenceSentence(difference);
    const failures = news?.facts();
    const merged = findMerged(context);
    if (merged !== undefined) emit({ type: 'warning', message: merged.sentence });
    const record = kindOf(context) === 'report' ? ledger.findRun(file.run) : undefined;
    const rounds = record === undefined ? undefined : await historyOfReport(ledger, record);
    const isRefused = ending.error !== undefined;
    const found = { files, problems, refusals, merged, rounds, failures, error };
    const result = { exitCode, counts, isRefused, isDone, ...found, now: clock.now() };
    const summary = summarize(context, ending, result);
    await writeReportPage(context, summary, findings, ending.reportValues);
    await writeSummary(folder, summary);
    if (isDone && file.snapshot !== undefined)
      ledger.baselines.addMeasures(file.run, feedOf(file), file.snapshot.measures, file.snapshot.drift.length > 0);
    // Last: a run that the ledger calls finished has whole reports and a summary, whenever the process was killed.
    if (ending.error === undefined) ledger.updateRun(file.run, { state: isDone ? 'finished' : 'stopped', exitCode });
    else ledger.updateRun(file.run, { exitCode });
    if (isDone && file.keepRuns !== undefined) await pruneRuns(ledger, file, emit);
    return summary;
  } catch (failure) {
    if (!(failure instanceof RunError)) throw failure;
    // The ledger holds the outcomes that were committed; reports can be written from it once the cause is gone.
    const first = error !== undefined && exitCodeOf(error.code) === exitCodeOf('not_writable') ? error : failure;
    return {
      ...describeRun(context),
      version: 1,
      kind: 'failed',
      exitCode: exitCodeOf(first.code),
      sentence: first.message,
      next: ending.error === undefined ? nextCommand(folder, file, stoppedEarly) : undefined,
      // Not the same command again: with --again it would send everything once more.
      error: { ...errorOf(first), ...(ending.error === undefined ? { hint: whenWritable } : {}) },
    };
  }
}

const whenWritable = 'Free up space or fix the permissions, then continue with "resume": it writes the reports too.';

/**
 * What refused rows have in common and accepted ones have not, where the server did not say why; undefined where there are too few.
 * To be called before provisional refusals turn back into rows that wait.
 */
function findPattern({
  ledger,
  file,
  map,
}: RunContext): (RowListener & { strongest(): Difference | undefined }) | undefined {
  const silent = ledger.silentRefusals(file.run);
  if (silent === undefined) return undefined;
  const pattern = createRefusalPattern();
  const provisional = new Set(ledger.provisionalRefusals(file.run, silent));
  return {
    mustRead: true,
    note({ row, cells }, { outcome, code, detail }) {
      if (outcome === 'succeeded') pattern.add(map(cells).contact, false);
      else if ((code === 'refused' && (silent === 'all' || detail === undefined)) || provisional.has(row))
        pattern.add(map(cells).contact, true);
    },
    strongest: pattern.strongest,
  };
}

/** What the file keeps apart and Gleantap does not. A list of tags changes no contact's identity. */
function findMerged({ ledger, file }: RunContext): MergedSummary | undefined {
  if (file.tagList !== undefined || file.undo !== undefined) return undefined;
  const { contacts, rows } = ledger.mergedPeople(file.run, listedRows);
  if (contacts === 0) return undefined;
  const pairs = rows.map(([one, other]) => `rows ${one} and ${other}`).join(', ');
  const more = contacts > rows.length ? ` and ${contacts - rows.length} more` : '';
  return {
    contacts,
    rows,
    sentence: `Gleantap returned the same _id for different people of the file: ${pairs}${more}. ${contacts === 1 ? 'They are' : 'Each pair is'} now one contact`,
  };
}

/** Only whole files of a feed are compared with the feed's last file. */
function openNews({ file, ledger, map, matcher }: RunContext): FailureNews | undefined {
  if (matcher === undefined || file.snapshot === undefined) return undefined;
  const before = ledger.baselines.failuresBefore(file.run, feedOf(file)) ?? new Set<string>();
  return createFailureNews(before, map, (text) => matcher.memory.pseudonyms.digest(text));
}

const stoppedEarly = { counts: noCounts, isOpen: true, isPilot: false };

/** The end of a run whose user could not wait for the reports. What was booked is in the ledger. */
function summaryWithoutReports(context: RunContext, { reason }: Ending): ImportSummary {
  const { ledger, file, folder } = context;
  const exitCode = reason?.kind === 'signal' ? exitCodeOfSignal(reason.signal) : 3;
  ledger.updateRun(file.run, { state: 'stopped', exitCode });
  return {
    version: 1,
    kind: 'failed',
    exitCode,
    sentence: 'Interrupted. Reports were not written, but no recorded outcome is lost.',
    next: nextCommand(folder, file, stoppedEarly),
    ...describeRun(context),
  };
}

/** Shows what came of a finished run when the same command is typed again; nothing is sent. */
export async function finishedBefore(
  record: RunRecord,
  ledger: Ledger,
  setup: { readonly origin: URL },
): Promise<RunSummary> {
  const counts = ledger.countRows(record.id);
  const stored = await readRunFile(record.out).catch(() => undefined);
  const before = await readRunSummary(record.out);
  return {
    version: 1,
    simulator: isLoopback(setup.origin.origin),
    account: { host: setup.origin.host, appId: record.account.split(' ')[1] ?? '' },
    started: record.started,
    counts: { read: record.read, blank: record.blank, ...counts },
    files: {},
    problems: {},
    ...before,
    kind: 'run',
    isEarlier: true,
    run: record.id,
    out: record.out,
    input: record.inputName,
    exitCode: record.exitCode ?? 0,
    sentence: `Nothing was sent: run ${record.id} imported exactly this on ${record.started.slice(0, 16).replace('T', ' ')} UTC (${counts.succeeded} succeeded, ${counts.failed} failed, ${counts.unknown} unknown, ${counts.skipped} skipped).${stored?.undo === undefined ? ' To send it again, add --again.' : ''}`,
    next:
      (await nextOverRounds(ledger, record)) ??
      (stored === undefined || stored.undo !== undefined ? undefined : againCommand(record.out, stored)),
  };
}

interface Result {
  readonly exitCode: ExitCode;
  readonly counts: OutcomeCounts;
  /** Whether it was refused before anything was sent. */
  readonly isRefused: boolean;
  readonly isDone: boolean;
  readonly files: Readonly<Record<string, number>>;
  readonly problems: Readonly<Record<string, number>>;
  readonly refusals: string | undefined;
  readonly merged: MergedSummary | undefined;
  readonly rounds: CorrectionHistory | undefined;
  readonly failures: FailureFacts | undefined;
  readonly error: RunError | undefined;
  readonly now: number;
}

function summarize(context: RunContext, { traffic, durationMs, reason }: Ending, result: Result): RunSummary {
  const { file, folder, ledger } = context;
  const { check } = file;
  const drift = file.snapshot?.drift ?? [];
  const { counts, exitCode, error, problems, refusals, merged, rounds, failures, files, now } = result;
  const warnings = Object.entries(check?.warnings ?? {}).map(([code, { count }]) => [code, count] as const);
  const filled = Object.entries(check?.filled ?? {}).map(
    ([field, count]) => [field, rounded(count / Math.max(1, check?.toSend ?? 1), 3)] as const,
  );
  return {
    version: 1,
    kind: 'run',
    exitCode,
    sentence: `${sentenceOf(counts, error, reason)}${acceptedTags(context, counts)}`,
    ...((files[inverseFile] ?? 0) === 0 ? {} : { undo: undoCommand(folder) }),
    next: result.isRefused
      ? undefined
      : nextCommand(folder, file, { counts, isOpen: !result.isDone, isPilot: kindOf(context) === 'pilot' }),
    ...describeRun(context),
    durationMs: Math.round(durationMs ?? now - Date.parse(file.started)),
    counts: {
      read: check?.read ?? 0,
      blank: check?.blank ?? 0,
      repeatedHeaders: check?.repeatedHeaders ?? 0,
      footer: check?.footer ?? 0,
      ...counts,
    },
    files: Object.fromEntries(Object.entries(files).map(([name, rows]) => [path.join(folder, name), rows])),
    problems,
    ...(refusals === undefined ? {} : { refusals }),
    ...(merged === undefined ? {} : { merged }),
    ...(rounds === undefined ? {} : { rounds: { ...rounds, sentence: historySentence(rounds) } }),
    ...(failures === undefined ? {} : { failures }),
    ...(drift.length === 0 ? {} : { moved: movedOf(drift) }),
    ...(file.snapshot?.sameAs === undefined ? {} : { sameAs: file.snapshot.sameAs }),
    warnings: Object.fromEntries(warnings),
    ...(check?.people === undefined ? {} : { people: check.people }),
    ...(file.compared === undefined ? {} : { compared: file.compared, effects: ledger.countEffects(file.run) }),
    fillRate: Object.fromEntries(filled),
    ...(check === undefined || check.columns.length === 0 ? {} : { columns: check.columns }),
    ...(traffic === undefined
      ? {}
      : {
          traffic: {
            requests: traffic.requests,
            perSecond: rounded(traffic.requests / Math.max(0.001, (durationMs ?? 0) / 1000), 3),
            answers: traffic.answers,
            latencyMs: traffic.latency,
          },
        }),
    settings: file.settings,
    ...(error === undefined ? {} : { error: errorOf(error) }),
  };
}

/** What a summary says of any run. */
export function describeRun({ file, folder }: RunContext) {
  const { origin, appId, name } = file.account;
  return {
    simulator: isLoopback(origin),
    run: file.run,
    out: folder,
    input: file.input.name,
    account: { host: new URL(origin).host, appId, ...(name === undefined ? {} : { name }) },
    started: file.started,
  };
}

function exitOf(
  error: RunError | undefined,
  reason: StopReason | undefined,
  counts: OutcomeCounts,
  isTolerated: boolean,
): ExitCode {
  if (error !== undefined) return exitCodeOf(error.code);
  if (reason?.kind === 'signal') return exitCodeOfSignal(reason.signal);
  return exitCodeOfCounts(counts, isTolerated);
}

function within(share: Share, counts: OutcomeCounts): boolean {
  const bad = counts.failed + counts.unknown;
  const all = bad + counts.succeeded + counts.skipped + counts.pending;
  return share.percent === undefined ? bad <= share.rows : bad <= (all * share.percent) / 100;
}

function sentenceOf(counts: OutcomeCounts, error: RunError | undefined, reason: StopReason | undefined): string {
  const list = countsText(counts);
  if (error !== undefined) return `${error.message} (${list})`;
  if (reason?.kind === 'signal') return `Interrupted: ${list}`;
  return `Finished: ${list}`;
}

/** `980 succeeded, 9 failed, 11 skipped` */
export function countsText(counts: OutcomeCounts): string {
  const parts = [`${counts.succeeded} succeeded`, `${counts.failed} failed`];
  if (counts.unknown > 0) parts.push(`${counts.unknown} unknown`);
  parts.push(`${counts.skipped} skipped`);
  if (counts.pending > 0) parts.push(`${counts.pending} pending`);
  return parts.join(', ');
}

const rowsToLookAt = 3;

/** What an accepted change of tags means, and where to look. */
function acceptedTags({ file, ledger }: RunContext, { succeeded }: OutcomeCounts): string {
  if (file.tagList === undefined || succeeded === 0) return '';
  const rows = ledger.succeededRows(file.run, rowsToLookAt);
  return `. Gleantap accepted ${succeeded}, but does not report whether a tag was there. Check ${rows.length === 1 ? 'row' : 'rows'} ${rows.join(', ')} in Gleantap (success.csv has their _id)`;
}
