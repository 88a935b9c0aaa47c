import { onTestFinished } from 'vitest';
import { createTransport } from '../../../src/gleantap/http/connection-pool.ts';
import type { HttpResult, Transport } from '../../../src/gleantap/http/transport.ts';

export const endpoint = '/v2/ExternalApi/newContact';
export const never = new AbortController().signal;

/** A transport to a server on this machine; closed after the test. */
export function transportTo(port: number, timeoutMs = 10_000): Transport {
  const transport = createTransport({ origin: new URL(`http://127.0.0.1:${port}`), timeoutMs });
  onTestFinished(() => transport.close());
  return transport;
}

/** Sends the row of this number. */
export async function sendRow(transport: Transport, row: string, signal: AbortSignal = never): Promise<HttpResult> {
  return transport.post(endpoint, { 'X-API-KEY': 'canary' }, JSON.stringify({ user_id: row }), signal);
}

/** The result of a request: its status, or its event. */
export function wordOf(result: HttpResult): string {
  return result.kind === 'fault' ? result.event : `${result.status}${result.tooLarge ? ' too large' : ''}`;
}
