import { isUtf8 } from 'node:buffer';
import { z } from 'zod';
import { hasErrorWord, readAnswer, readReason, readRemoval } from '../core/api/answer.ts';
import type { ApiAnswer } from '../core/api/answer.ts';
import type { Contact } from '../core/api/contact.ts';
import { eventOfStatus, isOk } from '../core/api/fault-table.ts';
import type { FaultEvent } from '../core/api/fault-table.ts';
import { readHttpDate, readRetryAfter } from '../core/api/retry-after.ts';
import type { Clock } from '../flow/clock.ts';
import type { Credentials } from './credentials.ts';
import type { AnswerHeaders, Connection, HttpResult, Transport } from './http/transport.ts';
import { packageVersion } from './version.ts';

/** What one request came to. */
export type Attempt<T> =
  | {
      readonly kind: 'success';
      readonly status: number;
      readonly value: T;
      /** The server's clock by its Date header, in milliseconds since the epoch. */
      readonly serverTime: number | undefined;
    }
  | Failure;

export interface Failure {
  readonly kind: 'fault';
  readonly event: FaultEvent;
  readonly status: number | undefined;
  /** What the server said, or the name of the transport's error; unmasked, without keys. */
  readonly reason: string | undefined;
  /** How long the server asked to wait, in milliseconds; Infinity for absurd values. */
  readonly retryAfterMs: number | undefined;
}

/** A contact as getCustomers shows it (API page "Customers"): other names than those that are written. */
export interface Customer {
  readonly id: string;
  readonly firstname: string | undefined;
  readonly lastname: string | undefined;
  readonly email: string | undefined;
  readonly phone: string | undefined;
  readonly last_location: string | undefined;
  /** ISO 8601. */
  readonly created_date: string | undefined;
}

export interface CustomerQuery {
  readonly _id?: string;
  readonly user_id?: string;
  readonly email?: string;
  readonly phone?: string;
  /** Only those who changed since then: an ISO time. */
  readonly updated_since?: string;
  readonly limit?: number;
  readonly offset?: number;
}

/** A person who has opted out, as getOptoutCustomers shows them (API page "Opted Out Customers"). */
export type OptedOutCustomer = Omit<Customer, 'last_location' | 'created_date'> & {
  /** ISO 8601. */
  readonly optout_date: string | undefined;
};

export interface OptOutQuery {
  readonly type: 'email' | 'sms';
  /** 1000 at most. */
  readonly limit: number;
  readonly offset: number;
}

export interface GleantapClient {
  /** Creates or updates one contact. The value is its `_id`. */
  newContact(contact: Contact, signal: AbortSignal, connection?: Connection): Promise<Attempt<string>>;
  /** Removes one contact for good. The value is its `_id`. */
  removeContact(id: string, signal: AbortSignal, connection?: Connection): Promise<Attempt<string>>;
  /** Reads contacts; changes nothing. */
  getCustomers(query: CustomerQuery, signal: AbortSignal): Promise<Attempt<readonly Customer[]>>;
  /** Reads a page of those who have opted out; changes nothing. A page may be shorter than `limit`. After the last comes an empty one. */
  getOptoutCustomers(query: OptOutQuery, signal: AbortSignal): Promise<Attempt<readonly OptedOutCustomer[]>>;
  close(): void;
}

const newContactPath = '/v2/ExternalApi/newContact';
const removeContactPath = '/v2/ExternalApi/removeContact';
const getOptoutCustomersPath = '/v2/ExternalApi/getOptoutCustomers';
const getCustomersPath = '/v2/ExternalApi/getCustomers';

const word = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);
const person = z.object({ id: z.string(), firstname: word, lastname: word, email: word, phone: word });
const customers = membersOf(person.extend({ last_location: word, created_date: word }));
const optedOut = membersOf(person.extend({ optout_date: word }));

/** Seen in public code: `members` may be null, or one object instead of a list. */
function membersOf<Shape extends z.core.$ZodLooseShape>(member: z.ZodObject<Shape>) {
  return z.object({
    members: z
      .union([z.array(member), member.transform((one) => [one])])
      .nullable()
      .transform((members) => members ?? []),
  });
}

/**
 * The calls of the Gleantap API that this program makes, each as exactly one HTTP request.
 *
 * @param hadSuccess Whether the run has had a success already: a 403 then speaks of its row, not of the keys.
 */
