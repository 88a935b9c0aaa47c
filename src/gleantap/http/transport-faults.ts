import type { FaultEvent } from '../../core/api/fault-table.ts';

/** How far a request had come when it failed. */
export interface Phase {
  /** Until then it is certain that not a byte of it has left. */
  readonly isWritten: boolean;
  readonly hasHead: boolean;
  /** On a connection that had been kept, and not a byte of an answer had come. */
  readonly isIdle: boolean;
  readonly isSecure: boolean;
}

/** What Node, undici and connect.ts call a failure, as an event of the fault table. What is not recognised counts as "may have been taken". */
export function eventOfError({ code = '', name }: NodeJS.ErrnoException, phase: Phase): FaultEvent {
  if (!phase.isWritten) return notSent(code, phase);
  return name === 'HTTPParserError' ? 'protocol_error' : lostAnswer(code, phase);
}

function notSent(code: string, { isSecure }: Phase): FaultEvent {
  switch (code) {
    case 'ECONNREFUSED':
    case 'ECONNRESET':
    case 'EPIPE':
      return 'connect_refused';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return 'network_unreachable';
    case 'ENOTFOUND':
      return 'host_not_found';
    case 'EAI_AGAIN':
      return 'dns_failed';
    case 'EMFILE':
    case 'ENFILE':
      return 'too_many_files';
    case 'ETIMEDOUT':
      return 'connect_timeout';
    case 'PROXY_407':
      return 'status_407';
    default:
  }
  // Where nothing was written yet, only a proxy can have answered.
  if (code.startsWith('PROXY_') || code.startsWith('HPE_')) return 'proxy_refused';
  return isSecure ? 'tls_failed' : 'connect_refused';
}

function lostAnswer(code: string, { hasHead, isIdle }: Phase): FaultEvent {
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return 'headers_too_large';
  if (hasHead) return 'truncated';
  // What undici says of a head that contradicts itself.
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return 'protocol_error';
  if (isIdle && ['ECONNRESET', 'EPIPE', cut].includes(code)) return 'reset_idle';
  return code === 'EPIPE' ? 'write_broken' : 'reset_fresh';
}

/** The other side ended the connection. */
const cut = 'UND_ERR_SOCKET';

/** An error's name for people who look for it. */
export function causeOf({ code, name }: NodeJS.ErrnoException): string {
  return code === cut ? 'closed' : (code ?? name);
}
