import { defaultCountry } from '../core/mapping/country.ts';
import path from 'node:path';
import { commandText } from '../core/settings/command-text.ts';
import { settingText } from '../core/settings/typed-option.ts';
import { inverseFile } from './model.ts';
import type { RunFile } from './model.ts';

/**
 * The commands that a run ends with. Each carries the flags that led to its account and ledger: after a rehearsal the next
 * command must not lead to the real account.
 */
const toKeys = ['--env-file', '--env-prefix'] as const;
const toAccount = [...toKeys, '--base-url', '--ledger'] as const;
const toPayload = ['--duplicates', '--add-tags', '--remove-tags', '--respect-optouts', '--hold'] as const;
const toRows = [...toPayload, '--limit', '--rows'] as const;
const toPilot = [...toAccount, ...toPayload, '--max-invalid', '--tolerate', '--compare'] as const;

/** What a report of a clean-up needs to be read as the list was. */
const toPeople = ['--country', '--add-tags', '--remove-tags'] as const;

export function resumeCommand(folder: string, file: RunFile): string {
  return commandText('resume', folder, ...flagsOf(file, toKeys));
}

/** Imports the whole file after its pilot went well; undefined for a pipe, which is spent. */
export function wholeFileCommand(file: RunFile): string | undefined {
  if (file.input.name === '-') return undefined;
  return commandText('run', file.input.name, ...mappingOf(file), ...flagsOf(file, toPilot));
}

/** Imports a report of the run: corrected rows, or rows whose outcome is unknown. */
export function importReportCommand(folder: string, file: RunFile, report: 'failure.csv' | 'unknown.csv'): string {
  const command = file.tagList === undefined ? 'run' : 'tags';
  const flags = flagsOf(file, file.tagList === undefined ? toAccount : [...toAccount, ...toPeople]);
  return commandText(command, path.join(folder, report), ...mappingOf(file), ...flags);
}

/**
 * Sends a pilot of a checked file, by its row numbers in place of those that the check was limited to.
 *
 * @param settings Those of the check that are not the default, as `RunFile` keeps them.
 */
export function pilotCommand(
  input: string,
  mapping: string,
  settings: RunFile['settings'],
  rows: readonly number[],
): string {
  const flags = flagsOf({ settings }, toPilot);
  return commandText('run', input, '--mapping', mapping, ...flags, '--rows', rows.join(','));
}

/** Sends the same file once more. */
export function againCommand(file: RunFile): string {
  const flags = flagsOf(file, [...toAccount, ...toRows, '--country']);
  const command = file.tagList === undefined ? 'run' : 'tags';
  return commandText(command, file.input.name, ...mappingOf(file), ...flags, '--again');
}

/** Undoes a clean-up of tags: its list has a plain header, whatever mapping the run had. */
export function undoCommand(folder: string, file: RunFile): string {
  const country = defaultCountry(file.mapping);
  const typed = country === undefined ? [] : ['--country', country];
  return commandText('tags', path.join(folder, inverseFile), ...typed, ...flagsOf(file, toAccount));
}

function mappingOf({ tagList, mappingFile }: RunFile): string[] {
  return tagList === undefined || tagList.hasMapping ? ['--mapping', mappingFile] : [];
}

/** The flags of a run as they were typed, or given by a program; what came from environment or config file comes from there again. */
function flagsOf({ settings }: Pick<RunFile, 'settings'>, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const setting = settings[name];
    if (typeof setting !== 'object' || setting === null || !('source' in setting) || !('value' in setting)) return [];
    return setting.source === 'flag' || setting.source === 'program' ? [name, settingText(setting.value)] : [];
  });
}
