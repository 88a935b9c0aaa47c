import type { IncomingMessage, ServerResponse } from 'node:http';
import { admit } from './admission.ts';
import type { JsonObject } from './admission.ts';
import type { StoredContact } from './contact.ts';
import { ContactStore } from './contact-store.ts';
import { Delays } from './delays.ts';
import { Exchange } from './exchange.ts';
import { FaultPlan } from './fault-plan.ts';
import { failure } from './fault-staging.ts';
import { sendContacts } from './inspection.ts';
import { createChurn } from './churn.ts';
import { newContact } from './new-contact.ts';
import { removeContact } from './remove-contact.ts';
import type { Account } from './new-contact.ts';
import type { SimulatorSettings } from './options.ts';
import { RateLimit } from './rate-limit.ts';
import { getCustomers, getOptoutCustomers } from './read-calls.ts';
import { readBody } from './request-body.ts';
import { seededRandom } from './seeded.ts';
import { ENDPOINTS, Traffic } from './traffic.ts';
import type { Endpoint, SimulatorStats } from './traffic.ts';

const PATHS: ReadonlyMap<string, Endpoint> = new Map(ENDPOINTS.map((name) => [`/v2/ExternalApi/${name}`, name]));
const INSPECTION_PREFIX = '/_simulator/';

/** Takes each request from its arrival to its answer. */
export class RequestHandler {
  readonly #settings: SimulatorSettings;
  readonly #account: Account;
  readonly #rateLimit: RateLimit;
  readonly #jitter: () => number;
  readonly #traffic = new Traffic();
  readonly #delays = new Delays();
  readonly #churn: (body: JsonObject) => void;

  constructor(settings: SimulatorSettings) {
    this.#settings = settings;
    this.#account = {
      store: new ContactStore(settings.seed, settings.contacts),
      plan: new FaultPlan(settings.faults, settings.seed, settings.faultTimes),
      traffic: this.#traffic,
      delays: this.#delays,
      hangMs: settings.hangMs,
    };
    this.#churn = createChurn(this.#account.store, settings.churn);
    this.#rateLimit = new RateLimit(settings.rateLimit);
    this.#jitter = seededRandom(settings.seed);
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '').replace(/\?.*$/u, '');
    const exchange = new Exchange(response);
    if (path.startsWith(INSPECTION_PREFIX)) this.#inspect(path, request, response, exchange);
    else this.#serve(PATHS.get(path), request, exchange);
  }

  contacts(): StoredContact[] {
    return this.#account.store.all().map((record) => record.snapshot());
  }

  stats(): SimulatorStats {
    return this.#traffic.stats(this.#account.store.size);
  }

  /** Cancels all delayed responses. */
  cancelDelays(): void {
    this.#delays.cancelAll();
  }

  #serve(endpoint: Endpoint | undefined, request: IncomingMessage, exchange: Exchange): void {
    const now = performance.now();
    this.#traffic.requestCame(endpoint ?? 'other', now);
    exchange.whenOver((status) => this.#traffic.requestEnded(status));
    const admitted = this.#rateLimit.admits(now);
    readBody(request, (body) => {
      this.#afterLatency(admitted ? this.#decide(endpoint, request, body, exchange) : () => tooManyRequests(exchange));
    });
  }

  /** Does what the request asks for, and gives back how to answer it. */
  #decide(
    endpoint: Endpoint | undefined,
    request: IncomingMessage,
    body: Buffer | undefined,
    exchange: Exchange,
  ): () => void {
    if (endpoint === undefined) return () => exchange.json(404, failure('Not found'));
    if (request.method !== 'POST') return () => methodNotAllowed(exchange, 'POST');
    if (body === undefined) return () => exchange.json(413, failure('The body is larger than 1 MiB'));
    const admission = admit(request.headers, body, this.#settings.credentials);
    if (!admission.admitted) return () => exchange.json(admission.status, failure(admission.message));
    if (endpoint === 'newContact') return newContact(this.#account, exchange, admission.body);
    if (endpoint === 'removeContact') return removeContact(this.#account.store, exchange, admission.body);
    const read = endpoint === 'getCustomers' ? getCustomers : getOptoutCustomers;
    const answer = read(this.#account.store, admission.body, this.#settings.pageCap);
    if (endpoint === 'getCustomers') this.#churn(admission.body);
    return typeof answer === 'string'
      ? () => exchange.json(400, failure(answer))
      : () => exchange.json(200, { members: answer });
  }

  #afterLatency(answer: () => void): void {
    const { latencyMs, latencyJitterMs } = this.#settings;
    if (latencyMs === 0 && latencyJitterMs === 0) answer();
    else this.#delays.after(latencyMs + latencyJitterMs * this.#jitter(), answer);
  }

  /** The ground truth for tests and curious users; not part of the API, and neither counted nor delayed. */
  #inspect(path: string, request: IncomingMessage, response: ServerResponse, exchange: Exchange): void {
    request.resume();
    const what = path.slice(INSPECTION_PREFIX.length);
    if (what !== 'contacts' && what !== 'stats') exchange.json(404, failure('Not found'));
    else if (request.method !== 'GET') methodNotAllowed(exchange, 'GET');
    else if (what === 'stats') exchange.json(200, this.stats());
    else void sendContacts(response, this.#account.store);
  }
}

function methodNotAllowed(exchange: Exchange, allowed: 'GET' | 'POST'): void {
  exchange.json(405, failure(`Use ${allowed}`), { Allow: allowed });
}

function tooManyRequests(exchange: Exchange): void {
  exchange.json(429, failure('Too Many Requests'), { 'Retry-After': String(RateLimit.RETRY_AFTER_SECONDS) });
}
