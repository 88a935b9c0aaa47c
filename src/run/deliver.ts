import { createHistogram } from 'node:perf_hooks';
import pLimit from 'p-limit';
import { maskReason } from '../core/answer.ts';
import { retryDelay, settleDelay, silentPause } from '../core/backoff.ts';
import type { Contact } from '../core/contact.ts';
import { faultRule } from '../core/fault-table.ts';
import type { FaultEvent, FaultRule } from '../core/fault-table.ts';
import type { ProblemCode } from '../core/messages.ts';
import { RunError } from '../core/run-error.ts';
import type { RunErrorCode } from '../core/run-error.ts';
import type { Clock } from '../flow/clock.ts';
import type { Gate } from '../flow/gate.ts';
import { createCongestion } from '../flow/congestion.ts';
import type { Attempt, Failure, GleantapClient } from '../gleantap/client.ts';
import type { Emit, Stop } from './events.ts';
import { createOutage } from './outage.ts';
import type { Permit } from './outage.ts';

/** How a row's requests ended. `stopped` leaves the row pending. */
export type Delivery =
  | { readonly kind: 'succeeded'; readonly id: string; readonly attempts: number; readonly status: number }
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

export interface Deliverer {
  /** Sends a row's requests in order, each until it is clear what became of it. Never throws for anything the network does. */
  deliver(row: number, requests: readonly Contact[]): Promise<Delivery>;
  facts(): TrafficFacts;
}

export interface TrafficFacts {
  readonly requests: number;
  /** Answers by HTTP status, faults by their event. */
  readonly answers: Readonly<Record<string, number>>;
  /** Milliseconds an answer took. */
  readonly latency: { readonly p50: number; readonly p95: number; readonly p99: number };
}

export interface DeliveryOptions {
  readonly client: GleantapClient;
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
}

/** The longest that a server may ask us to wait, in milliseconds. */
const longestPause = 3_600_000;

