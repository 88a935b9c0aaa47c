import { setMaxListeners } from 'node:events';
import type { FaultEvent } from '../core/api/fault-table.ts';
import type { Contact } from '../core/api/contact.ts';
import type { Outcome } from '../core/outcome/outcome.ts';
import type { RunError } from '../core/outcome/run-error.ts';

/** What a run tells the world while it goes. No person's data, unless the user asked for `logValues`. */
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
  | { readonly type: 'checking'; readonly rows: number }
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
  | { readonly type: 'outage_began' }
  | { readonly type: 'outage_ended'; readonly ms: number }
  | { readonly type: 'stopping'; readonly reason: string }
  | { readonly type: 'reporting'; readonly out: string };

export type Emit = (event: RunEvent) => void;

/** Why nothing new is sent any more. */
export type StopReason =
  | { readonly kind: 'error'; readonly error: RunError }
  | { readonly kind: 'signal'; readonly signal: 'SIGINT' | 'SIGTERM' };

/** One switch for "nothing new", and one for "let go of what is under way". */
export interface Stop {
  /** Aborted when nothing new may be sent. */
  readonly signal: AbortSignal;
  /** Aborted when answers are not awaited any more. */
  readonly abandon: AbortSignal;
  readonly reason: StopReason | undefined;
  /** Whether the user cannot wait: outcomes are kept, reports are left to `resume` or `report`. */
  readonly isHurried: boolean;
  /** The first reason counts. */
  request(reason: StopReason): void;
  letGo(): void;
  /** Lets go, and asks for the quickest end that loses nothing. */
  hurry(): void;
}

export function createStop(): Stop {
  const stopping = new AbortController();
  const abandoning = new AbortController();
  // Every row on its way listens, so many listeners are no leak.
  setMaxListeners(0, stopping.signal, abandoning.signal);
  let first: StopReason | undefined;
  let isHurried = false;
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
    get isHurried() {
      return isHurried;
    },
    letGo: () => abandoning.abort(),
    hurry() {
      isHurried = true;
      abandoning.abort();
    },
  };
}
