import type { Clock } from '../../../flow/clock.ts';

/** Permission for one request: an ordinary attempt, or the probe of an outage, which does not count as an attempt. */
export type Permit = 'attempt' | 'probe';

/**
 * Bounds what an outage costs. Five faults in a row open the circuit. Then all requests wait except one, which probes with
 * growing gaps until a clear answer closes the circuit or the outage has lasted too long. What is a fault is decided by the caller.
 */
export interface CircuitBreaker {
  /** Whether the API gives no clear answers at present. */
  readonly isOpen: boolean;
  /** Faults in a row. */
  readonly faults: number;
  /** Milliseconds since the first fault of the row; 0 if there is none. */
  readonly lasted: number;
  /** Opens the circuit before five faults in a row. */
  open(): void;
  /**
   * Waits while the circuit is open. Resolves to `expired` when the outage has lasted too long. Returns early when the signal
   * aborts: check the signal afterwards.
   */
  admit(signal: AbortSignal): Promise<Permit | 'expired'>;
  /** Every admitted request ends here: with a clear answer, a fault, or neither. Those of a run that stopped need not. */
  ended(permit: Permit, how: 'answer' | 'fault' | 'neither'): void;
}

export interface CircuitBreakerOptions {
  readonly clock: Clock;
  /** Milliseconds. */
  readonly maxOutage: number;
  onOpen(): void;
  /** @param ms Milliseconds since the first fault. */
  onClose(ms: number): void;
}

const faultsInARow = 5;
const firstGap = 1000;
const longestGap = 30_000;

export function createCircuitBreaker({ clock, maxOutage, onOpen, onClose }: CircuitBreakerOptions): CircuitBreaker {
  let faults = 0;
  let firstFault = 0;
  let isOpen = false;
  let isProbing = false;
  let gap = firstGap;
  let waiting: (() => void)[] = [];

  const wakeAll = (): void => {
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };
  const change = async (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', wake);
        resolve();
      };
      signal.addEventListener('abort', wake, { once: true });
      waiting.push(wake);
    });

  const lasted = (): number => (faults === 0 ? 0 : clock.monotonic() - firstFault);
  const open = (): void => {
    if (isOpen) return;
    isOpen = true;
    onOpen();
  };

  return {
    get isOpen() {
      return isOpen;
    },
    get faults() {
      return faults;
    },
    get lasted() {
      return lasted();
    },
    open,
    async admit(signal) {
      while (isOpen && !signal.aborted) {
        if (isProbing) {
          await change(signal);
          continue;
        }
        isProbing = true;
        const left = maxOutage - lasted();
        if (left > 0) await clock.sleep(Math.min(gap, left), signal);
        gap = Math.min(longestGap, gap * 2);
        return lasted() >= maxOutage ? 'expired' : 'probe';
      }
      return 'attempt';
    },
    ended(permit, how) {
      if (permit === 'probe') isProbing = false;
      if (how === 'answer') {
        if (isOpen) onClose(lasted());
        faults = 0;
        isOpen = false;
        gap = firstGap;
      }
      if (how === 'fault') {
        if (faults === 0) firstFault = clock.monotonic();
        faults += 1;
        if (faults >= faultsInARow) open();
      }
      if (permit === 'probe' || !isOpen) wakeAll();
    },
  };
}
