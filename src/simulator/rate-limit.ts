import { SlidingWindow } from './sliding-window.ts';

/**
 * At most `limit` requests in any second; 0 means no limit. Refused requests don't count, so a client that comes back
 * after a second is always served.
 */
export class RateLimit {
  /** The Retry-After of a refused request: within a second the whole window has passed. */
  static readonly RETRY_AFTER_SECONDS = 1;
  readonly #limit: number;
  readonly #served = new SlidingWindow();

  constructor(limit: number) {
    this.#limit = limit;
  }

  admits(now: number): boolean {
    if (this.#limit === 0) return true;
    if (this.#served.sizeAt(now) >= this.#limit) return false;
    this.#served.add(now);
    return true;
  }
}
