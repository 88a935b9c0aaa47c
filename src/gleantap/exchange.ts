import http from 'node:http';
import https from 'node:https';
import type { FaultEvent } from '../core/fault-table.ts';

/** One HTTP exchange: a whole answer, or the way in which it failed. Never thrown. */
export type Exchange =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: http.IncomingHttpHeaders;
      readonly body: Buffer;
      readonly tooLarge: boolean;
    }
  | { readonly kind: 'fault'; readonly event: FaultEvent; readonly cause: string };

export interface Transport {
  /** Sends one POST with a JSON body and reads the answer, at most 1 MiB of it. Redirects are never followed. */
  post(path: string, headers: http.OutgoingHttpHeaders, json: string, signal: AbortSignal): Promise<Exchange>;
  /** Ends the connections that are kept open. */
  close(): void;
}

export interface TransportOptions {
  /** http only for loopback: the caller has checked that. */
  readonly origin: URL;
  /** Milliseconds for the whole attempt. */
  readonly timeoutMs: number;
  readonly maxSockets: number;
}

const largestBody = 1024 * 1024;
/** Servers close idle connections after 5 s at the soonest (Node's own default); ours go well before. */
const idleMs = 3000;
const longestConnect = 10_000;

/**
 * `node:http(s)` with a keep-alive agent rather than `fetch`: it costs a tenth, `reusedSocket` tells a connection that the
 * server had closed while idle from a real reset, and nothing follows a redirect. See docs/decisions.md.
 */
export function createTransport({ origin, timeoutMs, maxSockets }: TransportOptions): Transport {
  const secure = origin.protocol === 'https:';
  const settings = {
    keepAlive: true,
    maxSockets,
    maxFreeSockets: maxSockets,
    timeout: idleMs,
    scheduling: 'lifo',
  } as const;
  const agent = secure ? new https.Agent(settings) : new http.Agent(settings);
  const request = secure ? https.request : http.request;

  const post: Transport['post'] = async (path, headers, json, signal) =>
    new Promise((resolve) => {
      const body = Buffer.from(json);
      let settled = false;
      let connected = false;
      let headersCame = false;
      const outgoing = request(new URL(path, origin), {
        method: 'POST',
        agent,
        headers: {
          ...headers,
          accept: 'application/json',
          'accept-encoding': 'identity',
          'content-type': 'application/json',
          'content-length': body.length,
        },
      });
      const settle = (exchange: Exchange): void => {
        if (settled) return;
        settled = true;
        clearTimeout(total);
        clearTimeout(connecting);
        signal.removeEventListener('abort', abort);
        resolve(exchange);
      };
      /** A connection that failed is never used again. */
      const fail = (event: FaultEvent, cause: string): void => {
        settle({ kind: 'fault', event, cause });
        outgoing.destroy();
      };
      const abort = (): void => fail('answer_timeout', 'aborted');
      const total = setTimeout(() => {
        fail(headersCame ? 'body_timeout' : connected ? 'answer_timeout' : 'connect_timeout', `${timeoutMs} ms`);
      }, timeoutMs);
      const connecting = setTimeout(
        () => {
          if (!connected) fail('connect_timeout', `${longestConnect} ms`);
        },
        Math.min(timeoutMs, longestConnect),
      );
      signal.addEventListener('abort', abort, { once: true });

      outgoing.on('socket', (socket) => {
        const ready = (): void => {
          connected = true;
          clearTimeout(connecting);
        };
        if (outgoing.reusedSocket) ready();
        else socket.once(secure ? 'secureConnect' : 'connect', ready);
      });
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        fail(
          eventOfError(error, { connected, secure, reused: outgoing.reusedSocket && !headersCame }),
          error.code ?? error.name,
        );
      });
      outgoing.on('response', (incoming) => {
        headersCame = true;
        const chunks: Buffer[] = [];
        let size = 0;
        incoming.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size <= largestBody) {
            chunks.push(chunk);
            return;
          }
          settle({
            kind: 'answer',
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: Buffer.concat(chunks),
            tooLarge: true,
          });
          outgoing.destroy();
        });
        incoming.on('end', () => {
          settle({
            kind: 'answer',
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: Buffer.concat(chunks),
            tooLarge: false,
          });
        });
        incoming.on('error', (error: NodeJS.ErrnoException) => fail('truncated', error.code ?? error.name));
        incoming.on('close', () => fail('truncated', 'closed'));
      });
      outgoing.end(body);
    });

  return { post, close: () => agent.destroy() };
}

interface Phase {
  readonly connected: boolean;
  readonly secure: boolean;
  readonly reused: boolean;
}

/** Node's error codes as events of the fault table. What is not recognised counts as "may have been taken". */
function eventOfError(error: NodeJS.ErrnoException, { connected, secure, reused }: Phase): FaultEvent {
  const code = error.code ?? '';
  switch (code) {
    case 'ECONNREFUSED':
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
    case 'HPE_HEADER_OVERFLOW':
      return 'headers_too_large';
    default:
  }
  if (!connected) {
    if (code === 'ETIMEDOUT') return 'connect_timeout';
    const cut = code === 'ECONNRESET' || code === 'EPIPE';
    if (secure && !cut) return 'tls_failed';
    return 'connect_refused';
  }
  if (code.startsWith('HPE_')) return 'protocol_error';
  if (reused && (code === 'ECONNRESET' || code === 'EPIPE')) return 'reset_idle';
  return code === 'EPIPE' ? 'write_broken' : 'reset_fresh';
}
