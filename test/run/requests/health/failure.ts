import type { FaultEvent } from '../../../../src/core/api/fault-table.ts';
import type { Failure } from '../../../../src/gleantap/client.ts';

const statuses: Partial<Record<FaultEvent, number>> = {
  ok_not_json: 200,
  redirect: 301,
  status_400: 400,
  status_401: 401,
  status_403: 403,
  status_403_first: 403,
  status_404: 404,
  status_408: 408,
  status_421: 421,
  status_429: 429,
  status_4xx: 451,
  status_503_retry_after: 503,
  status_5xx: 500,
};

/** A failed attempt, as the client reports it. */
export function failure(event: FaultEvent, change: Partial<Failure> = {}): Failure {
  return { kind: 'fault', event, status: statuses[event], reason: undefined, retryAfterMs: undefined, ...change };
}
