import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/ledger/database.ts';
import type { Database } from '../../src/ledger/database.ts';
import { newFile } from './folder.ts';

async function fresh(): Promise<Database> {
  const database = openDatabase(await newFile());
  onTestFinished(() => database.close());
  database.exec('CREATE TABLE t (a, b)');
  return database;
}
const count = (database: Database): unknown => database.prepare('SELECT count(*) FROM t').get()?.[0];

it('is in WAL mode, and a commit is on disk', async () => {
  const database = await fresh();
  expect(database.prepare('PRAGMA journal_mode').get()).toEqual(['wal']);
  expect(database.prepare('PRAGMA synchronous').get()).toEqual([2]);
});

it('rows come back as lists of values of any type', async () => {
  const database = await fresh();
  const insert = database.prepare('INSERT INTO t VALUES (?, ?)');
  insert.run('é\n"', 1.5);
  insert.run(null, 2 ** 40);
  expect(database.prepare('SELECT a, b FROM t').all()).toEqual([
    ['é\n"', 1.5],
    [null, 2 ** 40],
  ]);
  expect(database.prepare('SELECT a FROM t WHERE b = ?').get(7)).toBeUndefined();
});

describe('a transaction', () => {
  it('is applied as a whole', async () => {
    const database = await fresh();
    database.transaction(() => database.exec('INSERT INTO t VALUES (1, 2); INSERT INTO t VALUES (3, 4)'));
    expect(count(database)).toBe(2);
  });

  it('or not at all, and passes on the error that stopped it', async () => {
    const database = await fresh();
    const work = () =>
      database.transaction(() => {
        database.exec('INSERT INTO t VALUES (1, 2)');
        throw new Error('stopped');
      });
    expect(work).toThrow('stopped');
    expect(count(database)).toBe(0);
    database.transaction(() => database.exec('INSERT INTO t VALUES (1, 2)'));
    expect(count(database)).toBe(1);
  });
});

it('a bug of ours is not reported as a disk fault', async () => {
  const database = await fresh();
  expect(() => database.exec('SELEKT')).toThrow(expect.not.objectContaining({ code: 'not_writable' }));
});
