import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { urlToHttpOptions } from 'node:url';
import { HttpsProxyAgent } from 'https-proxy-agent';
import type { FaultEvent } from '../core/fault-table.ts';
import { createDeadlines } from './deadlines.ts';
import { decodeBody } from './decode-body.ts';
import { eventOfError } from './transport-faults.ts';

/** One HTTP exchange: a whole answer, or the way in which it failed. Never thrown. */
export type Exchange =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: http.IncomingHttpHeaders;
      /** Decoded. */
      readonly body: Buffer;
      readonly tooLarge: boolean;
    }
  | { readonly kind: 'fault'; readonly event: FaultEvent; readonly cause: string };

export interface Transport {
  /** Sends one POST with a JSON body and reads the answer, at most 1 MiB of it. Redirects are never followed. */
  post(
    path: string,
    headers: http.OutgoingHttpHeaders,
    json: string,
    signal: AbortSignal,
    connection?: Connection,
  ): Promise<Exchange>;
  /** Ends the connections that are kept open. */
  close(): void;
}

export interface Connection {
  /** Not one that was kept open after an earlier request. */
  readonly onFreshSocket: boolean;
}

export interface TransportOptions {
  /** http only for loopback: the caller has checked that. */
  readonly origin: URL;
  /** Milliseconds for the whole attempt. */
  readonly timeoutMs: number;
  readonly maxSockets: number;
  /** An HTTP proxy to tunnel https through. */
  readonly proxy?: URL | undefined;
}

const largestBody = 1024 * 1024;
/** Servers close idle connections after 5 s at the soonest (Node's own default); ours go well before. */
const idleMs = 3000;
/** Milliseconds to connect, and to read a body once its headers came; both within the time of the whole attempt. */
const longestConnect = 10_000;
const longestBody = 10_000;

/**
 * `node:http(s)` with a keep-alive agent rather than `fetch`: it costs a tenth, it shows the connection, so that one
 * that the server had closed while idle can be told from a real reset, and nothing follows a redirect. See docs/decisions.md.
 */
export function createTransport({ origin, timeoutMs, maxSockets, proxy }: TransportOptions): Transport {
  const secure = origin.protocol === 'https:';
  const agentFor = (settings: http.AgentOptions): http.Agent => {
    if (proxy !== undefined) return new HttpsProxyAgent(proxy, settings);
    return secure ? new https.Agent(settings) : new http.Agent(settings);
  };
  const keeping = agentFor({
    keepAlive: true,
    maxSockets,
    maxFreeSockets: maxSockets,
    timeout: idleMs,
    scheduling: 'lifo',
  });
  const closing = agentFor({ keepAlive: false });
  /** Connections that have carried a request. Node's `reusedSocket` misses those that are handed on to a request that queues. */
  const used = new WeakSet<Socket>();
  const address = urlToHttpOptions(origin);
  const request = secure ? https.request : http.request;
  const deadlines = createDeadlines();

  const exchange: Transport['post'] = async (path, headers, json, signal, connection) =>
    new Promise((resolve) => {
      let settled = false;
      let connected = false;
      let isReused = false;
      /** Bytes that a kept connection had read before this request. */
      let readBefore = 0;
      let incoming: http.IncomingMessage | undefined;
      const chunks: Buffer[] = [];
      const outgoing = request({
        ...address,
        path,
        method: 'POST',
        // Node would let an environment variable switch this off, and with it the protection of the keys.
        rejectUnauthorized: true,
        agent: connection?.onFreshSocket === true ? closing : keeping,
        headers: {
          ...headers,
          accept: 'application/json',
          'accept-encoding': 'identity',
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(json),
        },
      });
      const settle = (result: Exchange): void => {
        if (settled) return;
        settled = true;
        deadlines.remove(deadline);
        resolve(result);
      };
      const answer = ({ statusCode: status = 0, headers: fields }: http.IncomingMessage, tooLarge: boolean): void =>
        settle({ kind: 'answer', status, headers: fields, body: Buffer.concat(chunks), tooLarge });
      /** A connection that failed is never used again. The head of a refusal says enough, whatever became of its body. */
      const fail = (event: FaultEvent, cause: string): void => {
        if (incoming !== undefined && !isOk(incoming.statusCode ?? 0)) answer(incoming, false);
        else settle({ kind: 'fault', event, cause });
        outgoing.destroy();
      };
      const deadline = deadlines.add(signal, timeoutMs, (cause) => {
        const event = connected ? 'answer_timeout' : 'connect_timeout';
        fail(incoming === undefined ? event : 'body_timeout', cause);
      });
      deadline.within(longestConnect);

      outgoing.on('socket', (socket) => {
        isReused = used.has(socket);
        used.add(socket);
        readBefore = socket.bytesRead;
        const ready = (): void => {
          connected = true;
          deadline.within(Infinity);
        };
        if (isReused) ready();
        else socket.once(secure ? 'secureConnect' : 'connect', ready);
      });
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        const idle = isReused && outgoing.socket?.bytesRead === readBefore;
        fail(eventOfError(error, { connected, secure, idle }), error.code ?? error.name);
      });
      // Whatever ended without a word, such as an answer that switches protocols. A response tells of its own end.
      outgoing.on('close', () => {
        if (incoming === undefined) fail('reset_fresh', 'closed');
      });
      outgoing.on('response', (response) => {
        incoming = response;
        deadline.within(longestBody);
        // The server gave up on this connection (408), or says that it leads to the wrong place (421).
        if (response.statusCode === 408 || response.statusCode === 421) outgoing.shouldKeepAlive = false;
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size <= largestBody) {
            chunks.push(chunk);
            return;
          }
          answer(response, true);
          outgoing.destroy();
        });
        response.on('end', () => answer(response, false));
        response.on('error', (error: NodeJS.ErrnoException) => fail('truncated', error.code ?? error.name));
        response.on('close', () => fail('truncated', 'closed'));
      });
      // As a text it goes out in one piece with the head.
      outgoing.end(json);
    });

  return {
    async post(...sent) {
      const [, , , signal] = sent;
      if (signal.aborted) return { kind: 'fault', event: 'connect_timeout', cause: 'aborted' };
      const came = await exchange(...sent);
      const isPlain = came.kind === 'fault' || came.headers['content-encoding'] === undefined;
      return isPlain ? came : decoded(came);
    },
    close() {
      deadlines.close();
      keeping.destroy();
    },
  };
}

/** An answer with its Content-Encoding undone. */
async function decoded(exchange: Exchange): Promise<Exchange> {
  if (exchange.kind === 'fault' || exchange.tooLarge) return exchange;
  const body = await decodeBody(exchange.body, exchange.headers['content-encoding'], largestBody);
  if (body === 'too_large') return { ...exchange, body: Buffer.alloc(0), tooLarge: true };
  if (body !== 'broken') return { ...exchange, body };
  if (isOk(exchange.status)) return { kind: 'fault', event: 'bad_encoding', cause: 'content-encoding' };
  return { ...exchange, body: Buffer.alloc(0) };
}

/** Whether the server says that it took the request. */
export function isOk(status: number): boolean {
  return status >= 200 && status < 300;
}
