import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import type { Socket } from 'node:net';
import { isOk } from '../../core/api/fault-table.ts';
import type { FaultEvent } from '../../core/api/fault-table.ts';
import type { Connect, Endable } from './connect.ts';
import type { Deadline, Deadlines } from './deadlines.ts';
import { decodeBody } from './decode-body.ts';
import { largestBody } from './transport.ts';
import type { HttpAnswer, HttpResult } from './transport.ts';
import { causeOf, eventOfError } from './transport-faults.ts';

/** Milliseconds to connect, and to read a body after its head. Both are within the time of the whole request. */
const longestConnect = 10_000;
const longestBody = 10_000;

/** What all requests of a pool have in common. */
export interface RequestContext {
  readonly deadlines: Deadlines;
  /** Milliseconds for the whole request. */
  readonly timeoutMs: number;
  readonly isSecure: boolean;
  readonly connect: Connect;
  /** Starts a request of Node's. */
  open(options: RequestOptions): ClientRequest;
  /** Called when a request is over. The context decides when to settle it. */
  onOver(request: HttpRequest): void;
}

/** One POST, from the call to its result. */
export class HttpRequest {
  readonly #context: RequestContext;
  readonly #options: RequestOptions;
  readonly #body: string;
  readonly #resolve: (result: HttpResult | Promise<HttpResult>) => void;
  readonly #deadline: Deadline;
  #request: ClientRequest | undefined;
  #connecting: Endable | undefined;
  /** The connection that the request was written to. As long as there is none, it is certain that nothing was sent. */
  #socket: Socket | undefined;
  /** The bytes that the connection had read before the request was written. */
  #readBefore = 0;
  #head: AnswerHead | undefined;
  #chunks: Buffer[] = [];
  #size = 0;
  #result: HttpResult | Promise<HttpResult> | undefined;

  /** @throws TypeError for headers that can't be sent. That is a bug of the caller, and trying again can't fix it. */
  constructor(
    context: RequestContext,
    options: RequestOptions,
    body: string,
    signal: AbortSignal,
    resolve: (result: HttpResult | Promise<HttpResult>) => void,
  ) {
    this.#context = context;
    this.#options = { ...options, createConnection: (_, onCreated) => this.#connect(onCreated) };
    this.#body = body;
    this.#resolve = resolve;
    this.#send();
    this.#deadline = context.deadlines.add(signal, context.timeoutMs, (cause) => {
      const unanswered = this.#socket === undefined ? 'connect_timeout' : 'answer_timeout';
      this.#fail(this.#head === undefined ? unanswered : 'body_timeout', cause);
    });
    this.#deadline.within(longestConnect);
  }

  /** Hands on the result. */
  settle(): void {
    if (this.#result !== undefined) this.#resolve(this.#result);
  }

  #send(): void {
    const request = this.#context.open(this.#options);
    this.#request = request;
    request
      .on('socket', (socket) => {
        // A kept connection that is closed already. Nothing can leave on it, so the request takes another one.
        if (request.reusedSocket && !socket.writable) this.#send();
        else this.#onWrite(socket);
      })
      .on('response', (response) => this.#onResponse(response))
      // Without a listener Node closes the connection and reports nothing.
      .on('upgrade', () => this.#fail('reset_fresh', 'upgrade'))
      .on('error', (error) => {
        if (request === this.#request) this.#onError(error);
      })
      .end(this.#body);
  }

  #connect(onCreated: (error: Error | null, socket: Socket) => void): undefined {
    this.#connecting = this.#context.connect((result) => {
      // Node reads no socket where there is an error.
      if (result instanceof Error) onCreated(result, undefined as never);
      else onCreated(null, result);
    });
  }

  /** There is a connection, and the first byte is about to be written. */
  #onWrite(socket: Socket): void {
    this.#socket = socket;
    this.#readBefore = socket.bytesRead;
    this.#deadline.within(Infinity);
  }

  #onResponse(response: IncomingMessage): void {
    const head = { status: response.statusCode ?? 0, headers: response.headers };
    this.#head = head;
    this.#deadline.within(longestBody);
    response
      .on('data', (chunk: Buffer) => {
        this.#size += chunk.length;
        if (this.#size > largestBody) this.#answer(head, { tooLarge: true, canBeKept: false });
        else this.#chunks.push(chunk);
      })
      .on('end', () => {
        // The server gave up on this connection (408), or says that it leads to the wrong place (421).
        this.#answer(head, { tooLarge: false, canBeKept: head.status !== 408 && head.status !== 421 });
      })
      .on('error', (error) => this.#onError(error));
  }

  #onError(error: NodeJS.ErrnoException): void {
    const isIdle = this.#request?.reusedSocket === true && this.#socket?.bytesRead === this.#readBefore;
    const { isSecure } = this.#context;
    const phase = { isWritten: this.#socket !== undefined, hasHead: this.#head !== undefined, isIdle, isSecure };
    this.#fail(eventOfError(error, phase), causeOf(error));
  }

  /** The head of a refusal says enough, whatever became of its body. */
  #fail(event: FaultEvent, cause: string): void {
    const head = this.#head;
    if (head !== undefined && !isOk(head.status)) this.#answer(head, { tooLarge: false, canBeKept: false });
    else this.#end({ kind: 'fault', event, cause }, false);
  }

  #answer({ status, headers }: AnswerHead, how: { tooLarge: boolean; canBeKept: boolean }): void {
    if (this.#result !== undefined) return;
    const [first = Buffer.alloc(0), ...more] = this.#chunks;
    const body = more.length === 0 ? first : Buffer.concat(this.#chunks);
    this.#chunks = [];
    const answer = { kind: 'answer', status, headers, body, tooLarge: how.tooLarge } as const;
    const isPlain = how.tooLarge || headers['content-encoding'] === undefined;
    this.#end(isPlain ? answer : decoded(answer), how.canBeKept);
  }

  #end(result: HttpResult | Promise<HttpResult>, canBeKept: boolean): void {
    if (this.#result !== undefined) return;
    this.#result = result;
    this.#context.deadlines.remove(this.#deadline);
    if (!canBeKept) {
      this.#connecting?.destroy();
      this.#socket?.destroy();
      this.#request?.destroy();
    }
    this.#context.onOver(this);
  }
}

type AnswerHead = Pick<HttpAnswer, 'status' | 'headers'>;

/** An answer with its Content-Encoding undone. */
async function decoded(answer: HttpAnswer): Promise<HttpResult> {
  const encoding = [answer.headers['content-encoding']].flat().join(',');
  const body = await decodeBody(answer.body, encoding, largestBody);
  if (body === 'too_large') return { ...answer, body: Buffer.alloc(0), tooLarge: true };
  if (body !== 'broken') return { ...answer, body };
  if (isOk(answer.status)) return { kind: 'fault', event: 'bad_encoding', cause: 'content-encoding' };
  return { ...answer, body: Buffer.alloc(0) };
}
