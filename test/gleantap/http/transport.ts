import { onTestFinished } from 'vitest';
import { createTransport } from '../../../src/gleantap/http/exchange.ts';
import type { Exchange, Transport } from '../../../src/gleantap/http/exchange.ts';

export const endpoint = '/v2/ExternalApi/newContact';
export const never = new AbortController().signal;

/** A transport to a server on this machine; closed after the test. */
export function transportTo(port: number, timeoutMs = 10_000, maxSockets = 4): Transport {
  const transport = createTransport({ origin: new URL(`http://127.0.0.1:${port}`), timeoutMs, maxSockets });
  onTestFinished(() => transport.close());
  return transport;
}

/** Sends the row of this number. */
export async function sendRow(transport: Transport, row: string, signal: AbortSignal = never): Promise<Exchange> {
  return transport.post(endpoint, { 'X-API-KEY': 'canary' }, JSON.stringify({ user_id: row }), signal);
}

/** What an exchange came to, in a word: its status, or its event. */
export function wordOf(exchange: Exchange): string {
  return exchange.kind === 'fault' ? exchange.event : `${exchange.status}${exchange.tooLarge ? ' too large' : ''}`;
}
