/**
 * How many requests may be under way at once. It falls when the server seems crowded (timeouts, 503) and comes back one by
 * one, as TCP's congestion window does.
 */
export interface Congestion {
  readonly allowed: number;
  /**
   * The server seems crowded: down to 0.7. Requests that were under way together count as one sign, not as many.
   *
   * @param started When the request went out, by the clock that gives `now`.
   */
  crowded(started: number, now: number): void;
  /** An answer came in good order. */
  fine(): void;
}

const fall = 0.7;

export function createCongestion(most: number): Congestion {
  let allowed = most;
  let lastFall = -Infinity;
  return {
    get allowed() {
      return Math.floor(allowed);
    },
    crowded(started, now) {
      if (started < lastFall) return;
      lastFall = now;
      allowed = Math.max(1, allowed * fall);
    },
    fine() {
      allowed = Math.min(most, allowed + 1 / allowed);
    },
  };
}
