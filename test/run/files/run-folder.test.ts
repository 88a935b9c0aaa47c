import { expect, it } from 'vitest';
import { readRunFile, writeRunFile } from '../../../src/run/files/run-folder.ts';
import type { RunFile } from '../../../src/run/model.ts';
import { folderWith } from '../../config/folder.ts';

const file: RunFile = {
  version: 1,
  run: 1,
  identity: 'abc',
  ledger: '/ledger.db',
  started: '2026-11-27T20:00:00.000Z',
  today: '2026-11-27',
  input: { name: 'members.csv', sha256: 'abc', bytes: 3 },
  account: { origin: 'https://api.gleantap.com', appId: 'gym' },
  mappingFile: '/mapping.json',
  mapping: { version: 1, name: 'members', csv: { encoding: 'utf-8', delimiter: ';' }, fields: { user_id: 'ID' } },
  selection: { duplicates: 'send' },
  tags: { add: ['import-2026-11-27'], remove: [] },
  tolerate: { rows: 0 },
  acceptRefusals: false,
  onlyChanged: false,
  acceptChanges: false,
  lists: { unchanged: false, vanished: false },
  pace: { rate: 5, concurrency: 8, timeout: 30_000, attempts: 6, maxOutage: 600_000 },
  settings: {},
};

it('a run file reads as it was written', async () => {
  const folder = await folderWith();
  await writeRunFile(folder, file);
  expect(await readRunFile(folder)).toEqual(file);
});

it('a run that was begun with --encoding, which no longer exists, is still read in that encoding', async () => {
  const old = JSON.stringify({ ...file, encoding: 'windows-1252' });
  const { mapping } = await readRunFile(await folderWith({ 'run.json': old }));
  expect(mapping.csv).toEqual({ encoding: 'windows-1252', delimiter: ';' });
});
