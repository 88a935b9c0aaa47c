import path from 'node:path';
import type { ColumnDamage } from '../core/quality/column-damage.ts';
import { exitCodeOf } from '../core/outcome/exit-codes.ts';
import { movementSentence } from '../core/quality/nightly-gate.ts';
import type { Movement } from '../core/quality/nightly-gate.ts';
import { RunError } from '../core/outcome/run-error.ts';
import { writeAtomically } from './atomic-file.ts';

/**
 * How a run ended, for programs: `summary.json`, `--json` and `--summary` (version 1). No secrets and nobody's data in it.
 * Durations are milliseconds, times ISO 8601.
 */
export interface Summary {
  readonly version: 1;
  readonly exitCode: number;
  /** What happened, in one sentence. */
  readonly sentence: string;
  /** The command to type next, if there is one. */
  readonly next: string | undefined;
  /** The command that undoes a clean-up of tags. */
  readonly undo?: string;
  /** Whether this went to a server on this machine: then nothing reached Gleantap. */
  readonly simulator: boolean;
  readonly run?: number;
  readonly out?: string;
  readonly input?: string;
  readonly account?: { readonly host: string; readonly appId: string; readonly name?: string };
  readonly started?: string;
  readonly durationMs?: number;
  readonly counts?: {
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
  };
  readonly files?: Readonly<Record<string, number>>;
  /** Rows by code, over failed and unknown rows; a row with several problems counts under each. */
  readonly problems?: Readonly<Record<string, number>>;
  /** After an imported report: what has become of the first file over all rounds. */
  readonly rounds?: {
    readonly run: number;
    readonly file: string;
    readonly read: number;
    readonly in: number;
    readonly leftOut: number;
    readonly open: number;
    readonly openRows: readonly number[];
    readonly sentence: string;
  };
  /** What rows that were refused without a reason have in common and accepted ones have not, in a sentence. */
  readonly refusals?: string;
  /** Failed and unknown rows: new ones, and people who had failed the night before already. */
  readonly failures?: { readonly new: number; readonly again: number; readonly newRows: readonly number[] };
  /** The feed's finished run before, when tonight's file is the same byte for byte. */
  readonly sameAs?: number;
  /** What moved away from earlier nights: why the file was held, or what --accept-changes accepted. */
  readonly moved?: readonly (Movement & { readonly sentence: string })[];
  /** Rows by code of what was left out or repaired. */
  readonly warnings?: Readonly<Record<string, number>>;
  /** Tonight's people compared with those whom the feed remembers (`held`: rows). */
  readonly people?: {
    readonly new: number;
    readonly changed: number;
    readonly unsettled: number;
    readonly unchanged: number;
    readonly emptied: number;
    readonly held: number;
    readonly vanished: number;
  };
  /** Share of the rows to send that have each field, 0 to 1. */
  readonly fillRate?: Readonly<Record<string, number>>;
  /** All that the check found out, with row numbers: only `check` prints it, and values of cells only with `--show`. */
  readonly health?: object;
  /** Damage of whole columns. */
  readonly columns?: readonly ColumnDamage[];
  readonly traffic?: {
    readonly requests: number;
    readonly perSecond: number;
    readonly answers: Readonly<Record<string, number>>;
    readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number };
  };
  /** Settings that are not the default, with their source. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** What stopped the run or kept it from starting. */
  readonly error?: { readonly code: string; readonly message: string; readonly hint: string | undefined };
  /** Of a batch: how each job ended. Its own counts are the sum of theirs. */
  readonly jobs?: readonly JobSummary[];
}

/** How a job of a batch ended, under its label. */
export type JobSummary = { readonly name: string } & Summary;

/** As a summary shows an error. */
export function errorOf({ code, message, hint }: RunError): NonNullable<Summary['error']> {
  return { code, message, hint };
}

/** As a summary shows drift. */
export function movedOf(drift: readonly Movement[]): NonNullable<Summary['moved']> {
  return drift.map((movement) => ({ ...movement, sentence: movementSentence(movement) }));
}

/** The end of what could not begin, or has a bug. */
export function failedSummary(failure: unknown): Summary {
  const error = failure instanceof RunError ? failure : new RunError('bug', String(failure));
  return {
    version: 1,
    exitCode: exitCodeOf(error.code),
    sentence: error.message,
    next: undefined,
    simulator: false,
    error: errorOf(error),
  };
}

export function summaryText(summary: Summary): string {
  return `${JSON.stringify(summary, undefined, 2)}\n`;
}

/** @throws RunError `not_writable` */
export async function writeSummary(folder: string, summary: Summary): Promise<void> {
  await writeAtomically(path.join(folder, 'summary.json'), summaryText(summary));
}
