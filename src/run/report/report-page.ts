import path from 'node:path';
import { duration } from '../../core/settings/duration.ts';
import { exitCodes } from '../../core/outcome/exit-codes.ts';
import { count, plural, timeText } from '../../core/reports/figures.ts';
import { writeAtomically } from '../../report/atomic-file.ts';
import { reportPage } from '../../report/html/page.ts';
import type { OutcomeLine, ReportData, Severity } from '../../report/html/report-data.ts';
import type { RunSummary, SummaryCounts } from '../../report/summary.ts';
import type { CheckStats, RunContext, RunFile } from '../model.ts';
import { readTraffic } from '../files/traffic-file.ts';
import type { Finding } from './findings.ts';
import {
  accountPicture,
  consentNotes,
  consentOf,
  fieldLines,
  fileNotes,
  filesIn,
  problemLines,
  rowsWord,
  settingPairs,
  warningLines,
} from './page-parts.ts';

/** A run as its page shows it. One that is in progress, or was killed, has no exit code. */
export type EndedRun = Omit<RunSummary, 'exitCode'> & { readonly exitCode: number | undefined };

/**
 * Writes `report.html`, the run for people, from its summary and what the check and report passes counted.
 *
 * @param showsValues Cells as they are. Masked without.
 */
export async function writeReportPage(
  context: RunContext,
  run: EndedRun,
  findings: readonly Finding[],
  showsValues: boolean,
): Promise<void> {
  const { folder, file } = context;
  const { check, mapping } = file;
  const names = Object.fromEntries(Object.entries(run.files).map(([name, rows]) => [path.basename(name), rows]));
  const page = reportPage({
    kind: 'run',
    subject: `${path.basename(file.input.name)} into ${file.account.name ?? file.account.appId}`,
    headline: headlineOf(run, file.undo !== undefined),
    lead: leadOf(run, file),
    severity: severityOf(run.exitCode),
    exitCode: run.exitCode,
    exitMeaning: Object.entries(exitCodes).find(([code]) => Number(code) === run.exitCode)?.[1] ?? '',
    simulator: run.simulator,
    meta: [
      `started ${timeText(file.started)}`,
      ...(run.durationMs === undefined ? [] : [`took ${duration(run.durationMs)}`]),
      `${plural(run.counts.read, 'row')} read`,
    ],
    read: run.counts.read,
    outcomes: outcomeLines(run.counts, names, file.undo === undefined ? 'in Gleantap' : 'undone'),
    next: nextOf(run),
    problems: problemLines(findings, mapping, showsValues),
    warnings: warningLines(check?.warnings ?? {}),
    notes: notesOf(run, check),
    account: accountPicture(file.compared),
    consent: check === undefined ? [] : consentOf(check),
    consentNotes: check === undefined ? [] : consentNotes(check, 'run'),
    tags: (check?.tags ?? []).map(({ tag, action, count: rows }) => ({ tag, action, rows })),
    moreTags: check?.moreTags ?? false,
    words: [],
    fields: check === undefined || file.tagList !== undefined ? [] : fieldLines(check, mapping, [], showsValues),
    unsent: [],
    timeline: await readTraffic(folder),
    traffic: trafficOf(run),
    files: await filesIn(folder, names),
    details: [
      ['Account', [file.account.name, `app_id ${run.account.appId}`].filter((text) => text !== undefined).join(', ')],
      ['Server', run.account.host],
      ['File', file.input.name],
      ['Mapping', file.mapping.name],
      ['Run', String(file.run)],
    ],
    settings: settingPairs(file.settings),
    showsValues,
  });
  await writeAtomically(path.join(folder, 'report.html'), page);
}

/** What the exit code means, in words and for these counts. */
function headlineOf({ exitCode, counts, next }: EndedRun, isUndo: boolean): string {
  const open = counts.failed + counts.unknown;
  switch (exitCode) {
    case undefined:
      return 'This import is not finished';
    case 0:
      if (open > 0) return `Finished, with ${plural(open, 'row')} that failed, as many as tolerated`;
      if (isUndo) return 'Everything is undone';
      if (counts.succeeded > 0) return next === undefined ? 'Everything is in' : 'The pilot is in';
      return 'Nothing had to be sent';
    case 1:
      return `Finished, and ${plural(open, 'row')} ${open === 1 ? 'needs' : 'need'} your attention`;
    case 3:
      return `Stopped early, ${plural(counts.pending, 'row')} still to send`;
    case 5:
      return 'The file was held, and nothing was sent';
    case 75:
      return 'Try again later';
    case 130:
    case 143:
      return `Interrupted, ${plural(counts.pending, 'row')} still to send`;
    default:
      return counts.succeeded > 0 ? 'The import failed' : 'Nothing was sent';
  }
}

