import type { SeedContact } from './contact.ts';
import { checkFaultShares } from './faults.ts';
import type { FaultShares } from './faults.ts';

export interface SimulatorCredentials {
  readonly apiKey: string;
  readonly secretKey: string;
  readonly appId: string;
}

export interface SimulatorOptions {
  /** Default 0: a free port. */
  port?: number | undefined;
  /** How long every response is delayed. A row is stored on arrival, so the client may disconnect before it gets the response. */
  latencyMs?: number | undefined;
  /** Up to this much more, drawn again for each request. */
  latencyJitterMs?: number | undefined;
  /** Requests served in any second, a whole number; beyond it 429 with Retry-After. Default 0: no limit. */
  rateLimit?: number | undefined;
  /** The most people on a page of a read call, whatever `limit` asks for: 1 to 1000. Default 1000. */
  pageCap?: number | undefined;
  /**
   * So many people are added, edited and removed after every fourth page of people that is read without a filter. Those removed
   * are the oldest, so that everyone after them moves to an earlier place. Default 0.
   */
  churn?: number | undefined;
  /** Fixes who meets which fault, the jitter and the ids. Default 1. */
  seed?: number | undefined;
  /** The share of people that meets each fault. Default: none. */
  faults?: FaultShares | undefined;
  /** How many times in a row a chosen person meets the fault before being served; default 1, `Infinity` for always. */
  faultTimes?: number | undefined;
  /** How long hang_* and slow_body keep the client waiting; then the connection is closed, or the rest sent. Default `Infinity`. */
  hangMs?: number | undefined;
  /** Default: any non-empty ones are accepted. */
  credentials?: SimulatorCredentials | undefined;
  /** What the account holds at the start. */
  contacts?: readonly SeedContact[] | undefined;
}

/** The options with their defaults. */
export interface SimulatorSettings {
  readonly port: number;
  readonly latencyMs: number;
  readonly latencyJitterMs: number;
  readonly rateLimit: number;
  readonly pageCap: number;
  readonly churn: number;
  readonly seed: number;
  readonly faults: FaultShares;
  readonly faultTimes: number;
  readonly hangMs: number;
  readonly credentials: SimulatorCredentials | undefined;
  readonly contacts: readonly SeedContact[];
}

/** The longest delay that a Node timer can keep. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** @throws {Error} with a message for the user when an option is out of range */
export function settle(options: SimulatorOptions): SimulatorSettings {
  const settings: SimulatorSettings = {
    port: options.port ?? 0,
    latencyMs: options.latencyMs ?? 0,
    latencyJitterMs: options.latencyJitterMs ?? 0,
    rateLimit: options.rateLimit ?? 0,
    pageCap: options.pageCap ?? 1000,
    churn: options.churn ?? 0,
    seed: options.seed ?? 1,
    faults: options.faults ?? {},
    faultTimes: options.faultTimes ?? 1,
    hangMs: options.hangMs ?? Infinity,
    credentials: options.credentials,
    contacts: options.contacts ?? [],
  };
  demand(isWithin(settings.port, 0, 65_535), 'port must be a whole number from 0 to 65535');
  demand(isDelay(settings.latencyMs), 'latencyMs must be a number of milliseconds');
  demand(isDelay(settings.latencyJitterMs), 'latencyJitterMs must be a number of milliseconds');
  demand(isWithin(settings.rateLimit, 0, 1e6), 'rateLimit must be a whole number of requests a second, or 0');
  demand(isWithin(settings.pageCap, 1, 1000), 'pageCap must be a whole number from 1 to 1000');
  demand(isWithin(settings.churn, 0, 1000), 'churn must be a whole number from 0 to 1000');
  demand(Number.isSafeInteger(settings.seed), 'seed must be a whole number');
  demand(settings.faultTimes === Infinity || isWithin(settings.faultTimes, 1, 1e6), 'faultTimes must be 1 or more');
  demand(settings.hangMs === Infinity || isDelay(settings.hangMs), 'hangMs must be a number of milliseconds');
  checkFaultShares(settings.faults);
  return settings;
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function isDelay(value: number): boolean {
  return value >= 0 && value <= MAX_DELAY_MS;
}

function demand(condition: boolean, message: string): void {
  if (!condition) throw new Error(`Simulator: ${message}.`);
}
