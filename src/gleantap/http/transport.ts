import type { FaultEvent } from '../../core/api/fault-table.ts';

/** What one HTTP request came to: a whole answer, or the way in which it failed. Never thrown. */
export type HttpResult = HttpAnswer | HttpFault;

export interface HttpAnswer {
  readonly kind: 'answer';
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** Decoded. */
  readonly body: Buffer;
  /** The body was larger than the limit, so `body` holds less than all of it. */
  readonly tooLarge: boolean;
}

export interface HttpFault {
  readonly kind: 'fault';
  readonly event: FaultEvent;
  readonly cause: string;
}

/** Names in lower case. A list where a header came several times. */
export type AnswerHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The largest body that is read, in bytes, decoded. */
export const largestBody = 1024 * 1024;

export interface Transport {
  /** Sends one POST with a JSON body and reads the answer, at most 1 MiB of it. Never follows a redirect. */
  post(
    path: string,
    headers: Readonly<Record<string, string>>,
    json: string,
    signal: AbortSignal,
    connection?: Connection,
  ): Promise<HttpResult>;
  /** Closes the connections that are kept open, and ends the requests that are under way. */
  close(): void;
}

/** Makes the transport of a run. The run closes it when it ends. */
export type CreateTransport = (options: TransportOptions) => Transport;

export interface Connection {
  /** The request needs a connection that no other request has used. */
  readonly onFreshSocket: boolean;
}

export interface TransportOptions {
  /** http only for loopback: the caller has checked that. */
  readonly origin: URL;
  /** Milliseconds for the whole request. */
  readonly timeoutMs: number;
  /** An HTTP proxy to tunnel https through. */
  readonly proxy?: URL | undefined;
}
