import net from 'node:net';
import tls from 'node:tls';
import { onTestFinished } from 'vitest';

/** A newContact call as it arrived over the wire. */
export interface Received {
  readonly row: string;
  readonly contact: Readonly<Record<string, unknown>>;
  readonly socket: net.Socket;
}

/** What a server does with a request that it has read whole. */
export type Act = (request: Received) => void;

export interface RawServerOptions {
  /** By row, in order; the last act repeats. A row without acts gets `good`. */
  readonly acts?: Readonly<Record<string, readonly Act[]>>;
  /** A new connection, from 1. A handler that returns true has dealt with it: nothing is read. */
  readonly onConnection?: (socket: net.Socket, nth: number) => boolean;
  /** The head of a request has come, its body may not have; from 1. A handler that returns true has dealt with it. */
  readonly onHead?: (socket: net.Socket, nth: number) => boolean;
  /** Speak TLS with this certificate. */
  readonly secure?: tls.TlsOptions | undefined;
}

export interface RawServer {
  readonly port: number;
  /** Whole newContact calls, in the order of their arrival. */
  readonly received: readonly Received[];
  connections(): number;
  /** Stops listening and cuts all connections. */
  close(): Promise<void>;
  /** Listens again on the same port. */
  reopen(): Promise<void>;
}

/** A server that speaks bytes, not HTTP: it can break every rule. On 127.0.0.1 at a free port, closed after the test. */
export async function rawServer(options: RawServerOptions = {}): Promise<RawServer> {
  const { acts = {}, onConnection, onHead, secure } = options;
  const received: Received[] = [];
  const seen = new Map<string, number>();
  const sockets = new Set<net.Socket>();
  let connections = 0;
  let heads = 0;

  const serve = (socket: net.Socket): void => {
    let buffered = Buffer.alloc(0);
    let isHeadKnown = false;
    let isDealtWith = false;
    socket.on('data', (chunk: Buffer) => {
      if (isDealtWith) return;
      buffered = Buffer.concat([buffered, chunk]);
      for (;;) {
        const end = buffered.indexOf('\r\n\r\n');
        if (end < 0) return;
        const lines = buffered.toString('latin1', 0, end);
        if (!isHeadKnown) {
          isHeadKnown = true;
          heads += 1;
          isDealtWith = onHead?.(socket, heads) === true;
          if (isDealtWith) return;
        }
        const bodyEnd = end + 4 + Number(/content-length: (\d+)/i.exec(lines)?.[1] ?? 0);
        if (buffered.length < bodyEnd) return;
        if (!lines.startsWith('POST /v2/ExternalApi/newContact '))
          throw new Error(`unexpected ${lines.split('\r\n')[0]}`);
        const contact = JSON.parse(buffered.toString('utf8', end + 4, bodyEnd)) as Record<string, unknown>;
        buffered = buffered.subarray(bodyEnd);
        isHeadKnown = false;
        const row = String(contact['user_id']);
        const request = { row, contact, socket };
        received.push(request);
        const nth = seen.get(row) ?? 0;
        seen.set(row, nth + 1);
        const script = acts[row] ?? [good];
        (script[Math.min(nth, script.length - 1)] ?? good)(request);
      }
    });
  };
  const onSocket = (socket: net.Socket): void => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // The client cuts connections too.
    socket.on('error', () => undefined);
    if (onConnection?.(socket, connections) === true) return;
    if (secure === undefined) serve(socket);
    else {
      const encrypted = new tls.TLSSocket(socket, { isServer: true, ...secure });
      encrypted.on('error', () => undefined);
      serve(encrypted);
    }
  };

  const server = net.createServer(onSocket);
  const listen = async (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', () => resolve());
    });
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  await listen(0);
  onTestFinished(close);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { port, received, connections: () => connections, close, reopen: async () => listen(port) };
}

/** Bytes as they are, then nothing, a FIN or a reset. */
export function raw(bytes: string | Buffer, then: 'open' | 'fin' | 'reset' = 'open'): Act {
  return ({ socket }) => {
    if (then === 'fin') socket.end(bytes);
    else socket.write(bytes, () => then === 'reset' && socket.resetAndDestroy());
  };
}

/** A well-formed answer. Its Content-Length is right unless `headers` has one. */
export function answer(status: number, body: string | Buffer = '', headers: Record<string, string> = {}): Act {
  return raw(
    Buffer.concat([
      Buffer.from(head(status, { 'content-length': String(Buffer.byteLength(body)), ...headers })),
      Buffer.from(body),
    ]),
  );
}

export function head(status: number, headers: Record<string, string>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Status\r\n${lines.join('')}\r\n`;
}

export const json = (value: unknown): string => JSON.stringify(value);

/** The documented answer. */
export const good: Act = (request) => answer(200, json({ status: 'success', _id: `id-${request.row}` }))(request);

/** The documented answer on a connection that ends with it, so that the next request comes on a fresh one. */
export const goodAndClose: Act = (request) => {
  const body = json({ status: 'success', _id: `id-${request.row}` });
  raw(head(200, { connection: 'close', 'content-length': String(body.length) }) + body, 'fin')(request);
};

export const reset: Act = ({ socket }) => void socket.resetAndDestroy();
export const fin: Act = ({ socket }) => void socket.end();
/** Never a byte. */
export const silence: Act = () => undefined;

/** A head that arrives byte by byte and never ends. */
export const drip: Act = ({ socket }) => {
  socket.write('HTTP/1.1 200 OK\r\nx-drip: ');
  const timer = setInterval(() => socket.write('.'), 20);
  socket.on('close', () => clearInterval(timer));
};

/** The documented answer; then the connection is closed `ms` later if it is idle by then, as servers do. */
export function goodThenIdleClose(ms: number): Act {
  return (request) => {
    const { socket } = request;
    const read = socket.bytesRead;
    good(request);
    setTimeout(() => {
      if (socket.bytesRead === read) socket.destroy();
    }, ms);
  };
}
