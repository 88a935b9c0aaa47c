import http from 'node:http';
import type { RequestOptions } from 'node:http';
import https from 'node:https';
import { addressOf, createConnect } from './connect.ts';
import { createDeadlines } from './deadlines.ts';
import { HttpRequest } from './http-request.ts';
import type { RequestContext } from './http-request.ts';
import type { CreateTransport, HttpResult, Transport, TransportOptions } from './transport.ts';

/** Servers close idle connections after 5 s at the soonest (Node's own default). Ours are closed well before. */
const idleMs = 3000;

/** The headers of every request: names and values in turn. Node neither copies nor completes a list. */
const commonHeaders = Object.entries({
  accept: 'application/json',
  'accept-encoding': 'identity',
  'content-type': 'application/json',
}).flat();

/** HTTP requests to one origin over connections that are kept open. */
export const createTransport: CreateTransport = (options) => new ConnectionPool(options);

/**
 * A request takes the idle connection that was used last, so that those that are not needed are closed, or else a new one. The caller
 * limits how many requests are under way.
 */
export class ConnectionPool implements Transport {
  readonly #context: RequestContext;
  readonly #target: RequestOptions;
  readonly #headers: readonly string[];
  readonly #kept: http.Agent;
  readonly #single: http.Agent;
  #over: HttpRequest[] = [];
  #isClosed = false;

  constructor({ origin, timeoutMs, proxy }: TransportOptions) {
    const isSecure = origin.protocol === 'https:';
    const protocol = isSecure ? https : http;
    const { host, port } = addressOf(origin);
    this.#target = { host, port };
    this.#headers = ['host', origin.host, ...commonHeaders];
    this.#kept = forOneOrigin(new protocol.Agent({ keepAlive: true, timeout: idleMs, maxFreeSockets: Infinity }));
    this.#single = forOneOrigin(new protocol.Agent({ keepAlive: false }));
    this.#context = {
      deadlines: createDeadlines(),
      timeoutMs,
      isSecure,
      connect: createConnect(origin, proxy),
      open: (options) => protocol.request(options),
      onOver: (over) => this.#onOver(over),
    };
  }

  // Not async: one promise for a request is enough.
  readonly post: Transport['post'] = (path, headers, json, signal, connection) =>
    this.#request('POST', path, headers, json, signal, connection);

  /** Sends one GET and reads the answer as `post` does. */
  async get(path: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpResult> {
    return this.#request('GET', path, headers, '', signal);
  }

  #request(method: string, ...[path, headers, json, signal, connection]: Parameters<Transport['post']>) {
    return new Promise<HttpResult>((resolve) => {
      if (signal.aborted || this.#isClosed) {
        resolve({ kind: 'fault', event: 'connect_timeout', cause: 'aborted' });
        return;
      }
      const fields = [...this.#headers, 'content-length', String(Buffer.byteLength(json))];
      for (const name of Object.keys(headers)) fields.push(name, headers[name] ?? '');
      const agent = connection?.onFreshSocket === true ? this.#single : this.#kept;
      const options = { ...this.#target, method, path, headers: fields, agent };
      void new HttpRequest(this.#context, options, json, signal, resolve);
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#context.deadlines.close();
    this.#kept.destroy();
  }

  /**
   * Results are handed on when everything that came in at once is read. Each step of what follows then runs for many rows in turn,
   * which takes less time than all steps for one row after the other.
   */
  #onOver(request: HttpRequest): void {
    if (this.#over.push(request) === 1) setImmediate(() => this.#settle());
  }

  #settle(): void {
    const over = this.#over;
    this.#over = [];
    for (const request of over) request.settle();
  }
}

/** An agent for a single origin: it needs no names to distinguish origins, and each request brings its own connect function. */
function forOneOrigin(agent: http.Agent): http.Agent {
  const nameOf = (): string => 'origin';
  const createConnection: http.Agent['createConnection'] = ({ createConnection: connect }, onCreated) => {
    connect?.({}, (error, socket) => {
      // What comes on an idle connection belongs to no request, and must not be taken for the answer to the next one.
      socket?.on('data', () => {
        if (agent.freeSockets['origin']?.includes(socket as never) === true) socket.destroy();
      });
      onCreated?.(error, socket);
    });
    return undefined;
  };
  return Object.assign(agent, { getName: nameOf, createConnection });
}
