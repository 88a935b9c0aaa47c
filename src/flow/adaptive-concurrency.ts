/**
 * How many requests may be in flight at once. The number falls when the server seems overloaded (timeouts, 503) and recovers one by
 * one, like TCP's congestion window.
 */
export interface AdaptiveConcurrency {
  /** Whole requests, at least 1. */
  readonly limit: number;
  /**
   * Lowers the limit to 0.7 of itself. Requests that were in flight together count as one sign of overload.
   *
   * @param sentAt When the request was sent, by the clock that gives `now`.
   */
  overloaded(sentAt: number, now: number): void;
  /** Raises the limit: a request succeeded. */
  succeeded(): void;
}

const decrease = 0.7;

export function createAdaptiveConcurrency(highest: number): AdaptiveConcurrency {
  let limit = highest;
  let lastDecrease = -Infinity;
  return {
    get limit() {
      return Math.floor(limit);
    },
    overloaded(sentAt, now) {
      if (sentAt < lastDecrease) return;
      lastDecrease = now;
      limit = Math.max(1, limit * decrease);
    },
    succeeded() {
      limit = Math.min(highest, limit + 1 / limit);
    },
  };
}
