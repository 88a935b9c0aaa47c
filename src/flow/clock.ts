/** Time as the rest of the program sees it; injected, so that tests can own it. All figures are milliseconds. */
export interface Clock {
  /** Wall clock, since the epoch: for dates that people read. */
  now(): number;
  /** Never jumps: for durations and deadlines. */
  monotonic(): number;
  /** Resolves after `ms`, or at once when the signal aborts: look at the signal afterwards. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** setTimeout takes no more than 2^31 - 1 ms and fires at once beyond. */
const longestTimer = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    let left = ms;
    while (left > 0 && signal?.aborted !== true) {
      const step = Math.min(left, longestTimer);
      await timer(step, signal);
      left -= step;
    }
  },
};

/** A clock that runs `factor` times as fast: test runs shorten waits by it without changing any rule. */
export function fasterClock(clock: Clock, factor: number): Clock {
  if (factor === 1) return clock;
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic() * factor,
    sleep: async (ms, signal) => clock.sleep(ms / factor, signal),
  };
}

async function timer(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(handle);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const handle = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}

const two = (value: number): string => String(value).padStart(2, '0');

/** The calendar day on this machine, `YYYY-MM-DD`. */
export function dayOf(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The time of day on this machine, `HHMMSS`. */
export function timeOfDay(date: Date): string {
  return `${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
}
