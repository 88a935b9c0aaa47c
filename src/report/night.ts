import path from 'node:path';
import { hintOf, isProblemCode, problemSentence } from '../core/outcome/messages.ts';
import { rankOf } from '../core/outcome/exit-codes.ts';
import { count, plural, timeText } from '../core/reports/figures.ts';
import { commandText } from '../core/settings/command-text.ts';
import { duration } from '../core/settings/duration.ts';
import type { BatchSummary, JobSummary, RunSummary } from './summary.ts';

/**
 * A batch at a glance, for `night.html`, `night.md` and the terminal: one line for each location, the worst first. All of it is in
 * the summary.
 */
export interface Night {
  readonly headline: string;
  /** Rows of all locations. */
  readonly lead: string;
  readonly meta: readonly string[];
  /** Locations that need something. */
  readonly open: readonly OpenLocation[];
  readonly fine: readonly Location[];
  /** The same batch for the locations that need something, to be typed when that is done. One has its own command. */
  readonly next: string | undefined;
  readonly input: string;
  readonly simulator: boolean;
}

export interface Location {
  readonly name: string;
  readonly state: LocationState;
  readonly exitCode: number;
  /** Undefined where nothing was counted. */
  readonly figures: Figures | undefined;
  /** What happened, in one sentence; further lines if it has a list. */
  readonly why: readonly string[];
  readonly links: readonly Link[];
}

export interface OpenLocation extends Location {
  /** What to do. */
  readonly hint: string | undefined;
  /** The command for this location, and when to type it. */
  readonly step: { readonly when: string; readonly command: string } | undefined;
}

/** From the worst to the best. A held location did not fail: its file waits for someone to look at it. */
export const locationStates = ['failed', 'held', 'run again', 'rows failed', 'fine'] as const;
export type LocationState = (typeof locationStates)[number];

export interface Figures {
  readonly sent: number;
  /** People of the file; undefined for a feed without a memory. */
  readonly new: number | undefined;
  readonly changed: number | undefined;
  /** Failed, or unknown. */
  readonly failed: number;
  readonly pending: number;
}

/** A file of a location, as a page in the batch folder links to it. */
export interface Link {
  readonly name: string;
  readonly href: string;
}

export function nightOf(batch: BatchSummary): Night {
  const open = openJobs(batch.jobs).map((job) => openLocation(job, batch));
  const fine = batch.jobs
    .filter(({ exitCode }) => exitCode === 0)
    .map((job): Location => ({ ...locationOf(job, batch), why: job.kind === 'run' ? [] : [job.sentence] }));
  return {
    headline: headlineOf(batch.jobs),
    lead: isRehearsal(batch) ? 'This was a rehearsal: nothing was sent.' : leadOf([...open, ...fine]),
    meta: [`Started ${timeText(batch.started)}`, `took ${duration(batch.durationMs)}`, `exit code ${batch.exitCode}`],
    open,
    fine,
    next: open.length > 1 ? batch.next : undefined,
    input: batch.input,
    simulator: batch.simulator,
  };
}

/** `2 of 12 locations need attention` */
export function headlineOf(jobs: readonly JobSummary[]): string {
  const open = openJobs(jobs).length;
  if (open > 0) return `${open} of ${plural(jobs.length, 'location')} ${open === 1 ? 'needs' : 'need'} attention`;
  return jobs.length === 1 ? 'The location is fine' : `All ${jobs.length} locations are fine`;
}

/** The jobs that need something, the worst first. */
export function openJobs(jobs: readonly JobSummary[]): JobSummary[] {
  const place = (job: JobSummary): number => locationStates.indexOf(stateOf(job));
  return jobs
    .filter(({ exitCode }) => exitCode !== 0)
    .sort((a, b) => place(a) - place(b) || rankOf(a.exitCode) - rankOf(b.exitCode) || failedRows(b) - failedRows(a));
}

/** How a location ended, in a word. Keys that are refused today are refused tomorrow: only a person can help. */
export function stateOf(job: JobSummary): LocationState {
  const { exitCode } = job;
  if (exitCode === 0) return 'fine';
  if (exitCode === 1) return 'rows failed';
  if (exitCode === 5) return 'held';
  const isRefused = ['credentials_refused', 'server_refuses'].includes(job.error?.code ?? '');
  return [3, 75, 130, 143].includes(exitCode) && !isRefused ? 'run again' : 'failed';
}

function failedRows(job: JobSummary): number {
  return job.kind === 'run' ? job.counts.failed + job.counts.unknown : 0;
}

function locationOf(job: JobSummary, { out }: BatchSummary): Location {
  return {
    name: job.name,
    state: stateOf(job),
    exitCode: job.exitCode,
    figures: job.kind === 'run' ? figuresOf(job) : undefined,
    why: [],
    links: linksOf(job, out),
  };
}

