import type { IncomingMessage } from 'node:http';

/** 1 MiB; the documentation states no limit. */
const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Reads a request body whole and hands it on, or undefined when it is too large. A larger one is read to its end
 * without being kept, so that the client gets to see the answer. When the client goes away, nothing is called.
 */
export function readBody(request: IncomingMessage, done: (body: Buffer | undefined) => void): void {
  let chunks: Buffer[] = [];
  let length = 0;
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= MAX_BODY_BYTES) chunks.push(chunk);
    else chunks = [];
  });
  request.on('end', () => {
    if (length > MAX_BODY_BYTES) done(undefined);
    else done(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
  });
  request.on('error', () => {
    // The client went away; the exchange notices it by itself.
  });
}
