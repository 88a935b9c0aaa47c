import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import { isOk } from '../../core/api/fault-table.ts';
import type { FaultEvent } from '../../core/api/fault-table.ts';
import type { Deadline, Deadlines } from './deadlines.ts';
import { decodeBody } from './decode-body.ts';
import type { AnswerHeaders, Exchange } from './exchange.ts';
import type { Link } from './link.ts';
import { causeOf, eventOfError } from './transport-faults.ts';

const largestBody = 1024 * 1024;
/** Milliseconds to connect, and to read a body once its head came; both within the time of the whole attempt. */
const longestConnect = 10_000;
const longestBody = 10_000;

/** What all postings of a transport have in common. */
export interface Surroundings {
  readonly deadlines: Deadlines;
  /** Milliseconds for the whole attempt. */
  readonly timeoutMs: number;
  /** Told when a posting is over, and whether its connection is fit for another request. It is up to them to settle it. */
  onOver(posting: Posting, canBeKept: boolean): void;
}

/** One POST, from the moment when it is asked for to the exchange that it comes to. undici tells it how far it has come. */
export class Posting implements Dispatcher.DispatchHandler {
  readonly request: Dispatcher.DispatchOptions;
  /** Undefined while it waits for one. */
  link: Link | undefined;
  /** Until then it is certain that not a byte of it has left. */
  isWritten = false;
  /** Whether the head of the answer has come. */
  hasHead = false;

  readonly #surroundings: Surroundings;
  readonly #deadline: Deadline;
  readonly #resolve: (exchange: Exchange | Promise<Exchange>) => void;
  readonly #reject: (bug: Error) => void;
  #isOver = false;
  #result: Exchange | Promise<Exchange> | undefined;
  /** The connection on which it was written, whether that had been kept, and the bytes that it had read before. */
  #socket: Socket | undefined;
  #wasKept = false;
  #readBefore = 0;
  #status = 0;
  #headers: AnswerHeaders = {};
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(
    request: Dispatcher.DispatchOptions,
    surroundings: Surroundings,
    signal: AbortSignal,
    resolve: (exchange: Exchange | Promise<Exchange>) => void,
    reject: (bug: Error) => void,
  ) {
    this.request = request;
    this.#surroundings = surroundings;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#deadline = surroundings.deadlines.add(signal, surroundings.timeoutMs, (cause) => {
      const unanswered = this.isWritten ? 'answer_timeout' : 'connect_timeout';
      this.#fail(this.hasHead ? 'body_timeout' : unanswered, cause);
    });
  }

  start(link: Link): void {
    this.link = link;
    this.#deadline.within(longestConnect);
    link.send(this);
  }

  /** Called when there is a connection, just before the first byte is written. */
  onRequestStart(): void {
    const { link } = this;
    this.isWritten = true;
    this.#socket = link?.socket;
    this.#readBefore = this.#socket?.bytesRead ?? 0;
    this.#wasKept = link?.takeFirst() === false;
    this.#deadline.within(Infinity);
  }

  onResponseStart(_controller: unknown, status: number, headers: AnswerHeaders): void {
    if (status < 200) return;
    this.hasHead = true;
    this.#status = status;
    this.#headers = headers;
    this.#deadline.within(longestBody);
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > largestBody) this.#answer(true, false);
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    // The server gave up on this connection (408), or says that it leads to the wrong place (421).
    this.#answer(false, this.request.reset !== true && this.#status !== 408 && this.#status !== 421);
  }

  onResponseError(_controller: unknown, error: NodeJS.ErrnoException): void {
    // Such as a header that can't be sent: the caller's mistake, which no other attempt mends.
    if (error.code === 'UND_ERR_INVALID_ARG') {
      if (this.#isOver) return;
      this.#end(undefined, false);
      this.#reject(error);
      return;
    }
    const { isWritten, hasHead } = this;
    const isIdle = this.#wasKept && this.#socket?.bytesRead === this.#readBefore;
    const isSecure = this.link?.isSecure === true;
    this.#fail(eventOfError(error, { isWritten, hasHead, isIdle, isSecure }), causeOf(error));
  }

  /** The head of a refusal says enough, whatever became of its body. */
  #fail(event: FaultEvent, cause: string): void {
    if (this.hasHead && !isOk(this.#status)) this.#answer(false, false);
    else if (!this.#isOver) this.#end({ kind: 'fault', event, cause }, false);
  }

  #answer(tooLarge: boolean, canBeKept: boolean): void {
    if (this.#isOver) return;
    const [first = Buffer.alloc(0), ...more] = this.#chunks;
    const body = more.length === 0 ? first : Buffer.concat(this.#chunks);
    const answer = { kind: 'answer', status: this.#status, headers: this.#headers, body, tooLarge } as const;
    this.#chunks = [];
    this.#end(tooLarge || answer.headers['content-encoding'] === undefined ? answer : decoded(answer), canBeKept);
  }

  /** Hands on what it came to. */
  settle(): void {
    if (this.#result !== undefined) this.#resolve(this.#result);
  }

  #end(result: Exchange | Promise<Exchange> | undefined, canBeKept: boolean): void {
    this.#isOver = true;
    this.#result = result;
    this.#surroundings.deadlines.remove(this.#deadline);
    this.#surroundings.onOver(this, canBeKept);
  }
}

/** An answer with its Content-Encoding undone. */
async function decoded(answer: Extract<Exchange, { kind: 'answer' }>): Promise<Exchange> {
  const encoding = [answer.headers['content-encoding']].flat().join(',');
  const body = await decodeBody(answer.body, encoding, largestBody);
  if (body === 'too_large') return { ...answer, body: Buffer.alloc(0), tooLarge: true };
  if (body !== 'broken') return { ...answer, body };
  if (isOk(answer.status)) return { kind: 'fault', event: 'bad_encoding', cause: 'content-encoding' };
  return { ...answer, body: Buffer.alloc(0) };
}
