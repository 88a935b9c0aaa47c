import type { FaultEvent } from '../../core/api/fault-table.ts';
import type { Sender } from './sender.ts';

/** One HTTP exchange: a whole answer, or the way in which it failed. Never thrown. */
export type Exchange =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: AnswerHeaders;
      /** Decoded. */
      readonly body: Buffer;
      readonly tooLarge: boolean;
    }
  | { readonly kind: 'fault'; readonly event: FaultEvent; readonly cause: string };

/** Names in small letters; a list where a header came several times. */
export type AnswerHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface Transport {
  /** Sends one POST with a JSON body and reads the answer, at most 1 MiB of it. Redirects are never followed. */
  post(
    path: string,
    headers: Readonly<Record<string, string>>,
    json: string,
    signal: AbortSignal,
    connection?: Connection,
  ): Promise<Exchange>;
  /** Ends the connections that are kept open, and with them whatever is under way. */
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

/** The HTTP client is loaded with the first request: it takes as long to load as a small program, and most commands send nothing. */
export function createTransport(options: TransportOptions): Transport {
  let sender: Sender | undefined;
  let loading: Promise<Sender> | undefined;
  let isClosed = false;
  const load = async (): Promise<Sender> => {
    const module = await import('./sender.ts');
    sender = new module.Sender(options);
    if (isClosed) sender.close();
    return sender;
  };
  const postFirst = async (request: Parameters<Transport['post']>): Promise<Exchange> =>
    (await (loading ??= load())).post(...request);
  return {
    // Not async: one promise a request is enough.
    post: (...request) => sender?.post(...request) ?? postFirst(request),
    close() {
      isClosed = true;
      sender?.close();
    },
  };
}
