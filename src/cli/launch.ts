import { existsSync } from 'node:fs';
import path from 'node:path';
import { findCredentials } from '../config/credentials.ts';
import { readMappingFile } from '../config/mapping-file.ts';
import type { MappingFile } from '../config/mapping-file.ts';
import { proxyFor } from '../config/proxy.ts';
import type { Settings } from '../config/settings.ts';
import { mappingError } from '../core/mapping/finding.ts';
import type { Mapping } from '../core/mapping/schema.ts';
import { flagOf, optionMeta, optionNames } from '../core/options.ts';
import type { ClockOrDuration, OptionName, OptionValues } from '../core/options.ts';
import { RunError } from '../core/run-error.ts';
import { fasterClock, systemClock } from '../flow/clock.ts';
import type { Clock } from '../flow/clock.ts';
import { Credentials } from '../gleantap/credentials.ts';
import { isLoopback } from '../run/plan.ts';
import { accountOf } from '../run/setup.ts';
import { printLine } from './io.ts';
import type { InputSource } from '../run/input-copy.ts';
import type { Io } from './io.ts';

/** Everything that commands gather before they start, by the rules of DESIGN.md section 4. */

/** The origin of the API. @throws RunError `usage` for anything but https, or http on this machine. */
function originOf(baseUrl: string): URL {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined)
    throw new RunError('usage', `--base-url ${baseUrl} is no address`, {
      hint: 'It looks like https://api.gleantap.com.',
    });
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.origin))) {
    throw new RunError('usage', `--base-url ${url.origin} is refused: keys and contacts travel over https only`, {
      hint: 'http is allowed for this machine alone (127.0.0.1, localhost).',
    });
  }
  if (url.username !== '' || url.pathname !== '/' || url.search !== '') {
    throw new RunError('usage', '--base-url takes scheme, host and port only, such as https://api.gleantap.com');
  }
  return url;
}

/** How to get to the API: its address, and a proxy on the way. */
export interface Route {
  readonly origin: URL;
  readonly proxy: URL | undefined;
}

/** @throws RunError `usage` where keys and contacts would travel unprotected. */
export function routeTo(baseUrl: string, { environment }: Io): Route {
  const origin = originOf(baseUrl);
  if (environment['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    throw new RunError('usage', 'NODE_TLS_REJECT_UNAUTHORIZED=0 switches the protection of keys and contacts off', {
      hint: 'Unset it. A private certificate authority is named by NODE_EXTRA_CA_CERTS.',
    });
  }
  return { origin, proxy: proxyFor(origin, environment) };
}

/** Reads the mapping. @throws RunError `mapping` when nothing of it makes sense. */
export async function loadMapping(
  settings: Settings,
  today: string,
): Promise<MappingFile & { readonly mapping: Mapping }> {
  const { mapping: name } = settings.values;
  const read = await readMappingFile(name, today);
  const { mapping } = read;
  if (mapping === undefined) throw mappingError(name, read.findings);
  return { ...read, mapping };
}

/** Finds the credentials and compares them with the account that the mapping pins. */
export async function loadCredentials(
  io: Io,
  { envFile, envPrefix }: Pick<OptionValues, 'envFile' | 'envPrefix'>,
  { mappingFile, pinned }: { readonly mappingFile: string; readonly pinned: string | undefined },
): Promise<Credentials> {
  const found = await findCredentials({ envFile, envPrefix, mappingFile, environment: io.environment });
  for (const warning of found.warnings) printLine(io.stderr, `Warning: ${warning}`);
  if (pinned !== undefined && pinned !== found.appId) {
    throw new RunError(
      'usage',
      `The mapping is for the account "${pinned}", the credentials (${found.source}) are for "${found.appId}"`,
      {
        hint: 'Use the credentials of that account, or correct "account.app_id" in the mapping.',
      },
    );
  }
  return new Credentials(found);
}

