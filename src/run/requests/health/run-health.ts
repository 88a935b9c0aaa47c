import { faultRule } from '../../../core/api/fault-table.ts';
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
import { createStopRules } from './stop-rules.ts';

export type { Permit } from './circuit-breaker.ts';
export type { AnsweredRows } from './refusal-limits.ts';

/**
 * What an answer means for the whole run. Its own request follows the fault table in any case.
 *
 * - `continue`: nothing.
 * - `pause`: all requests wait for this many milliseconds.
 * - `probe`: the API is not responding. All requests wait, and one probes.
 * - `stop`: nothing new is sent.
 */
export type HealthDecision =
  | { readonly kind: 'continue' }
  | ({ readonly kind: 'pause' } & Pause)
  | { readonly kind: 'probe' }
  | { readonly kind: 'stop'; readonly error: RunError };

/** How a request failed, as far as the run is concerned. */
export interface FailedRequest {
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
  /** Whether the API is not responding: then only probes may be sent. */
  readonly isOut: boolean;
  /**
   * Waits while the API is not responding. Resolves to an error when that has lasted longer than the longest outage. Returns early
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
  const breaker = createCircuitBreaker({
    clock: waits,
    maxOutage,
    onOpen: () => emit({ type: 'outage_began' }),
    onClose: (ms) => emit({ type: 'outage_ended', ms }),
  });
  const stopRules = createStopRules(clock, answeredBefore.succeeded > 0);
  const pauseRules = createPauseRules(clock);
  const refusals = createRefusalLimits(answeredBefore, ignoreRefusals);

  return {
    get isOut() {
      return breaker.isOpen;
    },
    async admit(signal) {
      const permit = await breaker.admit(signal);
      return permit === 'expired' ? outage(maxOutage) : permit;
    },
    succeeded(permit) {
      breaker.ended(permit, 'answer');
      stopRules.succeeded();
      pauseRules.succeeded();
    },
    failed(permit, { failure, sentAt, isLastAttempt, backoff }) {
      const isAnswer = failure.status !== undefined;
      const how = isAnswer ? 'answer' : 'neither';
      breaker.ended(permit, faultRule(failure.event).serverFault ? 'fault' : how);
      const error = stopRules.errorAfter(failure, isLastAttempt);
      if (error !== undefined) return { kind: 'stop', error };
      const pause = pauseRules.pauseAfter(failure, sentAt, backoff);
      if (pause !== undefined) return { kind: 'pause', ...pause };
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

function outage(ms: number): RunError {
  return new RunError('outage', `No response from the API for ${duration(ms)}`, {
    hint: 'Check the address and your network, then continue with "resume".',
  });
}

function almostAllRefused(reason: string | undefined): RunError {
  const last = reason === undefined ? '' : `. Last answer: ${reason}`;
  return new RunError(
    'server_refuses',
    `Gleantap refuses almost every row, so the mapping, the keys or the account are probably wrong${last}`,
    {
      hint: 'Check one row with "explain" and fix the cause. The refused rows are pending again. To continue anyway, add --accept-refusals.',
    },
  );
}
