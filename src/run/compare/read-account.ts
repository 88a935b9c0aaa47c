import { copyFile, chmod, rm } from 'node:fs/promises';
import { createPersonReader } from '../../core/compare/person.ts';
import { defaultCountry } from '../../core/mapping/country.ts';
import { notWritable } from '../../core/outcome/path-fault.ts';
import type { Customer, CustomerQuery } from '../../gleantap/client.ts';
import { createAccountFile, openAccountFile } from '../../ledger/account-file.ts';
import type { AccountFile } from '../../ledger/account-file.ts';
import { accountFileOf } from '../files/run-folder.ts';
import type { ImportContext } from '../model.ts';
import type { Ports } from '../ports.ts';
import { readPages } from '../requests/read-pages.ts';
import type { Page } from '../requests/read-pages.ts';
import type { Read } from '../requests/reader.ts';
import type { ApiSession } from '../requests/api-session.ts';

export interface AccountReading {
  readonly context: Pick<ImportContext, 'folder'> & { readonly file: Pick<ImportContext['file'], 'mapping'> };
  /** Whose people are read, as `accountOf`. */
  readonly account: string;
  readonly read: Read;
  readonly client: ApiSession['client'];
  readonly ports: Pick<Ports, 'emit' | 'clock'>;
  /** Gives up when the account has more pages than this. */
  readonly mostPages?: number;
}

/** Milliseconds by which the clock of a server may be written too late in its answers: they have whole seconds. */
const clockMargin = 1000;

/**
 * Reads everyone in the account into the run's folder: all pages, then those who changed since the reading began.
 *
 * @returns undefined when the run was asked to stop, or the account has too many pages.
 * @throws RunError `server_refuses` and others when it can't be read to its end: that is not an account without people.
 */
export async function readAccount(reading: AccountReading): Promise<AccountFile | undefined> {
  const { context, account, client, ports, mostPages = Infinity } = reading;
  const { emit, clock } = ports;
  const name = accountFileOf(context.folder);
  for (const suffix of ['', '-journal']) await rm(name + suffix, { force: true });
  const file = createAccountFile(name);
  const reader = createPersonReader(defaultCountry(context.file.mapping));
  const begun = clock.now();
  let serverTime: number | undefined;
  let pages = 0;
  let people = 0;
  const readPage = async (query: CustomerQuery): Promise<readonly Customer[] | undefined> => {
    if ((pages += 1) > mostPages) return undefined;
    return reading.read(async (signal) => {
      const answer = await client.getCustomers(query, signal);
      if (answer.kind === 'success') serverTime ??= answer.serverTime;
      return answer;
    });
  };
  const store = (members: readonly Customer[]): void => {
    file.add(
      members.map((member) => {
        const person = personOf(member);
        return { person, keys: reader.keysOf(person) };
      }),
    );
    people += members.length;
    emit({ type: 'reading_contacts', people, done: false });
  };
  const readAll = async (query: CustomerQuery): Promise<boolean> =>
    readPages(async (page: Page) => readPage({ ...query, ...page }), store, 'the account');
  try {
    emit({ type: 'reading_contacts', people, done: false });
    const isRead =
      (await readAll({})) && (await readAll({ updated_since: timeText((serverTime ?? begun) - clockMargin) }));
    if (!isRead) {
      file.close();
      return undefined;
    }
    file.complete(account, timeText(begun));
    emit({ type: 'reading_contacts', people: file.size, done: true });
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Takes over what an earlier run has read of the same account, if that is not older than this. @param age Milliseconds. */
export async function reuseAccount(
  { context, account, ports }: Pick<AccountReading, 'context' | 'account' | 'ports'>,
  earlier: readonly string[],
  age: number,
): Promise<AccountFile | undefined> {
  const oldest = timeText(ports.clock.now() - age);
  const own = accountFileOf(context.folder);
  for (const folder of earlier) {
    const name = accountFileOf(folder);
    if (name === own) continue;
    const found = openIfWhole(name, account);
    const isRecent = found?.taken !== undefined && found.taken >= oldest;
    found?.close();
    if (!isRecent) continue;
    try {
      await copyFile(name, own);
      await chmod(own, 0o600);
    } catch (error) {
      throw notWritable(own, error);
    }
    return openAccountFile(own, account);
  }
  return undefined;
}

/** A run that was killed while it read may have left anything. */
function openIfWhole(name: string, account: string): AccountFile | undefined {
  try {
    return openAccountFile(name, account);
  } catch {
    return undefined;
  }
}

function personOf({ id, firstname, lastname, email, phone, last_location: location, created_date: created }: Customer) {
  return {
    id,
    first_name: firstname ?? '',
    last_name: lastname ?? '',
    email: email ?? '',
    phone: phone ?? '',
    location: location ?? '',
    created: created ?? '',
  };
}

export function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
