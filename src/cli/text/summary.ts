import path from 'node:path';
import type { Outcome } from '../../core/outcome/outcome.ts';
import { nightOf } from '../../report/night.ts';
import type { RunSummary, Summary, SummaryCounts } from '../../report/summary.ts';
import { nightLines } from './night.ts';
import { here } from './paths.ts';
import { peopleLine } from './people.ts';
import { duration } from '../../core/settings/duration.ts';
import type { Screen, Style } from './screen.ts';
import { count, plural, simulatorBanner, table, wrapAll } from './words.ts';

/** The end of a command for people. Commands to type are not wrapped, so that they can be copied. */
export function summaryLines(summary: Summary, screen: Screen): string {
  const { paint, sentenceWidth } = screen;
  const lines = paintedLines(styleOf(summary), summary.sentence, screen);
  const note = (text: string): void => void lines.push('', ...wrapAll(`  ${text}`, sentenceWidth));
  switch (summary.kind) {
    case 'run':
      lines.push(...countLines(summary.counts, summary.files, screen));
      if (Object.keys(summary.files).length > 0) note(`Reports: ${here(summary.out)}${path.sep}`);
      for (const text of runNotes(summary)) note(text);
      break;
    case 'check':
      for (const text of peopleNotes(summary)) note(text);
      break;
    case 'batch':
      lines.push(...nightLines(nightOf(summary), screen));
      note(`Report: ${here(path.join(summary.out, 'night.html'))}`);
      break;
    case 'failed':
      break;
  }
  if ('error' in summary && summary.error?.hint !== undefined) note(summary.error.hint);
  const command = (label: string, text: string): void => {
    const isShort = `  ${label} ${text}`.length <= sentenceWidth;
    lines.push('', `  ${paint('strong', label)}${isShort ? ' ' : '\n'}${text}`);
  };
  if ('undo' in summary && summary.undo !== undefined) command('To undo it:', summary.undo);
  if (summary.next !== undefined) command('Next:', summary.next);
  if (summary.simulator) lines.push('', paint('strong', simulatorBanner));
  return lines.join('\n');
}

function styleOf({ exitCode }: Pick<Summary, 'exitCode'>): Style {
  return exitCode === 0 ? 'ok' : exitCode === 1 ? 'warning' : 'failed';
}

function paintedLines(style: Style, text: string, { paint, sentenceWidth }: Screen): string[] {
  return wrapAll(text, sentenceWidth).map((line) => paint(style, line));
}

/** What else is worth knowing of a run, a paragraph each. */
function runNotes(summary: RunSummary): string[] {
  const { problems, rounds, failures, refusals, merged, effects, traffic, durationMs = 0 } = summary;
  const notes = peopleNotes(summary);
  const codes = Object.entries(problems).sort(([, a], [, b]) => b - a);
  if (codes.length > 0) {
    const named = codes.slice(0, 8).map(([code, times]) => `${code} ${count(times)}`);
    notes.push(`Why: ${named.join(', ')}${codes.length > named.length ? ', ...' : ''}`);
  }
  if (effects !== undefined && effects.created + effects.updated > 0)
    notes.push(`${plural(effects.created, 'row')} created a contact, ${plural(effects.updated, 'row')} updated one`);
  if (rounds !== undefined) notes.push(`All rounds: ${rounds.sentence}.`);
  if (failures !== undefined && failures.new + failures.again > 0)
    notes.push(`Failures: ${count(failures.new)} new, ${count(failures.again)} that failed last time too`);
  if (merged !== undefined) notes.push(`${merged.sentence}.`);
  if (refusals !== undefined) notes.push(`Why rows may have been refused: ${refusals}.`);
  if (traffic !== undefined && traffic.requests > 0) {
    const { p50, p99 } = traffic.latencyMs;
    notes.push(
      `${plural(traffic.requests, 'request')} in ${duration(durationMs)}, ${traffic.perSecond.toFixed(1)} a second; answers took ${p50} ms (99%: ${p99} ms)`,
    );
  }
  return notes;
}

const outcomeStyles: Readonly<Record<Outcome, Style>> = {
  succeeded: 'ok',
  failed: 'failed',
  unknown: 'warning',
  skipped: 'dim',
  pending: 'warning',
};

function countLines(counts: SummaryCounts, files: RunSummary['files'], screen: Screen): string[] {
  const rows = (['succeeded', 'failed', 'unknown', 'skipped', 'pending'] as const)
    .filter((outcome) => counts[outcome] > 0 || outcome === 'succeeded' || outcome === 'failed')
    .map((outcome) => [
      counts[outcome] === 0 ? outcome : { text: outcome, style: outcomeStyles[outcome] },
      count(counts[outcome]),
      outcome === 'pending' ? 'not sent yet' : reportOf(files, outcome),
    ]);
  return ['', ...table(rows, screen)];
}

function peopleNotes({ people }: Pick<RunSummary, 'people'>): string[] {
  const line = people === undefined ? undefined : peopleLine(people);
  return line === undefined ? [] : [line];
}

function reportOf(files: RunSummary['files'], outcome: string): string {
  const name =
    { succeeded: 'success.csv', failed: 'failure.csv', unknown: 'unknown.csv', skipped: 'skipped.csv' }[outcome] ?? '';
  return path.basename(Object.keys(files).find((file) => file.endsWith(name)) ?? '');
}
