import path from 'node:path';
import { changedSettings } from '../config/settings.ts';
import type { Settings } from '../config/settings.ts';
import type { Clock } from '../flow/clock.ts';
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
    settings: changedSettings(settings),
    out: values.out === undefined ? freshFolder(gathered.input.name, new Date()) : path.resolve(values.out),
    ledgerFile: ledgerFileOf(values.ledger, file),
  };
}
