import path from 'node:path';
import { resolveSettings } from '../config/settings.ts';
import type { OptionValues } from '../core/options.ts';
import type { ImportSetup } from '../run/setup.ts';
import type { Io } from './io.ts';
import {
  changedSettings,
  deadlineOf,
  freshFolder,
  inputOf,
  ledgerFileOf,
  loadCredentials,
  loadMapping,
  routeTo,
  timeOf,
} from './launch.ts';
import type { Time } from './launch.ts';

/** An import that could begin: everything outside the CSV was found and makes sense. */
export interface PreparedImport {
  readonly setup: ImportSetup;
  readonly values: OptionValues;
  readonly time: Time;
}

/**
 * Gathers settings, mapping and credentials. Changes nothing.
 *
 * @param flags What was typed, by option name.
 * @throws RunError `usage`, `mapping`
 */
export async function prepareImport(
  csv: string,
  flags: Readonly<Record<string, unknown>>,
  io: Io,
): Promise<PreparedImport> {
  const settings = await resolveSettings(flags, io.environment);
  const { values } = settings;
  const route = routeTo(values.baseUrl, io);
  const time = timeOf(io, route.origin);
  const { file, mapping, findings } = await loadMapping(settings, time.today);
  const credentials = await loadCredentials(io, values, {
    mappingFile: file,
    pinned: mapping.account?.app_id,
  });
  const setup = {
    input: inputOf(csv, io),
    mapping,
    mappingFile: file,
    findings,
    options: { ...values, deadline: deadlineOf(values.deadline, time) },
    settings: changedSettings(settings),
    credentials,
    ...route,
    out: values.out === undefined ? freshFolder(csv, new Date()) : path.resolve(values.out),
    ledgerFile: ledgerFileOf(values.ledger, file),
    today: time.today,
  };
  return { setup, values, time };
}
