import { RunError } from '../core/outcome/run-error.ts';
import { faultRule } from '../core/api/fault-table.ts';
import type { Contact } from '../core/api/contact.ts';
import { fold } from '../core/values/text.ts';
import type { RateLimiter } from '../flow/rate-limiter.ts';
import type { Emit } from './events.ts';
import type { SampleRow } from './model.ts';
import type { PreflightStats } from './plan.ts';
import type { Attempt, Customer, CustomerQuery, Failure, GleantapClient } from '../gleantap/client.ts';

export interface PreflightInput {
  /** Rows of the file to look up. */
  readonly samples: readonly SampleRow[];
  readonly client: GleantapClient;
  readonly limiter: RateLimiter;
  readonly signal: AbortSignal;
  readonly emit: Emit;
}

const shown = 50;

/**
 * Reads some contacts of the account and looks a few rows of the file up by their keys. Changes nothing.
 *
 * @throws RunError `credentials_refused`; every other failure is only reported.
 */
export async function preflight({ samples, client, limiter, signal, emit }: PreflightInput): Promise<PreflightStats> {
  const stats = {
    contacts: 0,
    locations: [] as string[],
    phones: { international: 0, all: 0 },
    lookedUp: 0,
    found: { user_id: 0, email: 0, phone: 0 },
  };
  const ask = async (query: CustomerQuery): Promise<Attempt<readonly Customer[]>> => {
    await limiter.enter(signal);
    if (signal.aborted) return interrupted;
    return client.getCustomers(query, signal);
  };
  const note = (): void => emit({ type: 'reading_account', done: stats.lookedUp, total: samples.length });
  note();
  const some = await ask({ limit: shown });
  if (some.kind === 'fault') return { ...stats, failure: failureOf(some) };
  stats.contacts = some.value.length;
  stats.locations = [...new Set(some.value.flatMap(({ last_location: place }) => place || []))].slice(0, 10);
  const phones = some.value.flatMap(({ phone }) => phone || []);
  stats.phones = { all: phones.length, international: phones.filter((phone) => phone.startsWith('+')).length };

  if (stats.contacts > 0) {
    for (const {
      mapped: { contact },
    } of samples) {
      stats.lookedUp += 1;
      note();
      for (const key of ['user_id', 'email', 'phone'] as const) {
        const value = contact[key];
        if (typeof value !== 'string') continue;
        const answer = await ask({ [key]: value, limit: 5 });
        if (answer.kind === 'fault') return { ...stats, failure: failureOf(answer) };
        if (!answer.value.some((customer) => isSame(contact, customer, key))) continue;
        stats.found[key] += 1;
        break;
      }
    }
  }
  return { ...stats, failure: undefined };
}

const interrupted: Failure = {
  kind: 'fault',
  event: 'answer_timeout',
  status: undefined,
  reason: 'interrupted',
  retryAfterMs: undefined,
};

/** Whether filters are exact is unknown, so what comes back is compared. The answer shows no user_id. */
function isSame(contact: Contact, customer: Customer, key: 'user_id' | 'email' | 'phone'): boolean {
  const same = (sent: unknown, stored: string | undefined): boolean => fold(String(sent)) === fold(stored ?? '');
  return same(contact['first_name'], customer.firstname) && (key === 'user_id' || same(contact[key], customer[key]));
}

function failureOf({ event, status, reason }: Extract<Attempt<never>, { kind: 'fault' }>): string {
  const { says } = faultRule(event);
  if (event === 'status_401' || event === 'status_403_first') {
    throw new RunError('credentials_refused', `Nothing was sent: ${says}`, {
      hint: 'Check GLEANTAP_API_KEY, GLEANTAP_SECRET_KEY and GLEANTAP_APP_ID.',
    });
  }
  return status === undefined || reason === undefined ? says : `${says}: ${reason.slice(0, 200)}`;
}
