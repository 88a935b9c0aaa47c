import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunError } from '../../src/core/outcome/run-error.ts';
import { readJobs } from '../../src/jobs/read-jobs.ts';

async function written(json: unknown): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'jobs-'));
  onTestFinished(async () => rm(folder, { recursive: true }));
  const file = path.join(folder, 'jobs.json');
  await writeFile(file, typeof json === 'string' ? json : JSON.stringify(json));
  return file;
}

const job = (name: string, more: object = {}) => ({
  name,
  app_id: name,
  csv: `${name}/members-*.csv`,
  mapping: `${name}/mapping.json`,
  ...more,
});

it('paths are relative to the file, and options stay as they were written', async () => {
  const options = { ledger: 'all.db', timeout: '10s', maxInvalid: '5%', onlyChanged: true };
  const file = await written({ version: 1, jobs: [job('east', { envFile: '.env.east', options }), job('west')] });
  const folder = path.dirname(file);
  const { parallel, rate, jobs } = await readJobs(file);
  expect({ parallel, rate }).toEqual({ parallel: 4, rate: 0 });
  expect(jobs[0]).toMatchObject({
    csv: path.join(folder, 'east/members-*.csv'),
    mapping: path.join(folder, 'east/mapping.json'),
    envFile: path.join(folder, '.env.east'),
    options: { ...options, ledger: path.join(folder, 'all.db') },
  });
  expect(jobs[1]?.options).toBeUndefined();
});

describe('every mistake is reported with its place, all at once', () => {
  it.each<[string, unknown, string[]]>([
    [
      'rails',
      { jobs: [job('a', { options: { yes: true, acceptChanges: true } })] },
      ['jobs[0].options', 'yes', 'acceptChanges', 'safeguard'],
    ],
    ['unknown options, with the nearest', { jobs: [job('a', { options: { onlyChangd: true } })] }, ['onlyChanged']],
    [
      'options that the command decides',
      { jobs: [job('a', { options: { out: 'x', envFile: 'y' } })] },
      ['"out"', '"envFile"'],
    ],
    [
      'values of options',
      { jobs: [job('a', { options: { rate: 'fast' } }), job('b', { options: { timeout: 'x' } })] },
      ['jobs[0].options.rate', 'jobs[1].options.timeout'],
    ],
    ['unknown keys', { jobs: [job('a', { appId: 'x' })] }, ['jobs[0]', 'app_id']],
    ['no jobs', { jobs: [] }, ['jobs']],
    [
      'names that are no folders',
      { jobs: [job('../a'), job('b/c'), job('.'), job('d.')] },
      ['jobs[0].name', 'jobs[1].name', 'jobs[2].name', 'jobs[3].name'],
    ],
    ['a name twice, in other letters', { jobs: [job('East'), job('east')] }, ['jobs[1].name']],
    [
      'two jobs of one account',
      { jobs: [job('a', { app_id: 'x' }), job('b', { app_id: 'x', sharedAccount: true })] },
      ['jobs[0].app_id', 'sharedAccount', '"b"'],
    ],
    ['two places of credentials', { jobs: [job('a', { envFile: 'x', envPrefix: 'Y_' })] }, ['jobs[0].envPrefix']],
    ['patterns of folders', { jobs: [job('a', { csv: 'gym-*/members.csv' })] }, ['jobs[0].csv']],
    ['another version', { version: 2, jobs: [job('a')] }, ['version']],
  ])('%s', async (_what, json, parts) => {
    const file = await written({ version: 1, ...(json as object) });
    const { code, message } = await readJobs(file).then(
      () => expect.fail('was taken'),
      (error: RunError) => error,
    );
    expect(code).toBe('usage');
    for (const part of parts) expect(message).toContain(part);
  });

  it('several jobs can share an account when each of them allows it', async () => {
    const shared = { app_id: 'x', sharedAccount: true };
    const { jobs } = await readJobs(await written({ version: 1, jobs: [job('a', shared), job('b', shared)] }));
    expect(jobs).toHaveLength(2);
  });

  it('a file that is not JSON, or does not exist', async () => {
    await expect(readJobs(await written('{ "version": 1,\n oops }'))).rejects.toThrow('line 2');
    await expect(readJobs('nowhere/jobs.json')).rejects.toMatchObject({ code: 'usage' });
  });
});