function leadOf({ exitCode, counts, error, sentence, effects }: EndedRun, { tagList, undo }: RunFile): string {
  const { read, succeeded } = counts;
  if (error !== undefined) {
    const reason = error.message.replace(/^Nothing was sent[:.] /, '').replace(/\.$/, '');
    const isIn =
      succeeded === 0
        ? ''
        : ` ${count(succeeded)} of ${plural(read, 'row')} ${succeeded === 1 ? 'is' : 'are'} in Gleantap.`;
    return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.${isIn}`;
  }
  if (exitCode !== undefined && exitCode > 1 && counts.pending === 0) return sentence;
  if (undo !== undefined)
    return `${count(succeeded)} of ${plural(read, 'contact')} that run ${undo.run} created or changed ${succeeded === 1 ? 'is' : 'are'} undone.`;
  if (tagList !== undefined && exitCode !== undefined)
    return `Gleantap accepted ${count(succeeded)} of ${plural(read, 'row')}. It does not report whether a tag was there. success.csv has the _id of each person.`;
  const parts = [`${count(succeeded)} of ${plural(read, 'row')} ${succeeded === 1 ? 'is' : 'are'} in Gleantap.`];
  if (effects !== undefined && effects.created + effects.updated > 0)
    parts.push(`${plural(effects.created, 'row')} created a contact, ${plural(effects.updated, 'row')} updated one.`);
  if (exitCode === undefined)
    parts.push('The import is in progress or was ended from outside. This page shows how far it got.');
  return parts.join(' ');
}

function severityOf(exitCode: number | undefined): Severity {
  if (exitCode === 0) return 'good';
  return exitCode === undefined || [1, 3, 75, 130, 143].includes(exitCode) ? 'warn' : 'bad';
}

function outcomeLines(counts: SummaryCounts, files: Readonly<Record<string, number>>, done: string): OutcomeLine[] {
  const line = (outcome: OutcomeLine['outcome'], label: string, file?: string): OutcomeLine => ({
    outcome,
    label: `${rowsWord(counts[outcome])} ${label}`,
    rows: counts[outcome],
    file: file !== undefined && Object.hasOwn(files, file) ? file : undefined,
  });
  const always = [line('succeeded', done, 'success.csv'), line('failed', 'failed', 'failure.csv')];
  const others = [
    line('unknown', 'may be in: send again', 'unknown.csv'),
    line('skipped', 'left out on purpose', 'skipped.csv'),
    line('pending', 'not sent yet'),
  ];
  return [...always, ...others.filter(({ rows }) => rows > 0)];
}

function nextOf({ next, error, counts, rounds, undo }: EndedRun): ReportData['next'] {
  const steps: { why: string; command: string | undefined }[] = [];
  if (rounds?.open === 0) steps.push({ why: 'Nothing. All rows that failed were imported since.', command: undefined });
  else {
    if (error?.hint !== undefined) steps.push({ why: error.hint, command: undefined });
    if (next !== undefined) steps.push({ why: whyNext(counts, next), command: next });
    if (counts.pending > 0 && counts.failed > 0 && next !== undefined)
      steps.push({ why: 'Then correct the rows in failure.csv and import it.', command: undefined });
    if (steps.length === 0 && counts.pending + counts.failed + counts.unknown === 0)
      steps.push({ why: 'Nothing. There is no open row.', command: undefined });
  }
  if (undo !== undefined) steps.push({ why: 'To undo the changes of tags:', command: undo });
  return steps;
}

function whyNext({ pending, failed, unknown }: SummaryCounts, next: string): string {
  if (pending > 0) return 'Continue where the import stopped. Rows that are in are not sent again:';
  if (failed > 0) {
    const report = next.includes('failure.xlsx') ? 'failure.xlsx' : 'failure.csv, for example in Excel';
    return `Correct the cells in ${report}, save it, and import it. Only these rows are sent:`;
  }
  if (unknown > 0) return 'Send the rows again that Gleantap may have stored. They update the same contacts:';
  return 'Look at a few contacts in Gleantap. If they are right, import the whole file:';
}

function notesOf({ refusals, rounds, merged }: EndedRun, check: CheckStats | undefined): string[] {
  const notes: string[] = [];
  if (rounds !== undefined) notes.push(`All rounds: ${rounds.sentence}.`);
  if (refusals !== undefined) notes.push(`Why rows may have been refused: ${refusals}.`);
  if (check !== undefined) notes.push(...fileNotes(check));
  if (merged !== undefined) notes.push(`${merged.sentence}.`);
  const { defaultNames = 0 } = check ?? {};
  if (defaultNames > 0)
    notes.push(`In ${plural(defaultNames, 'row')} a default overwrites the name that Gleantap had stored.`);
  return notes;
}

function trafficOf({ traffic }: EndedRun): ReportData['traffic'] {
  if (traffic === undefined) return [];
  const { requests, perSecond, latencyMs } = traffic;
  return [
    ['Requests', count(requests)],
    ['Requests a second', perSecond.toFixed(1)],
    ['An answer took', `${latencyMs.p50} ms at the median, ${latencyMs.p95} ms for 95%, ${latencyMs.p99} ms for 99%`],
  ];
}
