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

/** What Node and connect.ts call a failure, as an event of the fault table. What is not recognized counts as "may have been taken". */
export function eventOfError({ code = '' }: { readonly code?: string | undefined }, phase: Phase): FaultEvent {
  return phase.isWritten ? lostAnswer(code, phase) : notSent(code, phase);
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
    case 'UND_ERR_CONNECT_TIMEOUT':
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
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers_too_large';
  if (code.startsWith('HPE_')) return 'protocol_error';
  if (hasHead) return 'truncated';
  if (isIdle && ['ECONNRESET', 'EPIPE'].includes(code)) return 'reset_idle';
  return code === 'EPIPE' ? 'write_broken' : 'reset_fresh';
}

const onlyBeforeSend = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EMFILE',
  'ENFILE',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
]);

/** Whether a code alone proves that nothing was sent: there was no connection, or the certificate was not accepted. */
export function isBeforeSend(code = ''): boolean {
  return onlyBeforeSend.has(code) || code.startsWith('CERT_') || code.startsWith('UNABLE_TO_');
}

/** An error's name for people who look for it. */
export function causeOf({ code, name }: { readonly name: string; readonly code?: string | undefined }): string {
  return code ?? name;
}
