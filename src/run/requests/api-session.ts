import { createRateLimiter } from '../../flow/rate-limiter.ts';
import type { RateLimiter } from '../../flow/rate-limiter.ts';
import { createClient } from '../../gleantap/client.ts';
import type { GleantapClient } from '../../gleantap/client.ts';
import { createTransport } from '../../gleantap/http/connection-pool.ts';
import type { Ports } from '../ports.ts';
import type { ResumeSetup } from '../setup.ts';

/** How a run reaches the API: one client and one rate for all of its requests. */
export interface ApiSession {
  readonly client: GleantapClient;
  readonly limiter: RateLimiter;
  close(): void;
}

/** @param hadSuccess Whether an earlier part of the run has had a success. */
export function openApiSession(
  { origin, proxy, credentials, options }: ResumeSetup,
  { clock, waits, sharedLimiter, transport: create = createTransport }: Ports,
  hadSuccess = false,
): ApiSession {
  const transport = create({ origin, proxy, timeoutMs: options.timeout });
  const client = createClient(transport, credentials, clock, hadSuccess);
  const limiter = createRateLimiter(options.rate, clock, waits, sharedLimiter);
  return { client, limiter, close: () => client.close() };
}
