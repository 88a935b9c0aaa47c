import { plural } from '../../../core/reports/figures.ts';
import { faultRule } from '../../../core/api/fault-table.ts';
import type { FaultRule } from '../../../core/api/fault-table.ts';
import { RunError } from '../../../core/outcome/run-error.ts';
import { duration } from '../../../core/settings/duration.ts';
import type { Clock } from '../../../flow/clock.ts';
import type { Failure } from '../../../gleantap/client.ts';
import type { Emit } from '../../events.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import type { Permit } from './circuit-breaker.ts';
import { createPauseRules } from './pause-rules.ts';
import type { Pause } from './pause-rules.ts';
import { createRefusalLimits } from './refusal-limits.ts';
import type { AnsweredRows } from './refusal-limits.ts';
import { createStopRules, describe, whenText } from './stop-rules.ts';

export type { Permit } from './circuit-breaker.ts';
export type { AnsweredRows } from './refusal-limits.ts';

/**
 * What an answer means for the whole run. Its own request follows the fault table in any case.
 *
 * - `continue`: nothing.
 * - `pause`: all requests wait for this many milliseconds.
 * - `probe`: the API gives no clear answers. All requests wait, and one probes.
 * - `stop`: nothing new is sent.
 */
export type HealthDecision =
  | { readonly kind: 'continue' }
  | ({ readonly kind: 'pause' } & Pause)
  | { readonly kind: 'probe' }
  | { readonly kind: 'stop'; readonly error: RunError };

/** How a request failed, as far as the run is concerned. */
export interface FailedRequest {
  /** The same object each time that the request is sent. */
  readonly request: object;
  /** With its reason masked: a run that stops quotes it. */
  readonly failure: Failure;
  /** When it was sent, in milliseconds of the monotonic clock. */
  readonly sentAt: number;
  /** Whether its attempts are used up. */
  readonly isLastAttempt: boolean;
  /** Milliseconds that it waits before it is sent again, if it is. */
  readonly backoff: number;
}

/**
 * Decides how a run continues after each answer: the circuit breaker, the stop rules, the pauses that the server asks for, and the
 * limits for refused rows, in one machine. It sends nothing and stops nothing itself.
 */
export interface RunHealth {
  /**
   * Whether no row gets a clear answer: a success, or a refusal. Then only probes may be sent, and no row fails or is unknown because
   * its attempts are used up.
   */
  readonly isOut: boolean;
  /** Is called whenever an outage begins. */
  onOutage(listener: () => void): void;
  /**
   * Waits while the API gives no clear answers. Resolves to an error when that has lasted longer than the longest outage. Returns early
   * when the signal aborts: check the signal afterwards.
   */
  admit(signal: AbortSignal): Promise<Permit | RunError>;
  /** An admitted request succeeded. */
  succeeded(permit: Permit): void;
  /** An admitted request failed. */
  failed(permit: Permit, request: FailedRequest): HealthDecision;

  /** A row was accepted by the server. */
  rowSucceeded(): void;
  /** A row was refused by the server. The decision is to continue or to stop. */
  rowRefused(reason: string | undefined): HealthDecision;
  /** Whether too many refused rows can still stop the run. Until they can't, a refusal is provisional. */
  readonly refusalsAreProvisional: boolean;
}

export interface RunHealthOptions {
  readonly clock: Clock;
  /** The clock of outages. */
  readonly waits: Clock;
  readonly emit: Emit;
  /** The longest outage, in milliseconds. */
  readonly maxOutage: number;
  /** What the run's part before a resume has counted. */
  readonly answeredBefore?: AnsweredRows;
  /** Whether refused rows never stop the run. */
  readonly ignoreRefusals?: boolean;
}

const proceed: HealthDecision = { kind: 'continue' };
const noRows: AnsweredRows = { succeeded: 0, refused: 0 };

