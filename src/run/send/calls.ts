import { createHistogram } from 'node:perf_hooks';
import pLimit from 'p-limit';
import { maskReason } from '../../core/api/answer.ts';
import { retryDelay, settleDelay, silentPause } from '../../core/api/backoff.ts';
import { faultRule } from '../../core/api/fault-table.ts';
import type { FaultEvent, FaultRule } from '../../core/api/fault-table.ts';
import type { ProblemCode } from '../../core/outcome/messages.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import type { Clock } from '../../flow/clock.ts';
import type { Gate } from '../../flow/gate.ts';
import { createCongestion } from '../../flow/congestion.ts';
import { emptyTimeline, lengthOf, noteAnswer } from '../../flow/timeline.ts';
import type { Timeline } from '../../flow/timeline.ts';
import type { Attempt, Failure } from '../../gleantap/client.ts';
import type { Connection } from '../../gleantap/http/transport.ts';
import type { Emit, Stop } from '../events.ts';
import { createOutage } from './outage.ts';
import type { Permit } from './outage.ts';
import { createStopRules } from './stop-rules.ts';

/** How a call ended. `stopped`: the run stopped before it was clear, and the call is to be made again. */
export type Called<T> =
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

/** One call of the API, over all of its attempts. */
export interface Call<T> {
  /** The row that it is made for. */
  readonly row?: number | undefined;
  /** What is masked where the server quotes it. */
  values(): readonly unknown[];
  send(signal: AbortSignal, connection: Connection): Promise<Attempt<T>>;
}

export interface Caller {
  /** Makes a call until it is clear what became of it. Never throws for anything the network does. */
  call<T>(call: Call<T>): Promise<Called<T>>;
  facts(): TrafficFacts;
}

export interface TrafficFacts {
  readonly requests: number;
  /** Answers by HTTP status, faults by their event. */
  readonly answers: Readonly<Record<string, number>>;
  /** Milliseconds an answer took. */
  readonly latency: { readonly p50: number; readonly p95: number; readonly p99: number };
  /** The same over time, the parts before a resume included. */
  readonly timeline: Timeline;
}

/** A call that is on its way. */
interface Way<T> {
  readonly call: Call<T>;
  /** Attempts that count. */
  counted: number;
  tries: number;
  readonly seen: Partial<Record<FaultEvent, number>>;
  onFreshSocket: boolean;
}

const stopped = { kind: 'stopped' } as const;

export interface CallerOptions {
  readonly gate: Gate;
  readonly clock: Clock;
  /** The clock of settles, backoffs, pauses and outages. */
  readonly waits: Clock;
  /** From 0 up to 1. */
  random(): number;
  readonly stop: Stop;
  readonly emit: Emit;
  readonly concurrency: number;
  readonly attempts: number;
  /** Milliseconds. */
  readonly maxOutage: number;
  /** Whether this run, or the part of it before a resume, has had a success. */
  readonly hadSuccess: boolean;
  /** The traffic of the run's parts before a resume; it is gone on with. */
  readonly timeline?: Timeline | undefined;
}

