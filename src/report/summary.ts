import type { ComparedPeople } from '../core/compare/compared-people.ts';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ColumnDamage } from '../core/quality/column-damage.ts';
import { exitCodeOf } from '../core/outcome/exit-codes.ts';
import { movementSentence } from '../core/quality/nightly-gate.ts';
import type { Movement } from '../core/quality/nightly-gate.ts';
import { visible } from '../core/reports/visible.ts';
import { RunError } from '../core/outcome/run-error.ts';
import { writeAtomically } from './atomic-file.ts';

/**
 * How a command ended, for programs: `summary.json`, `--json` and `--summary` (version 1). `kind` says which members there are.
 * It holds no secrets and no personal data. Durations are milliseconds, times ISO 8601.
 */
export type Summary = RunSummary | CheckSummary | BatchSummary | FailedSummary;

/** How a run ended. */
export type ImportSummary = RunSummary | FailedSummary;

export interface CommonSummary {
  readonly version: 1;
  readonly exitCode: number;
  /** What happened, in one sentence. */
  readonly sentence: string;
  /** The command to type next, if there is one. */
  readonly next: string | undefined;
  /** Whether this went to a server on this machine: then nothing reached Gleantap. */
  readonly simulator: boolean;
  /** Why the message of --notify was not sent. Only where the summary is printed, and in the file of --summary: the rest was written before. */
  readonly notifyError?: string;
}

/** What is known of a run from its start on. */
export interface RunDescription {
  readonly run: number;
  /** The folder with the reports. */
  readonly out: string;
  readonly input: string;
  readonly account: { readonly host: string; readonly appId: string; readonly name?: string };
  readonly started: string;
}

/** A run whose reports were written: finished, stopped early, or refused after its check (then `error` says why). */
export interface RunSummary extends CommonSummary, RunDescription {
  readonly kind: 'run';
  readonly counts: SummaryCounts;
  /** Rows of each report, by its path. */
  readonly files: Readonly<Record<string, number>>;
  /** Rows by code, over failed and unknown rows; a row with several problems counts under each. */
  readonly problems: Readonly<Record<string, number>>;
  readonly durationMs?: number;
  /** The file was imported before: the counts are of that run, and nothing was sent now. */
  readonly isEarlier?: true;
  /** The command that undoes a clean-up of tags. */
  readonly undo?: string;
  /** After an imported report: what has become of the first file over all rounds. */
  readonly rounds?: RoundsSummary;
  /** People of the file whom Gleantap keeps as one contact: it returned the same `_id` for their rows. */
  readonly merged?: MergedSummary;
  /** What refused rows have in common and accepted ones have not, in a sentence. Only where the server gave no reason, or all rows the same. */
  readonly refusals?: string;
  /** Failed and unknown rows: new ones, and people who failed in the feed's last file too. */
  readonly failures?: { readonly new: number; readonly again: number; readonly newRows: readonly number[] };
  /** The feed's last finished run, when its file was the same byte for byte. */
  readonly sameAs?: number;
  /** What differs from the feed's earlier files by more than the gate allows: why the file was held, or what --accept-changes accepted. */
  readonly moved?: readonly MovementSummary[];
  /** Rows by code of what was left out or repaired. */
  readonly warnings?: Readonly<Record<string, number>>;
  readonly people?: PeopleSummary;
  /** The people of the file, compared with the account before it was written to. */
  readonly compared?: ComparedPeople;
  /** Rows that created a contact, and rows that updated one. Only where the account was read before. */
  readonly effects?: { readonly created: number; readonly updated: number };
  /** Share of the rows to send that have each field, 0 to 1. */
  readonly fillRate?: Readonly<Record<string, number>>;
  /** Damage of whole columns. */
  readonly columns?: readonly ColumnDamage[];
  /** Absent when nothing was sent. */
  readonly traffic?: TrafficSummary;
  /** Settings that are not the default, with their source. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** What stopped the run. */
  readonly error?: SummaryError;
}

/** People who became one contact. */
export interface MergedSummary {
  /** Contacts that rows of several people were written onto. */
  readonly contacts: number;
  /** The first of them, each by the first rows of two of its people. */
  readonly rows: readonly (readonly [number, number])[];
  readonly sentence: string;
}

