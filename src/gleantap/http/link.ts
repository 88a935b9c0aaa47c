import type { Socket } from 'node:net';
// Not from 'undici': all of it takes three times as long to load, and gives the fetch of the whole program another agent.
import Client from 'undici/lib/dispatcher/client.js';
import type { Connect } from './connect.ts';
import type { Posting } from './posting.ts';

/** Servers close idle connections after 5 s at the soonest (Node's own default); ours go well before. */
const idleMs = 3000;

/**
 * A place for one connection at a time, which is made when a request needs it and kept for the next; one request at a
 * time. It is an undici client whose connections are made here: what undici doesn't tell of them decides what a fault means.
 */
export class Link {
  readonly isSecure: boolean;
  readonly #client: Client;
  readonly #connect: Connect;
  #posting: Posting | undefined;
  #mayConnect = false;
  #connecting: { destroy(): unknown } | undefined;
  #socket: Socket | undefined;
  #isUnused = true;

  constructor(origin: URL, connect: Connect) {
    this.isSecure = origin.protocol === 'https:';
    this.#connect = connect;
    this.#client = new Client(origin.origin, {
      pipelining: 1,
      allowH2: false,
      // deadlines.ts keeps all limits.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: idleMs,
      keepAliveMaxTimeout: idleMs,
      connect: (_options, callback) => this.#makeConnection(callback),
    });
  }

  /** The latest connection. */
  get socket(): Socket | undefined {
    return this.#socket;
  }

  /** Whether no request has gone over this connection yet; from now on one has. */
  takeFirst(): boolean {
    const isFirst = this.#isUnused;
    this.#isUnused = false;
    return isFirst;
  }

  send(posting: Posting): void {
    this.#posting = posting;
    this.#mayConnect = true;
    this.#client.dispatch(posting.request, posting);
  }

  /** Ends the connection, also one that is still being made, and with it the link. */
  end(): void {
    this.#connecting?.destroy();
    void this.#client.destroy();
  }

  /**
   * A kept connection that was gone before the request was written gives way to a new one. But what has been written once
   * is never written again, and a server that hangs up at once is not called again at once.
   */
  #makeConnection(callback: (...result: [Error, null] | [null, Socket]) => void): void {
    if (!this.#mayConnect || this.#posting?.isWritten === true) {
      callback(Object.assign(new Error('closed'), { code: 'ECONNRESET' }), null);
      return;
    }
    this.#mayConnect = false;
    this.#connecting = this.#connect((result) => {
      if (result instanceof Error) {
        callback(result, null);
        return;
      }
      this.#socket = result;
      this.#isUnused = true;
      this.#passOverContinue(result);
      callback(null, result);
    });
  }

  /**
   * undici ends the connection at a "100 Continue" that it has not asked for, but passes over a "102 Processing", so it
   * gets the one for the other. Both say that the answer is still to come.
   */
  #passOverContinue(socket: Socket): void {
    const { push } = socket;
    socket.push = (chunk: Buffer | null) => {
      const isInterim = chunk?.[9] === one && this.#posting?.hasHead === false;
      if (isInterim && chunk.toString('latin1', 0, 12) === 'HTTP/1.1 100') chunk.write('102', 9);
      return push.call(socket, chunk);
    };
  }
}

const one = '1'.charCodeAt(0);
