import { count as shown, plural } from '../../core/reports/figures.ts';
import path from 'node:path';
import { columnMessages } from '../../core/outcome/column-messages.ts';
import { duration } from '../../core/settings/duration.ts';
import { exitCodes } from '../../core/outcome/exit-codes.ts';
import { maskValue } from '../../core/reports/mask-value.ts';
import { hintOf, isProblemCode, problemSentence } from '../../core/outcome/messages.ts';
import { noCounts } from '../../core/outcome/outcome.ts';
import { writeAtomically } from '../../report/atomic-file.ts';
import { reportPage } from '../../report/html/page.ts';
import type { CodeLine, ReportData } from '../../report/html/report-data.ts';
import type { RunSummary } from '../../report/summary.ts';
import type { CheckStats, RunContext } from '../model.ts';
import type { ProblemExample } from './report-pass.ts';
import { readTraffic } from '../files/traffic-file.ts';
import { settingText } from '../../core/settings/typed-option.ts';

type Examples = Readonly<Record<string, readonly ProblemExample[]>>;

/**
 * Writes `report.html`, the run for people, from its summary and what the check and report passes counted.
 *
 * @param showsValues Cells as they are; masked without.
 */
export async function writeReportPage(
  context: RunContext,
  summary: RunSummary,
  examples: Examples,
  showsValues: boolean,
): Promise<void> {
  const { folder, file } = context;
  const page = reportPage({
    title: `${path.basename(file.input.name)} into ${file.account.name ?? file.account.appId}`,
    sentence: summary.sentence,
    exitCode: summary.exitCode,
    exitMeaning: Object.entries(exitCodes).find(([code]) => Number(code) === summary.exitCode)?.[1] ?? '',
    simulator: summary.simulator,
    details: detailsOf(context, summary),
    read: summary.counts.read,
    counts: { ...noCounts, ...summary.counts },
    next: nextOf(summary),
    problems: problemLines(summary, examples, showsValues),
    warnings: warningLines(file.check?.warnings ?? {}),
    notes: notesOf(summary, file.check),
    fields: Object.entries(file.check?.filled ?? {}).map(([name, rows]) => ({
      name,
      rows,
      share: rows / Math.max(1, file.check?.toSend ?? 1),
    })),
    changes: changesOf(file.check),
    timeline: await readTraffic(folder),
    traffic: trafficOf(summary),
    settings: Object.entries(file.settings).map(([name, setting]) => {
      const { value, source } = setting as { value: unknown; source: string };
      return [name, `${settingText(value)} (${source})`] as const;
    }),
    files: Object.entries(summary.files).map(([name, rows]) => [path.basename(name), rows] as const),
  });
  await writeAtomically(path.join(folder, 'report.html'), page);
}

function detailsOf({ file }: RunContext, { account, durationMs }: RunSummary): ReportData['details'] {
  const name = account?.name === undefined ? '' : `${account.name}, `;
  return [
    ['account', `${name}app_id ${account?.appId ?? ''} at ${account?.host ?? ''}`],
    ['file', file.input.name],
    ['mapping', file.mapping.name],
    ['started', `${file.started.slice(0, 16).replace('T', ' ')} UTC`],
    ...(durationMs === undefined ? [] : [['took', duration(durationMs)] as const]),
  ];
}

function nextOf({ next, error, counts }: RunSummary): ReportData['next'] {
  const steps: { why: string; command: string | undefined }[] = [];
  if (error?.hint !== undefined) steps.push({ why: error.hint, command: undefined });
  if (next !== undefined) {
    const why =
      (counts?.pending ?? 0) > 0
        ? 'Continue where the run stopped:'
        : (counts?.failed ?? 0) > 0
          ? 'Correct the cells in failure.csv, in a spreadsheet for instance, and import that file: only its rows are sent.'
          : 'Check the rows below, then:';
    steps.push({ why, command: next });
  }
  return steps;
}

