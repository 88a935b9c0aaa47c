import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

type WhenOver = (status: number | undefined) => void;

/**
 * One request and its answer. It is over at the moment when the client can know its fate, just before the last byte or
 * the reset leaves, so that a client that sends the next request at once is never seen as overlapping.
 */
export class Exchange {
  readonly #response: ServerResponse;
  readonly #whenOver: WhenOver[] = [];
  #status: number | undefined;
  #over = false;

  constructor(response: ServerResponse) {
    this.#response = response;
    response.once('close', () => this.#end());
  }

  /** Registers what to do at the end, at once if that has come; the status is undefined when none was sent. */
  whenOver(action: WhenOver): void {
    if (this.#over) action(this.#status);
    else this.#whenOver.push(action);
  }

  json(status: number, body: unknown, headers: OutgoingHttpHeaders = {}): void {
    this.text(status, 'application/json', JSON.stringify(body), headers);
  }

  text(status: number, contentType: string, body: string, headers: OutgoingHttpHeaders = {}): void {
    if (this.#over) return;
    this.#begin(status, contentType, body, headers);
    this.#end();
    this.#response.end(body);
  }

  /** Sends the head and half of the body, and hands the rest back. */
  firstHalf(status: number, body: unknown, then: (rest: string) => void): void {
    if (this.#over) return;
    const text = JSON.stringify(body);
    const middle = Math.floor(text.length / 2);
    this.#begin(status, 'application/json', text, {});
    this.#response.write(text.slice(0, middle), () => then(text.slice(middle)));
  }

  secondHalf(rest: string): void {
    if (this.#over) return;
    this.#end();
    this.#response.end(rest);
  }

  /** Closes the connection without another byte. */
  cut(): void {
    this.#end();
    this.#response.destroy();
  }

  /** Resets the connection: the client sees ECONNRESET. */
  reset(): void {
    this.#end();
    this.#response.socket?.resetAndDestroy();
  }

  #begin(status: number, contentType: string, body: string, headers: OutgoingHttpHeaders): void {
    this.#status = status;
    this.#response.writeHead(status, {
      'Content-Type': contentType,
      'Content-Length': Buffer.byteLength(body),
      ...headers,
    });
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    for (const action of this.#whenOver) action(this.#status);
  }
}
