import { systemClock } from '../flow/clock.ts';
import type { CreateTransport } from '../gleantap/http/transport.ts';
import type { Summary } from '../report/summary.ts';
import { createStop } from '../run/events.ts';
import type { RunEvent, Stop } from '../run/events.ts';
import type { Ports } from '../run/ports.ts';
import { createEventStream } from './event-stream.ts';
import { noteIn } from './logger.ts';
import type { Surroundings } from './options.ts';

/**
 * An import on its way. Iterating over it gives its events as they happen, from then on; a run waits for a reader who is a few
 * hundred events behind, so whoever begins to read goes on to the end or breaks off. What nobody reads is not kept.
 */
export interface ImportRun extends AsyncIterable<RunEvent> {
  /**
   * How it ended, rows that failed and interruptions included: look at `exitCode` and `counts`. Rejects with a RunError when the
   * run could not begin, as the iteration does.
   */
  readonly summary: Promise<Summary>;
}

/** Starts a run with a program around it. Nothing of it happens before the caller had its turn to listen. */
export function startRun(
  { signal, logger, transport }: Surroundings & { readonly transport?: CreateTransport | undefined },
  work: (ports: Omit<Ports, 'confirm'>) => Promise<Summary>,
): ImportRun {
  const stream = createEventStream();
  const carryOut = async (): Promise<Summary> => {
    await Promise.resolve();
    const { stop, note, unhear } = listenTo({ signal, logger });
    stop.signal.addEventListener('abort', () => stream.release(), { once: true });
    try {
      return await work({
        clock: systemClock,
        waits: systemClock,
        random: Math.random,
        transport,
        stop,
        emit: (event) => {
          note(event);
          stream.push(event);
        },
        keptUp: async () => stream.keptUp(),
      });
    } finally {
      unhear();
    }
  };
  const summary = carryOut();
  summary.then(
    () => stream.end(),
    (error: unknown) => stream.end({ error }),
  );
  return {
    summary,
    [Symbol.asyncIterator]() {
      // Whoever iterates hears of a failure there.
      summary.catch(() => undefined);
      return stream[Symbol.asyncIterator]();
    },
  };
}

/** A stop that the caller's signal pulls, and a log that pulls it when it fails. */
export function listenTo({ signal, logger }: Surroundings): {
  readonly stop: Stop;
  readonly note: (event: RunEvent) => void;
  unhear(): void;
} {
  const stop = createStop();
  const onAbort = (): void => stop.request({ kind: 'signal', signal: 'SIGINT' });
  if (signal?.aborted === true) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  return {
    stop,
    note: noteIn(logger, (error) => stop.request({ kind: 'error', error })),
    unhear: () => signal?.removeEventListener('abort', onAbort),
  };
}