function openLocation(job: JobSummary, batch: BatchSummary): OpenLocation {
  const location = { ...locationOf(job, batch), why: whyOf(job), hint: job.error?.hint };
  const [worst] = worstProblem(job);
  const again = commandText('batch', batch.input, '--only', job.name, ...batch.flags);
  if (job.exitCode === 1) {
    const hint = worst === undefined ? undefined : hintOf(worst);
    return {
      ...location,
      hint,
      step: job.next === undefined ? undefined : { when: 'Then import them', command: job.next },
    };
  }
  if (isHeldByGate(job) && !isRehearsal(batch)) {
    const command = commandText('batch', batch.input, '--only', job.name, '--accept-changes', ...batch.flags);
    return {
      ...location,
      hint: 'Look at the export. If it is wrong, export again: the next batch takes the newest file.',
      step: { when: 'If it is right, send it', command },
    };
  }
  return { ...location, step: { when: 'Then run it again', command: again } };
}

function isRehearsal({ flags }: BatchSummary): boolean {
  return flags.includes('--dry-run');
}

function figuresOf({ counts, people, isEarlier }: RunSummary): Figures {
  return {
    sent: isEarlier === true ? 0 : counts.succeeded,
    new: people?.new,
    changed: people?.changed,
    failed: counts.failed + counts.unknown,
    pending: counts.pending,
  };
}

/** Whether the file was compared with earlier ones and held. Then it can be accepted. */
function isHeldByGate(job: JobSummary): job is JobSummary & Required<Pick<RunSummary, 'moved'>> {
  return job.exitCode === 5 && 'moved' in job && job.moved !== undefined;
}

/** More is in the summary. */
const mostLines = 6;

function whyOf(job: JobSummary): string[] {
  if (job.exitCode === 1 && job.kind === 'run') return [failedSentence(job)];
  if (isHeldByGate(job)) return [sentenceOf(job.moved.map(({ sentence }) => sentence).join('; '))];
  const lines = sentenceOf(job.error?.message ?? job.sentence).split('\n');
  const more = lines.length - mostLines;
  return more > 0 ? [...lines.slice(0, mostLines), `(${plural(more, 'more line')} in summary.json)`] : lines;
}

/** `7 rows failed, 2 of them new: not an email address (5)` */
function failedSentence(job: RunSummary & { readonly name: string }): string {
  const { counts, failures } = job;
  const rows = failedRows(job);
  const isNew = failures === undefined || failures.again === 0 ? '' : `, ${count(failures.new)} of them new`;
  const [code, times] = worstProblem(job);
  const problem = code === undefined ? '' : `: ${problemSentence({ code })}`;
  const share = times === undefined || times === rows ? '' : ` (${count(times)} of them)`;
  return `${plural(rows, 'row')} ${counts.failed === 0 ? 'may not be in' : 'failed'}${isNew}${problem}${share}`;
}

/** What most rows failed for, and how many did. */
function worstProblem(job: JobSummary): [Parameters<typeof hintOf>[0], number] | [] {
  const problems = job.kind === 'failed' ? {} : job.problems;
  const [worst] = Object.entries(problems).sort(([, a], [, b]) => b - a);
  return worst !== undefined && isProblemCode(worst[0]) ? [worst[0], worst[1]] : [];
}

/** The state says already that nothing was sent. */
function sentenceOf(text: string): string {
  const rest = text.replace(/^(?:Nothing was sent|Stopped)[:.] /, '');
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

function leadOf(locations: readonly Location[]): string {
  const sum = (figure: 'sent' | 'failed' | 'pending'): number =>
    locations.reduce((total, { figures }) => total + (figures?.[figure] ?? 0), 0);
  const { sent, failed, pending } = { sent: sum('sent'), failed: sum('failed'), pending: sum('pending') };
  const others = [
    ...(failed > 0 ? [`${count(failed)} failed`] : []),
    ...(pending > 0 ? [`${count(pending)} not sent`] : []),
  ];
  return `${[`${plural(sent, 'row')} sent`, ...others].join(', ')}.`;
}

/** Paths from the batch folder. What an earlier run wrote may be elsewhere; on another drive it can't be linked. */
function linksOf(job: JobSummary, out: string): Link[] {
  if (job.kind === 'failed' || job.out === undefined) return [];
  const folder = path.relative(out, job.out);
  if (path.isAbsolute(folder)) return [];
  const names =
    job.kind === 'check'
      ? ['report.html', ...(Object.keys(job.problems).length > 0 ? ['failure.csv'] : [])]
      : reportsOf(job.files);
  return names.map((name) => ({
    name,
    href: [...folder.split(path.sep), name].map(encodeURIComponent).join('/'),
  }));
}

/** Only those that were written, and list rows. */
function reportsOf(files: RunSummary['files']): string[] {
  const rows = new Map(Object.entries(files).map(([file, each]) => [path.basename(file), each]));
  if (rows.size === 0) return [];
  return ['report.html', ...['failure.csv', 'unknown.csv'].filter((name) => (rows.get(name) ?? 0) > 0)];
}

/** `15 sent, 5 new, 10 changed, 2 failed` */
export function figuresText({ sent, new: added = 0, changed, failed, pending }: Figures): string {
  const parts = [`${count(sent)} sent`];
  if (added > 0) parts.push(`${count(added)} new`);
  if (changed !== undefined) parts.push(`${count(changed)} changed`);
  parts.push(`${count(failed)} failed`);
  if (pending > 0) parts.push(`${count(pending)} not sent`);
  return parts.join(', ');
}
