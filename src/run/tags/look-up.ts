import { defaultCountry } from '../../core/mapping/country.ts';
import type { Contact } from '../../core/api/contact.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import { createWindow } from '../../flow/window.ts';
import type { AccountFile } from '../../ledger/account-file.ts';
import type { Customer } from '../../gleantap/client.ts';
import type { RunContext } from '../model.ts';
import type { Emit, Stop } from '../events.ts';
import type { ApiSession } from '../requests/api-session.ts';
import type { RequestRunner } from '../requests/request-runner.ts';
import { askAccount } from './ask-account.ts';
import { createFindPerson } from './find-person.ts';
import type { Ask } from './find-person.ts';
import { personKey } from './looked-up.ts';
import type { LookedUp, LookUp } from './looked-up.ts';

export interface LookUpInput {
  /** Whose mapper gives rows the list's own identity. */
  readonly context: RunContext;
  readonly runner: RequestRunner;
  readonly client: ApiSession['client'];
  readonly concurrency: number;
  /** Reads the whole account, unless it has more pages than this. */
  readonly readAccount: (mostPages: number) => Promise<AccountFile | undefined>;
  readonly emit: Emit;
  readonly stop: Stop;
}

/** Searches that are under way for each slot of concurrency: enough to keep every slot busy. */
const searchesPerSlot = 2;

/** A shorter list is searched for person by person, whatever the size of the account. */
const fewestForAll = 20;

/** No server returns fewer people at once if it knows more. */
const smallestCap = 10;

/**
 * Looks every person of a list up, by read-only calls under the run's own rate and fault table. Each is looked up once.
 *
 * @throws RunError when the run has to stop; nothing was sent then.
 */
export async function lookUpPeople({
  context,
  runner,
  client,
  concurrency,
  readAccount,
  emit,
  stop,
}: LookUpInput): Promise<LookedUp> {
  const wanted = await listPeople(context);
  const country = defaultCountry(context.file.mapping);
  const findPerson = createFindPerson(country);
  // A user_id is looked up one by one: what can be read of the account does not show it.
  const bySearch = [...wanted.values()].filter(({ contact }) => contact['user_id'] === undefined).length;
  const account = bySearch < fewestForAll ? undefined : await readAccount(bySearch);
  const lookedUp = new Map<string, LookUp>();
  const window = createWindow(concurrency * searchesPerSlot);
  const onStop = (): void => {
    window.close();
    // Nothing is lost with an answer that is only read.
    stop.abandonRequests();
  };
  stop.signal.addEventListener('abort', onStop, { once: true });

  const search = async (key: string, { row, contact }: Wanted): Promise<void> => {
    let detail: string | undefined;
    const askPage: Ask = async (query) => {
      const values = (): readonly unknown[] => Object.values(contact);
      const answer = await runner.run({ row, values, send: async (signal) => client.getCustomers(query, signal) });
      if (answer.kind === 'succeeded') {
        runner.health.rowSucceeded();
        return answer.value;
      }
      if (answer.kind === 'stopped') return undefined;
      ({ detail } = answer);
      if (runner.health.rowRefused(detail).kind === 'stop')
        stop.request({ kind: 'error', error: refusesToShow(detail) });
      return undefined;
    };
    /** A server may return fewer people than it was asked for: only a few, or none, are the end. */
    const ask: Ask = async (query) => {
      const all: Customer[] = [];
      const known = new Set<string>();
      for (;;) {
        const page = await askPage(all.length === 0 ? query : { ...query, offset: all.length });
        if (page === undefined) return undefined;
        const knownBefore = known.size;
        for (const { id } of page) known.add(id);
        all.push(...page);
        if (page.length < smallestCap || all.length >= (query.limit ?? Infinity)) return all;
        if (known.size === knownBefore) {
          stop.request({ kind: 'error', error: repeatsPages() });
          return undefined;
        }
      }
    };
    const found = await findPerson(contact, account === undefined ? ask : askAccount(account, country, ask));
    lookedUp.set(key, 'code' in found && detail !== undefined ? { ...found, detail } : found);
    emit({ type: 'looking_up', done: lookedUp.size, total: wanted.size });
  };
  emit({ type: 'looking_up', done: 0, total: wanted.size });
  try {
    for (const [key, person] of wanted) {
      if (!(await window.enter())) break;
      void search(key, person)
        .catch((error: unknown) => {
          const cause = new RunError('bug', 'A person could not be looked up', { cause: error });
          stop.request({ kind: 'error', error: cause });
        })
        .finally(() => window.leave());
    }
  } finally {
    await window.empty();
    account?.close();
  }
  if (stop.reason?.kind === 'error') throw nothingSent(stop.reason.error);
  return lookedUp;
}

interface Wanted {
  /** The first row that names the person. */
  readonly row: number;
  readonly contact: Contact;
}

async function listPeople({ csv, map }: RunContext): Promise<Map<string, Wanted>> {
  const people = new Map<string, Wanted>();
  for await (const { rows } of csv.batches()) {
    for (const { row, cells, damage, code } of rows) {
      if (damage !== undefined || code === 'superseded') continue;
      const { contact, filtered, problems } = map(cells);
      if (filtered || problems.length > 0) continue;
      const key = personKey(contact);
      if (!people.has(key)) people.set(key, { row, contact });
    }
  }
  return people;
}

function refusesToShow(reason: string | undefined): RunError {
  const last = reason === undefined ? '' : `. The last answer: ${reason}`;
  return new RunError('server_refuses', `Gleantap refuses to show people${last}`);
}

function repeatsPages(): RunError {
  return new RunError('server_refuses', 'Gleantap keeps returning the same people of a search');
}

/** A run that stopped before it sent anything can't be continued: the same command starts over. */
function nothingSent(error: RunError): RunError {
  if (error.code === 'bug') return error;
  return new RunError(error.code, `Nothing was sent: the people of the list could not be looked up. ${error.message}`, {
    hint: 'Nothing has changed in Gleantap. Run the same command again when the cause is fixed.',
    cause: error,
  });
}
