import { mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { RunError } from '../../src/core/outcome/run-error.ts';
import { openDatabase } from '../../src/ledger/database.ts';
import { openLedger, undecided } from '../../src/ledger/ledger.ts';
import type { Ledger, NewRun, RowRecord } from '../../src/ledger/ledger.ts';
import { newFile } from './folder.ts';

const newRun: NewRun = {
  started: '2026-11-27T12:00:00.000Z',
  identity: 'identity',
  account: 'https://api.gleantap.com app',
  feed: 'members',
  inputName: 'members.csv',
  inputSha: 'sha',
  out: '/runs/1',
};
const record = (row: number, change: Partial<RowRecord> = {}): RowRecord => ({
  ...undecided,
  row,
  outcome: 'succeeded',
  attempts: 1,
  status: 200,
  ...change,
});

/** A ledger with one run; closed after the test. */
async function fresh(): Promise<{ file: string; ledger: Ledger; run: number }> {
  const file = await newFile();
  const ledger = open(file);
  return { file, ledger, run: ledger.createRun(newRun).id };
}
function open(file: string): Ledger {
  const ledger = openLedger(file);
  onTestFinished(() => {
    try {
      ledger.close();
    } catch {
      // Some tests break it, and some close it themselves.
    }
  });
  return ledger;
}
const outcomes = (ledger: Ledger, run: number) =>
  ledger.rowsAfter(run, 0, 1000).map(({ row, outcome, code }) => [row, outcome, code]);

describe('runs', () => {
  it('are stored with all of their fields', async () => {
    const { file, ledger, run } = await fresh();
    ledger.updateRun(run, { state: 'finished', read: 7, blank: 1, exitCode: 0 });
    ledger.close();
    const expected = { ...newRun, id: run, state: 'finished', read: 7, blank: 1, exitCode: 0, kind: 'full' };
    expect(open(file).findRun(run)).toEqual(expected);
  });

  it('an update leaves the other fields unchanged', async () => {
    const { ledger, run } = await fresh();
    ledger.updateRun(run, { read: 7 });
    ledger.updateRun(run, { state: 'sending' });
    expect(ledger.findRun(run)).toMatchObject({ state: 'sending', read: 7, exitCode: undefined });
  });

  it('are listed newest first, and by shared properties', async () => {
    const { ledger, run } = await fresh();
    const second = ledger.createRun({ ...newRun, identity: 'other' }).id;
    const third = ledger.createRun({ ...newRun, account: 'elsewhere' }).id;
    const ids = (filter?: Parameters<Ledger['listRuns']>[0]) => ledger.listRuns(filter).map(({ id }) => id);
    expect([
      ids(),
      ids({ identity: 'identity' }),
      ids({ identity: 'identity', account: 'elsewhere' }),
      ids({ inputSha: 'x' }),
    ]).toEqual([[third, second, run], [third, run], [third], []]);
  });

  it('deleting a run deletes its rows', async () => {
    const { ledger, run } = await fresh();
    ledger.book(run, record(2));
    ledger.deleteRun(run);
    expect([ledger.findRun(run), ledger.rowsAfter(run, 0, 10)]).toEqual([undefined, []]);
  });
});

describe('outcomes', () => {
  it('survive a reopening, each exactly as it was recorded', async () => {
    const text = fc.option(
      fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0')),
      { nil: undefined },
    );
    const number = fc.option(fc.nat(), { nil: undefined });
    const any = fc.record({
      outcome: fc.constantFrom('succeeded', 'failed', 'unknown', 'skipped', 'pending'),
      code: text,
      person: number,
      provisional: fc.boolean(),
      id: text,
      attempts: fc.nat(100),
      status: number,
      detail: text,
      warnings: text,
      withheld: fc.subarray(['optin_sms', 'optout_email']),
      otherRow: number,
      goesFirst: fc.boolean(),
      applied: fc.nat(1),
    });
    const { file, ledger, run } = await fresh();
    const records = fc.sample(any, 300).map((change, index) => record(index + 2, change as Partial<RowRecord>));
    for (const each of records) ledger.book(run, each);
    ledger.close();
    expect(open(file).rowsAfter(run, 0, 1000)).toEqual(records);
  });

  it('with a consent channel that this version does not know stop the run: then nothing is sent', async () => {
    const { file, ledger, run } = await fresh();
    ledger.book(run, record(2, { withheld: ['optin_sms'] }));
    ledger.close();
    const database = openDatabase(file);
    database.prepare("UPDATE rows SET withheld = 'optin_push'").run();
    database.close();
    expect(() => open(file).rowsAfter(run, 0, 10)).toThrow(RunError);
  });

  it('are read in pages in row order, whatever the order in which they were recorded', async () => {
    const { ledger, run } = await fresh();
    for (const row of [9, 2, 5, 7, 3]) ledger.book(run, record(row));
    ledger.flush();
    expect(ledger.rowsAfter(run, 2, 3).map(({ row }) => row)).toEqual([3, 5, 7]);
    expect(ledger.rowsAfter(run, 9, 3)).toEqual([]);
  });

  it('a later one replaces an earlier one', async () => {
    const { ledger, run } = await fresh();
    ledger.decide(run, record(2, { outcome: 'pending', person: 2 }));
    ledger.book(run, record(2));
    ledger.flush();
    expect(outcomes(ledger, run)).toEqual([[2, 'succeeded', undefined]]);
  });

  it('of different runs are kept apart', async () => {
    const { ledger, run } = await fresh();
    const other = ledger.createRun(newRun).id;
    ledger.book(run, record(2));
    ledger.book(other, record(2, { outcome: 'failed' }));
    ledger.flush();
    ledger.clearRows(other);
    expect([outcomes(ledger, run), outcomes(ledger, other)]).toEqual([[[2, 'succeeded', undefined]], []]);
  });

  it('are counted', async () => {
    const { ledger, run } = await fresh();
    for (const [index, outcome] of (
      ['succeeded', 'succeeded', 'failed', 'unknown', 'skipped', 'pending'] as const
    ).entries())
      ledger.decide(run, record(index + 2, { outcome }));
    ledger.flush();
    expect(ledger.countRows(run)).toEqual({ succeeded: 2, failed: 1, unknown: 1, skipped: 1, pending: 1 });
  });
});

describe('group commit', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  it('an outcome is on disk 200 ms after it was recorded, with those that arrived meanwhile', async () => {
    const { file, ledger, run } = await fresh();
    const witness = open(file);
    ledger.book(run, record(2));
    vi.advanceTimersByTime(150);
    ledger.book(run, record(3));
    expect(witness.rowsAfter(run, 0, 10)).toEqual([]);
    vi.advanceTimersByTime(50);
    expect(outcomes(witness, run)).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('a pending outcome is committed before anything else is written', async () => {
    const { file, ledger, run } = await fresh();
    const witness = open(file);
    ledger.book(run, record(2));
    ledger.updateRun(run, { state: 'stopped' });
    expect(outcomes(witness, run)).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('thousands of decisions are written before the end, so that memory stays bounded', async () => {
  const { file, ledger, run } = await fresh();
  const witness = open(file);
  for (let row = 2; row < 12_002; row += 1) ledger.decide(run, record(row, { outcome: 'skipped' }));
  expect(witness.countRows(run).skipped).toBeGreaterThanOrEqual(10_000);
  ledger.flush();
  expect(witness.countRows(run).skipped).toBe(12_000);
});

describe('provisional refusals', () => {
  const refusal = {
    outcome: 'failed',
    code: 'refused',
    provisional: true,
    attempts: 1,
    status: 400,
    detail: 'no',
    person: 2,
  } as const;

  it.each(['failed', 'pending'] as const)('become %s', async (to) => {
    const { ledger, run } = await fresh();
    ledger.book(run, record(2, refusal));
    ledger.book(run, record(3, { ...refusal, provisional: false }));
    ledger.flush();
    expect(ledger.countProvisional(run)).toBe(1);
    ledger.finalizeProvisional(run, to);
    expect(ledger.countProvisional(run)).toBe(0);
    const [first, second] = ledger.rowsAfter(run, 0, 10);
    expect(second).toEqual(record(3, { ...refusal, provisional: false }));
    expect(first).toEqual(
      to === 'failed'
        ? record(2, { ...refusal, provisional: false })
        : record(2, { outcome: 'pending', attempts: 0, status: undefined, person: 2 }),
    );
  });

  it('that are not committed yet are settled too', async () => {
    const { ledger, run } = await fresh();
    ledger.book(run, record(2, refusal));
    ledger.finalizeProvisional(run, 'pending');
    expect(outcomes(ledger, run)).toEqual([[2, 'pending', undefined]]);
  });
});

it('a failed row is superseded when a later row of the same person succeeded', async () => {
  const { ledger, run } = await fresh();
  const rows: [number, RowRecord['outcome'], number | undefined][] = [
    [2, 'failed', 2],
    [3, 'succeeded', 2],
    [4, 'failed', 2],
    [5, 'failed', 5],
    [6, 'unknown', 5],
    [7, 'failed', undefined],
    [8, 'succeeded', undefined],
    [9, 'unknown', 9],
    [10, 'succeeded', 9],
  ];
  for (const [row, outcome, person] of rows) ledger.book(run, record(row, { outcome, person, code: 'refused' }));
  const other = ledger.createRun(newRun).id;
  ledger.book(other, record(11, { person: 5 }));
  ledger.markSuperseded(run);
  expect(outcomes(ledger, run).filter(([, , code]) => code === 'superseded')).toEqual([[2, 'failed', 'superseded']]);
});

describe.skipIf(process.platform === 'win32')('files are private to their owner, whatever the umask', () => {
  it.each([0o000, 0o022])('%o', async (mask) => {
    const file = await newFile('new', 'folder');
    const before = process.umask(mask);
    try {
      const ledger = open(file);
      ledger.createRun(newRun);
      const modeOf = async (name: string) => ((await stat(name)).mode & 0o777).toString(8);
      for (const suffix of ['', '-wal', '-shm']) expect([suffix, await modeOf(file + suffix)]).toEqual([suffix, '600']);
      expect(await modeOf(path.dirname(file))).toBe('700');
      expect(await modeOf(path.dirname(path.dirname(file)))).toBe('700');
    } finally {
      process.umask(before);
    }
  });
});

describe('a path that cannot be written is reported', () => {
  const code = 'not_writable';

  it('a folder in its place', async () => {
    const file = await newFile();
    await mkdir(file);
    expect(() => openLedger(file)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(file) }));
  });
  it('a file where its folder should be', async () => {
    const file = await newFile();
    await writeFile(file, 'x');
    const inside = path.join(file, 'ledger.db');
    expect(() => openLedger(inside)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(inside) }),
    );
  });
  it('a file of another type', async () => {
    const file = await newFile();
    await writeFile(file, 'name,email\n'.repeat(1000));
    expect(() => openLedger(file)).toThrow(
      expect.objectContaining({ code: 'ledger_damaged', message: expect.stringContaining(file) }),
    );
  });

  it('a commit that failed is reported by every later call, and never tried again', async () => {
    const { file, ledger, run } = await fresh();
    const thief = openDatabase(file);
    thief.exec('DROP TABLE rows');
    ledger.book(run, record(2));
    expect(() => ledger.flush()).toThrow();
    thief.exec(
      'CREATE TABLE rows (run, row, outcome, code, person, provisional, contact_id, attempts, status, detail, warnings, PRIMARY KEY (run, row))',
    );
    expect(() => ledger.book(run, record(3))).toThrow();
    expect(() => ledger.updateRun(run, { state: 'finished' })).toThrow();
    expect(thief.prepare('SELECT count(*) FROM rows').get()).toEqual([0]);
    thief.close();
  });
});

it('a ledger of a newer program is refused', async () => {
  const { file, ledger } = await fresh();
  ledger.close();
  const database = openDatabase(file);
  database.exec('PRAGMA user_version = 99');
  database.close();
  expect(() => openLedger(file)).toThrow(expect.objectContaining({ code: 'usage' }));
});
