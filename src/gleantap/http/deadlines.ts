/**
 * The time limits of all requests under way, kept by one timer rather than by several timers and an abort listener for
 * each request: one place says when a request is over. The clock is read by the timer alone, so that a request that is
 * answered before the timer's next turn, as most are, costs next to nothing.
 */
export interface Deadlines {
  /**
   * @param signal Ends the request when it aborts.
   * @param ms For the whole request.
   * @param onOver Called once, with the cause, unless the deadline was removed before.
   */
  add(signal: AbortSignal, ms: number, onOver: (cause: string) => void): Deadline;
  remove(deadline: Deadline): void;
  /** Ends all requests that are under way. */
  close(): void;
}

export interface Deadline {
  /** Limits the present phase of the request, in milliseconds from now; Infinity lifts that limit. */
  within(ms: number): void;
}

/** Milliseconds between two checks of the clock. A limit starts with one check and ends with another, so it is never early. */
const interval = 50;

export function createDeadlines(): Deadlines {
  /** Those that were removed are left out at the next look. */
  let underWay: Limits[] = [];
  let count = 0;
  let timer: NodeJS.Timeout | undefined;
  const remove = (deadline: Deadline): void => {
    const limits = deadline as Limits;
    if (limits.isOver) return;
    limits.end();
    count -= 1;
    if (count === 0) timer?.unref();
  };
  const endThose = (causeOf: (limits: Limits) => string | undefined): void => {
    const before = underWay;
    underWay = [];
    for (const limits of before) {
      if (limits.isOver) continue;
      const cause = causeOf(limits);
      if (cause === undefined) underWay.push(limits);
      else {
        const { onOver } = limits;
        remove(limits);
        onOver(cause);
      }
    }
  };
  const look = (): void => {
    const now = performance.now();
    endThose((limits) => limits.causeAt(now));
  };
  return {
    add(signal, ms, onOver) {
      // A request may have nothing else that keeps the process alive: a name that is looked up in vain has no connection.
      if (count === 0) timer = timer?.ref() ?? setInterval(look, interval);
      count += 1;
      const limits = new Limits(signal, ms, onOver);
      underWay.push(limits);
      return limits;
    },
    remove,
    close() {
      clearInterval(timer);
      endThose(() => 'closed');
    },
  };
}

class Limits implements Deadline {
  onOver: (cause: string) => void;
  isOver = false;
  readonly #signal: AbortSignal;
  readonly #ms: number;
  #started: number | undefined;
  #phase = Infinity;
  #phaseStarted: number | undefined;

  constructor(signal: AbortSignal, ms: number, onOver: (cause: string) => void) {
    this.#signal = signal;
    this.#ms = ms;
    this.onOver = onOver;
  }

  /** The request is let go of: what waits here for the next look would otherwise keep its bodies from being collected. */
  end(): void {
    this.isOver = true;
    this.onOver = () => undefined;
  }

  within(ms: number): void {
    this.#phase = ms;
    this.#phaseStarted = undefined;
  }

  causeAt(now: number): string | undefined {
    this.#started ??= now;
    this.#phaseStarted ??= now;
    if (this.#signal.aborted) return 'aborted';
    if (now - this.#started >= this.#ms) return `${this.#ms} ms`;
    return now - this.#phaseStarted >= this.#phase ? `${this.#phase} ms` : undefined;
  }
}
