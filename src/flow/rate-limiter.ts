import type { Clock } from './clock.ts';

/**
 * What every request waits for before it is sent: a rate and a shared pause. The rate is a GCRA (ITU-T I.371): requests are evenly
 * spaced, and one may be early by 10 ms. That makes up for late timers, but no burst builds up during a pause or while the
 * machine sleeps.
 */
export interface RateLimiter {
  /** Waits for the turn of one request. Returns early when the signal aborts: check the signal afterwards. */
  enter(signal: AbortSignal): Promise<void>;
  /** Holds all requests back for at least this many milliseconds from now. */
  pause(ms: number): void;
  /**
   * The server answered "too many requests": pauses, and lowers the rate to 0.7 of what was achieved. Answers to requests that
   * were already in flight when the pause began only lengthen the pause.
   */
  throttle(ms: number): void;
  /** A request succeeded: the rate rises a little towards the configured one. */
  recover(): void;
  /** Current requests per second; Infinity without a limit. */
  readonly rate: number;
}

/** Milliseconds by which a request may come early. */
const tolerance = 10;
const throttleFactor = 0.7;
const lowestRate = 0.2;
/** The share of the configured rate that a second of successes restores. */
const recoveryPerSecond = 0.02;
/** Without a configured rate there is no target: the share of the current rate that a second of successes adds. */
const growthPerSecond = 0.06;

/**
 * @param requestsPerSecond 0 means no limit.
 * @param waits The clock of pauses. It differs from `clock` only when tests shorten waits.
 * @param shared One rate over several limiters. The first request of each queue waits there, first come, first served, so that
 *   no queue starves. Pauses stay each limiter's own.
 */
export function createRateLimiter(
  requestsPerSecond: number,
  clock: Clock,
  waits: Clock,
  shared?: RateLimiter,
): RateLimiter {
  const configured = requestsPerSecond === 0 ? Infinity : requestsPerSecond;
  let rate = configured;
  /** Theoretical arrival time of the next request. */
  let arrival = -Infinity;
  let pausedUntil = -Infinity;
  let turn: Promise<void> = Promise.resolve();
  let second = 0;
  let inThisSecond = 0;
  let inLastSecond = 0;

  const countPassed = (now: number): void => {
    const current = Math.floor(now / 1000);
    if (current !== second) {
      inLastSecond = current === second + 1 ? inThisSecond : 0;
      inThisSecond = 0;
      second = current;
    }
    inThisSecond += 1;
  };
  const pause = (ms: number): void => {
    pausedUntil = Math.max(pausedUntil, waits.monotonic() + ms);
  };

  const takeTurn = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      const pauseLeft = pausedUntil - waits.monotonic();
      if (pauseLeft > 0) {
        await waits.sleep(pauseLeft, signal);
        continue;
      }
      const now = clock.monotonic();
      const interval = 1000 / rate;
      const wait = arrival - tolerance - now;
      if (rate !== Infinity && wait > 0) {
        await clock.sleep(wait, signal);
        continue;
      }
      if (shared !== undefined) {
        await shared.enter(signal);
        if (pausedUntil > waits.monotonic()) continue;
      }
      const released = clock.monotonic();
      if (rate !== Infinity) arrival = Math.max(arrival, released) + interval;
      countPassed(released);
      return;
    }
  };

  return {
    async enter(signal) {
      if (shared === undefined && rate === Infinity && pausedUntil <= waits.monotonic()) {
        countPassed(clock.monotonic());
        return undefined;
      }
      turn = turn.then(async () => takeTurn(signal));
      return turn;
    },
    pause,
    throttle(ms) {
      if (pausedUntil <= waits.monotonic()) {
        const achieved = Math.min(rate, Math.max(1, inThisSecond, inLastSecond));
        rate = Math.min(rate, Math.max(lowestRate, achieved * throttleFactor));
      }
      pause(ms);
    },
    recover() {
      if (rate >= configured) return;
      // This is called once per success, so about `rate` times a second.
      const gain = configured === Infinity ? growthPerSecond : (recoveryPerSecond * configured) / Math.max(rate, 1);
      rate = Math.min(configured, rate + gain);
    },
    get rate() {
      return rate;
    },
  };
}
