import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { expect, it } from 'vitest';
import { fixture, gleantapImport, readReport, simulator, workplace } from './harness.ts';

const list = fixture('short-row.csv');
const mapping = fixture('short-row.mapping.json');

/** Imports the list with its damaged row, then gives the report back after a change to its row. */
async function giveBack(change: (row: Record<string, string>) => Record<string, string>) {
  const server = await simulator();
  const cwd = await workplace();
  const common = ['-m', mapping, '--ledger', 'ledger.db', '--env-file', '.env', '--yes', '--rate', '0'];
  const run = async (csv: string, out: string) =>
    gleantapImport(['run', csv, ...common, '--base-url', server.url, '--out', out], { cwd });
  const first = await run(list, 'first');
  const before = server.contacts();
  const report = await readReport(path.join(cwd, 'first/failure.csv'));
  await writeFile(path.join(cwd, 'back.csv'), stringify(report.map(change), { header: true }));
  const second = await run('back.csv', 'second');
  return { first, second, before, server, report, again: await readReport(path.join(cwd, 'second/failure.csv')) };
}

it('a short row that comes back unchanged from failure.csv is refused again', async () => {
  const { first, second, before, server, report, again } = await giveBack((row) => row);
  expect(first.code).toBe(1);
  expect(report).toMatchObject([{ _code: 'wrong_width', 'Last Name': 'Berg Austin', City: 'TX' }]);
  expect(second.code).toBe(1);
  expect(again).toMatchObject([{ _code: 'wrong_width', _source_row: '4', 'Last Name': 'Berg Austin' }]);
  expect(server.contacts()).toEqual(before);
});

it('the same row is imported once its cells are in their columns', async () => {
  const { second, before, server } = await giveBack((row) => ({
    ...row,
    'Last Name': 'Berg',
    City: 'Austin',
    State: 'TX',
    Zip: '78701',
  }));
  expect(second.code).toBe(0);
  expect(server.contacts()).toHaveLength(before.length + 1);
  expect(server.contacts().find(({ first_name: name }) => name === 'Carla')).toMatchObject({
    last_name: 'Berg',
    city: 'Austin',
    zip: '78701',
  });
});
