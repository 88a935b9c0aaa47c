import { rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { compareFile, inverseFile } from '../model.ts';

/** Reports of rows. People correct them in place. */
const reports = [
  'success.csv',
  'failure.csv',
  'unknown.csv',
  'failure.xlsx',
  'unknown.xlsx',
  'skipped.csv',
  'vanished.csv',
  compareFile,
  inverseFile,
];
const database = 'decisions.db';
const others = [
  'run.json',
  'check.json',
  'input.csv',
  'looked-up.json',
  'optouts-before.csv',
  'report.html',
  'run.log',
  'summary.json',
  'traffic.json',
  ...['', '-wal', '-shm', '.seal'].map((suffix) => `${database}${suffix}`),
  ...['', '-journal'].map((suffix) => `account.db${suffix}`),
];

/** Where a check keeps its decisions while it runs. */
export function decisionsOf(folder: string): string {
  return path.join(folder, database);
}

/**
 * Removes the files that this program wrote into the folder of a run or check. Files of the user stay, and so do reports that were
 * saved again since.
 */
export async function removeOwnFiles(folder: string): Promise<void> {
  for (const name of reports) if (!(await isEdited(folder, name))) await rm(path.join(folder, name), { force: true });
  for (const name of others) await rm(path.join(folder, name), { force: true });
  // What a process that was killed has left.
  for (const name of [...reports, ...others]) await rm(path.join(folder, `${name}.partial`), { force: true });
}

/** Removes a folder unless it holds something. */
export async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOENT') throw error;
  });
}

/** Whether a report was saved again since the program wrote it: whatever comes last into a folder is younger than its reports. */
export async function isEdited(folder: string, report: string): Promise<boolean> {
  const saved = await timeOf(path.join(folder, report));
  const written = (await timeOf(path.join(folder, 'report.html'))) ?? (await timeOf(path.join(folder, 'check.json')));
  return saved !== undefined && written !== undefined && saved > written;
}

async function timeOf(file: string): Promise<number | undefined> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}
