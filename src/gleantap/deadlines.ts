/**
 * The time limits of all requests under way, kept by one timer rather than by several timers and an abort listener for
 * each request: one place says when a request is over.
 */
export interface Deadlines {
  /**
   * @param signal Ends the request when it aborts.
   * @param ms For the whole request.
   * @param onOver Called once, with the cause, unless the deadline was removed before.
   */
  add(signal: AbortSignal, ms: number, onOver: (cause: string) => void): Deadline;
  remove(deadline: Deadline): void;
  close(): void;
}

export interface Deadline {
  /** Limits the present phase of the request, in milliseconds from now; Infinity lifts that limit. */
  within(ms: number): void;
}

/** Milliseconds by which a request may be ended late. */
const lateness = 50;

export function createDeadlines(): Deadlines {
  const underWay = new Set<Limits>();
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    const now = performance.now();
    for (const limits of underWay) {
      const cause = limits.causeAt(now);
      if (cause === undefined) continue;
      underWay.delete(limits);
      limits.onOver(cause);
    }
    if (underWay.size === 0) timer?.unref();
  };
  return {
    add(signal, ms, onOver) {
      // A request may have nothing else that keeps the process alive: a name that is looked up in vain has no connection.
      timer = timer?.ref() ?? setInterval(look, lateness);
      const limits = new Limits(signal, ms, onOver);
      underWay.add(limits);
      return limits;
    },
    remove(deadline) {
      underWay.delete(deadline as Limits);
      if (underWay.size === 0) timer?.unref();
    },
    close() {
      clearInterval(timer);
    },
  };
}

class Limits implements Deadline {
  readonly onOver: (cause: string) => void;
  readonly #signal: AbortSignal;
  readonly #ms: number;
  readonly #started = performance.now();
  #phase = Infinity;
  #phaseStarted = 0;

  constructor(signal: AbortSignal, ms: number, onOver: (cause: string) => void) {
    this.#signal = signal;
    this.#ms = ms;
    this.onOver = onOver;
  }

  within(ms: number): void {
    this.#phase = ms;
    this.#phaseStarted = performance.now();
  }

  causeAt(now: number): string | undefined {
    if (this.#signal.aborted) return 'aborted';
    if (now - this.#started >= this.#ms) return `${this.#ms} ms`;
    return now - this.#phaseStarted >= this.#phase ? `${this.#phase} ms` : undefined;
  }
}
