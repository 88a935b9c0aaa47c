import type { Clock } from '../../flow/clock.ts';

/** Leave to send: an ordinary attempt, or the probe of an outage, which doesn't count as one. */
export type Permit = 'attempt' | 'probe';

/**
 * When nobody answers any more (five server faults in a row), all rows wait but one, which probes with growing gaps until an
 * answer comes or the outage has lasted too long.
 */
export interface Outage {
  /** Whether nobody answers at present. */
  readonly isOut: boolean;
  /** Waits while the server is out. Returns early when the signal aborts: look at it afterwards. */
  permit(signal: AbortSignal): Promise<Permit>;
  /** Tells how a permitted request ended: an answer, a server fault, or neither. */
  ended(permit: Permit, how: 'answer' | 'fault' | 'neither'): void;
}

export interface OutageOptions {
  readonly clock: Clock;
  /** Milliseconds. */
  readonly longest: number;
  onBegin(): void;
  onEnd(ms: number): void;
  /** The outage has lasted too long. */
  onGiveUp(): void;
}

const faultsInARow = 5;
const firstGap = 1000;
const longestGap = 30_000;

export function createOutage({ clock, longest, onBegin, onEnd, onGiveUp }: OutageOptions): Outage {
  let faults = 0;
  let firstFault = 0;
  let isOut = false;
  let isProbing = false;
  let gap = firstGap;
  let sleepers: (() => void)[] = [];

  const wakeAll = (): void => {
    const woken = sleepers;
    sleepers = [];
    for (const wake of woken) wake();
  };
  const change = async (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', wake);
        resolve();
      };
      signal.addEventListener('abort', wake, { once: true });
      sleepers.push(wake);
    });

  return {
    get isOut() {
      return isOut;
    },
    async permit(signal) {
      while (isOut && !signal.aborted) {
        if (isProbing) {
          await change(signal);
          continue;
        }
        isProbing = true;
        const left = firstFault + longest - clock.monotonic();
        if (left > 0) await clock.sleep(Math.min(gap, left), signal);
        gap = Math.min(longestGap, gap * 2);
        if (clock.monotonic() - firstFault >= longest) onGiveUp();
        return 'probe';
      }
      return 'attempt';
    },
    ended(permit, how) {
      if (permit === 'probe') isProbing = false;
      if (how === 'answer') {
        if (isOut) onEnd(clock.monotonic() - firstFault);
        faults = 0;
        isOut = false;
        gap = firstGap;
      }
      if (how === 'fault') {
        if (faults === 0) firstFault = clock.monotonic();
        faults += 1;
        if (!isOut && faults >= faultsInARow) {
          isOut = true;
          onBegin();
        }
      }
      if (permit === 'probe' || !isOut) wakeAll();
    },
  };
}
