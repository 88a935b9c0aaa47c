import path from 'node:path';
import { commandText } from '../core/command-text.ts';
import type { RunFile } from './run-folder.ts';

/**
 * The commands that a run ends with. Each carries the flags that led to its account and ledger: after a rehearsal the next
 * command must not lead to the real account.
 */
const toKeys = ['--env-file', '--env-prefix'] as const;
const toAccount = [...toKeys, '--base-url', '--ledger'] as const;
const toPayload = [
  '--encoding',
  '--duplicates',
  '--add-tags',
  '--remove-tags',
  '--tag-run',
  '--respect-optouts',
] as const;
const toRows = [...toPayload, '--limit', '--rows'] as const;
const toPilot = [...toAccount, ...toPayload, '--max-invalid', '--tolerate'] as const;

export function resumeCommand(folder: string, file: RunFile): string {
  return commandText('resume', folder, ...flagsOf(file, toKeys));
}

/** Imports a report of the run: what was corrected, or what nobody knows. */
export function importReportCommand(folder: string, file: RunFile, report: 'failure.csv' | 'unknown.csv'): string {
  return commandText('run', path.join(folder, report), '--mapping', file.mappingFile, ...flagsOf(file, toAccount));
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
  const flags = flagsOf(file, [...toAccount, ...toRows]);
  return commandText('run', file.input.name, '--mapping', file.mappingFile, ...flags, '--again');
}

/** The flags of a run as they were typed, or given by a program; what came from environment or config file comes from there again. */
function flagsOf({ settings }: Pick<RunFile, 'settings'>, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const setting = settings[name];
    if (typeof setting !== 'object' || setting === null || !('source' in setting) || !('value' in setting)) return [];
    return setting.source === 'flag' || setting.source === 'program' ? [name, written(setting.value)] : [];
  });
}

/** A setting's value as one types it: `June,New`, `2-500,812`, `10%`. */
function written(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'percent' in value) return `${String(value.percent)}%`;
  if (typeof value === 'object' && value !== null && 'rows' in value) return String(value.rows);
  if (!Array.isArray(value)) return String(value);
  return value.map((part: unknown) => (Array.isArray(part) ? part.join('-') : String(part))).join(',');
}
