import pLimit from 'p-limit';
import { createAdaptiveConcurrency } from '../../flow/adaptive-concurrency.ts';
import type { RateLimiter } from '../../flow/rate-limiter.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import type { Stop } from '../events.ts';
import type { Permit, RunHealth } from './health/run-health.ts';

/**
 * Everything that a request waits for before it is sent, in this order:
 *
 * 1. the run health: in an outage all requests wait, and one probes;
 * 2. a slot of p-limit: this many requests may be in flight;
 * 3. the rate limiter: the rate, the pauses that the server asks for, and the rate that several runs share.
 */
export interface RequestScheduler {
  /**
   * Runs a task when it may send one request. The task handles the answer too before it gives its slot back, so that no other
   * request slips past a stop, an outage or a pause. Resolves to undefined, without running the task, when the run stops.
   */
  run<T>(task: (permit: Permit) => Promise<T>): Promise<T | undefined>;
  /** Adapts the number of requests in flight to what a request met. Times are those of one monotonic clock. */
  adapt(met: 'overload' | 'success', sentAt: number, now: number): void;
}

export interface SchedulerOptions {
  readonly health: RunHealth;
  readonly limiter: RateLimiter;
  /** Requests in flight at most. */
  readonly concurrency: number;
  readonly stop: Stop;
}

export function createRequestScheduler({ health, limiter, concurrency, stop }: SchedulerOptions): RequestScheduler {
  const slots = pLimit(concurrency);
  const adaptive = createAdaptiveConcurrency(concurrency);

  const inSlot = async <T>(
    permit: Permit,
    task: (permit: Permit) => Promise<T>,
  ): Promise<{ readonly result: T } | undefined> => {
    await limiter.enter(stop.signal);
    // Meanwhile, the run may have stopped or an outage may have started.
    const mayStart = !stop.signal.aborted && (permit === 'probe' || !health.isOut);
    return mayStart ? { result: await task(permit) } : undefined;
  };

  return {
    async run(task) {
      while (!stop.signal.aborted) {
        const permit = health.isOut ? await health.admit(stop.signal) : 'attempt';
        if (permit instanceof RunError) {
          stop.request({ kind: 'error', error: permit });
          return undefined;
        }
        const done = await slots(() => inSlot(permit, task));
        if (done !== undefined) return done.result;
      }
      return undefined;
    },
    adapt(met, sentAt, now) {
      if (met === 'overload') adaptive.overloaded(sentAt, now);
      else adaptive.succeeded();
      if (slots.concurrency !== adaptive.limit) slots.concurrency = adaptive.limit;
    },
  };
}