/** A sentence about a code in general: without the value of any row. */
function describe(code: string): Pick<CodeLine, 'sentence' | 'hint'> {
  return isProblemCode(code) ? { sentence: problemSentence({ code }), hint: hintOf(code) } : { sentence: '', hint: '' };
}

function problemLines({ problems }: RunSummary, examples: Examples, showsValues: boolean): CodeLine[] {
  return Object.entries(problems)
    .sort(([, a], [, b]) => b - a)
    .map(([code, rows]) => ({
      code,
      rows,
      ...describe(code),
      examples: (examples[code] ?? []).map(({ row, value }) => ({
        row,
        value: value === undefined || showsValues ? value : maskValue(value),
      })),
    }));
}

function warningLines(warnings: CheckStats['warnings']): CodeLine[] {
  return Object.entries(warnings)
    .sort(([, a], [, b]) => b.count - a.count)
    .map(([code, { count, rows }]) => ({
      code,
      rows: count,
      ...describe(code),
      examples: rows.map((row) => ({ row, value: undefined })),
    }));
}

function notesOf({ refusals, rounds, merged }: RunSummary, check: CheckStats | undefined): string[] {
  const notes: string[] = [];
  if (rounds !== undefined) notes.push(`All rounds: ${rounds.sentence}.`);
  if (refusals !== undefined) notes.push(`Why rows may have been refused: ${refusals}.`);
  for (const { code, column, count, of } of check?.columns ?? [])
    notes.push(
      `Column "${column}": ${columnMessages[code].problem}, in ${count} of ${plural(of, 'cell')}. ${columnMessages[code].hint}`,
    );
  const { rows = 0, people = 0 } = check?.sharing ?? {};
  if (rows > 0)
    notes.push(
      `${plural(rows, 'row')} update ${plural(people, 'person', 'people')}. Later rows overwrite earlier ones.`,
    );
  if (check !== undefined && check.strangers > 0)
    notes.push(
      `In ${plural(check.strangers, 'case')} rows share a key but have different user_ids${pairsOf(check)}. Gleantap may merge them.`,
    );
  if (merged !== undefined) notes.push(`${merged.sentence}.`);
  if ((check?.defaultNames ?? 0) > 0)
    notes.push(`In ${plural(check?.defaultNames ?? 0, 'row')} a default overwrote the name that Gleantap had stored.`);
  return notes;
}

/** " (rows 2 and 3, rows 5 and 9)". */
function pairsOf({ collisions = [] }: CheckStats): string {
  const pairs = collisions.map(({ rows: [row, other] }) => `rows ${row} and ${other}`);
  return pairs.length === 0 ? '' : ` (${pairs.join(', ')})`;
}

function changesOf(check: CheckStats | undefined): ReportData['changes'] {
  if (check === undefined) return [];
  const { optinYes, optinNo, optoutYes, optoutNo } = check.consent;
  const consent = [
    { what: 'people who agreed to text messages', rows: optinYes },
    { what: 'people who did not agree to text messages', rows: optinNo },
    { what: 'people who opted out of email', rows: optoutYes },
    { what: 'people whose opt-out of email is lifted', rows: optoutNo },
  ];
  const tags = check.tags.map(({ tag, action, count }) => ({
    what: `rows with tag "${tag}" ${action === 'add' ? 'put on' : 'taken off'}`,
    rows: count,
  }));
  return [...consent.filter(({ rows }) => rows > 0), ...tags];
}

function trafficOf({ traffic }: RunSummary): ReportData['traffic'] {
  if (traffic === undefined) return [];
  const { requests, perSecond, latencyMs } = traffic;
  return [
    ['requests', shown(requests)],
    ['requests a second', perSecond.toFixed(1)],
    ['an answer took', `${latencyMs.p50} ms at the median, ${latencyMs.p95} ms for 95 %, ${latencyMs.p99} ms for 99 %`],
  ];
}
