import type { Clock } from '../../src/flow/clock.ts';

/** A clock that does not move until the test moves it. Sleepers wake in the order of their times. */
export interface FakeClock extends Clock {
  /** Advances, stops wherever a sleeper wakes, and lets everything that follows run. */
  advance(ms: number): Promise<void>;
  /** Time passed at once, as while a laptop slept: timers are late. */
  jump(ms: number): Promise<void>;
  readonly sleepers: number;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

export function fakeClock(start = 1000): FakeClock {
  let now = start;
  let sleeping: Sleeper[] = [];
  const wakeDue = async (): Promise<void> => {
    const due = sleeping.filter(({ at }) => at <= now);
    sleeping = sleeping.filter(({ at }) => at > now);
    for (const { wake } of due) wake();
    await settled();
  };
  return {
    now: () => now,
    monotonic: () => now,
    async sleep(ms, signal) {
      if (!(ms > 0) || signal?.aborted === true) return;
      await new Promise<void>((resolve) => {
        const sleeper: Sleeper = {
          at: now + ms,
          wake: () => {
            signal?.removeEventListener('abort', sleeper.wake);
            sleeping = sleeping.filter((other) => other !== sleeper);
            resolve();
          },
        };
        sleeping = [...sleeping, sleeper].toSorted((a, b) => a.at - b.at);
        signal?.addEventListener('abort', sleeper.wake, { once: true });
      });
    },
    async advance(ms) {
      const end = now + ms;
      await settled();
      for (let next = sleeping[0]; next !== undefined && next.at <= end; next = sleeping[0]) {
        now = Math.max(now, next.at);
        await wakeDue();
      }
      now = end;
      await wakeDue();
    },
    async jump(ms) {
      now += ms;
      await wakeDue();
    },
    get sleepers() {
      return sleeping.length;
    },
  };
}

/** Resolves after all promises that can continue have continued. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
