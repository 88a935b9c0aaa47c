import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Mapping } from '../../../src/core/mapping/schema.ts';
import { gateLimitsSchema } from '../../../src/core/quality/nightly-gate.ts';
import { openLedger, undecided } from '../../../src/ledger/ledger.ts';
import type { Ledger, RunState } from '../../../src/ledger/ledger.ts';
import { assess } from '../../../src/run/assess.ts';
import { openContext } from '../../../src/run/context.ts';
import { inputCopyOf, writeRunFile } from '../../../src/run/files/run-folder.ts';
import type { RunFile } from '../../../src/run/model.ts';
import { createStop } from '../../../src/run/events.ts';
import { keysLeftWaiting } from '../../../src/run/send/left-waiting.ts';
import { newFile } from '../../ledger/folder.ts';
import { runFile } from './people.ts';

const { account, mapping } = runFile;

/** Runs of one feed, one after the other. */
async function feed() {
  const ledgerFile = await newFile();
  const folder = path.dirname(ledgerFile);
  const ledger = openLedger(ledgerFile);
  onTestFinished(() => ledger.close());

  /** Creates a run as it is after its check. Each line is an id and an email. */
  const layOut = async (lines: readonly string[], change: Partial<Pick<RunFile, 'mapping'>> = {}) => {
    const out = path.join(folder, `run-${ledger.listRuns().length + 1}`);
    await mkdir(out);
    await writeFile(
      inputCopyOf(out),
      ['Id,First,Last,Email', ...lines.map((line) => line.replace(',', ',Ana,Diaz,')), ''].join('\n'),
    );
    const own = change.mapping ?? mapping;
    const { id } = ledger.createRun({
      started: '2026-11-27T00:00:00.000Z',
      identity: out,
      inputSha: out,
      account: `${account.origin} ${account.appId}`,
      feed: own.name,
      inputName: 'members.csv',
      out,
    });
    const file: RunFile = { ...runFile, run: id, ledger: ledgerFile, mapping: own };
    await writeRunFile(out, file);
    return { id, out, file };
  };
  /** A run that ended like this, with rows that have an outcome or a code. */
  const past = async (
    lines: readonly string[],
    state: RunState,
    rows: Readonly<Record<number, Parameters<Ledger['decide']>[1]['outcome'] | 'waited'>>,
    change: { readonly kind?: 'full' | 'pilot'; readonly mapping?: Mapping } = {},
  ) => {
    const run = await layOut(lines, change.mapping === undefined ? {} : { mapping: change.mapping });
    for (const [row, outcome] of Object.entries(rows)) {
      const isWaiting = outcome === 'waited';
      ledger.decide(run.id, {
        ...undecided,
        row: Number(row),
        outcome: isWaiting ? 'pending' : outcome,
        goesFirst: isWaiting,
      });
    }
    ledger.updateRun(run.id, { state, kind: change.kind ?? 'full' });
    return run;
  };
  const waiting = async (lines: readonly string[]): Promise<number[]> => {
    const { id, out, file } = await layOut(lines);
    const openRun = async (place: string, its: RunFile) => openContext(place, its, ledger, () => undefined);
    const current = await openRun(out, file);
    const findWaiting = async () => keysLeftWaiting(current, openRun);
    const options = { maxInvalid: { rows: 0 }, acceptOptouts: false, gate: gateLimitsSchema.parse({}), findWaiting };
    const history = { baselines: [], last: undefined };
    await assess(current, history, options, { emit: () => undefined, stop: createStop() });
    return ledger.rowsAfter(id, 0, 100).flatMap(({ row, goesFirst }) => (goesFirst ? [row] : []));
  };
  return { past, waiting };
}
const [a, b, c, d] = ['a,a@example.com', 'b,b@example.com', 'c,c@example.com', 'd,d@example.com'] as const;

it('no row is sent first without an earlier run, or after a finished one', async () => {
  const { past, waiting } = await feed();
  expect(await waiting([a, b])).toEqual([]);
  await past([a, b], 'finished', { 2: 'succeeded', 3: 'failed' });
  expect(await waiting([a, b])).toEqual([]);
});

it('people whom the last run left pending are sent first, wherever they are in the new file', async () => {
  const { past, waiting } = await feed();
  await past([a, b, c, d], 'stopped', { 2: 'succeeded', 3: 'failed', 4: 'pending' });
  // `c` is pending in the ledger, `d` has no record there: both were left.
  expect(await waiting([d, a, c, b])).toEqual([2, 4]);
});

it('only those who were also left before, if there are any', async () => {
  const { past, waiting } = await feed();
  await past([a, b, c, d], 'stopped', { 2: 'succeeded', 4: 'waited' });
  expect(await waiting([a, b, c, d])).toEqual([4]);
});

it('all rows that share a key with them are sent first too, over any number of steps and against file order', async () => {
  const { past, waiting } = await feed();
  await past([a, b], 'stopped', { 2: 'succeeded' });
  expect(await waiting(['y,x@example.com', 'x,x@example.com', 'x,b@example.com', a])).toEqual([2, 3, 4]);
});

it('rows left by another feed, a pilot or a refused run do not count', async () => {
  const { past, waiting } = await feed();
  await past([a, b], 'stopped', { 2: 'succeeded' });
  await past([c], 'stopped', {}, { mapping: { ...mapping, name: 'others' } });
  await past([d], 'stopped', {}, { kind: 'pilot' });
  await past([a], 'refused', {});
  expect(await waiting([a, b, c, d])).toEqual([3]);
});

it('a run folder with a damaged input copy does not stop the current run', async () => {
  const { past, waiting } = await feed();
  const { out } = await past([a, b], 'stopped', {});
  await writeFile(inputCopyOf(out), 'Other\nheader\n');
  expect(await waiting([a, b])).toEqual([]);
});

it('a run folder whose files are gone does not stop it either', async () => {
  const { past, waiting } = await feed();
  const { out } = await past([a, b], 'stopped', {});
  await rm(out, { recursive: true });
  expect(await waiting([a, b])).toEqual([]);
});
