import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { RunError } from '../../src/core/outcome/run-error.ts';
import { runJobs, summarizeJobs } from '../../src/jobs/batch.ts';
import type { Work } from '../../src/jobs/batch.ts';
import type { Job } from '../../src/jobs/jobs-schema.ts';
import type { RunSummary } from '../../src/report/summary.ts';
import { createStop } from '../../src/run/events.ts';

const job = (name: string, account = name): Job => ({ name, app_id: account, csv: '', mapping: '' });
const counts = { read: 3, blank: 0, succeeded: 1, failed: 1, unknown: 0, skipped: 1, pending: 0 };
const ended = (exitCode: number): RunSummary => ({
  version: 1,
  kind: 'run',
  exitCode,
  sentence: '',
  next: undefined,
  simulator: true,
  run: 1,
  out: '',
  input: '',
  account: { host: '', appId: '' },
  started: '',
  counts,
  files: {},
  problems: {},
});

/** Work of a few turns that records which jobs are in progress. */
function watched(change: Partial<Work<string>> = {}) {
  const going = new Set<Job>();
  const seen = { begun: [] as string[], most: 0, together: new Set<string>() };
  const work: Work<string> = {
    prepare: async ({ name }) => Promise.resolve(name),
    feedOf: (prepared) => prepared,
    ended: () => undefined,
    async run(each) {
      for (const other of going) seen.together.add([each.app_id, other.app_id].sort().join(' '));
      going.add(each);
      seen.begun.push(each.name);
      seen.most = Math.max(seen.most, going.size);
      for (let turns = 0; turns < 3; turns += 1) await turn();
      going.delete(each);
      return ended(0);
    },
    ...change,
  };
  return { work, seen };
}

it('runs a limited number of accounts at a time, and jobs of one account in order, one after the other', async () => {
  const jobs = [job('a1', 'a'), job('b'), job('a2', 'a'), job('c'), job('d'), job('a3', 'a')];
  const { work, seen } = watched();
  const summaries = await runJobs(jobs, 2, createStop(), work);
  expect(summaries.map(({ name }) => name)).toEqual(jobs.map(({ name }) => name));
  expect(seen.most).toBe(2);
  expect(seen.together).not.toContain('a a');
  expect(seen.begun.filter((name) => name.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
});

it('whatever happens to one job, a bug included, stops no other', async () => {
  const { work, seen } = watched();
  const failing: Work<string> = {
    ...work,
    async prepare({ name }) {
      if (name === 'unprepared') throw new RunError('mapping', 'no mapping');
      return Promise.resolve(name);
    },
    async run(each, prepared) {
      if (each.name === 'busy') throw new RunError('account_busy', 'busy');
      if (each.name === 'bug') throw new TypeError('x is undefined');
      return work.run(each, prepared);
    },
  };
  const jobs = ['unprepared', 'first', 'bug', 'busy', 'last'].map((name) => job(name));
  const summaries = await runJobs(jobs, 1, createStop(), failing);
  expect(summaries.map(({ exitCode }) => exitCode)).toEqual([2, 0, 70, 75, 0]);
  expect(seen.begun).toEqual(['first', 'last']);
  const whole = summarizeJobs(summaries);
  expect(whole).toMatchObject({ exitCode: 70, counts: { read: 6, succeeded: 2, failed: 2, skipped: 2 } });
});

it('starts nothing when two jobs have the same feed', async () => {
  const { work, seen } = watched({ feedOf: () => 'account members' });
  await expect(runJobs([job('a'), job('b')], 2, createStop(), work)).rejects.toMatchObject({ code: 'usage' });
  expect(seen.begun).toEqual([]);
});

it('an interruption starts no more jobs, and reports this for each', async () => {
  const stop = createStop();
  const { work, seen } = watched();
  const interrupting: Work<string> = {
    ...work,
    async run(each, prepared) {
      stop.request({ kind: 'signal', signal: 'SIGTERM' });
      await work.run(each, prepared);
      return ended(143);
    },
  };
  const summaries = await runJobs([job('a'), job('b', 'a'), job('c')], 1, stop, interrupting);
  expect(seen.begun).toEqual(['a']);
  expect(summaries.map(({ exitCode }) => exitCode)).toEqual([143, 143, 143]);
});

it.each([
  [[0, 0], 0],
  [[0, 1, 75], 75],
  [[75, 3], 3],
  [[3, 5, 1], 5],
  [[5, 2], 2],
  [[2, 4], 4],
  [[4, 70], 70],
])('the worst of %j is %i', (codes, worst) => {
  expect(summarizeJobs(codes.map((code) => ({ name: '', ...ended(code) }))).exitCode).toBe(worst);
});