/** Carries out the fault table for single requests. Rows that wait here hold no slot of p-limit. */
export function createDeliverer(options: DeliveryOptions): Deliverer {
  const { client, gate, clock, waits, random, stop, emit } = options;
  const limit = pLimit(options.concurrency);
  const congestion = createCongestion(options.concurrency);
  const latency = createHistogram();
  const answers: Record<string, number> = {};
  let requests = 0;
  let { hadSuccess } = options;
  const streak: { event: FaultEvent | undefined; length: number } = { event: undefined, length: 0 };
  const throttles: { inARow: number; last: number } = { inARow: 0, last: -Infinity };

  const halt = (code: RunErrorCode, message: string, hint: string): void => {
    stop.request({ kind: 'error', error: new RunError(code, message, { hint }) });
  };
  const outage = createOutage({
    clock: waits,
    longest: options.maxOutage,
    onBegin: () => emit({ type: 'outage_began' }),
    onEnd: (ms) => emit({ type: 'outage_ended', ms }),
    onGiveUp: () =>
      halt(
        'outage',
        `Nobody has answered for ${Math.round(options.maxOutage / 1000)} s`,
        'Look whether the address is right and the network is up; "resume" goes on where this stopped.',
      ),
  });

  /** One request in its turn; undefined when the run stopped before it, or an outage began. */
  const send = async (request: Contact, permit: Permit, onFreshSocket: boolean) =>
    limit(async () => {
      await gate.enter(stop.signal);
      if (stop.signal.aborted || (outage.isOut && permit !== 'probe')) return undefined;
      requests += 1;
      const start = clock.monotonic();
      const attempt = await client.newContact(request, stop.abandon, { onFreshSocket });
      const end = clock.monotonic();
      latency.record(Math.max(1, Math.round(end - start)));
      if (isCrowded(attempt)) congestion.crowded(start, end);
      else if (attempt.kind === 'success') congestion.fine();
      if (limit.concurrency !== congestion.allowed) limit.concurrency = congestion.allowed;
      const label = String(attempt.status ?? (attempt.kind === 'fault' ? attempt.event : ''));
      answers[label] = (answers[label] ?? 0) + 1;
      return { attempt, start };
    });

  const note = (permit: Permit, failure: Failure | undefined): void => {
    const rule = failure === undefined ? undefined : faultRule(failure.event);
    if (rule?.serverFault === true) outage.ended(permit, 'fault');
    else outage.ended(permit, failure === undefined || failure.status !== undefined ? 'answer' : 'neither');
    streak.length = failure !== undefined && failure.event === streak.event ? streak.length + 1 : 1;
    streak.event = failure?.event;
    if (failure === undefined) {
      hadSuccess = true;
      throttles.inARow = 0;
      gate.recover();
    }
  };

  /** Whether this failure ends the run; then the run has been told to stop. */
  const endsRun = (failure: Failure, rule: FaultRule, isSpent: boolean): boolean => {
    const says = describe(failure, rule);
    const wait = failure.retryAfterMs ?? 0;
    if (rule.settingsAtFirst === true && !hadSuccess) {
      halt('unreachable', `Nothing was sent: ${says}`, 'Look at --base-url and at the network.');
    } else if (rule.action === 'stop')
      halt(
        rule.stop === 'unreachable' ? 'server_refuses' : (rule.stop ?? 'server_refuses'),
        `Stopped: ${says}`,
        stopHints[failure.event] ?? 'Look at --base-url; "resume" goes on.',
      );
    else if (rule.stopAfter !== undefined && streak.event === failure.event && streak.length >= rule.stopAfter) {
      halt(
        rule.stop ?? 'server_refuses',
        `Stopped after ${streak.length} answers in a row: ${says}`,
        '"resume" goes on when the cause is gone.',
      );
    } else if (rule.stop !== undefined && rule.stopAfter === undefined && isSpent) {
      halt(rule.stop, `Stopped: ${says}, and again on a new connection`, 'Look at --base-url; "resume" goes on.');
    } else if (rule.waitsAsTold === true && wait > longestPause) {
      halt(
        'try_later',
        `Gleantap asks to wait for more than an hour: ${says}`,
        `Type the resume command ${whenText(clock.now() + wait)}.`,
      );
    } else return false;
    return true;
  };

  /**
   * The wait before the same request goes out again, in milliseconds. Pauses of the whole client are set on the way.
   *
   * @param start When the request went out.
   */
  const waitBefore = (failure: Failure, rule: FaultRule, tries: number, start: number): number => {
    const { event, retryAfterMs: asked = 0 } = failure;
    if (rule.atOnce === true) return 0;
    const own = rule.action === 'settle' ? settleDelay(tries, random()) : retryDelay(tries, random());
    if (rule.waitsAsTold !== true) return own;
    if (event !== 'status_429') {
      if (asked === 0) return own;
      gate.pause(asked);
      emit({ type: 'paused', event, ms: asked });
      return 0;
    }
    // Requests that were under way together are told off together.
    if (start >= throttles.last) {
      throttles.inARow += 1;
      throttles.last = clock.monotonic();
    }
    const ms = (failure.retryAfterMs ?? silentPause(throttles.inARow)) || own;
    gate.throttle(ms);
    emit({ type: 'paused', event, ms });
    return 0;
  };

  const deliverOne = async (row: number, request: Contact): Promise<Delivery> => {
    let counted = 0;
    let tries = 0;
    let onFreshSocket = false;
    const seen: Partial<Record<FaultEvent, number>> = {};
    for (;;) {
      const permit = await outage.permit(stop.signal);
      const sent = stop.signal.aborted ? undefined : await send(request, permit, onFreshSocket);
      if (sent === undefined) {
        outage.ended(permit, 'neither');
        if (stop.signal.aborted) return { kind: 'stopped' };
        continue;
      }
      const { attempt, start } = sent;
      if (attempt.kind === 'success') {
        note(permit, undefined);
        return { kind: 'succeeded', id: attempt.value, attempts: counted + 1, status: attempt.status };
      }
      // Let go of: nobody knows what became of it, and the resumed run sends it again.
      if (stop.abandon.aborted) {
        outage.ended(permit, 'neither');
        return { kind: 'stopped' };
      }
      note(permit, attempt);
      const { event, status } = attempt;
      const rule = faultRule(event);
      if (rule.counts && permit === 'attempt') counted += 1;
      tries += 1;
      const times = (seen[event] = (seen[event] ?? 0) + 1);
      const isSpent = counted >= options.attempts || (rule.attempts !== undefined && times >= rule.attempts);
      if (endsRun(attempt, rule, isSpent)) return { kind: 'stopped' };
      const reason = attempt.reason === undefined ? undefined : maskReason(attempt.reason, Object.values(request));
      const ended = { code: rule.code, attempts: counted, status, detail: status === undefined ? rule.says : reason };
      if (rule.action === 'fail') return { kind: 'failed', ...ended, isRefusal: rule.refusal === true };
      if (rule.action === 'unknown') return { kind: 'unknown', ...ended, isRefusal: false };
      if (isSpent) return { kind: rule.spent, ...ended, detail: ended.detail ?? rule.says, isRefusal: false };
      const delayMs = waitBefore(attempt, rule, tries, start);
      onFreshSocket = rule.onFreshSocket === true;
      emit({ type: 'retrying', row, event, status, delayMs });
      if (delayMs > 0) await waits.sleep(delayMs, stop.signal);
    }
  };

  return {
    async deliver(row, rowRequests) {
      let attempts = 0;
      let last: Delivery = { kind: 'stopped' };
      for (const [step, request] of rowRequests.entries()) {
        last = await deliverOne(row, request);
        if (last.kind === 'stopped') return last;
        attempts += last.attempts;
        // What a first request has put through stays: the row is partly applied, and sending it again converges.
        if (last.kind !== 'succeeded')
          return { ...last, attempts, ...(step === 0 ? {} : { code: 'partly_applied', isRefusal: false }) };
      }
      return { ...last, attempts };
    },
    facts: () => ({
      requests,
      answers,
      latency: { p50: latency.percentile(50), p95: latency.percentile(95), p99: latency.percentile(99) },
    }),
  };
}

/** Timeouts and 503 say that too much is under way at once. */
function isCrowded(attempt: Attempt<string>): boolean {
  if (attempt.kind === 'success') return false;
  return attempt.status === 503 || ['answer_timeout', 'body_timeout', 'connect_timeout'].includes(attempt.event);
}

const stopHints: Partial<Record<FaultEvent, string>> = {
  status_401: 'Check GLEANTAP_API_KEY, GLEANTAP_SECRET_KEY and GLEANTAP_APP_ID; "resume" goes on.',
  status_403_first: 'Check the credentials and whether this machine may call the API; "resume" goes on.',
  redirect:
    'Set --base-url to the address that answers; redirects are never followed, since they would hand over keys and contacts.',
  status_404: 'Check --base-url: this host does not know the newContact call.',
};

/** A moment in words for a hint. */
function whenText(at: number): string {
  const isDate = at < 8.64e15;
  return isDate ? `after ${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC` : 'when the API answers again';
}

function describe({ status, reason }: Failure, rule: FaultRule): string {
  const text = reason === undefined || status === undefined ? '' : ` (${maskReason(reason, []).slice(0, 200)})`;
  return `${rule.says}${text}`;
}
