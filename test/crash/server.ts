import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { StoredContact } from '../../src/simulator/contact.ts';
import { settle } from '../../src/simulator/options.ts';
import type { SimulatorOptions } from '../../src/simulator/options.ts';
import { RequestHandler } from '../../src/simulator/request-handler.ts';
import type { SimulatorStats } from '../../src/simulator/traffic.ts';
import { appId, canaries } from '../cli/harness.ts';

/** One newContact request, as the simulator met it. */
export interface Request {
  /** The attribute `row` of the contact: which row of the file this is. */
  readonly row: number;
  /** Wall clock, in milliseconds. */
  readonly at: number;
  /** When a whole answer was passed to the system. Undefined until then, and forever if it was cut off. */
  answered: { readonly at: number; readonly status: number } | undefined;
}

/** The simulator with a list of the requests in order of arrival. */
export interface LoggedSimulator {
  readonly url: string;
  readonly requests: readonly Request[];
  contacts(): StoredContact[];
  stats(): SimulatorStats;
  /** From now on answers wait for this many milliseconds. Rows are still taken. */
  hold(ms: number): void;
  /** Resolves when the list holds at least this many requests. */
  reaches(requests: number, signal: AbortSignal): Promise<void>;
}

export async function loggedSimulator(options: SimulatorOptions): Promise<LoggedSimulator> {
  const settings = { ...settle({ credentials: { ...canaries, appId }, ...options }) };
  const handler = new RequestHandler(settings);
  const requests: Request[] = [];
  const waiting = new Set<{ readonly count: number; readonly wake: () => void }>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.url?.endsWith('/newContact') !== true) return;
      const { row } = JSON.parse(Buffer.concat(chunks).toString()) as { row?: string };
      const entry: Request = { row: Number(row), at: Date.now(), answered: undefined };
      requests.push(entry);
      response.on('finish', () => (entry.answered = { at: Date.now(), status: response.statusCode }));
      for (const waiter of waiting) if (requests.length >= waiter.count) waiter.wake();
    });
    handler.handle(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    handler.cancelDelays();
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    contacts: () => handler.contacts(),
    stats: () => handler.stats(),
    hold: (ms) => {
      // The handler reads its settings for each request.
      settings.latencyMs = ms;
    },
    reaches: async (count, signal) =>
      new Promise((resolve) => {
        const waiter = {
          count,
          wake: () => {
            waiting.delete(waiter);
            resolve();
          },
        };
        waiting.add(waiter);
        signal.addEventListener('abort', waiter.wake, { once: true });
        if (requests.length >= count || signal.aborted) waiter.wake();
      }),
  };
}
