import { existsSync } from 'node:fs';
import path from 'node:path';
import type { OutcomeCounts } from '../core/outcome/outcome.ts';
import { commandText } from '../core/settings/command-text.ts';
import { settingText, typedOption } from '../core/settings/typed-option.ts';
import { inputFile, inverseFile } from './model.ts';
import type { RunFile } from './model.ts';

/**
 * The commands that a run ends with, as one types them in the folder where the run was started. A command about a file in the run
 * folder needs no flags: the folder knows them (`cli/file-settings.ts`). One about the original file repeats what was typed: after a
 * rehearsal the next command must not lead to the real account.
 */

/** How far a run has come. */
export interface RunEnd {
  readonly counts: Pick<OutcomeCounts, 'failed' | 'unknown'>;
  /** Whether it has begun to send and is not finished. */
  readonly isOpen: boolean;
  readonly isPilot: boolean;
}

/** The one next step of a run; undefined when there is nothing left to do. */
export function nextCommand(folder: string, file: RunFile, { counts, isOpen, isPilot }: RunEnd): string | undefined {
  if (isOpen) return commandText('resume', typedPath(folder));
  // The reports of an undo list contacts, which are not rows to import.
  if (file.undo !== undefined) return undefined;
  if (counts.failed > 0) return importOf(file, reportIn(folder, 'failure'));
  if (counts.unknown > 0) return importOf(file, reportIn(folder, 'unknown'));
  return isPilot ? fileCommand(folder, file) : undefined;
}

/** Sends the same file once more. */
export function againCommand(folder: string, file: RunFile): string {
  const { limit, rows } = file.selection;
  const pilot = [
    ...(limit === undefined ? [] : ['--limit', settingText(limit)]),
    ...(rows === undefined ? [] : ['--rows', settingText(rows)]),
  ];
  return fileCommand(folder, file, [...pilot, '--again']);
}

/** Undoes a clean-up of tags. */
export function undoCommand(folder: string): string {
  return commandText('tags', typedPath(path.join(folder, inverseFile)));
}

/** Writes a run's reports again. */
export function reportCommand(folder: string): string {
  return commandText('report', typedPath(folder));
}

/**
 * Sends a pilot of a checked file, by its row numbers in place of those that the check was limited to.
 *
 * @param mapping Undefined where the file's folder knows it.
 * @param settings Those of the check that are not the default, as `RunFile` keeps them.
 */
export function pilotCommand(
  input: string,
  mapping: string | undefined,
  settings: RunFile['settings'],
  rows: readonly number[],
): string {
  const flags = flagsOf(settings);
  const typed = mapping === undefined ? [] : mappingFlags(mapping);
  return commandText('run', typedPath(input), ...typed, ...flags, '--rows', rows.join(','));
}

/** The import of the whole file, as it was typed otherwise. */
function fileCommand(folder: string, file: RunFile, more: readonly string[] = []): string {
  const { input, tagList, mappingFile, settings } = file;
  // A pipe is spent; its copy is not.
  const name = input.name === '-' ? typedPath(path.join(folder, inputFile)) : input.name;
  const mapping = tagList === undefined || tagList.hasMapping ? mappingFlags(mappingFile, tagList !== undefined) : [];
  return commandText(tagList === undefined ? 'run' : 'tags', name, ...mapping, ...flagsOf(settings), ...more);
}

/** The workbook, where the run wrote one: it is the one that people correct. */
function reportIn(folder: string, name: 'failure' | 'unknown'): string {
  const workbook = path.join(folder, `${name}.xlsx`);
  return existsSync(workbook) ? workbook : path.join(folder, `${name}.csv`);
}

function importOf({ tagList }: RunFile, report: string): string {
  return commandText(tagList === undefined ? 'run' : 'tags', typedPath(report));
}

/** @param isNeeded Whether the command reads no mapping unless one is named. */
function mappingFlags(file: string, isNeeded = false): string[] {
  return !isNeeded && path.resolve(file) === path.resolve('mapping.json') ? [] : ['--mapping', typedPath(file)];
}

/** A path as one types it: relative where it is below the working directory. */
export function typedPath(file: string): string {
  const relative = path.relative('', file);
  if (relative === '' || relative.startsWith('..') || path.isAbsolute(relative)) return file;
  return relative.startsWith('-') ? `./${relative}` : relative;
}

/** What was meant for one command only. */
const ofOneCommand = new Set(['--again', '--new-ledger', '--deadline', '--limit', '--rows']);

/** The flags of a run as they were typed, or given by a program; what came from elsewhere comes from there again. */
function flagsOf(settings: RunFile['settings']): string[] {
  return Object.entries(settings).flatMap(([name, setting]) => {
    if (!name.startsWith('--') || ofOneCommand.has(name)) return [];
    if (typeof setting !== 'object' || setting === null || !('source' in setting) || !('value' in setting)) return [];
    if (setting.source !== 'flag' && setting.source !== 'program') return [];
    if (typeof setting.value === 'boolean') return [setting.value ? name : name.replace('--', '--no-')];
    return [name, typedOption(name, setting.value).slice(name.length + 1)];
  });
}
