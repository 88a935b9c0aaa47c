/**
 * A local simulator of the Gleantap API, over real HTTP on 127.0.0.1. It follows the public documentation; what the
 * documentation leaves open is decided so that a careless client does visible damage here rather than unseen damage there:
 *
 * - Matching goes user_id, then email + first_name, then phone + first_name; a key that finds no contact gives way to the
 *   next, so a new user_id can take over a contact found by email. Values are compared trimmed and case-folded; phone
 *   formats are not brought into one form. When several contacts hold a key, the one that has held it longest matches.
 * - A row without any match key always creates a contact, and never meets a fault.
 * - An empty string overwrites where the type allows it; null, numbers and other types for a documented field are a 400.
 * - Unknown keys become attributes with any JSON value (at most 20 levels deep). Tags are compared exactly, case
 *   included; `tag_action` is `add` or `remove`, otherwise 400, and covers the whole request.
 * - Wrong or missing keys, or another app_id than the configured one: 401. Any other fault of the request: 400.
 *   A Content-Type other than JSON: 400. Error bodies are `{status: "error", message}`.
 * - getCustomers and getOptoutCustomers: 100 items unless told, oldest first; filters are whole values, and combined;
 *   fields that a contact lacks are empty strings; `created_date` is read as UTC. A contact that never said anything
 *   about SMS or email counts as not opted out. `updated_since` is a day or a time (UTC unless it has a zone), the moment itself
 *   included. Documented filters that are not simulated are a 400.
 * - removeContact of an id that is not there is a 400.
 * - A row is taken when its request has come in whole; latency holds back the answer only.
 * - Idle connections are kept open for 65 s.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StoredContact } from './contact.ts';
import { settle } from './options.ts';
import type { SimulatorOptions } from './options.ts';
import { RequestHandler } from './request-handler.ts';
import type { SimulatorStats } from './traffic.ts';

/** A running simulator. */
export interface Simulator {
  /** The base URL, like `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly port: number;
  /** The ground truth, in order of creation; the same as `GET /_simulator/contacts`. */
  contacts(): StoredContact[];
  /** The same as `GET /_simulator/stats`. */
  stats(): SimulatorStats;
  /** Ends all connections at once, hanging ones included, and frees the port. */
  close(): Promise<void>;
}

const KEEP_ALIVE_MS = 65_000;

/**
 * Starts a simulator.
 * @throws {Error} when an option is out of range or the port is taken
 */
export async function createSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const settings = settle(options);
  const handler = new RequestHandler(settings);
  const server = createServer((request, response) => handler.handle(request, response));
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.listen(settings.port, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  let closed: Promise<unknown> | undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    contacts: () => handler.contacts(),
    stats: () => handler.stats(),
    close: async () => {
      if (closed === undefined) {
        closed = once(server, 'close');
        server.close();
        handler.cancelDelays();
        server.closeAllConnections();
      }
      await closed;
    },
  };
}
