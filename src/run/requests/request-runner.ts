import { maskReason } from '../../core/api/answer.ts';
import { retryDelay, retryLaterDelay } from '../../core/api/backoff.ts';
import { faultRule } from '../../core/api/fault-table.ts';
import type { FaultEvent, FaultRule } from '../../core/api/fault-table.ts';
import type { ProblemCode } from '../../core/outcome/messages.ts';
import type { Clock } from '../../flow/clock.ts';
import type { RateLimiter } from '../../flow/rate-limiter.ts';
import type { Timeline } from '../../flow/timeline.ts';
import type { Attempt, Failure } from '../../gleantap/client.ts';
import type { Connection } from '../../gleantap/http/transport.ts';
import type { Emit, Stop } from '../events.ts';
import { createRunHealth } from './health/run-health.ts';
import type { Permit, RunHealth, RunHealthOptions } from './health/run-health.ts';
import { createRequestScheduler } from './request-scheduler.ts';
import { createTrafficRecorder } from './traffic-recorder.ts';
import type { TrafficStats } from './traffic-recorder.ts';

/** One call of the API, over all of its attempts. */
export interface RequestSpec<T> {
  /** The row that it is made for. */
  readonly row?: number | undefined;
  /** What is masked where the server quotes it. */
  values(): readonly unknown[];
  send(signal: AbortSignal, connection: Connection): Promise<Attempt<T>>;
}

/** How a request ended. `stopped`: the run stopped before the result was clear, and the request has to be sent again. */
export type RequestResult<T> =
  | { readonly kind: 'succeeded'; readonly value: T; readonly attempts: number; readonly status: number }
  | {
      readonly kind: 'failed' | 'unknown';
      readonly code: ProblemCode;
      readonly attempts: number;
      readonly status: number | undefined;
      /** Masked server text. */
      readonly detail: string | undefined;
      readonly isRefusal: boolean;
    }
  | { readonly kind: 'stopped' };

export interface RequestRunner {
  /** Sends a request until its result is clear. Never throws for anything that the network does. */
  run<T>(spec: RequestSpec<T>): Promise<RequestResult<T>>;
  /** How the run is doing, by all answers so far. */
  readonly health: RunHealth;
  stats(): TrafficStats;
}

export interface RequestRunnerOptions extends RunHealthOptions {
  readonly limiter: RateLimiter;
  readonly clock: Clock;
  /** The clock of delays, pauses and outages. */
  readonly waits: Clock;
  /** From 0 up to 1. */
  random(): number;
  readonly stop: Stop;
  readonly emit: Emit;
  /** Requests in flight at most. */
  readonly concurrency: number;
  /** Attempts of each request at most. */
  readonly attempts: number;
  /** The traffic of the run's parts before a resume, which is continued. */
  readonly timeline?: Timeline | undefined;
}

/** How far a request is. */
interface RequestState {
  /** Attempts that count. */
  attempts: number;
  /** Failures, counted or not. */
  failures: number;
  readonly failuresByEvent: Partial<Record<FaultEvent, number>>;
  onFreshSocket: boolean;
}

const stopped = { kind: 'stopped' } as const;

