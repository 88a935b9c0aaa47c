import { setMaxListeners } from 'node:events';
import type { FaultEvent } from '../core/api/fault-table.ts';
import type { Contact } from '../core/api/contact.ts';
import type { Outcome } from '../core/outcome/outcome.ts';
import type { RunError } from '../core/outcome/run-error.ts';

/** What a run reports while it works. No person's data, unless the user asked for `logValues`. */
export type RunEvent =
  | { readonly type: 'warning'; readonly message: string }
  | {
      readonly type: 'run_started';
      readonly run: number;
      readonly input: string;
      readonly out: string;
      readonly resumed: boolean;
      /** The server is this machine: nothing reaches Gleantap. */
      readonly simulator: boolean;
    }
  | { readonly type: 'copying'; readonly input: string }
  | { readonly type: 'checking'; readonly rows: number }
  /** Some people of the file are looked up before anything is sent, so that the plan can say whether they are known. */
  | { readonly type: 'reading_account'; readonly done: number; readonly total: number }
  /** Everyone in the account is read, before anything is sent. */
  | { readonly type: 'reading_contacts'; readonly people: number; readonly done: boolean }
  | { readonly type: 'reading_optouts'; readonly people: number }
  /** People of a list are looked up, before anything is sent. */
  | { readonly type: 'looking_up'; readonly done: number; readonly total: number }
  | { readonly type: 'sending'; readonly total: number; readonly done: number }
  | {
      readonly type: 'row_ended';
      /** What was sent; only with `logValues`. */
      readonly contact?: Contact;
      readonly row: number;
      readonly outcome: Outcome;
      readonly code: string | undefined;
      readonly attempts: number;
    }
  | {
      readonly type: 'retrying';
      /** Undefined for a call that is made for no single row. */
      readonly row: number | undefined;
      readonly event: FaultEvent;
      readonly status: number | undefined;
      readonly delayMs: number;
    }
  | { readonly type: 'paused'; readonly event: FaultEvent; readonly ms: number }
  /** No row gets a clear answer, so one request at a time is sent until one does. */
  | { readonly type: 'outage_began' }
  | { readonly type: 'outage_ended'; readonly ms: number }
  | { readonly type: 'stopping'; readonly reason: string }
  | { readonly type: 'reporting'; readonly out: string };

export type Emit = (event: RunEvent) => void;

/** Why nothing new is sent. */
export type StopReason =
  | { readonly kind: 'error'; readonly error: RunError }
  | { readonly kind: 'signal'; readonly signal: 'SIGINT' | 'SIGTERM' };

/** One switch for "send nothing new", and one for "abandon what is in flight". */
export interface Stop {
  /** Aborted when nothing new may be sent. */
  readonly signal: AbortSignal;
  /** Aborted when the answers to requests in flight are no longer awaited. */
  readonly abandon: AbortSignal;
  readonly reason: StopReason | undefined;
  /** Whether the run ends without reports, which `resume` or `report` writes later. Outcomes are kept. */
  readonly skipsReports: boolean;
  /** The first reason counts. */
  request(reason: StopReason): void;
  abandonRequests(): void;
  /** Abandons requests and skips reports: the fastest end that loses nothing. */
  endNow(): void;
}

export function createStop(): Stop {
  const stopping = new AbortController();
  const abandoning = new AbortController();
  // Every row in progress listens, so many listeners are not a leak.
  setMaxListeners(0, stopping.signal, abandoning.signal);
  let first: StopReason | undefined;
  let skipsReports = false;
  return {
    signal: stopping.signal,
    abandon: abandoning.signal,
    get reason() {
      return first;
    },
    request(reason) {
      first ??= reason;
      stopping.abort();
    },
    get skipsReports() {
      return skipsReports;
    },
    abandonRequests: () => abandoning.abort(),
    endNow() {
      skipsReports = true;
      abandoning.abort();
    },
  };
}
