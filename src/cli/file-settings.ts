import path from 'node:path';
import { resolveSettings } from '../config/settings.ts';
import type { Settings } from '../config/settings.ts';
import { flagOf } from '../core/settings/options.ts';
import type { OptionName } from '../core/settings/options.ts';
import { hasRunFile, readRunFile } from '../run/files/run-folder.ts';
import { inverseFile } from '../run/model.ts';
import type { RunFile } from '../run/model.ts';
import type { Io } from './io.ts';

const toKeys = ['envFile', 'envPrefix'] as const satisfies OptionName[];
const toRows = ['duplicates', 'addTags', 'removeTags', 'respectOptouts'] as const satisfies OptionName[];
const toServer = ['preflight', 'rate', 'concurrency', 'attempts'] as const satisfies OptionName[];

/**
 * The settings for a file. One in a run folder, like failure.csv, is imported as its run was, unless something else is typed: with
 * its mapping, into its account.
 *
 * @returns The run too, where the file is in its folder.
 */
export async function fileSettings(
  csv: string,
  flags: Readonly<Record<string, unknown>>,
  io: Io,
): Promise<{ readonly settings: Settings; readonly run: RunFile | undefined }> {
  const { run, kept } = await keptFor(csv, flags);
  return { settings: await resolveSettings(flags, io.environment, kept), run };
}

/** What the folder of a file knows of its run. */
export async function keptFor(
  csv: string,
  flags: Readonly<Record<string, unknown>>,
): Promise<{ readonly run: RunFile | undefined; readonly kept: Readonly<Record<string, unknown>> }> {
  const folder = path.dirname(path.resolve(csv));
  const run = csv !== '-' && hasRunFile(folder) ? await readRunFile(folder) : undefined;
  if (run === undefined) return { run, kept: {} };
  return { run, kept: { ...keptOf(run, path.basename(csv) === inverseFile), ...keysOf(run, flags) } };
}

/** Where the keys of a run come from, unless something else is typed. */
export function keysOf(run: RunFile, flags: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return toKeys.some((name) => flags[name] !== undefined) ? {} : typedOf(run, toKeys);
}

function keptOf(run: RunFile, isInverse: boolean): Record<string, unknown> {
  const { account, ledger, mappingFile, tagList } = run;
  const typed = typedOf(run, ['baseUrl', 'ledger', ...toServer, ...(isInverse ? [] : toRows)]);
  return {
    ...typed,
    ...(typed['baseUrl'] === undefined ? {} : { baseUrl: account.origin }),
    ...(typed['ledger'] === undefined ? {} : { ledger }),
    ...(isInverse || tagList?.hasMapping === false ? {} : { mapping: mappingFile }),
  };
}

/** What was typed, or itself came from a run folder; the rest comes from environment and config file again. */
function typedOf({ settings }: RunFile, names: readonly OptionName[]): Record<string, unknown> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const setting = settings[flagOf(name)] as { value?: unknown; source?: unknown } | undefined;
      return ['flag', 'program', 'run folder'].includes(String(setting?.source)) ? [[name, setting?.value]] : [];
    }),
  );
}
