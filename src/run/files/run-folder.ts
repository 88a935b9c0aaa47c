import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { notWritable } from '../../core/outcome/path-fault.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import { issueText } from '../../core/settings/issue-text.ts';
import type { RunRecord } from '../../ledger/ledger.ts';
import { writeAtomically } from '../../report/atomic-file.ts';
import { inputFile } from '../model.ts';
import type { RunFile } from '../model.ts';
import { feedOf } from '../setup.ts';
import { runFileSchema } from './run-file-schema.ts';

const fileName = 'run.json';

export function inputCopyOf(folder: string): string {
  return path.join(folder, inputFile);
}

/** Everyone in the account as it was before the run. */
export function accountFileOf(folder: string): string {
  return path.join(folder, 'account.db');
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
function runJsonOf(folder: string): string {
  return path.join(folder, fileName);
}

export function hasRunFile(folder: string): boolean {
  return existsSync(runJsonOf(folder));
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
    hint: 'It decides what the run sends, so the run cannot be resumed as it is. Restore the file, or import the file again with "run --again".',
    cause: parsed.error,
  });
}

/**
 * Makes sure that a `run.json` is the one that the run wrote which the ledger knows: what was decided and what was sent must not
 * be those of two runs.
 *
 * @throws RunError `run_changed`
 */
export function requireSameRun(folder: string, file: RunFile, record: RunRecord): void {
  const { account, feed } = feedOf(file);
  const isSame =
    file.run === record.id &&
    file.started === record.started &&
    file.identity === record.identity &&
    file.input.sha256 === record.inputSha &&
    account === record.account &&
    feed === record.feed;
  if (isSame) return;
  throw new RunError(
    'run_changed',
    `${path.join(folder, fileName)} is not what run ${record.id} wrote, as the ledger ${file.ledger} knows it`,
    {
      hint: `Nothing was sent or changed. Restore the file from a backup, or import ${record.inputName} again with "run --again".`,
    },
  );
}

/**
 * Creates the folder of a run. A folder that is not empty is refused, unless a run left it that may start again.
 *
 * @returns Whether it was not there before.
 * @throws RunError `usage`, `not_writable`
 */
export async function claimRunFolder(folder: string, mayBeginAgain: (file: RunFile) => boolean): Promise<boolean> {
  let entries: string[];
  let isNew: boolean;
  try {
    isNew = (await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined;
    entries = await readdir(folder);
  } catch (error) {
    throw notWritable(folder, error);
  }
  // `run.json` is written first: a run that was killed meanwhile has left its temporary file and nothing else.
  if (entries.every((entry) => entry.startsWith(`${fileName}.`))) return isNew;
  const existing = entries.includes(fileName) ? await readRunFile(folder).catch(() => undefined) : undefined;
  if (existing !== undefined && mayBeginAgain(existing)) return isNew;
  throw new RunError('usage', `The folder ${folder} is not empty and belongs to something else`, {
    hint: 'Choose another folder with --out, or omit --out.',
  });
}