export function createRunHealth(options: RunHealthOptions): RunHealth {
  const { clock, waits, emit, maxOutage, answeredBefore = noRows, ignoreRefusals = false } = options;
  const listeners: (() => void)[] = [];
  const breaker = createCircuitBreaker({
    clock: waits,
    maxOutage,
    onOpen() {
      emit({ type: 'outage_began' });
      for (const listener of listeners) listener();
    },
    onClose: (ms) => emit({ type: 'outage_ended', ms }),
  });
  const stopRules = createStopRules(clock, answeredBefore.succeeded > 0);
  const pauseRules = createPauseRules(clock);
  const refusals = createRefusalLimits(answeredBefore, ignoreRefusals);
  let isHeard = answeredBefore.succeeded + answeredBefore.refused > 0;
  /** Since the last clear answer. */
  let silence = noSilence();
  let latestPause = -Infinity;

  const heard = (permit: Permit): void => {
    breaker.ended(permit, 'answer');
    isHeard = true;
    silence = noSilence();
  };
  /** Whether a failure shows that rows don't get through, rather than that something is wrong with its own row. */
  const isFault = (rule: FaultRule, { request, sentAt }: FailedRequest): boolean => {
    if (rule.saysNothing === true) return false;
    silence.requests.add(request);
    if (rule.waitsAsTold !== true) {
      // A server that answers may have trouble with one row.
      return rule.serverFault || !isHeard || silence.requests.size > 1;
    }
    // Requests that were in flight together are given to wait together.
    const isNew = sentAt >= latestPause;
    if (isNew) latestPause = clock.monotonic();
    return isNew;
  };
  const outage = (): RunError => noClearAnswer(silence, Math.min(breaker.lasted, maxOutage), clock.now());

  return {
    get isOut() {
      return breaker.isOpen;
    },
    async admit(signal) {
      const permit = await breaker.admit(signal);
      return permit === 'expired' ? outage() : permit;
    },
    onOutage(listener) {
      listeners.push(listener);
    },
    succeeded(permit) {
      heard(permit);
      stopRules.succeeded();
      pauseRules.succeeded();
    },
    failed(permit, request) {
      const { failure, sentAt, isLastAttempt, backoff } = request;
      const rule = faultRule(failure.event);
      if (rule.action === 'fail') heard(permit);
      else {
        silence.sent += 1;
        silence.latest = failure;
        breaker.ended(permit, isFault(rule, request) ? 'fault' : 'neither');
        if (isLastAttempt && !isHeard && rule.action !== 'unknown') breaker.open();
      }
      const error = stopRules.errorAfter(failure, isLastAttempt);
      if (error !== undefined) return { kind: 'stop', error };
      const pause = pauseRules.pauseAfter(failure, sentAt, backoff);
      if (pause !== undefined) {
        const left = maxOutage - breaker.lasted;
        const isTold = failure.retryAfterMs !== undefined && failure.retryAfterMs > 0;
        // The first wait is as long as the server says. If it then asks for another, that must end before the outage is over.
        if (breaker.faults > 1 && (left <= 0 || (isTold && pause.ms > left))) return { kind: 'stop', error: outage() };
        const ms = isTold ? pause.ms : Math.max(backoff, Math.min(pause.ms, left));
        return { kind: 'pause', ...pause, ms };
      }
      return breaker.isOpen ? { kind: 'probe' } : proceed;
    },
    rowSucceeded() {
      refusals.succeeded();
    },
    rowRefused(reason) {
      return refusals.refused() ? { kind: 'stop', error: almostAllRefused(reason) } : proceed;
    },
    get refusalsAreProvisional() {
      return refusals.areOpen;
    },
  };
}

/** What was sent since the last clear answer. */
interface Silence {
  sent: number;
  latest: Failure | undefined;
  readonly requests: Set<object>;
}

function noSilence(): Silence {
  return { sent: 0, latest: undefined, requests: new Set() };
}

/** @param now Wall time, for the hint. */
function noClearAnswer({ sent, latest }: Silence, ms: number, now: number): RunError {
  const last = latest === undefined ? '' : `. Last: ${describe(latest, faultRule(latest.event))}`;
  const what = latest?.status === undefined ? 'response' : 'clear answer';
  const message = `No ${what} from the API for ${duration(ms)} and ${plural(sent, 'request')}${last}`;
  const wait = latest?.retryAfterMs ?? 0;
  if (latest !== undefined && wait > 0 && faultRule(latest.event).waitsAsTold === true)
    return new RunError('try_later', message, { hint: `Continue with "resume" ${whenText(now + wait)}.` });
  return new RunError('outage', message, {
    hint: 'Check the address and your network, then continue with "resume".',
  });
}

function almostAllRefused(reason: string | undefined): RunError {
  const last = reason === undefined ? '' : `. Last answer: ${reason}`;
  return new RunError(
    'server_refuses',
    `Gleantap refuses almost every row, so the mapping, the keys or the account are probably wrong${last}`,
    {
      hint: 'Check one row with "explain" and fix the cause. The refused rows are pending again. To continue anyway, add --accept-refusals to "resume".',
    },
  );
}
