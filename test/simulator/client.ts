import { once } from 'node:events';
import { request } from 'node:http';
import type { Agent, ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { afterEach } from 'vitest';
import { createSimulator } from '../../src/simulator/index.ts';
import type { Simulator, SimulatorOptions } from '../../src/simulator/index.ts';

/** What a client sees: the part of an answer that arrived, and the error that ended it. */
export interface Seen {
  readonly status?: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly error?: string;
}

export interface RequestShape {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly agent?: Agent;
}

export const KEYS = { 'X-API-KEY': 'key', 'X-SECRET-KEY': 'secret', 'Content-Type': 'application/json' };

const running: Simulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
});

/** A simulator that is closed after the test. */
export async function startSimulator(options?: SimulatorOptions): Promise<Simulator> {
  const simulator = await createSimulator(options);
  running.push(simulator);
  return simulator;
}

/** One request on its own connection. Never rejects. */
export async function send(simulator: Simulator, path: string, shape: RequestShape = {}): Promise<Seen> {
  const outgoing = request(`${simulator.url}${path}`, {
    method: shape.method ?? 'POST',
    headers: shape.headers ?? KEYS,
    agent: shape.agent ?? false,
  });
  outgoing.end(shape.body);
  return seeAnswer(outgoing);
}

export async function seeAnswer(outgoing: ClientRequest): Promise<Seen> {
  let text = '';
  try {
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    const { statusCode: status = 0, headers } = incoming;
    try {
      incoming.setEncoding('utf8');
      for await (const chunk of incoming) text += String(chunk);
      return { status, headers, text };
    } catch (error) {
      return { status, headers, text, error: codeOf(error) };
    }
  } catch (error) {
    return { headers: {}, text, error: codeOf(error) };
  }
}

/** A call of the API with valid credentials; the answer's JSON is parsed. */
export async function call(simulator: Simulator, endpoint: string, body: Record<string, unknown>) {
  const seen = await send(simulator, `/v2/ExternalApi/${endpoint}`, {
    body: JSON.stringify({ app_id: 'app', ...body }),
  });
  return { status: seen.status, body: JSON.parse(seen.text) as Record<string, unknown> };
}

export async function newContact(simulator: Simulator, fields: Record<string, unknown>) {
  return call(simulator, 'newContact', { first_name: 'Ana', last_name: 'Diaz', ...fields });
}

/** As {@link newContact}, for answers that are broken on purpose. */
export async function newContactSeen(simulator: Simulator, fields: Record<string, unknown>): Promise<Seen> {
  return send(simulator, '/v2/ExternalApi/newContact', {
    body: JSON.stringify({ app_id: 'app', first_name: 'Ana', last_name: 'Diaz', ...fields }),
  });
}

/** Starts a newContact request and leaves the waiting to the caller. */
export function openNewContact(simulator: Simulator, fields: Record<string, unknown>): ClientRequest {
  const outgoing = request(`${simulator.url}/v2/ExternalApi/newContact`, {
    method: 'POST',
    headers: KEYS,
    agent: false,
  });
  outgoing.end(JSON.stringify({ app_id: 'app', first_name: 'Ana', last_name: 'Diaz', ...fields }));
  return outgoing;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
