import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { newestFile } from '../../src/jobs/newest-file.ts';

/** A folder of files, each written a minute after the one before. */
async function folderOf(...names: string[]): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'newest-'));
  onTestFinished(async () => rm(folder, { recursive: true }));
  for (const [index, name] of names.entries()) {
    await writeFile(path.join(folder, name), '');
    await utimes(path.join(folder, name), index * 60, index * 60);
  }
  return folder;
}

it.each<[string, string[], string | undefined]>([
  ['members-*.csv', ['members-2.csv', 'members-1.csv', 'others.csv'], 'members-1.csv'],
  ['members-?.csv', ['members-1.csv', 'members-10.csv'], 'members-1.csv'],
  ['*', ['a.csv', '.a.csv.part'], 'a.csv'],
  ['.*', ['.hidden', 'a.csv'], '.hidden'],
  ['*.csv', ['a.csv', 'a.csv.tmp', 'axcsv'], 'a.csv'],
  ['*.xlsx', ['a.xlsx', '~$a.xlsx'], 'a.xlsx'],
  ['a(1)[x]+*.csv', ['a(1)[x]+2.csv', 'a1x2.csv'], 'a(1)[x]+2.csv'],
  ['a**é*.csv', ['a-é.csv', 'a-e.csv'], 'a-é.csv'],
  ['nothing-*.csv', ['members.csv'], undefined],
  // JavaScript's own expressions would try each way to divide the name among the stars.
  [`${'*a'.repeat(20)}.csv`, [`${'a'.repeat(200)}.txt`, `${'a'.repeat(200)}.csv`], `${'a'.repeat(200)}.csv`],
])('%s among %j is %s', async (pattern, names, newest) => {
  const folder = await folderOf(...names);
  await mkdir(path.join(folder, 'members-9.csv'));
  const found = newestFile(path.join(folder, pattern));
  if (newest === undefined) await expect(found).rejects.toMatchObject({ code: 'input' });
  else expect(await found).toBe(path.join(folder, newest));
});

it('of files written at the same time the last by name counts, and a plain path is used as it is', async () => {
  const folder = await folderOf('b.csv', 'a.csv');
  for (const name of ['a.csv', 'b.csv']) await utimes(path.join(folder, name), 60, 60);
  expect(await newestFile(path.join(folder, '*.csv'))).toBe(path.join(folder, 'b.csv'));
  expect(await newestFile('/nowhere/members.csv')).toBe('/nowhere/members.csv');
  await expect(newestFile('/nowhere/*.csv')).rejects.toMatchObject({ code: 'input' });
});
