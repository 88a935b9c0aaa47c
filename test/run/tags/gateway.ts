import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import type { Simulator } from '../../../src/simulator/index.ts';

/** A call as it arrived over the wire. */
export interface Seen {
  /** `newContact`, `getCustomers`, ... */
  readonly endpoint: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** An answer in the simulator's place; `hang` never answers, undefined lets the call through. */
export type Instead = Answer | 'hang' | undefined;

export interface Gateway {
  readonly url: string;
  readonly seen: Seen[];
  /** Decides about each call; may be changed at any time. */
  instead: (call: Seen) => Instead;
  /** Resolves when this many calls have arrived. */
  came(count: number): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

async function passOn(url: string, headers: readonly [string, string][], body: object): Promise<Answer> {
  const passed = await fetch(url, {
    method: 'POST',
    headers: { ...Object.fromEntries(headers), 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: passed.status, body: (await passed.json()) as object };
}

/** A proxy for a simulator: sees every call, and can answer in its place. */
export async function gatewayTo(simulator: Simulator): Promise<Gateway> {
  const waiting: { readonly count: number; readonly tell: () => void }[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const body = (await json(request)) as Seen['body'];
      const call = { endpoint: request.url?.split('/').at(-1) ?? '', body };
      gateway.seen.push(call);
      for (const { count, tell } of waiting) if (gateway.seen.length >= count) tell();
      const instead = gateway.instead(call);
      if (instead === 'hang') return;
      const headers = Object.entries(request.headers).filter(([name]) => name.startsWith('x-')) as [string, string][];
      const answer = instead ?? (await passOn(simulator.url + request.url, headers, body));
      response
        .writeHead(answer.status, { 'Content-Type': 'application/json', ...answer.headers })
        .end(JSON.stringify(answer.body));
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const gateway: Gateway = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: [],
    instead: () => undefined,
    came: async (count) =>
      gateway.seen.length >= count ? undefined : new Promise((tell) => waiting.push({ count, tell })),
  };
  return gateway;
}
