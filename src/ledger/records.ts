import type { Outcome } from '../core/outcome/outcome.ts';
import { RunError } from '../core/outcome/run-error.ts';
import { withholdable } from '../core/people/opt-outs.ts';
import type { WithheldName } from '../core/people/opt-outs.ts';
import type { Cell } from './database.ts';

/**
 * - `checking`: rows are being decided; nothing was sent.
 * - `refused`: the check found reasons to send nothing.
 * - `sending`: under way, or killed.
 * - `stopped`: ended early, rows pending.
 * - `finished`: every row has its final outcome.
 */
export type RunState = 'checking' | 'refused' | 'sending' | 'stopped' | 'finished';

/**
 * What a run imports. Only runs of `full` files enter the memory of their feed and are compared with it.
 *
 * - `pilot`: some rows of a file.
 * - `report`: rows of an earlier run, corrected.
 * - `tags`: a list of people whose tags are cleaned up.
 * - `undo`: contacts that another run created or changed.
 */
export type RunKind = 'full' | 'pilot' | 'report' | 'tags' | 'undo';

/** One import of one file. */
export interface RunRecord {
  readonly id: number;
  /** ISO time. */
  readonly started: string;
  readonly state: RunState;
  /** Hash of input bytes, mapping, account and all that changes what is sent (DESIGN.md section 4). */
  readonly identity: string;
  /** Origin and app_id. */
  readonly account: string;
  /** The mapping's name; with the account it is the feed. */
  readonly feed: string;
  readonly inputName: string;
  readonly inputSha: string;
  /** Absolute path of the run folder. */
  readonly out: string;
  /** Data rows and blank ones, once the check is done. */
  readonly read: number;
  readonly blank: number;
  readonly exitCode: number | undefined;
  readonly kind: RunKind;
}

export type NewRun = Pick<RunRecord, 'started' | 'identity' | 'account' | 'feed' | 'inputName' | 'inputSha' | 'out'>;

/** By what a row's person can be recognised: pseudonyms. Email or phone with the first name make a match key. */
export interface PersonKeys {
  readonly user: number | undefined;
  readonly email: number | undefined;
  readonly phone: number | undefined;
  readonly first: number | undefined;
}

/** What is remembered of a row that was sent. */
export interface RowTrace extends PersonKeys {
  /** Digest of the mapped payload, before what the command line adds. */
  readonly payload: string;
  /** One character for each of the feed's fields: `1` where the payload filled it. */
  readonly filled: string;
}

/** What is known of a row that is not simply waiting to be sent. */
export interface RowRecord {
  readonly row: number;
  readonly outcome: Outcome;
  /** A code of `messages.ts`, or `invalid`: the report maps the row again and lists its problems. */
  readonly code: string | undefined;
  /** The first row of this row's person, where the person has several. */
  readonly person: number | undefined;
  /** A refusal whose run has not yet got past its limits for refusals. */
  readonly provisional: boolean;
  readonly id: string | undefined;
  readonly attempts: number;
  readonly status: number | undefined;
  /** Masked server text. */
  readonly detail: string | undefined;
  /** Codes of warnings as `field:code`, joined by ` | `, for the report. Of a pending row only those about other people's rows. */
  readonly warnings: string | undefined;
  /** Consent that must not be sent, by its reason. */
  readonly withheld: readonly WithheldName[];
  /** The row to name in the message. */
  readonly otherRow: number | undefined;
  /** The row is sent before others: its person was left pending when the feed's last run stopped. */
  readonly goesFirst: boolean;
  /** Requests of a pending row that the server has taken. They are not sent again. */
  readonly applied: number;
  /** What the server did, where the account was read before: whether the contact was there. */
  readonly effect?: Effect | undefined;
  /** For the memory of the feed; written, never read back with the row. */
  readonly trace?: RowTrace | undefined;
}

/** What a row that succeeded did to its contact. */
export type Effect = 'created' | 'updated';

