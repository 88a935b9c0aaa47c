import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { RunError } from '../../core/outcome/run-error.ts';
import { issueText } from '../../core/settings/issue-text.ts';
import { notWritable, writeAtomically } from '../../report/atomic-file.ts';
import { inputFile } from '../model.ts';
import type { RunFile } from '../model.ts';
import { runFileSchema } from './run-file-schema.ts';

const fileName = 'run.json';

export function inputCopyOf(folder: string): string {
  return path.join(folder, inputFile);
}

/**
 * Where the input is copied to before it is known which run it belongs to. One place for each account, which its lock keeps for
 * one process: what a killed run has left there goes with the next.
 */
export function incomingCopyOf(ledgerFile: string, account: string): string {
  const name = createHash('sha256').update(account).digest('hex').slice(0, 16);
  return path.join(path.dirname(ledgerFile), `.incoming-${name}.csv`);
}

/** Where a run keeps what decides what it sends. */
export function runJsonOf(folder: string): string {
  return path.join(folder, fileName);
}

export async function writeRunFile(folder: string, file: RunFile): Promise<void> {
  await writeAtomically(runJsonOf(folder), `${JSON.stringify(file, undefined, 2)}\n`);
}

/** @throws RunError `usage` when the folder holds no run of this program. */
export async function readRunFile(folder: string): Promise<RunFile> {
  const file = runJsonOf(folder);
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new RunError('usage', `${folder} is not a run folder: ${file} cannot be read`, {
      hint: '"gleantap-import runs" lists the runs and their folders.',
      cause: error,
    });
  }
  const parsed = runFileSchema.safeParse(json, { error: issueText });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined ? '' : ` (${issue.path.join('.')}: ${issue.message})`;
  throw new RunError('usage', `${file} is damaged or comes from another version of this program${where}`, {
    hint: 'It decides what the run sends, so the run cannot be resumed as it is. Restore the file, or start the import again with "run".',
    cause: parsed.error,
  });
}

/**
 * Creates the folder of a run. A folder that is not empty is refused, unless a run left it that may start again.
 *
 * @throws RunError `usage`, `not_writable`
 */
export async function claimRunFolder(folder: string, mayBeginAgain: (file: RunFile) => boolean): Promise<void> {
  let entries: string[];
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    entries = await readdir(folder);
  } catch (error) {
    throw notWritable(folder, error);
  }
  // `run.json` is written first: a run that was killed meanwhile has left its temporary file and nothing else.
  if (entries.every((entry) => entry.startsWith(`${fileName}.`))) return;
  const existing = entries.includes(fileName) ? await readRunFile(folder).catch(() => undefined) : undefined;
  if (existing !== undefined && mayBeginAgain(existing)) return;
  throw new RunError('usage', `The folder ${folder} is not empty and belongs to something else`, {
    hint: 'Choose another folder with --out, or omit --out.',
  });
}
