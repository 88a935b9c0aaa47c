import { createConnect } from './connect.ts';
import type { Connect } from './connect.ts';
import { createDeadlines } from './deadlines.ts';
import type { Transport, TransportOptions } from './exchange.ts';
import { Link } from './link.ts';
import { Posting } from './posting.ts';
import type { Surroundings } from './posting.ts';

/** The headers of every request, as undici takes them: names and values in turn. */
const commonHeaders = Object.entries({
  accept: 'application/json',
  'accept-encoding': 'identity',
  'content-type': 'application/json',
}).flat();

/**
 * The transport at work: at most `maxSockets` links, of which the one used last is used next, so that those that are not
 * needed fall idle and are closed. Whoever finds none free waits for one, first come first served.
 */
export class Sender implements Transport, Surroundings {
  readonly deadlines = createDeadlines();
  readonly timeoutMs: number;
  readonly #origin: URL;
  readonly #maxSockets: number;
  readonly #connect: Connect;
  /** Without those that carry a single request. */
  readonly #links = new Set<Link>();
  readonly #free: Link[] = [];
  readonly #waiting: Posting[] = [];
  #over: Posting[] = [];
  #isClosed = false;

  constructor({ origin, timeoutMs, maxSockets, proxy }: TransportOptions) {
    this.timeoutMs = timeoutMs;
    this.#origin = origin;
    this.#maxSockets = maxSockets;
    this.#connect = createConnect(origin, proxy);
  }

  // Not async: one promise a request is enough.
  readonly post: Transport['post'] = (path, headers, json, signal, connection) => {
    const isAlone = connection?.onFreshSocket === true;
    const fields = [...commonHeaders];
    for (const name of Object.keys(headers)) fields.push(name, headers[name] ?? '');
    return new Promise((resolve, reject) => {
      if (signal.aborted || this.#isClosed) {
        resolve({ kind: 'fault', event: 'connect_timeout', cause: 'aborted' });
        return;
      }
      const request = { path, method: 'POST', headers: fields, body: json, reset: isAlone } as const;
      const posting = new Posting(request, this, signal, resolve, reject);
      const link = isAlone ? new Link(this.#origin, this.#connect) : this.#takeLink();
      if (link === undefined) this.#waiting.push(posting);
      else posting.start(link);
    });
  };

  /**
   * What postings came to is handed on when all that has come in at once is read: then each step of what follows is done for
   * many rows in turn, which takes less time than all steps for one row after the other.
   */
  onOver(posting: Posting, canBeKept: boolean): void {
    if (this.#over.push(posting) === 1) setImmediate(() => this.#settle());
    const { link } = posting;
    if (link === undefined) this.#waiting.splice(this.#waiting.indexOf(posting), 1);
    else if (canBeKept) this.#free.push(link);
    else {
      this.#links.delete(link);
      link.end();
    }
    const next = this.#waiting.length === 0 ? undefined : this.#takeLink();
    if (next !== undefined) this.#waiting.shift()?.start(next);
  }

  close(): void {
    this.#isClosed = true;
    this.deadlines.close();
    for (const link of this.#links) link.end();
  }

  #settle(): void {
    const over = this.#over;
    this.#over = [];
    for (const posting of over) posting.settle();
  }

  #takeLink(): Link | undefined {
    if (this.#isClosed) return undefined;
    const kept = this.#free.pop();
    if (kept !== undefined || this.#links.size >= this.#maxSockets) return kept;
    const link = new Link(this.#origin, this.#connect);
    this.#links.add(link);
    return link;
  }
}
