import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openLedger } from '../../../src/ledger/ledger.ts';
import type { RunState } from '../../../src/ledger/ledger.ts';
import type { RunEvent } from '../../../src/run/events.ts';
import { pruneRuns } from '../../../src/run/files/prune-runs.ts';
import { readRunFile, writeRunFile } from '../../../src/run/files/run-folder.ts';
import type { RunFile } from '../../../src/run/model.ts';
import { fixture } from '../../cli/harness.ts';
import { newFile } from '../../ledger/folder.ts';

/** Runs of one account with these states, oldest first. */
async function runsOf(...states: readonly (RunState | { readonly state: RunState; readonly feed: string })[]) {
  const ledgerFile = await newFile();
  const ledger = openLedger(ledgerFile);
  onTestFinished(() => ledger.close());
  const template = JSON.parse(await readFile(fixture('ledgers-0.1.0/finished/first/run.json'), 'utf8')) as RunFile;
  const files: RunFile[] = [];
  for (const each of states) {
    const { state, feed } = typeof each === 'string' ? { state: each, feed: 'members' } : each;
    const out = path.join(path.dirname(ledgerFile), `run-${files.length + 1}`);
    const started = `2026-11-${10 + files.length}T00:00:00.000Z`;
    const account = `${template.account.origin} ${template.account.appId}`;
    const { id } = ledger.createRun({ started, identity: '', account, feed, inputName: '', inputSha: '', out });
    ledger.updateRun(id, { state });
    await mkdir(out);
    await writeRunFile(out, { ...template, run: id, started, ledger: ledgerFile });
    files.push(await readRunFile(out));
  }
  const events: RunEvent[] = [];
  const prune = async (keepRuns: number): Promise<void> => {
    const latest = files.at(-1);
    if (latest !== undefined) await pruneRuns(ledger, { ...latest, keepRuns }, (event) => events.push(event));
  };
  const folder = (run: number): string => path.join(path.dirname(ledgerFile), `run-${run}`);
  const left = () => ({
    ledger: ledger.listRuns().map(({ id }) => id),
    folders: states.map((_, index) => index + 1).filter((run) => existsSync(folder(run))),
  });
  return { prune, left, folder, events };
}

it('keeps the newest runs, the one that just finished included', async () => {
  const { prune, left } = await runsOf('finished', 'finished', 'finished', 'finished');
  await prune(2);
  expect(left()).toEqual({ ledger: [4, 3], folders: [3, 4] });
});

it('removes stopped runs too: a newer run of the feed has finished, so they cannot be resumed', async () => {
  const { prune, left } = await runsOf('stopped', 'sending', 'refused', 'finished', 'finished');
  await prune(1);
  expect(left()).toEqual({ ledger: [5], folders: [5] });
});

it('keeps the runs of other feeds', async () => {
  const { prune, left } = await runsOf({ state: 'finished', feed: 'staff' }, 'finished', 'finished');
  await prune(1);
  expect(left()).toEqual({ ledger: [3, 1], folders: [1, 3] });
});

it('leaves a folder that no longer contains the same run', async () => {
  const { prune, left, folder } = await runsOf('finished', 'finished', 'finished');
  await writeFile(path.join(folder(1), 'run.json'), '{}');
  await rm(folder(2), { recursive: true });
  await prune(1);
  expect(left()).toEqual({ ledger: [3], folders: [1, 3] });
});
