import type { ProblemCode } from '../outcome/messages.ts';
import type { RunErrorCode } from '../outcome/run-error.ts';

/**
 * Every result of a failed request, and what it means for the row and the run. Code, docs and tests share this table
 * (promise P4).
 *
 * - `retry`: the server did not take the row; send it again after a backoff.
 * - `retryLater`: the server may have taken it; send it again after a delay long enough for a late answer.
 * - `fail`, `unknown`: the row's outcome. Continue with the others.
 * - `stop`: the run ends; this row and the rest stay pending.
 */
export interface FaultRule {
  readonly action: 'retry' | 'retryLater' | 'fail' | 'unknown' | 'stop';
  /** The row's code when it ends in `fail` or `unknown`, at once or when the attempts are spent. */
  readonly code: ProblemCode;
  /** The outcome of the row after the last attempt. */
  readonly spent: 'failed' | 'unknown';
  /** How the run stops: by `action`, after `stopAfter` of these events in a row, or after the last attempt of a row. */
  readonly stop?: RunErrorCode;
  readonly stopAfter?: number;
  /** Before the first success, this event stops the run because of wrong settings (exit 2) instead. */
  readonly settingsAtFirst?: true;
  /** False if nothing was processed for certain. These requests don't count against `--attempts`. */
  readonly counts: boolean;
  /** Connect failure, timeout, reset on a fresh socket, 5xx without Retry-After: five in a row are an outage, even of a single row. */
  readonly serverFault: boolean;
  /** It happened on this machine, or to an idle connection: it does not show whether rows get through. */
  readonly saysNothing?: true;
  /** Counts for "20 refused with no success, 25 of the first 100". */
  readonly refusal?: true;
  /** Fewer attempts than `--attempts` for this event. */
  readonly attempts?: number;
  /** Retry without delay: the request never reached the server. */
  readonly atOnce?: true;
  /** Retry on a new connection, since other kept connections may be stale or misdirected too. */
  readonly onFreshSocket?: true;
  /** All requests wait for as long as Retry-After says. */
  readonly waitsAsTold?: true;
  /** What happened, as a clause of a sentence. */
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
  // The request was not sent, or no response came back
  connect_refused: { ...notSent, says: 'the connection was refused' },
  connect_timeout: { ...notSent, says: 'the connection was not established within the time limit' },
  network_unreachable: { ...notSent, says: 'the network is unreachable' },
  dns_failed: { ...notSent, says: 'the host name lookup failed temporarily' },
  proxy_refused: {
    ...notSent,
    settingsAtFirst: true,
    stop: 'unreachable',
    says: 'the proxy refused to connect to the host',
  },
  host_not_found: { ...notSent, settingsAtFirst: true, stop: 'unreachable', says: 'the host was not found' },
  tls_failed: {
    ...wrongForAll,
    settingsAtFirst: true,
    stop: 'unreachable',
    counts: false,
    says: 'the TLS connection could not be trusted',
  },
  too_many_files: { ...notSent, serverFault: false, saysNothing: true, says: 'this machine has too many open files' },
  reset_fresh: { ...maybeTaken, says: 'the connection was closed before a response arrived' },
  reset_idle: {
    ...maybeTaken,
    action: 'retry',
    serverFault: false,
    saysNothing: true,
    atOnce: true,
    onFreshSocket: true,
    says: 'the server had closed an idle connection',
  },
  write_broken: { ...maybeTaken, says: 'the connection was closed while sending' },
  answer_timeout: { ...maybeTaken, says: 'no response within the time limit' },
  body_timeout: { ...maybeTaken, says: 'the response did not finish within the time limit' },
  truncated: { ...maybeTaken, says: 'the response was cut off' },
  protocol_error: { ...maybeTaken, onFreshSocket: true, says: 'the response was not valid HTTP' },
  headers_too_large: {
    ...oddAnswer,
    stop: 'server_refuses',
    stopAfter: 3,
    says: 'the response headers were too large',
  },
  bad_encoding: { ...oddAnswer, says: 'the response could not be decoded' },

