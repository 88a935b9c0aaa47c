import type { Delays } from './delays.ts';
import type { Exchange } from './exchange.ts';
import type { FaultKind } from './faults.ts';

/** What a fault has at hand. The id is that of the taken row, and empty when the fault takes none. */
interface Scene {
  readonly exchange: Exchange;
  readonly id: string;
  readonly delays: Delays;
  readonly hangMs: number;
}

const PAGE = '<!doctype html>\n<html><head><title>Simulated page</title></head><body>Not the API.</body></html>\n';
const WAIT = { 'Retry-After': '1' };

/** How each fault looks from the client's side. */
const STAGED: Readonly<Record<FaultKind, (scene: Scene) => void>> = {
  reset_before: ({ exchange }) => exchange.reset(),
  reset_after: ({ exchange }) => exchange.reset(),
  hang_before: hang,
  hang_after: hang,
  http_500_before: ({ exchange }) => exchange.json(500, failure('Internal Server Error')),
  http_500_after: ({ exchange }) => exchange.json(500, failure('Internal Server Error')),
  http_502_html: ({ exchange }) => exchange.text(502, 'text/html', PAGE),
  http_503: ({ exchange }) => exchange.json(503, failure('Service Unavailable')),
  http_503_retry_after: ({ exchange }) => exchange.json(503, failure('Service Unavailable'), WAIT),
  http_429: ({ exchange }) => exchange.json(429, failure('Too Many Requests'), WAIT),
  http_400: ({ exchange }) => exchange.json(400, failure('Invalid request')),
  http_400_empty: ({ exchange }) => exchange.text(400, 'application/json', ''),
  ok_without_id: ({ exchange }) => exchange.json(200, { status: 'success' }),
  ok_not_json: ({ exchange }) => exchange.text(200, 'text/html', PAGE),
  truncated_body: ({ exchange, id }) => exchange.firstHalf(200, success(id), () => exchange.cut()),
  status_error: ({ exchange }) => exchange.json(200, failure('The contact could not be saved')),
  slow_body: ({ exchange, id, delays, hangMs }) =>
    exchange.firstHalf(200, success(id), (rest) => delays.after(hangMs, () => exchange.secondHalf(rest))),
};

/** Answers as the fault demands instead of properly. */
export function stageFault(kind: FaultKind, scene: Scene): void {
  STAGED[kind](scene);
}

/** The documented answer (API page newContact). It does not say whether the contact was created or updated. */
export function success(id: string): { status: 'success'; _id: string } {
  return { status: 'success', _id: id };
}

/** An error body. Its real shape is unknown. */
export function failure(message: string): { status: 'error'; message: string } {
  return { status: 'error', message };
}

function hang({ exchange, delays, hangMs }: Scene): void {
  delays.after(hangMs, () => exchange.cut());
}
