import { findCredentials } from '../config/credentials.ts';
import { readMappingFile } from '../config/mapping-file.ts';
import { proxyFor } from '../config/proxy.ts';
import type { Settings } from '../config/settings.ts';
import type { OptionValues } from '../core/settings/options.ts';
import { RunError } from '../core/outcome/run-error.ts';
import { dayOf, fasterClock, systemClock } from '../flow/clock.ts';
import type { Clock } from '../flow/clock.ts';
import type { Credentials } from '../gleantap/credentials.ts';
import { credentialsFor } from '../library/credentials.ts';
import { usable } from '../library/mapping.ts';
import type { LoadedMapping } from '../library/mapping.ts';
import { isLoopback, originOf } from '../gleantap/origin.ts';
import { accountOf } from '../run/setup.ts';
import { warningText } from './errors.ts';
import type { InputSource } from '../run/model.ts';
import type { Io } from './io.ts';

/** Everything that commands gather before they start, by the rules of DESIGN.md section 4. */

/** How to get to the API: its address, and a proxy on the way. */
export interface Route {
  readonly origin: URL;
  readonly proxy: URL | undefined;
}

/** @throws RunError `usage` where keys and contacts would travel unprotected. */
export function routeTo(baseUrl: string, { environment }: Io): Route {
  const origin = originOf(baseUrl);
  if (environment['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    throw new RunError('usage', 'NODE_TLS_REJECT_UNAUTHORIZED=0 turns off the protection of keys and contacts', {
      hint: 'Unset it. To trust a private certificate authority, set NODE_EXTRA_CA_CERTS.',
    });
  }
  return { origin, proxy: proxyFor(origin, environment) };
}

/** Reads the mapping as far as it goes: its mistakes are reported together with those that the header shows. @throws RunError `mapping` */
export async function findMapping({ values }: Settings, today: string): Promise<LoadedMapping> {
  return usable(await readMappingFile(values.mapping, today));
}

/** Finds the credentials and compares them with the account that the mapping pins. */
export async function loadCredentials(
  io: Io,
  { envFile, envPrefix }: Pick<OptionValues, 'envFile' | 'envPrefix'>,
  { mappingFile, pinned }: { readonly mappingFile: string; readonly pinned: string | undefined },
): Promise<Credentials> {
  const found = await findCredentials({ envFile, envPrefix, mappingFile, environment: io.environment });
  for (const warning of found.warnings) io.stderr.write(warningText(io, warning));
  return credentialsFor(found, pinned);
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

/** Today and the clocks. Two variables change them for tests, against a server on this machine only. */
export function timeOf(io: Io, origin: URL | undefined): Time {
  const isTest = origin === undefined || isLoopback(origin.origin);
  const testNow = isTest ? io.environment['GLEANTAP_IMPORT_TEST_NOW'] : undefined;
  const scale = isTest ? Number(io.environment['GLEANTAP_IMPORT_TEST_TIME_SCALE'] ?? 1) : 1;
  const now = new Date();
  const today = testNow?.slice(0, 10) ?? dayOf(now);
  const ahead = testNow?.includes('T') === true ? new Date(testNow).getTime() - now.getTime() : 0;
  const clock = ahead === 0 ? systemClock : { ...systemClock, now: () => Date.now() + ahead };
  return { clock, waits: fasterClock(clock, scale > 0 ? scale : 1), today };
}