/** The account that a run would send to, for comparing a file with its history; undefined where no credentials say it. */
export async function accountIfKnown(
  io: Io,
  { baseUrl, envFile, envPrefix }: Pick<OptionValues, 'baseUrl' | 'envFile' | 'envPrefix'>,
  { mappingFile, pinned }: { readonly mappingFile: string; readonly pinned: string | undefined },
): Promise<string | undefined> {
  const { environment } = io;
  const found = await findCredentials({ envFile, envPrefix, mappingFile, environment }).catch(() => undefined);
  const appId = found?.appId ?? pinned;
  return appId === undefined ? undefined : accountOf({ origin: originOf(baseUrl), credentials: { appId } });
}

/** Options that are not the default, with their source: what the start lists. */
export function changedSettings({ values, sources }: Settings): Record<string, unknown> {
  const changed: Record<string, unknown> = {};
  for (const name of optionNames) {
    if (sources[name] === 'default' || quietOptions.has(name)) continue;
    changed[optionMeta(name).scope === 'config file' ? name : flagOf(name)] = {
      value: values[name],
      source: sources[name],
    };
  }
  return changed;
}

const quietOptions = new Set<OptionName>([
  'yes',
  'json',
  'summary',
  'quiet',
  'progress',
  'logLevel',
  'logFormat',
  'mapping',
  'out',
]);

export function ledgerFileOf(ledger: string | undefined, mappingFile: string): string {
  return path.resolve(ledger ?? path.join(path.dirname(mappingFile), 'gleantap-import', 'ledger.db'));
}

/** A folder that does not exist yet, named after the file and the time. */
export function freshFolder(csv: string, now: Date, prefix = '', base = ''): string {
  const name = csv === '-' ? 'stdin' : path.basename(csv).replace(/(?:\.(?:csv|tsv|txt|gz))+$/i, '');
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  const folder = path.resolve(base, 'gleantap-import', `${prefix}${name}-${day}-${time}`);
  let fresh = folder;
  for (let more = 2; existsSync(fresh); more += 1) fresh = `${folder}-${more}`;
  return fresh;
}

/** The CSV that a command was given: a file, or `-` for a pipe. */
export function inputOf(csv: string, { stdin }: Io): InputSource {
  return csv === '-' ? { name: csv, stream: stdin } : { name: csv };
}

export interface Time {
  readonly clock: Clock;
  readonly waits: Clock;
  /** Local calendar day at the start, `YYYY-MM-DD`. */
  readonly today: string;
}

/**
 * When nothing new is sent any more, in milliseconds since the epoch. A clock time is the next one on this machine's clock: one
 * already past is tomorrow's.
 */
export function deadlineOf(deadline: ClockOrDuration | undefined, { clock }: Time): number | undefined {
  if (deadline === undefined) return undefined;
  const now = clock.now();
  if ('after' in deadline) return now + deadline.after;
  const [hours = 0, minutes = 0] = deadline.clock.split(':').map(Number);
  const at = new Date(now);
  at.setHours(hours, minutes, 0, 0);
  if (at.getTime() <= now) at.setDate(at.getDate() + 1);
  return at.getTime();
}

/** Today and the clocks. Two variables change them for tests, against a server on this machine only. */
export function timeOf(io: Io, origin: URL | undefined): Time {
  const isTest = origin === undefined || isLoopback(origin.origin);
  const testNow = isTest ? io.environment['GLEANTAP_IMPORT_TEST_NOW'] : undefined;
  const scale = isTest ? Number(io.environment['GLEANTAP_IMPORT_TEST_TIME_SCALE'] ?? 1) : 1;
  const now = new Date();
  const two = (value: number): string => String(value).padStart(2, '0');
  const today = testNow?.slice(0, 10) ?? `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const ahead = testNow?.includes('T') === true ? new Date(testNow).getTime() - now.getTime() : 0;
  const clock = ahead === 0 ? systemClock : { ...systemClock, now: () => Date.now() + ahead };
  return { clock, waits: fasterClock(clock, scale > 0 ? scale : 1), today };
}