/** Carries out the fault table for single calls, reads and writes alike. Calls that wait here hold no slot of p-limit. */
export function createCaller(options: CallerOptions): Caller {
  const { gate, clock, waits, random, stop, emit } = options;
  const limit = pLimit(options.concurrency);
  const congestion = createCongestion(options.concurrency);
  const latency = createHistogram();
  const answers: Record<string, number> = {};
  let requests = 0;
  const timeline = options.timeline ?? emptyTimeline();
  const timelineStart = clock.monotonic() - lengthOf(timeline);
  const throttles = { inARow: 0, last: -Infinity };
  const stopRules = createStopRules(clock, stop, options);
  const outage = createOutage({
    clock: waits,
    longest: options.maxOutage,
    onBegin: () => emit({ type: 'outage_began' }),
    onEnd: (ms) => emit({ type: 'outage_ended', ms }),
    onGiveUp: () => {
      const hint = 'Look whether the address is right and the network is up; "resume" goes on where this stopped.';
      const message = `Nobody has answered for ${Math.round(options.maxOutage / 1000)} s`;
      stop.request({ kind: 'error', error: new RunError('outage', message, { hint }) });
    },
  });

  const request = async <T>(way: Way<T>): Promise<Attempt<T>> => {
    requests += 1;
    const start = clock.monotonic();
    const attempt = await way.call.send(stop.abandon, way);
    const end = clock.monotonic();
    latency.record(Math.max(1, Math.round(end - start)));
    if (isCrowded(attempt)) congestion.crowded(start, end);
    else if (attempt.kind === 'success') congestion.fine();
    if (limit.concurrency !== congestion.allowed) limit.concurrency = congestion.allowed;
    const label = String(attempt.status ?? (attempt.kind === 'fault' ? attempt.event : ''));
    answers[label] = (answers[label] ?? 0) + 1;
    noteAnswer(timeline, end - timelineStart, label, end - start);
    return attempt;
  };

  const note = (permit: Permit, failure: Failure | undefined): void => {
    const rule = failure === undefined ? undefined : faultRule(failure.event);
    if (rule?.serverFault === true) outage.ended(permit, 'fault');
    else outage.ended(permit, failure === undefined || failure.status !== undefined ? 'answer' : 'neither');
    stopRules.note(failure);
    if (failure === undefined) {
      throttles.inARow = 0;
      gate.recover();
    }
  };

  /**
   * The wait before the same request goes out again, in milliseconds. Pauses of the whole client are set on the way.
   *
   * @param start When the request went out.
   */
  const waitBefore = (failure: Failure, rule: FaultRule, tries: number, start: number): number => {
    const { event, retryAfterMs } = failure;
    if (rule.atOnce === true) return 0;
    const own = rule.action === 'settle' ? settleDelay(tries, random()) : retryDelay(tries, random());
    if (rule.waitsAsTold !== true) return own;
    if (event !== 'status_429') {
      if (!retryAfterMs) return own;
      gate.pause(retryAfterMs);
      emit({ type: 'paused', event, ms: retryAfterMs });
      return 0;
    }
    // Requests that were under way together are told off together.
    if (start >= throttles.last) {
      throttles.inARow += 1;
      throttles.last = clock.monotonic();
    }
    const ms = (retryAfterMs ?? silentPause(throttles.inARow)) || own;
    gate.throttle(ms);
    emit({ type: 'paused', event, ms });
    return 0;
  };

  /**
   * A call's next request in its turn, and all that follows from its answer: how the call ended, or the wait in milliseconds
   * before it is made again. All of it happens in the slot, so that no other request slips past a stop, an outage or a pause.
   */
  const takeTurn = async <T>(way: Way<T>, permit: Permit): Promise<Called<T> | number> => {
    await gate.enter(stop.signal);
    if (stop.signal.aborted || (outage.isOut && permit !== 'probe')) {
      outage.ended(permit, 'neither');
      return stop.signal.aborted ? stopped : 0;
    }
    const start = clock.monotonic();
    const attempt = await request(way);
    if (attempt.kind === 'success') {
      note(permit, undefined);
      return { kind: 'succeeded', value: attempt.value, attempts: way.counted + 1, status: attempt.status };
    }
    // Let go of: nobody knows what became of it, and the resumed run sends it again.
    if (stop.abandon.aborted) {
      outage.ended(permit, 'neither');
      return stopped;
    }
    note(permit, attempt);
    const { event, status } = attempt;
    const rule = faultRule(event);
    if (rule.counts && permit === 'attempt') way.counted += 1;
    way.tries += 1;
    const times = (way.seen[event] = (way.seen[event] ?? 0) + 1);
    const isSpent = way.counted >= options.attempts || (rule.attempts !== undefined && times >= rule.attempts);
    if (stopRules.ends(attempt, rule, isSpent)) return stopped;
    const reason = attempt.reason === undefined ? undefined : maskReason(attempt.reason, way.call.values());
    const detail = status === undefined ? rule.says : reason;
    const ended = { code: rule.code, attempts: way.counted, status, detail };
    if (rule.action === 'fail') return { kind: 'failed', ...ended, isRefusal: rule.refusal === true };
    if (rule.action === 'unknown') return { kind: 'unknown', ...ended, isRefusal: false };
    if (isSpent) return { kind: rule.spent, ...ended, detail: detail ?? rule.says, isRefusal: false };
    way.onFreshSocket = rule.onFreshSocket === true;
    const delayMs = waitBefore(attempt, rule, way.tries, start);
    emit({ type: 'retrying', row: way.call.row, event, status, delayMs });
    return delayMs;
  };

  return {
    async call<T>(call: Call<T>) {
      const way: Way<T> = { call, counted: 0, tries: 0, seen: {}, onFreshSocket: false };
      for (;;) {
        const permit = outage.isOut ? await outage.permit(stop.signal) : 'attempt';
        const came = await limit(() => takeTurn(way, permit));
        if (typeof came !== 'number') return came;
        if (came > 0) await waits.sleep(came, stop.signal);
      }
    },
    facts: () => ({
      requests,
      answers,
      timeline,
      latency: { p50: latency.percentile(50), p95: latency.percentile(95), p99: latency.percentile(99) },
    }),
  };
}

/** Timeouts and 503 say that too much is under way at once. */
function isCrowded(attempt: Attempt<unknown>): boolean {
  if (attempt.kind === 'success') return false;
  return attempt.status === 503 || ['answer_timeout', 'body_timeout', 'connect_timeout'].includes(attempt.event);
}