const nothing: readonly WithheldName[] = [];

/** A row of which nothing is known yet. */
export const undecided: RowRecord = {
  row: 0,
  outcome: 'pending',
  code: undefined,
  person: undefined,
  provisional: false,
  id: undefined,
  attempts: 0,
  status: undefined,
  detail: undefined,
  warnings: undefined,
  withheld: nothing,
  otherRow: undefined,
  goesFirst: false,
  applied: 0,
};

/** Rows next to each other that nothing is sent of because nothing changed; rows between them have records of their own. */
export interface UnchangedRows {
  readonly first: number;
  readonly last: number;
  /** How many. */
  readonly rows: number;
}

/** The columns of both tables, in the order in which the functions below read and write them. */
export const runColumns =
  'id, started, state, identity, account, feed, input_name, input_sha, out, read, blank, exit_code, kind';
export const rowColumns =
  'row, outcome, code, person, provisional, contact_id, attempts, status, detail, warnings, withheld, other_row, goes_first, applied, effect';
export const traceColumns = 'payload, user, email, phone, first, filled';

export function cellsOf(record: RowRecord): Cell[] {
  return [
    record.row,
    record.outcome,
    record.code ?? null,
    record.person ?? null,
    record.provisional ? 1 : 0,
    record.id ?? null,
    record.attempts,
    record.status ?? null,
    record.detail ?? null,
    record.warnings ?? null,
    record.withheld.length === 0 ? null : record.withheld.join(','),
    record.otherRow ?? null,
    record.goesFirst ? 1 : 0,
    record.applied,
    record.effect ?? null,
  ];
}

export function traceCellsOf({ trace }: RowRecord): Cell[] {
  if (trace === undefined) return [null, null, null, null, null, null];
  const { payload, user, email, phone, first, filled } = trace;
  return [payload, user ?? null, email ?? null, phone ?? null, first ?? null, filled];
}

export function recordOf(cells: readonly Cell[]): RowRecord {
  return {
    row: Number(cells[0]),
    outcome: cells[1] as Outcome,
    code: textOf(cells[2]),
    person: numberOf(cells[3]),
    provisional: cells[4] === 1,
    id: textOf(cells[5]),
    attempts: Number(cells[6]),
    status: numberOf(cells[7]),
    detail: textOf(cells[8]),
    warnings: textOf(cells[9]),
    withheld: withheldOf(textOf(cells[10])),
    otherRow: numberOf(cells[11]),
    goesFirst: cells[12] === 1,
    applied: Number(cells[13]),
    effect: cells[14] === 'created' || cells[14] === 'updated' ? cells[14] : undefined,
  };
}

/** Consent that is not understood must not be sent by mistake. */
function withheldOf(text: string | undefined): readonly WithheldName[] {
  if (text === undefined) return nothing;
  return text.split(',').map((written) => {
    const found = withholdable.find(({ name }) => name === written);
    if (found === undefined) throw new RunError('bug', `The ledger withholds the unknown field "${written}"`);
    return found.name;
  });
}

export function runOf(cells: readonly Cell[]): RunRecord {
  return {
    id: Number(cells[0]),
    started: textOf(cells[1]) ?? '',
    state: cells[2] as RunState,
    identity: textOf(cells[3]) ?? '',
    account: textOf(cells[4]) ?? '',
    feed: textOf(cells[5]) ?? '',
    inputName: textOf(cells[6]) ?? '',
    inputSha: textOf(cells[7]) ?? '',
    out: textOf(cells[8]) ?? '',
    read: Number(cells[9]),
    blank: Number(cells[10]),
    exitCode: numberOf(cells[11]),
    kind: cells[12] as RunKind,
  };
}

function textOf(cell: Cell | undefined): string | undefined {
  return typeof cell === 'string' ? cell : undefined;
}

function numberOf(cell: Cell | undefined): number | undefined {
  return typeof cell === 'number' ? cell : undefined;
}
