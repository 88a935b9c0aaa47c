import type { Summary } from '../../report/summary.ts';
import { peopleLine } from './people.ts';
import { duration } from '../../core/settings/duration.ts';
import { count, plural, simulatorBanner, table } from './words.ts';

/** The summary of a run as text. */
export function summaryLines(summary: Summary): string {
  const lines: string[] = [summary.sentence];
  const { counts, traffic, files, durationMs, jobs } = summary;
  if (jobs !== undefined) {
    const rows = jobs.map((job) => [job.name, `exit ${job.exitCode}`, job.sentence.split('\n')[0] ?? '']);
    lines.push('', ...table(rows));
  }
  if (counts !== undefined) {
    const rows = (['succeeded', 'failed', 'unknown', 'skipped', 'pending'] as const)
      .filter((outcome) => counts[outcome] > 0 || outcome === 'succeeded' || outcome === 'failed')
      .map((outcome) => [
        outcome,
        count(counts[outcome]),
        outcome === 'pending' ? 'not sent yet' : reportOf(files, outcome),
      ]);
    lines.push('', ...table(rows));
  }
  const people = summary.people === undefined ? undefined : peopleLine(summary.people);
  if (people !== undefined) lines.push('', `  ${people}`);
  const codes = Object.entries(counts === undefined ? {} : (summary.problems ?? {})).sort(([, a], [, b]) => b - a);
  if (codes.length > 0) {
    lines.push(
      '',
      `  Why: ${codes
        .slice(0, 8)
        .map(([code, times]) => `${code} ${count(times)}`)
        .join(', ')}${codes.length > 8 ? ', ...' : ''}`,
    );
  }
  if (summary.rounds !== undefined) lines.push('', `  All rounds: ${summary.rounds.sentence}.`);
  if (summary.failures !== undefined && summary.failures.new + summary.failures.again > 0) {
    const { new: fresh, again } = summary.failures;
    lines.push('', `  Failures: ${count(fresh)} new, ${count(again)} repeated from last time`);
  }
  if (summary.refusals !== undefined) lines.push('', `  Refused without a reason: ${summary.refusals}.`);
  if (traffic !== undefined && traffic.requests > 0) {
    const { p50, p99 } = traffic.latencyMs;
    lines.push(
      '',
      `  ${plural(traffic.requests, 'request')} in ${duration(durationMs ?? 0)} (${traffic.perSecond.toFixed(1)} a second). Response time: ${p50} ms median, ${p99} ms 99th percentile`,
    );
  }
  if (summary.error?.hint !== undefined) lines.push('', `  ${summary.error.hint}`);
  if (summary.undo !== undefined) lines.push('', `  To undo: ${summary.undo}`);
  if (summary.next !== undefined) lines.push('', `  Next: ${summary.next}`);
  if (summary.simulator) lines.push('', simulatorBanner);
  return lines.join('\n');
}

function reportOf(files: Summary['files'], outcome: string): string {
  const name =
    { succeeded: 'success.csv', failed: 'failure.csv', unknown: 'unknown.csv', skipped: 'skipped.csv' }[outcome] ?? '';
  return Object.keys(files ?? {}).find((file) => file.endsWith(name)) ?? '';
}
