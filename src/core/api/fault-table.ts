import type { ProblemCode } from '../outcome/messages.ts';
import type { RunErrorCode } from '../outcome/run-error.ts';

/**
 * What one request can come to, and what that means for the row and the run: the one table for code, docs and tests
 * (promise P4; the reasons are in the project's fault matrix).
 *
 * - `retry`: the server did not take the row; send it again after a backoff.
 * - `retryLater`: the server may have taken it; send it again after a delay long enough for a late answer.
 * - `fail`, `unknown`: the row's outcome; go on with the others.
 * - `stop`: the run ends; this row and the rest stay pending.
 */
export interface FaultRule {
  readonly action: 'retry' | 'retryLater' | 'fail' | 'unknown' | 'stop';
  /** The row's code when it ends in `fail` or `unknown`, at once or when the attempts are spent. */
  readonly code: ProblemCode;
  /** The row's outcome when the attempts are spent. */
  readonly spent: 'failed' | 'unknown';
  /** How the run stops: by `action`, after `stopAfter` such events in a row, or else when a row's attempts are spent. */
  readonly stop?: RunErrorCode;
  readonly stopAfter?: number;
  /** Before any success this event stops the run as wrong settings (exit 2) instead. */
  readonly settingsAtFirst?: true;
  /** False where it is certain that nothing was processed: such requests don't count against `--attempts`. */
  readonly counts: boolean;
  /** Connect failure, timeout, reset on a fresh socket, 5xx without Retry-After: five in a row are an outage. */
  readonly serverFault: boolean;
  /** Counts for "20 refused with no success, 25 of the first 100". */
  readonly refusal?: true;
  /** Fewer attempts than `--attempts` for this event. */
  readonly attempts?: number;
  /** Needs no delay: the request never reached the server. */
  readonly atOnce?: true;
  /** Sent again on a connection of its own, since kept ones may be just as stale or misdirected. */
  readonly onFreshSocket?: true;
  /** All requests wait for as long as Retry-After says. */
  readonly waitsAsTold?: true;
  /** What happened, as part of a sentence. */
  readonly says: string;
}

const notSent = { action: 'retry', code: 'gave_up', spent: 'failed', counts: false, serverFault: true } as const;
const maybeTaken = {
  action: 'retryLater',
  code: 'fate_unknown',
  spent: 'unknown',
  counts: true,
  serverFault: true,
} as const;
const oddAnswer = { ...maybeTaken, serverFault: false } as const;
const refused = {
  action: 'fail',
  code: 'refused',
  spent: 'failed',
  counts: true,
  serverFault: false,
  refusal: true,
} as const;
const notProcessed = { action: 'retry', code: 'gave_up', spent: 'failed', counts: true, serverFault: false } as const;
const wrongForAll = {
  action: 'stop',
  code: 'gave_up',
  spent: 'failed',
  counts: true,
  serverFault: false,
  stop: 'server_refuses',
} as const;
const takenOddly = {
  action: 'unknown',
  code: 'accepted_without_id',
  spent: 'unknown',
  counts: true,
  serverFault: false,
} as const;

