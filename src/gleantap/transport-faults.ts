import type { FaultEvent } from '../core/fault-table.ts';

/** How far a request had come when it failed. */
export interface Phase {
  readonly connected: boolean;
  readonly secure: boolean;
  /** On a connection that had been idle, and not a byte of an answer had come. */
  readonly idle: boolean;
}

/** Node's error codes as events of the fault table. What is not recognised counts as "may have been taken". */
export function eventOfError(error: NodeJS.ErrnoException, { connected, secure, idle }: Phase): FaultEvent {
  const code = error.code ?? '';
  switch (code) {
    case 'ECONNREFUSED':
      return 'connect_refused';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return connected ? 'reset_fresh' : 'network_unreachable';
    case 'ENOTFOUND':
      return 'host_not_found';
    case 'EAI_AGAIN':
      return 'dns_failed';
    case 'EMFILE':
    case 'ENFILE':
      return 'too_many_files';
    case 'HPE_HEADER_OVERFLOW':
      return 'headers_too_large';
    default:
  }
  const cut = code === 'ECONNRESET' || code === 'EPIPE';
  if (!connected) {
    if (code === 'ETIMEDOUT') return 'connect_timeout';
    return secure && !cut ? 'tls_failed' : 'connect_refused';
  }
  if (code.startsWith('HPE_')) return 'protocol_error';
  if (idle && cut) return 'reset_idle';
  return code === 'EPIPE' ? 'write_broken' : 'reset_fresh';
}
