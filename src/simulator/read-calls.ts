import type { JsonObject } from './admission.ts';
import type { ContactRecord } from './contact-record.ts';
import type { ContactStore } from './contact-store.ts';
import { fold } from './match-keys.ts';

type Item = Readonly<Record<string, string | number>>;

/** The members of one page, or the reason for a 400. */
export type ReadAnswer = readonly Item[] | string;

const MAX_LIMIT = 1000;
const DEFAULT_LIMIT = 100;

/** The documented filters; the first one that is given finds the candidates, the others are compared. */
const FILTERS = ['_id', 'user_id', 'email', 'phone'] as const;

/** Documented in the API, not simulated: refused rather than answered wrongly. */
const NOT_SIMULATED = ['event_since_date', 'fulldata', 'events'] as const;

interface Filter {
  readonly name: (typeof FILTERS)[number];
  readonly value: string;
}

interface Page {
  readonly limit: number;
  readonly offset: number;
}

/** API page getCustomers: filters are combined, and the page is in order of creation. */
export function getCustomers(store: ContactStore, body: JsonObject, pageCap: number): ReadAnswer {
  const page = readPage(body, pageCap);
  if (typeof page === 'string') return page;
  const filters = readFilters(body);
  if (typeof filters === 'string') return filters;
  const missing = NOT_SIMULATED.find((name) => body[name] !== undefined && body[name] !== false);
  if (missing !== undefined) return `the simulator does not know ${missing}`;

  const since = readSince(body);
  if (typeof since === 'string') return since;

  const { limit, offset } = page;
  const [first, ...others] = filters;
  const found = (first === undefined ? store.all() : [...candidates(store, first)]).filter(
    (record) => record.updated >= since && others.every((filter) => passes(record, filter)),
  );
  return found.slice(offset, offset + limit).map(customer);
}

/** API page getOptoutCustomers: without a type, people who opted out of either. */
export function getOptoutCustomers(store: ContactStore, body: JsonObject, pageCap: number): ReadAnswer {
  const page = readPage(body, pageCap);
  if (typeof page === 'string') return page;
  const type = body['type'];
  if (type !== undefined && type !== 'email' && type !== 'sms') return 'type must be "email" or "sms"';

  const members: Item[] = [];
  let position = 0;
  for (const record of store.optedOut()) {
    const since = optoutSince(record, type);
    if (since === undefined || position++ < page.offset) continue;
    if (members.push(optout(record, since)) === page.limit) break;
  }
  return members;
}

function readPage({ limit = DEFAULT_LIMIT, offset = 0 }: JsonObject, pageCap: number): Page | string {
  if (!isCount(limit) || limit < 1 || limit > MAX_LIMIT) return `limit must be a whole number from 1 to ${MAX_LIMIT}`;
  if (!isCount(offset)) return 'offset must be a whole number, 0 or more';
  return { limit: Math.min(limit, pageCap), offset };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function readFilters(body: JsonObject): Filter[] | string {
  const filters: Filter[] = [];
  for (const name of FILTERS) {
    const value = body[name];
    if (value === undefined) continue;
    if (typeof value !== 'string' || value.trim() === '') return `${name} must be a non-empty string`;
    filters.push({ name, value });
  }
  return filters;
}

/** `updated_since` in milliseconds, -Infinity where it is not asked for: a day, or a day with a time. Without a zone it is UTC. */
function readSince({ updated_since: since }: JsonObject): number | string {
  if (since === undefined) return -Infinity;
  const text = typeof since === 'string' ? since.trim().replace(' ', 'T') : '';
  const hasZone = /T.*(?:Z|[+-]\d\d:?\d\d)$/u.test(text);
  const time = Date.parse(text.includes('T') && !hasZone ? `${text}Z` : text);
  return Number.isNaN(time) ? 'updated_since must be a date' : time;
}

function candidates(store: ContactStore, { name, value }: Filter): Iterable<ContactRecord> {
  return name === '_id' ? store.byId(value.trim()) : store.by(name, value);
}

function passes(record: ContactRecord, { name, value }: Filter): boolean {
  return name === '_id' ? record.id === value.trim() : fold(record.fields[name] ?? '') === fold(value);
}

function optoutSince(record: ContactRecord, type: 'email' | 'sms' | undefined): number | undefined {
  if (type === 'email') return record.emailOptoutSince;
  if (type === 'sms') return record.smsOptoutSince;
  return record.emailOptoutSince ?? record.smsOptoutSince;
}

/** The documented item of getCustomers, nothing more. */
function customer(record: ContactRecord): Item {
  const { location, created_date } = record.fields;
  return {
    ...person(record),
    last_location: location ?? '',
    created_date: created_date === undefined ? isoTime(record.created) : `${created_date.replace(' ', 'T')}.000Z`,
  };
}

/** The documented item of getOptoutCustomers, nothing more. */
function optout(record: ContactRecord, since: number): Item {
  return { ...person(record), optout_date: isoTime(since) };
}

function person(record: ContactRecord): Item {
  const { first_name, last_name, email, phone } = record.fields;
  return {
    id: record.id,
    firstname: first_name,
    lastname: last_name,
    email: email ?? '',
    phone: phone ?? '',
    email_optout: record.emailOptoutSince === undefined ? 0 : 1,
    sms_optout: record.smsOptoutSince === undefined ? 0 : 1,
  };
}

function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