/** Applies the fault table to single requests, both reads and writes. */
export function createRequestRunner(options: RequestRunnerOptions): RequestRunner {
  const { limiter, clock, waits, random, stop, emit } = options;
  const health = createRunHealth(options);
  const scheduler = createRequestScheduler({ ...options, health });
  const traffic = createTrafficRecorder(clock.monotonic(), options.timeline);

  /** One attempt, from sending it to all that follows from its answer: the result, or the delay in milliseconds before the next. */
  const attempt = async <T>(
    spec: RequestSpec<T>,
    state: RequestState,
    permit: Permit,
  ): Promise<RequestResult<T> | number> => {
    traffic.sent();
    const sentAt = clock.monotonic();
    const answer = await spec.send(stop.abandon, state);
    const now = clock.monotonic();
    traffic.answered(labelOf(answer), sentAt, now);
    if (answer.kind === 'success') {
      scheduler.adapt('success', sentAt, now);
      health.succeeded(permit);
      limiter.recover();
      return { kind: 'succeeded', value: answer.value, attempts: state.attempts + 1, status: answer.status };
    }
    if (isOverload(answer)) scheduler.adapt('overload', sentAt, now);
    // The server may have taken an abandoned request: nothing follows from how it failed.
    if (stop.abandon.aborted) return stopped;
    return afterFailure(answer, spec, state, permit, sentAt);
  };

  const afterFailure = <T>(
    failure: Failure,
    spec: RequestSpec<T>,
    state: RequestState,
    permit: Permit,
    sentAt: number,
  ): RequestResult<T> | number => {
    const { event, status } = failure;
    const reason = failure.reason === undefined ? undefined : maskReason(failure.reason, spec.values());
    const rule = faultRule(event);
    const isCounted = rule.counts && permit === 'attempt';
    if (isCounted) state.attempts += 1;
    state.failures += 1;
    const ofEvent = (state.failuresByEvent[event] ?? 0) + 1;
    state.failuresByEvent[event] = ofEvent;
    const isLastAttempt =
      state.attempts >= options.attempts || (rule.attempts !== undefined && ofEvent >= rule.attempts);
    const backoff = backoffOf(rule, state.failures, random);

    const decision = health.failed(permit, {
      request: state,
      failure: { ...failure, reason },
      sentAt,
      isLastAttempt,
      backoff,
    });
    if (decision.kind === 'stop') {
      stop.request({ kind: 'error', error: decision.error });
      return stopped;
    }
    if (decision.kind === 'pause') {
      if (decision.isThrottle) limiter.throttle(decision.ms);
      else limiter.pause(decision.ms);
      emit({ type: 'paused', event, ms: decision.ms });
    }

    const detail = status === undefined ? rule.says : reason;
    const ended = { code: rule.code, attempts: state.attempts, status, detail };
    if (rule.action === 'fail') return { kind: 'failed', ...ended, isRefusal: rule.refusal === true };
    if (rule.action === 'unknown') return { kind: 'unknown', ...ended, isRefusal: false };
    if (isLastAttempt) {
      if (!health.isOut) return { kind: rule.spent, ...ended, detail: detail ?? rule.says, isRefusal: false };
      // No row gets through, so this one has an attempt left for when they do.
      if (isCounted) state.attempts -= 1;
      state.failuresByEvent[event] = ofEvent - 1;
    }
    state.onFreshSocket = rule.onFreshSocket === true;
    // After a pause the rate limiter holds the request back as long as the others.
    const delayMs = decision.kind === 'pause' ? 0 : backoff;
    emit({ type: 'retrying', row: spec.row, event, status, delayMs });
    return delayMs;
  };

  return {
    health,
    async run<T>(spec: RequestSpec<T>) {
      const state: RequestState = { attempts: 0, failures: 0, failuresByEvent: {}, onFreshSocket: false };
      for (;;) {
        const done = await scheduler.run((permit) => attempt(spec, state, permit));
        if (done === undefined) return stopped;
        if (typeof done !== 'number') return done;
        if (done > 0) await waits.sleep(done, stop.signal);
      }
    },
    stats: () => traffic.stats(),
  };
}

/** Milliseconds before the same request is sent again, if nothing changes. */
function backoffOf({ action, atOnce }: FaultRule, failures: number, random: () => number): number {
  if (atOnce === true) return 0;
  if (action === 'retry') return retryDelay(failures, random());
  return action === 'retryLater' ? retryLaterDelay(failures, random()) : 0;
}

function labelOf(answer: Attempt<unknown>): string {
  if (answer.status !== undefined) return String(answer.status);
  return answer.kind === 'fault' ? answer.event : '';
}

/** Timeouts and 503 mean that too many requests are in flight. */
function isOverload({ status, event }: Failure): boolean {
  return status === 503 || event === 'answer_timeout' || event === 'body_timeout' || event === 'connect_timeout';
}
