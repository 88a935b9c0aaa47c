import type { Clock } from './clock.ts';

/**
 * What stands before every request: a rate and a shared pause. The rate is a GCRA (ITU-T I.371): requests are evenly spaced,
 * and one may come early by 10 ms, so that late timers are made up for but no burst builds up during a pause or while the
 * machine slept.
 */
export interface Gate {
  /** Waits for this request's turn. Returns early when the signal aborts: look at it afterwards. */
  enter(signal: AbortSignal): Promise<void>;
  /** Holds everybody back for at least this many milliseconds from now. */
  pause(ms: number): void;
  /**
   * The server said "too many": pauses, and the rate falls to 0.7 of what was achieved. Answers to requests that were
   * already under way when the pause began only lengthen the pause.
   */
  throttle(ms: number): void;
  /** An answer came in good order: the rate creeps back towards what was asked for. */
  recover(): void;
  /** Requests a second at present; Infinity without a cap. */
  readonly rate: number;
}

/** Milliseconds by which a request may come early. */
const tolerance = 10;
const slowDownFactor = 0.7;
const lowestRate = 0.2;
/** The share of the asked rate that a second of good answers brings back. */
const recoveryPerSecond = 0.02;
/** Without a cap nobody knows where to: the share of the present rate that a second of good answers adds. */
const growthPerSecond = 0.06;

/**
 * @param requestsPerSecond 0 means no cap.
 * @param waits The clock of pauses; differs from `clock` only when tests shorten waits.
 * @param shared A gate that several gates lead to: one rate over all of them. Who is first in each of their queues waits there in
 *   the order of coming, so that none starves; pauses stay each gate's own.
 */
export function createGate(requestsPerSecond: number, clock: Clock, waits: Clock, shared?: Gate): Gate {
  const asked = requestsPerSecond === 0 ? Infinity : requestsPerSecond;
  let rate = asked;
  /** Theoretical arrival time of the next request. */
  let arrival = -Infinity;
  let pausedUntil = -Infinity;
  let turn: Promise<void> = Promise.resolve();
  let second = 0;
  let inThisSecond = 0;
  let inLastSecond = 0;

  const passed = (now: number): void => {
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
      passed(released);
      return;
    }
  };

  return {
    async enter(signal) {
      if (shared === undefined && rate === Infinity && pausedUntil <= waits.monotonic()) {
        passed(clock.monotonic());
        return undefined;
      }
      const mine = turn.then(async () => takeTurn(signal));
      turn = mine;
      return mine;
    },
    pause,
    throttle(ms) {
      if (pausedUntil <= waits.monotonic()) {
        const achieved = Math.min(rate, Math.max(1, inThisSecond, inLastSecond));
        rate = Math.min(rate, Math.max(lowestRate, achieved * slowDownFactor));
      }
      pause(ms);
    },
    recover() {
      if (rate >= asked) return;
      // This is called once for each answer, so about `rate` times a second.
      const gain = asked === Infinity ? growthPerSecond : (recoveryPerSecond * asked) / Math.max(rate, 1);
      rate = Math.min(asked, rate + gain);
    },
    get rate() {
      return rate;
    },
  };
}
