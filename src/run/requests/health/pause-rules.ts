import { silentPause } from '../../../core/api/backoff.ts';
import { faultRule } from '../../../core/api/fault-table.ts';
import type { Clock } from '../../../flow/clock.ts';
import type { Failure } from '../../../gleantap/client.ts';

/** A wait of all requests. */
export interface Pause {
  /** Milliseconds, more than 0. */
  readonly ms: number;
  /** Whether the server finds the rate too high. */
  readonly isThrottle: boolean;
}

/** Decides how long all requests wait after an answer that asks for it: 429, or 503 with Retry-After. */
export interface PauseRules {
  succeeded(): void;
  /**
   * @param sentAt When the request was sent, by the monotonic clock.
   * @param backoff Milliseconds that the request would wait without a pause: never less after a 429.
   */
  pauseAfter(failure: Failure, sentAt: number, backoff: number): Pause | undefined;
}

export function createPauseRules(clock: Clock): PauseRules {
  let throttledInARow = 0;
  let lastThrottle = -Infinity;
  return {
    succeeded() {
      throttledInARow = 0;
    },
    pauseAfter({ event, retryAfterMs }, sentAt, backoff) {
      if (faultRule(event).waitsAsTold !== true) return undefined;
      if (event !== 'status_429') {
        return retryAfterMs === undefined || retryAfterMs === 0 ? undefined : { ms: retryAfterMs, isThrottle: false };
      }
      // Requests that were in flight together are throttled together: they count as one.
      if (sentAt >= lastThrottle) {
        throttledInARow += 1;
        lastThrottle = clock.monotonic();
      }
      return { ms: (retryAfterMs ?? silentPause(throttledInARow)) || backoff, isThrottle: true };
    },
  };
}