  // 2xx
  ok_empty: { ...oddAnswer, says: 'the response was empty' },
  ok_not_json: {
    ...oddAnswer,
    attempts: 2,
    stop: 'server_refuses',
    stopAfter: 5,
    says: 'the response was a web page, not JSON',
  },
  ok_unreadable: { ...oddAnswer, says: 'the response was not complete JSON' },
  ok_status_error: { ...refused, says: 'Gleantap returned an error' },
  ok_without_id: { ...takenOddly, says: 'Gleantap accepted the row but returned no _id' },
  ok_other_shape: { ...takenOddly, code: 'fate_unknown', says: 'the response has the format of another endpoint' },
  list_missing: { ...maybeTaken, says: 'the response to a read call was not a list' },
  ok_too_large: { ...takenOddly, code: 'fate_unknown', says: 'the response was larger than 1 MiB' },

  // 3xx
  redirect: { ...wrongForAll, says: 'the server redirected to another address, and redirects are never followed' },

  // 4xx
  status_400: { ...refused, says: 'the row was refused (400 or 422)' },
  status_401: { ...wrongForAll, stop: 'credentials_refused', says: 'the keys were refused (401)' },
  status_403_first: { ...wrongForAll, stop: 'credentials_refused', says: 'access was denied (403)' },
  status_403: { ...refused, stop: 'server_refuses', stopAfter: 5, says: 'access was denied (403)' },
  status_404: { ...wrongForAll, says: 'the API address does not exist (404, 405 or 410)' },
  status_407: { ...wrongForAll, says: 'a proxy requires credentials (407)' },
  status_408: { ...notProcessed, says: 'the server did not receive the whole request (408)' },
  status_409: { ...notProcessed, code: 'conflict', attempts: 3, says: 'the contact is being changed elsewhere (409)' },
  status_413: { ...refused, code: 'row_too_large', says: 'the row is too large (413)' },
  status_421: {
    ...notProcessed,
    attempts: 2,
    stop: 'server_refuses',
    onFreshSocket: true,
    says: 'the request reached the wrong server (421)',
  },
  status_423: { ...notProcessed, says: 'the server asked for a retry (423, 424 or 425)' },
  status_429: {
    ...notProcessed,
    counts: false,
    stop: 'try_later',
    stopAfter: 51,
    waitsAsTold: true,
    says: 'too many requests (429)',
  },
  status_4xx_client: {
    ...wrongForAll,
    says: 'the server does not accept requests of this version of the program (406, 411, 415, 426 or 431)',
  },
  status_4xx: { ...refused, stop: 'server_refuses', stopAfter: 20, says: 'the row was refused (other 4xx)' },

  // 5xx
  status_503_retry_after: {
    ...notProcessed,
    waitsAsTold: true,
    stop: 'try_later',
    stopAfter: 51,
    says: 'the server is busy and said when to retry (503)',
  },
  status_521: { ...notSent, says: 'the server behind the CDN is down (521 or 523)' },
  status_5xx: { ...maybeTaken, says: 'the server had an error (5xx)' },
  status_5xx_client: { ...wrongForAll, says: 'the server does not support this request (501 or 505)' },
} as const satisfies Record<string, FaultRule>;

/** The result of a request that did not succeed. */
export type FaultEvent = keyof typeof faultTable;

export function faultRule(event: FaultEvent): FaultRule {
  return faultTable[event];
}

/** Whether the server reports that it accepted the request. */
export function isOk(status: number): boolean {
  return status >= 200 && status < 300;
}

/** The event of an HTTP status that is not 2xx. */
export function eventOfStatus(
  status: number,
  context: { readonly retryAfter: boolean; readonly hadSuccess: boolean },
): FaultEvent {
  // An interim status is not a final response.
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
