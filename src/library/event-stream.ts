import type { Clock } from '../flow/clock.ts';
import type { RunEvent } from '../run/events.ts';

/** The events of one run, for any number of readers. Events without a reader are not kept. */
export interface EventStream extends AsyncIterable<RunEvent> {
  push(event: RunEvent): void;
  /** Whether a reader is still reading and will get a failure. */
  readonly hasReaders: boolean;
  /** Resolves when no reader is far behind, or the run no longer waits for readers. */
  keptUp(): Promise<void>;
  /** From now on the run does not wait for readers. */
  release(): void;
  /** Lets the readers come to their end once they have read everything; or fail there. */
  end(failure?: { readonly error: unknown }): void;
}

/** Events that a reader may be behind before the run waits for it. */
const furthestBehind = 256;

/** Milliseconds without a single event read, while the run waits, after which a process warning is emitted. */
export const longestStall = 10_000;

interface Reader {
  events: RunEvent[];
  wake?: () => void;
}

/** @param onStall Called once, when the run has waited that long for a reader who reads nothing. */
export function createEventStream(clock: Pick<Clock, 'sleep'>, onStall: () => void): EventStream {
  const readers = new Set<Reader>();
  let waiting: (() => void)[] = [];
  let isReleased = false;
  let ended: { readonly failure?: { readonly error: unknown } | undefined } | undefined;
  let read = 0;
  let watching: AbortController | undefined;
  let hasStalled = false;

  const isBehind = (): boolean => !isReleased && [...readers].some(({ events }) => events.length >= furthestBehind);
  const goOn = (): void => {
    if (isBehind()) return;
    watching?.abort();
    watching = undefined;
    for (const resume of waiting) resume();
    waiting = [];
  };
  const watch = async ({ signal }: AbortController): Promise<void> => {
    while (!hasStalled) {
      const before = read;
      await clock.sleep(longestStall, signal);
      if (signal.aborted) return;
      if (read !== before) continue;
      hasStalled = true;
      onStall();
    }
  };
  return {
    get hasReaders() {
      return readers.size > 0;
    },
    push(event) {
      for (const reader of readers) {
        reader.events.push(event);
        reader.wake?.();
      }
    },
    async keptUp() {
      while (isBehind()) {
        if (watching === undefined) void watch((watching = new AbortController()));
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    release() {
      isReleased = true;
      goOn();
    },
    end(failure) {
      ended = { failure };
      for (const { wake } of readers) wake?.();
    },
    async *[Symbol.asyncIterator]() {
      const reader: Reader = { events: [] };
      readers.add(reader);
      try {
        for (;;) {
          const { events } = reader;
          reader.events = [];
          goOn();
          for (const event of events) {
            read += 1;
            yield event;
          }
          if (reader.events.length > 0) continue;
          if (ended !== undefined) break;
          await new Promise<void>((resolve) => (reader.wake = resolve));
        }
      } finally {
        readers.delete(reader);
        goOn();
      }
      if (ended.failure !== undefined) throw ended.failure.error;
    },
  };
}
