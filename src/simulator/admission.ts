import type { IncomingHttpHeaders } from 'node:http';
import type { SimulatorCredentials } from './options.ts';

/** A JSON object as it came over the wire. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The body of a request that may reach its endpoint, or why it may not. */
export type Admission =
  | { readonly admitted: true; readonly body: JsonObject }
  | { readonly admitted: false; readonly status: 400 | 401; readonly message: string };

/**
 * Checks what all endpoints ask for: both key headers, JSON, and `app_id` in the body (API page, "Shape of the API").
 * Without configured credentials any non-empty ones will do.
 */
export function admit(
  headers: IncomingHttpHeaders,
  body: Buffer,
  credentials: SimulatorCredentials | undefined,
): Admission {
  if (!isAccepted(headers['x-api-key'], credentials?.apiKey)) return unauthorized('X-API-KEY');
  if (!isAccepted(headers['x-secret-key'], credentials?.secretKey)) return unauthorized('X-SECRET-KEY');
  if (!/^application\/json\s*(?:;|$)/iu.test(headers['content-type'] ?? '')) {
    return invalid('Content-Type must be application/json');
  }
  const json = parseObject(body);
  if (json === undefined) return invalid('the body must be a JSON object');
  const appId = json['app_id'];
  if (typeof appId !== 'string' || appId.trim() === '') {
    return invalid('app_id is required and must be a non-empty string');
  }
  return isAccepted(appId, credentials?.appId) ? { admitted: true, body: json } : unauthorized('app_id');
}

function isAccepted(given: unknown, expected: string | undefined): boolean {
  return typeof given === 'string' && (expected === undefined ? given.trim() !== '' : given === expected);
}

function unauthorized(what: string): Admission {
  return { admitted: false, status: 401, message: `Unauthorized - Invalid API credentials (${what})` };
}

function invalid(message: string): Admission {
  return { admitted: false, status: 400, message };
}

function parseObject(body: Buffer): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
