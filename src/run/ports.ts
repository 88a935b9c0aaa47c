import type { Clock } from '../flow/clock.ts';
import type { RateLimiter } from '../flow/rate-limiter.ts';
import type { CreateTransport } from '../gleantap/http/transport.ts';
import type { Emit, Stop } from './events.ts';
import type { Confirmation, Plan } from './plan.ts';

/** The world outside, so that tests and library users can bring their own. */
export interface Ports {
  readonly clock: Clock;
  /** The clock of delays, pauses and outages. It differs from `clock` only in tests. */
  readonly waits: Clock;
  random(): number;
  /** One rate over several runs at once. Each also keeps its own. */
  readonly sharedLimiter?: RateLimiter | undefined;
  /** Makes the transport that carries the requests, instead of `node:http`. */
  readonly transport?: CreateTransport | undefined;
  readonly emit: Emit;
  /** Resolves when those who listen have kept up: rows to be sent wait for it. */
  readonly keptUp?: (() => Promise<void>) | undefined;
  readonly stop: Stop;
  /** Asked once, after everything was checked and before the first write. */
  confirm(plan: Plan): Promise<Confirmation>;
}