export const faultTable = {
  // The request did not get out, or no answer came back
  connect_refused: { ...notSent, says: 'the connection was refused' },
  connect_timeout: { ...notSent, says: 'no connection within the time limit' },
  network_unreachable: { ...notSent, says: 'the network is unreachable' },
  dns_failed: { ...notSent, says: 'the host name could not be looked up just now' },
  proxy_refused: {
    ...notSent,
    settingsAtFirst: true,
    stop: 'unreachable',
    says: 'the proxy would not connect to the host',
  },
  host_not_found: { ...notSent, settingsAtFirst: true, stop: 'unreachable', says: 'the host was not found' },
  tls_failed: {
    ...wrongForAll,
    settingsAtFirst: true,
    stop: 'unreachable',
    counts: false,
    says: 'the TLS connection could not be trusted',
  },
  too_many_files: { ...notSent, serverFault: false, says: 'this machine has too many open files' },
  reset_fresh: { ...maybeTaken, says: 'the connection was cut' },
  reset_idle: {
    ...maybeTaken,
    action: 'retry',
    serverFault: false,
    atOnce: true,
    onFreshSocket: true,
    says: 'an idle connection had been closed',
  },
  write_broken: { ...maybeTaken, says: 'the connection was cut while sending' },
  answer_timeout: { ...maybeTaken, says: 'no answer within the time limit' },
  body_timeout: { ...maybeTaken, says: 'the answer did not end within the time limit' },
  truncated: { ...maybeTaken, says: 'the answer was cut off' },
  protocol_error: { ...maybeTaken, onFreshSocket: true, says: 'the answer was not HTTP' },
  headers_too_large: { ...oddAnswer, stop: 'server_refuses', stopAfter: 3, says: 'the answer had too many headers' },
  bad_encoding: { ...oddAnswer, says: 'the answer could not be decoded' },

  // 2xx
  ok_empty: { ...oddAnswer, says: 'the answer was empty' },
  ok_not_json: {
    ...oddAnswer,
    attempts: 2,
    stop: 'server_refuses',
    stopAfter: 5,
    says: 'the answer was a page, not JSON',
  },
  ok_unreadable: { ...oddAnswer, says: 'the answer was not whole JSON' },
  ok_status_error: { ...refused, says: 'Gleantap answered with an error' },
  ok_without_id: { ...takenOddly, says: 'Gleantap accepted it but returned no _id' },
  ok_other_shape: { ...takenOddly, code: 'fate_unknown', says: 'the answer has the shape of another endpoint' },
  ok_too_large: { ...takenOddly, code: 'fate_unknown', says: 'the answer was larger than 1 MiB' },

  // 3xx
  redirect: { ...wrongForAll, says: 'the server points to another address, which is never followed' },

  // 4xx
  status_400: { ...refused, says: 'refused (400 or 422)' },
  status_401: { ...wrongForAll, stop: 'credentials_refused', says: 'the keys were refused (401)' },
  status_403_first: { ...wrongForAll, stop: 'credentials_refused', says: 'access was denied (403)' },
  status_403: { ...refused, stop: 'server_refuses', stopAfter: 5, says: 'access was denied (403)' },
  status_404: { ...wrongForAll, says: 'there is no such address (404, 405 or 410)' },
  status_407: { ...wrongForAll, says: 'a proxy asks for credentials (407)' },
  status_408: { ...notProcessed, says: 'the server did not get the request whole (408)' },
  status_409: { ...notProcessed, code: 'conflict', attempts: 3, says: 'the contact is being changed elsewhere (409)' },
  status_413: { ...refused, code: 'row_too_large', says: 'the row is too large (413)' },
  status_421: {
    ...notProcessed,
    attempts: 2,
    stop: 'server_refuses',
    onFreshSocket: true,
    says: 'the request was misdirected (421)',
  },
  status_423: { ...notProcessed, says: 'the server asked to try again (423, 424 or 425)' },
  status_429: {
    ...notProcessed,
    counts: false,
    stop: 'try_later',
    stopAfter: 51,
    waitsAsTold: true,
    says: 'too many requests (429)',
  },
  status_4xx_client: { ...wrongForAll, says: 'the server does not understand this version of the program' },
  status_4xx: { ...refused, stop: 'server_refuses', stopAfter: 20, says: 'refused (4xx)' },

  // 5xx
  status_503_retry_after: {
    ...notProcessed,
    waitsAsTold: true,
    stop: 'try_later',
    stopAfter: 51,
    says: 'the server is busy and said when to come back (503)',
  },
  status_521: { ...notSent, says: 'the server behind the CDN is down (521 or 523)' },
  status_5xx: { ...maybeTaken, says: 'the server failed (5xx)' },
  status_5xx_client: { ...wrongForAll, says: 'the server does not support this request (501 or 505)' },
} as const satisfies Record<string, FaultRule>;

/** What became of a request that did not end in success. */
export type FaultEvent = keyof typeof faultTable;

export function faultRule(event: FaultEvent): FaultRule {
  return faultTable[event];
}

/** Whether the server says that it took the request. */
export function isOk(status: number): boolean {
  return status >= 200 && status < 300;
}

/** The event of an HTTP status that is not 2xx. */
export function eventOfStatus(
  status: number,
  context: { readonly retryAfter: boolean; readonly hadSuccess: boolean },
): FaultEvent {
  // An interim status can't end an exchange.
  if (status < 200) return 'protocol_error';
  if (status < 400) return 'redirect';
  switch (status) {
    case 400:
    case 422:
      return 'status_400';
    case 401:
      return 'status_401';
    case 403:
      return context.hadSuccess ? 'status_403' : 'status_403_first';
    case 404:
    case 405:
    case 410:
      return 'status_404';
    case 407:
      return 'status_407';
    case 408:
      return 'status_408';
    case 409:
      return 'status_409';
    case 413:
    case 414:
      return 'status_413';
    case 421:
      return 'status_421';
    case 423:
    case 424:
    case 425:
      return 'status_423';
    case 429:
      return 'status_429';
    case 406:
    case 411:
    case 415:
    case 426:
    case 431:
      return 'status_4xx_client';
    case 501:
    case 505:
      return 'status_5xx_client';
    case 503:
      return context.retryAfter ? 'status_503_retry_after' : 'status_5xx';
    case 521:
    case 523:
      return 'status_521';
    default:
      return status < 500 ? 'status_4xx' : 'status_5xx';
  }
}