/** A check, of a file or of the mapping alone. Without a file the numbers are empty. */
export interface CheckSummary extends CommonSummary {
  readonly kind: 'check';
  readonly out?: string;
  readonly input?: string;
  /** Rows by code, over invalid rows. */
  readonly problems: Readonly<Record<string, number>>;
  /** Rows by code of what is left out or repaired. */
  readonly warnings: Readonly<Record<string, number>>;
  /** Share of the rows to send that have each field, 0 to 1. */
  readonly fillRate: Readonly<Record<string, number>>;
  readonly people?: PeopleSummary;
  /** Of the command `compare`: the people of the file, compared with the account. */
  readonly compared?: ComparedPeople;
  /** The feed's last finished run, when its file was the same byte for byte. */
  readonly sameAs?: number;
  /** What differs from the feed's earlier files by more than the gate allows: why `run` holds the file, or what --accept-changes accepts. */
  readonly moved?: readonly MovementSummary[];
  /** Why `run` would send nothing, as it would put it. */
  readonly error?: SummaryError;
  /** All that the check found out, with row numbers, and values of cells only with `--show`. */
  readonly health?: object;
}

/** A batch: how each of its jobs ended, and the sum of their counts. */
export interface BatchSummary extends CommonSummary {
  readonly kind: 'batch';
  /** What was typed for all jobs, and is repeated in `next`: `--yes`, or `--dry-run` where the jobs were only checked. */
  readonly flags: readonly string[];
  readonly jobs: readonly JobSummary[];
  readonly out: string;
  readonly input: string;
  readonly started: string;
  readonly durationMs: number;
  /** Absent when no job got to the point of counting. */
  readonly counts?: SummaryCounts;
}

/**
 * A run that could not start, was declined, or could not write its reports. `error` says why, unless you declined or interrupted it. A
 * run that had begun is described; what was sent is in its ledger, and `next` is the command to type.
 */
export interface FailedSummary extends CommonSummary, Partial<RunDescription> {
  readonly kind: 'failed';
  readonly error?: SummaryError;
}

/** How a job of a batch ended, under its label: a run, or a check in a rehearsal. */
export type JobSummary = { readonly name: string } & (ImportSummary | CheckSummary);

/** How many rows ended in which way. Their sum is `read`. */
export interface SummaryCounts {
  readonly read: number;
  readonly blank: number;
  /** Rows that were left out as no data: the header again, and what `csv.footer` names. */
  readonly repeatedHeaders?: number;
  readonly footer?: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly unknown: number;
  readonly skipped: number;
  readonly pending: number;
}

export interface SummaryError {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
}

export interface RoundsSummary {
  readonly run: number;
  readonly file: string;
  readonly read: number;
  readonly in: number;
  readonly leftOut: number;
  readonly open: number;
  readonly openRows: readonly number[];
  readonly sentence: string;
}

/** What moved, in numbers and in words. */
export type MovementSummary = Movement & { readonly sentence: string };

/** The file's people compared with those whom the feed remembers (`held`: rows). */
export interface PeopleSummary {
  readonly new: number;
  readonly changed: number;
  readonly unsettled: number;
  readonly unchanged: number;
  readonly emptied: number;
  readonly held: number;
  readonly vanished: number;
}

export interface TrafficSummary {
  readonly requests: number;
  readonly perSecond: number;
  readonly answers: Readonly<Record<string, number>>;
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number };
}

/** As a summary shows an error. */
export function errorOf({ code, message, hint }: RunError): SummaryError {
  return { code, message, hint };
}

/** As a summary shows drift. */
export function movedOf(drift: readonly Movement[]): readonly MovementSummary[] {
  return drift.map((movement) => ({ ...movement, sentence: movementSentence(movement) }));
}

/** How a command ended that could not start, or that hit a bug. */
export function failedSummary(failure: unknown): FailedSummary {
  const error = failure instanceof RunError ? failure : new RunError('bug', String(failure));
  return {
    version: 1,
    kind: 'failed',
    exitCode: exitCodeOf(error.code),
    sentence: error.message,
    next: undefined,
    simulator: false,
    error: errorOf(error),
  };
}

export function summaryText(summary: Summary): string {
  return `${visible(JSON.stringify(summary, undefined, 2))}\n`;
}

/** The summary that a run ended with; undefined for a folder without one. */
export async function readRunSummary(folder: string): Promise<RunSummary | undefined> {
  const text = await readFile(summaryIn(folder), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const summary = JSON.parse(text) as Summary;
    return summary.kind === 'run' ? summary : undefined;
  } catch {
    return undefined;
  }
}

/** @throws RunError `not_writable` */
export async function writeSummary(folder: string, summary: Summary): Promise<void> {
  await writeAtomically(summaryIn(folder), summaryText(summary));
}

function summaryIn(folder: string): string {
  return path.join(folder, 'summary.json');
}
