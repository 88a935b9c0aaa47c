import { access, constants, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { changedSettings, resolveSettings } from '../../config/settings.ts';
import { duration } from '../../core/settings/duration.ts';
import { mappingError } from '../../core/mapping/finding.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import { visible } from '../../core/reports/visible.ts';
import { notWritable } from '../../core/outcome/path-fault.ts';
import { exitCodeOf } from '../../core/outcome/exit-codes.ts';
import { faultRule } from '../../core/api/fault-table.ts';
import { systemClock } from '../../flow/clock.ts';
import { createClient } from '../../gleantap/client.ts';
import type { Customer } from '../../gleantap/client.ts';
import type { Credentials } from '../../gleantap/credentials.ts';
import { createTransport } from '../../gleantap/http/connection-pool.ts';
import { lockFolder } from '../../ledger/account-lock.ts';
import { examineLedger } from '../../ledger/examine.ts';
import { ledgerFileOf } from '../../run/files/places.ts';
import { printLine } from '../io.ts';
import type { Io } from '../io.ts';
import { loadCredentials, findMapping, routeTo, timeOf } from '../launch.ts';
import type { Route } from '../launch.ts';
import { screenOf } from '../text/screen.ts';
import type { Style } from '../text/screen.ts';
import { plural, wrap } from '../text/words.ts';
import type { PlainCommand } from './command.ts';

/** Right of `ok` and `WRONG`. */
const margin = ' '.repeat(8);

/** Looks at everything an import needs and says what is right and what is wrong, by read-only means. */
export const doctor: PlainCommand<object> = async ({ flags }, io: Io) => {
  let exitCode = 0;
  const screen = screenOf(io.stdout, io.environment);
  const tell = (style: Style, label: string, text: string): void => {
    const lines = text.split('\n').flatMap((line) => wrap(visible(margin + line), screen.sentenceWidth));
    lines.forEach((line, index) =>
      printLine(io.stdout, index === 0 ? screen.paint(style, label) + line.slice(label.length) : line),
    );
  };
  const look = async <T>(
    what: string,
    work: () => Promise<{ readonly says: string; readonly value: T }>,
  ): Promise<T | undefined> => {
    try {
      const { says, value } = await work();
      tell('ok', 'ok', `${what}: ${says}`);
      return value;
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      exitCode = Math.max(exitCode, exitCodeOf(error.code));
      tell('failed', 'WRONG', `${what}: ${error.message}${error.hint === undefined ? '' : `\n${error.hint}`}`);
      return undefined;
    }
  };

  printLine(io.stdout, `${margin}Node ${process.version} on ${process.platform} ${process.arch}`);
  const settings = await look('settings', async () => {
    const value = await resolveSettings(flags, io.environment);
    const changed = Object.keys(changedSettings(value));
    return { value, says: changed.length === 0 ? 'all defaults' : `not the default: ${changed.join(', ')}` };
  });
  if (settings === undefined) return exitCode;
  const { values } = settings;
  const route = await look('address', async () =>
    Promise.resolve({ value: routeTo(values.baseUrl, io), says: values.baseUrl }),
  );
  const time = timeOf(io, route?.origin);
  const mapping = await look('mapping', async () => {
    const value = await findMapping(settings, time.today);
    if (value.findings.some(({ severity }) => severity === 'error')) throw mappingError(values.mapping, value.findings);
    return { value, says: `${value.file} (${value.mapping.name})` };
  });
  const mappingFile = mapping?.file ?? path.resolve(values.mapping);
  const credentials = await look('credentials', async () => {
    const value = await loadCredentials(io, values, {
      mappingFile,
      pinned: mapping?.mapping.account?.app_id,
    });
    return { value, says: `from ${value.source}, app_id ${value.appId}` };
  });
  await look('ledger', async () => describeLedger(ledgerFileOf(values.ledger, mappingFile)));
  await look('locks', async () => Promise.resolve({ value: undefined, says: lockFolder() }));
  if (route !== undefined && credentials !== undefined) {
    await look('account', async () =>
      lookAtAccount(route, credentials, values.timeout, mapping?.mapping.fields.phone !== undefined),
    );
  }
  return exitCode;
};

async function describeLedger(file: string): Promise<{ value: undefined; says: string }> {
  const there = await stat(file).then(
    ({ size }) => `${file} (${Math.ceil(size / 1024)} KiB)`,
    () => undefined,
  );
  const folder = path.dirname(file);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK);
  } catch (error) {
    throw notWritable(folder, error);
  }
  if (there !== undefined) examineLedger(file);
  return { value: undefined, says: there ?? `${file} does not exist yet. The first run creates it` };
}

const sample = 200;

async function lookAtAccount(route: Route, credentials: Credentials, timeoutMs: number, mapsPhone: boolean) {
  const transport = createTransport({ ...route, timeoutMs });
  const client = createClient(transport, credentials, systemClock);
  try {
    const before = Date.now();
    const answer = await client.getCustomers({ limit: sample }, new AbortController().signal);
    if (answer.kind === 'fault') {
      const { says, stop = 'outage' } = faultRule(answer.event);
      throw new RunError(
        stop,
        `${says}${answer.status === undefined || answer.reason === undefined ? '' : ` (${answer.reason.slice(0, 200)})`}`,
        {
          hint: 'Nothing was changed. getCustomers only reads.',
        },
      );
    }
    const skew = answer.serverTime === undefined ? 0 : Math.abs(answer.serverTime - before);
    const lines = [
      `the keys work, ${plural(answer.value.length, 'contact')} read in ${duration(Date.now() - before)}`,
      ...describeContacts(answer.value, mapsPhone),
    ];
    if (skew > 60_000) lines.push(`this machine's clock is off by ${duration(skew)}`);
    return { value: undefined, says: lines.join('\n') };
  } finally {
    client.close();
  }
}

function describeContacts(contacts: readonly Customer[], mapsPhone: boolean): string[] {
  if (contacts.length === 0) return [];
  const places = new Set(contacts.flatMap(({ last_location: place }) => place || []));
  const phones = contacts.flatMap(({ phone }) => phone || []);
  const plus = phones.filter((phone) => phone.startsWith('+')).length;
  const lines = [`locations of its contacts: ${places.size === 0 ? 'none' : [...places].slice(0, 10).join(', ')}`];
  if (phones.length > 0) lines.push(`${plus} of ${phones.length} phones begin with +`);
  if (mapsPhone && phones.length > 0 && plus < phones.length / 2) {
    lines.push(
      'the mapping sends phones with + by default: set "format" of phone to match the account, or rows may not find their contacts by phone',
    );
  }
  return lines;
}
