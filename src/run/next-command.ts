import path from 'node:path';
import { commandText } from '../core/command-text.ts';
import type { RunFile } from './run-folder.ts';

/**
 * The commands that a run ends with. Each carries the flags that led to its account and ledger: after a rehearsal the next
 * command must not lead to the real account.
 */
const toKeys = ['--env-file', '--env-prefix'] as const;
const toAccount = [...toKeys, '--base-url', '--ledger'] as const;
const toRows = ['--encoding', '--limit', '--rows', '--duplicates', '--add-tags', '--remove-tags', '--tag-run'] as const;

export function resumeCommand(folder: string, file: RunFile): string {
  return commandText('resume', folder, ...flagsOf(file, toKeys));
}

/** Imports a report of the run: what was corrected, or what nobody knows. */
export function importReportCommand(folder: string, file: RunFile, report: 'failure.csv' | 'unknown.csv'): string {
  return commandText('run', path.join(folder, report), '--mapping', file.mappingFile, ...flagsOf(file, toAccount));
}

/** Sends the same file once more. */
export function againCommand(file: RunFile): string {
  const flags = flagsOf(file, [...toAccount, ...toRows]);
  return commandText('run', file.input.name, '--mapping', file.mappingFile, ...flags, '--again');
}

/** The flags of a run as they were typed; what came from environment or config file comes from there again. */
function flagsOf({ settings }: RunFile, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const setting = settings[name];
    if (typeof setting !== 'object' || setting === null || !('source' in setting) || setting.source !== 'flag')
      return [];
    return 'value' in setting ? [name, written(setting.value)] : [];
  });
}

/** A setting's value as one types it: `June,New`, `2-500,812`. */
function written(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  return value.map((part: unknown) => (Array.isArray(part) ? part.join('-') : String(part))).join(',');
}
