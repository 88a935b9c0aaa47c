import type { OptionValues } from '../core/settings/options.ts';
import { importSetup } from '../library/import-setup.ts';
import type { ImportSetup } from '../run/setup.ts';
import { fileSettings } from './file-settings.ts';
import type { Io } from './io.ts';
import { findMapping, inputOf, loadCredentials, routeTo, timeOf } from './launch.ts';
import type { Time } from './launch.ts';

/** An import that is ready to start: everything outside the CSV was found and is valid. */
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
  const { settings } = await fileSettings(csv, flags, io);
  const { values } = settings;
  const route = routeTo(values.baseUrl, io);
  const time = timeOf(io, route.origin);
  const mapping = await findMapping(settings, time.today);
  const credentials = await loadCredentials(io, values, {
    mappingFile: mapping.file,
    pinned: mapping.mapping.account?.app_id,
  });
  const { clock, today } = time;
  const setup = importSetup({ input: inputOf(csv, io), settings, mapping, credentials, ...route, today }, clock);
  return { setup, values, time };
}
