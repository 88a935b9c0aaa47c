import path from 'node:path';
import { changedSettings } from '../config/settings.ts';
import type { Settings } from '../config/settings.ts';
import type { Clock } from '../flow/clock.ts';
import { RunError } from '../core/outcome/run-error.ts';
import type { OptionValues } from '../core/settings/options.ts';
import { freshFolder, ledgerFileOf } from '../run/files/places.ts';
import type { ImportSetup } from '../run/setup.ts';
import { deadlineOf } from './deadline.ts';
import type { LoadedMapping } from './mapping.ts';

type Gathered = Pick<ImportSetup, 'input' | 'credentials' | 'origin' | 'proxy' | 'today'> & {
  readonly settings: Settings;
  readonly mapping: LoadedMapping;
};

/** An import from what was gathered for it, with its files in their usual places. */
export function importSetup({ settings, mapping: loaded, ...gathered }: Gathered, clock: Clock): ImportSetup {
  const { values } = settings;
  const { file, mapping, findings } = loaded;
  return {
    ...gathered,
    mapping,
    mappingFile: file,
    findings,
    options: { ...values, deadline: deadlineOf(values.deadline, clock) },
    comparing: comparingOf(values),
    settings: changedSettings(settings),
    out: values.out === undefined ? freshFolder(gathered.input.name, new Date()) : path.resolve(values.out),
    ledgerFile: ledgerFileOf(values.ledger, file),
  };
}

/** @throws RunError `usage` for rows that are to be kept back without looking. */
function comparingOf({ compare, hold }: OptionValues): ImportSetup['comparing'] {
  if (hold.length > 0 && compare === false)
    throw new RunError('usage', '--hold needs to read the account, and --no-compare forbids it', {
      hint: 'Leave one of them out.',
    });
  return compare === true || hold.length > 0 ? 'required' : undefined;
}
