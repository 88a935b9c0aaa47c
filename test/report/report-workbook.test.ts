import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createReports } from '../../src/report/reports.ts';
import { read } from '../excel/read.ts';

it('rows whose outcome is unknown are in unknown.xlsx, and what an earlier state of the run had is removed', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'report-workbook-'));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  const options = { folder, header: ['Name', 'Status'], dateColumns: new Set<number>(), hasDamage: false };
  const workbook = { words: new Map([[1, ['Active']]]) };
  const write = async (outcome: 'failed' | 'unknown'): Promise<Record<string, number>> => {
    const reports = await createReports({ ...options, workbook });
    const problems = [{ code: 'bad_date' as const, column: 'Gone' }];
    await reports.add(
      { row: 7, sourceRow: 9, cells: ["'t Hooft", '0123'] },
      { outcome, problems, attempts: 2, status: 500 },
    );
    return reports.commit();
  };
  expect(await write('failed')).toMatchObject({ 'failure.csv': 1, 'failure.xlsx': 1 });
  expect(await write('unknown')).toMatchObject({ 'failure.csv': 0, 'unknown.csv': 1, 'unknown.xlsx': 1 });
  expect((await readdir(folder)).toSorted()).toEqual(['failure.csv', 'success.csv', 'unknown.csv', 'unknown.xlsx']);
  const { rows } = await read(await readFile(path.join(folder, 'unknown.xlsx')));
  const [, ours = []] = rows;
  expect([ours[0], ours[3], ours[4], ours.at(-1)]).toEqual(['7', "''t Hooft", '0123', '9']);
});

it('a report that is given up leaves nothing', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'report-workbook-'));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  const options = { folder, header: ['Name'], dateColumns: new Set<number>(), hasDamage: false };
  const reports = await createReports({ ...options, workbook: { words: new Map() } });
  const failed = { outcome: 'failed', problems: [], attempts: 0, status: undefined } as const;
  await reports.add({ row: 2, sourceRow: 2, cells: ['Ana'] }, failed);
  await reports.discard();
  expect(await readdir(folder)).toEqual([]);
});
