import { isOk } from '../../core/api/fault-table.ts';
import type { FaultEvent } from '../../core/api/fault-table.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import { createDeadlines } from './deadlines.ts';
import { largestBody } from './transport.ts';
import type { CreateTransport, HttpAnswer, HttpResult, Transport } from './transport.ts';
import { causeOf, eventOfError, isBeforeSend } from './transport-faults.ts';

/** The standard `fetch`, or one that takes the same arguments. */
export type Fetch = typeof globalThis.fetch;

/**
 * Sends the requests through a `fetch` of yours, so that your tests can use nock or msw.
 *
 * It can't choose its connections and can't know whether a request was written before it failed. A failure whose name doesn't rule that
 * out counts as "may have been taken".
 */
export function fetchTransport(fetch: Fetch): CreateTransport {
  return ({ origin, timeoutMs, proxy }) => {
    if (proxy !== undefined) {
      throw new RunError('usage', 'fetchTransport() cannot use a proxy', {
        hint: 'Leave out "proxy", and give fetchTransport() a fetch that uses it.',
      });
    }
    return new FetchTransport(fetch, origin, timeoutMs);
  };
}

class FetchTransport implements Transport {
  readonly #fetch: Fetch;
  readonly #origin: URL;
  readonly #timeoutMs: number;
  readonly #deadlines = createDeadlines();
  #isClosed = false;

  constructor(fetch: Fetch, origin: URL, timeoutMs: number) {
    this.#fetch = fetch;
    this.#origin = origin;
    this.#timeoutMs = timeoutMs;
  }

  async post(
    path: string,
    headers: Readonly<Record<string, string>>,
    json: string,
    signal: AbortSignal,
  ): Promise<HttpResult> {
    if (signal.aborted || this.#isClosed) return { kind: 'fault', event: 'connect_timeout', cause: 'aborted' };
    const over = new AbortController();
    let head: AnswerHead | undefined;
    const exchange = async (): Promise<HttpResult> => {
      const response = await this.#fetch(new URL(path, this.#origin), {
        method: 'POST',
        headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
        body: json,
        redirect: 'manual',
        signal: over.signal,
      });
      head = { status: response.status, headers: Object.fromEntries(response.headers) };
      return { kind: 'answer', ...head, ...(await readBody(response)) };
    };
    // A fetch that ignores its signal can't hold up the run: what comes first counts.
    return new Promise((resolve) => {
      const deadline = this.#deadlines.add(signal, this.#timeoutMs, (cause) => {
        resolve(failed(head, head === undefined ? 'answer_timeout' : 'body_timeout', cause));
        over.abort();
      });
      const end = (result: HttpResult): void => {
        this.#deadlines.remove(deadline);
        resolve(result);
      };
      exchange().then(end, (error: unknown) => {
        const named = nameOf(error);
        const phase = {
          isWritten: !isBeforeSend(named.code),
          hasHead: head !== undefined,
          isIdle: false,
          isSecure: this.#origin.protocol === 'https:',
        };
        end(failed(head, eventOfError(named, phase), causeOf(named)));
      });
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#deadlines.close();
  }
}

type AnswerHead = Pick<HttpAnswer, 'status' | 'headers'>;

/** The head of a refusal says enough, whatever became of its body. */
function failed(head: AnswerHead | undefined, event: FaultEvent, cause: string): HttpResult {
  if (head === undefined || isOk(head.status)) return { kind: 'fault', event, cause };
  return { kind: 'answer', ...head, body: Buffer.alloc(0), tooLarge: false };
}

/** fetch has undone the Content-Encoding. */
async function readBody(response: Response): Promise<Pick<HttpAnswer, 'body' | 'tooLarge'>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > largestBody) return { body: Buffer.concat(chunks), tooLarge: true };
    chunks.push(chunk);
  }
  return { body: Buffer.concat(chunks), tooLarge: false };
}

/** fetch wraps what went wrong: "TypeError: fetch failed", with a cause that has a code. */
function nameOf(error: unknown): { readonly name: string; readonly code?: string } {
  for (const each of [error instanceof Error ? error.cause : undefined, error]) {
    if (each instanceof Error && 'code' in each && typeof each.code === 'string')
      return { name: each.name, code: each.code };
  }
  return { name: error instanceof Error ? error.name : 'fetch failed' };
}
