// oxlint-disable-next-line no-restricted-imports -- the one warning that concerns the calling program, not the run
import { emitWarning } from 'node:process';
import { systemClock } from '../flow/clock.ts';
import type { CreateTransport } from '../gleantap/http/transport.ts';
import type { ImportSummary } from '../report/summary.ts';
import { createStop } from '../run/events.ts';
import type { RunEvent, Stop } from '../run/events.ts';
import type { Ports } from '../run/ports.ts';
import { createEventStream, longestStall } from './event-stream.ts';
import { noteIn } from './logger.ts';
import type { RunControl } from './options.ts';

/**
 * A running import. Iterate over it to get its events as they happen, from then on. A run waits for a reader who is a few
 * hundred events behind, so read to the end or leave the loop. Events without a reader are not kept.
 */
export interface ImportRun extends AsyncIterable<RunEvent> {
  /**
   * How it ended, rows that failed and interruptions included: look at `exitCode`, and at `counts` where `kind` is `run`. Rejects
   * with a RunError when the run could not start, as the iteration does. If you do neither, that is an unhandled rejection.
   */
  readonly summary: Promise<ImportSummary>;
}

/** Starts a run with a program around it. Nothing of it happens before the caller had its turn to listen. */
export function startRun(
  { signal, logger, transport }: RunControl & { readonly transport?: CreateTransport | undefined },
  work: (ports: Omit<Ports, 'confirm'>) => Promise<ImportSummary>,
): ImportRun {
  const stream = createEventStream(systemClock, warnOfStall);
  const carryOut = async (): Promise<ImportSummary> => {
    await Promise.resolve();
    const { stop, note, unhear } = listenTo({ signal, logger });
    stop.signal.addEventListener('abort', () => stream.release(), { once: true });
    try {
      const ended = await work({
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
      stream.end();
      return ended;
    } catch (error) {
      // A reader gets the error at the end of its loop. Without a reader, an unhandled error must not be silent.
      if (stream.hasReaders) summary.catch(() => undefined);
      stream.end({ error });
      throw error;
    } finally {
      unhear();
    }
  };
  const summary = carryOut();
  return { summary, [Symbol.asyncIterator]: () => stream[Symbol.asyncIterator]() };
}

/** A mistake of the calling program, so it is reported as Node reports these: on stderr, or to `process.on('warning')`. */
function warnOfStall(): void {
  emitWarning(`A run has waited ${longestStall / 1000} s for a loop over its events that does not read any`, {
    type: 'UnreadEventsWarning',
    detail: 'Read all events, or leave the loop. Do not await "summary" inside it.',
  });
}

/** A stop that the caller's signal pulls, and a log that pulls it when it fails. */
export function listenTo({ signal, logger }: RunControl): {
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
