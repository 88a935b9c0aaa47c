import path from 'node:path';
import type { RunSummary, Summary, SummaryCounts } from '../../report/summary.ts';
import { nightOf } from '../../report/night.ts';
import { nightLines } from './night.ts';
import { peopleLine } from './people.ts';
import { plainScreen } from './screen.ts';
import type { Screen } from './screen.ts';
import { duration } from '../../core/settings/duration.ts';
import { count, plural, simulatorBanner, table } from './words.ts';

/** The end of a command for people. */
export function summaryLines(summary: Summary, screen: Screen = plainScreen): string {
  const lines: string[] = [summary.sentence];
  switch (summary.kind) {
    case 'run':
      lines.push(...runLines(summary));
      break;
    case 'check':
      lines.push(...peopleLines(summary));
      break;
    case 'batch':
      lines.push(...nightLines(nightOf(summary), screen), '', `  Report: ${path.join(summary.out, 'night.html')}`);
      break;
    case 'failed':
      break;
  }
  if ('error' in summary && summary.error?.hint !== undefined) lines.push('', `  ${summary.error.hint}`);
  if ('undo' in summary) lines.push('', `  To undo it: ${summary.undo}`);
  if (summary.next !== undefined) lines.push('', `  Next: ${summary.next}`);
  if (summary.simulator) lines.push('', simulatorBanner);
  return lines.join('\n');
}

function runLines(summary: RunSummary): string[] {
  const { counts, files, problems, rounds, failures, refusals, merged, traffic, durationMs = 0 } = summary;
  const lines = [...countLines(counts, files), ...peopleLines(summary)];
  const codes = Object.entries(problems).sort(([, a], [, b]) => b - a);
  if (codes.length > 0) {
    lines.push(
      '',
      `  Why: ${codes
        .slice(0, 8)
        .map(([code, times]) => `${code} ${count(times)}`)
        .join(', ')}${codes.length > 8 ? ', ...' : ''}`,
    );
  }
  if (rounds !== undefined) lines.push('', `  All rounds: ${rounds.sentence}.`);
  if (failures !== undefined && failures.new + failures.again > 0)
    lines.push('', `  Failures: ${count(failures.new)} new, ${count(failures.again)} that failed last time too`);
  if (merged !== undefined) lines.push('', `  ${merged.sentence}.`);
  if (refusals !== undefined) lines.push('', `  Why rows may have been refused: ${refusals}.`);
  if (traffic !== undefined && traffic.requests > 0) {
    const { p50, p99 } = traffic.latencyMs;
    lines.push(
      '',
      `  ${plural(traffic.requests, 'request')} in ${duration(durationMs)}, ${traffic.perSecond.toFixed(1)} a second; answers took ${p50} ms (99%: ${p99} ms)`,
    );
  }
  return lines;
}

function countLines(counts: SummaryCounts, files: RunSummary['files']): string[] {
  const rows = (['succeeded', 'failed', 'unknown', 'skipped', 'pending'] as const)
    .filter((outcome) => counts[outcome] > 0 || outcome === 'succeeded' || outcome === 'failed')
    .map((outcome) => [
      outcome,
      count(counts[outcome]),
      outcome === 'pending' ? 'not sent yet' : reportOf(files, outcome),
    ]);
  return ['', ...table(rows)];
}

function peopleLines({ people }: Pick<RunSummary, 'people'>): string[] {
  const line = people === undefined ? undefined : peopleLine(people);
  return line === undefined ? [] : ['', `  ${line}`];
}

function reportOf(files: RunSummary['files'], outcome: string): string {
  const name =
    { succeeded: 'success.csv', failed: 'failure.csv', unknown: 'unknown.csv', skipped: 'skipped.csv' }[outcome] ?? '';
  return Object.keys(files).find((file) => file.endsWith(name)) ?? '';
}
