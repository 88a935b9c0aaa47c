import type { RunEvent } from '../run/events.ts';

/** The events of one run, for any number of readers. What nobody reads is not kept. */
export interface EventStream extends AsyncIterable<RunEvent> {
  push(event: RunEvent): void;
  /** Resolves when no reader is far behind, or nobody may wait for readers any more. */
  keptUp(): Promise<void>;
  /** From now on nobody waits for readers. */
  release(): void;
  /** Lets the readers come to their end once they have read everything; or fail there. */
  end(failure?: { readonly error: unknown }): void;
}

/** Events that a reader may be behind before the run waits for it. */
const furthestBehind = 256;

interface Reader {
  events: RunEvent[];
  wake?: () => void;
}

export function createEventStream(): EventStream {
  const readers = new Set<Reader>();
  let waiting: (() => void)[] = [];
  let isReleased = false;
  let ended: { readonly failure?: { readonly error: unknown } | undefined } | undefined;

  const isBehind = (): boolean => !isReleased && [...readers].some(({ events }) => events.length >= furthestBehind);
  const goOn = (): void => {
    if (isBehind()) return;
    for (const resume of waiting) resume();
    waiting = [];
  };
  return {
    push(event) {
      for (const reader of readers) {
        reader.events.push(event);
        reader.wake?.();
      }
    },
    async keptUp() {
      while (isBehind()) await new Promise<void>((resolve) => waiting.push(resolve));
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
          yield* events;
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