export function createClient(
  transport: Transport,
  credentials: Credentials,
  clock: Clock,
  hadSuccess = false,
): GleantapClient {
  const commonHeaders = { 'User-Agent': `gleantap-import/${packageVersion()}`, ...credentials.headers() };
  const post = (path: string, body: object, signal: AbortSignal, connection?: Connection): Promise<HttpResult> => {
    const json = JSON.stringify({ app_id: credentials.appId, ...body });
    return transport.post(path, commonHeaders, json, signal, connection);
  };

  const failure = (result: HttpResult): Failure => {
    if (result.kind === 'fault') {
      return {
        kind: 'fault',
        event: result.event,
        status: undefined,
        reason: result.cause,
        retryAfterMs: undefined,
      };
    }
    const { status, headers, body } = result;
    const now = readHttpDate(headerOf(headers, 'date') ?? '', clock.now()) ?? clock.now();
    const wait = readRetryAfter(headerOf(headers, 'retry-after'), now);
    const event = eventOfStatus(status, { retryAfter: wait.kind === 'wait', hadSuccess });
    const text = result.tooLarge ? undefined : textOf(body);
    const reason = event === 'redirect' ? `to ${hostOf(headerOf(headers, 'location'))}` : readReason(text ?? '');
    return {
      kind: 'fault',
      event,
      status,
      reason: reason === undefined ? undefined : credentials.redact(reason),
      retryAfterMs: wait.kind === 'wait' ? wait.ms : undefined,
    };
  };

  const oddAnswer = (
    status: number,
    { event, message }: { event: FaultEvent; message: string | undefined },
  ): Failure => {
    const reason = message === undefined ? undefined : credentials.redact(message);
    return { kind: 'fault', event, status, reason, retryAfterMs: undefined };
  };

  const readMembers = async <T>(
    path: string,
    query: object,
    shape: z.ZodType<{ members: T[] }>,
    signal: AbortSignal,
  ): Promise<Attempt<readonly T[]>> => {
    const result = await post(path, query, signal);
    if (result.kind === 'fault' || !isOk(result.status)) return failure(result);
    const answer = answerOf(result);
    const isRefused = answer.kind === 'fault' && answer.event === 'ok_status_error';
    const json = parseJson(textOf(result.body));
    const parsed = shape.safeParse(json);
    const isGood = parsed.success && !hasErrorWord(json) && !(isRefused && parsed.data.members.length === 0);
    // What can't be read must not count as an empty list: it may name people who have opted out.
    if (!isGood) return oddAnswer(result.status, isRefused || !isJsonObject(json) ? faultOf(answer) : noList);
    const serverTime = readHttpDate(headerOf(result.headers, 'date') ?? '', clock.now());
    return { kind: 'success', status: result.status, value: parsed.data.members, serverTime };
  };

  return {
    async newContact(contact, signal, connection) {
      const result = await post(newContactPath, contact, signal, connection);
      if (result.kind === 'fault' || !isOk(result.status)) return failure(result);
      const answer = answerOf(result);
      if (answer.kind === 'fault') return oddAnswer(result.status, answer);
      hadSuccess = true;
      return { kind: 'success', status: result.status, value: answer.id, serverTime: undefined };
    },
    async removeContact(id, signal, connection) {
      const result = await post(removeContactPath, { id }, signal, connection);
      if (result.kind === 'fault' || !isOk(result.status)) return failure(result);
      const answer = readRemoval((result.tooLarge ? undefined : textOf(result.body)) ?? '');
      if (answer.kind === 'fault') return oddAnswer(result.status, answer);
      hadSuccess = true;
      return { kind: 'success', status: result.status, value: id, serverTime: undefined };
    },
    getCustomers: async (query, signal) => readMembers(getCustomersPath, query, customers, signal),
    getOptoutCustomers: async (query, signal) => readMembers(getOptoutCustomersPath, query, optedOut, signal),
    close: () => transport.close(),
  };
}

function answerOf({ body, tooLarge }: Extract<HttpResult, { kind: 'answer' }>): ApiAnswer {
  const text = textOf(body);
  if (tooLarge) return { kind: 'fault', event: 'ok_too_large', message: undefined };
  return text === undefined ? { kind: 'fault', event: 'ok_unreadable', message: undefined } : readAnswer(text);
}

/** Strictly UTF-8, without a byte order mark; undefined where it is something else. */
function textOf(body: Buffer): string | undefined {
  return isUtf8(body) ? body.toString().replace(/^\uFEFF/, '') : undefined;
}

/** The first, where a header came several times. */
function headerOf(headers: AnswerHeaders, name: string): string | undefined {
  return [headers[name]].flat()[0];
}

function hostOf(location = ''): string {
  const here = 'https://here.invalid';
  const { host } = URL.canParse(location, here) ? new URL(location, here) : new URL(here);
  return host === 'here.invalid' ? 'another path of this host' : host;
}

const noList = { event: 'list_missing', message: undefined } as const;

/** An answer that reads like a success of newContact is not a list either. */
function faultOf(answer: ApiAnswer): Extract<ApiAnswer, { kind: 'fault' }> | typeof noList {
  return answer.kind === 'fault' ? answer : noList;
}

function isJsonObject(json: unknown): boolean {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
