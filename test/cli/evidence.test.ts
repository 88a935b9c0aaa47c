import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AnySummary as Summary } from '../any-summary.ts';
import { gleantapImport, simulator, start, workplace, writesReach } from './harness.ts';

const summaryOf = (stdout: string): Summary => JSON.parse(stdout) as Summary;
const mapping = {
  version: 1,
  name: 'people',
  fields: { user_id: 'Id', first_name: 'First', last_name: 'Last' },
};
type Saved = Record<string, unknown> & { input: Record<string, unknown>; account: Record<string, unknown> };

/** A workplace with a list of people and a server. */
async function place(people = 20, latencyMs = 0) {
  const server = await simulator({ latencyMs });
  const cwd = await workplace();
  const list = async (file: string, first = 0): Promise<void> => {
    const rows = Array.from({ length: people }, (_, at) => `${first + at},First${first + at},Last${first + at}`);
    await writeFile(path.join(cwd, file), ['Id,First,Last', ...rows, ''].join('\n'));
  };
  await list('people.csv');
  await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify(mapping));
  const flags = ['--base-url', server.url, '--yes', '--rate', '0', '--no-preflight', '--json'];
  const command = async (...args: string[]) => gleantapImport(args, { cwd });
  const run = async (file: string, ...more: string[]) => command('run', file, ...flags, ...more);
  /** Starts a run of a file and kills it half way. */
  const kill = async (file: string, out: string): Promise<void> => {
    const before = server.stats().writesAccepted;
    const { child, ended } = start(['run', file, ...flags, '-o', out, '-c', '2'], { cwd });
    await writesReach(server, before + people / 2);
    child.kill('SIGKILL');
    await ended;
  };
  const check = async (file: string, ...more: string[]) => command('check', file, '--base-url', server.url, ...more);
  return { cwd, server, list, command, check, run, kill };
}

describe('a run.json that is not the one of its run', () => {
  it.each<[string, (file: Saved) => object]>([
    ['has another identity', (file) => ({ ...file, identity: 'f'.repeat(64) })],
    ['started at another time', (file) => ({ ...file, started: '2026-01-01T00:00:00.000Z' })],
    ['is of another copy', (file) => ({ ...file, input: { ...file.input, sha256: 'f'.repeat(64) } })],
    ['is of another feed', (file) => ({ ...file, mapping: { ...mapping, name: 'others' } })],
    ['is damaged', () => ({})],
  ])('%s: nothing is continued, by none of the commands', async (_what, change) => {
    const { cwd, server, command, run, kill } = await place(40, 15);
    await kill('people.csv', 'out');
    const file = path.join(cwd, 'out/run.json');
    await writeFile(file, JSON.stringify(change(JSON.parse(await readFile(file, 'utf8')) as Saved)));
    const before = server.stats().writesAccepted;
    for (const ended of [
      await command('resume', 'out', '--json'),
      await run('people.csv'),
      await command('report', 'out'),
    ])
      expect([2, 4]).toContain(ended.code);
    expect(server.stats().writesAccepted).toBe(before);
  });

  it('is of another run: neither of the two is continued in its place', async () => {
    const { cwd, server, list, command, run, kill } = await place(40, 15);
    await list('others.csv', 100);
    await kill('people.csv', 'out');
    await kill('others.csv', 'other');
    await cp(path.join(cwd, 'other/run.json'), path.join(cwd, 'out/run.json'));
    const before = server.stats().writesAccepted;
    const resumed = await command('resume', 'out', '--json');
    expect(resumed.code).toBe(4);
    expect(summaryOf(resumed.stdout)).toMatchObject({ error: { code: 'run_changed' } });
    expect((await run('people.csv')).code).toBe(4);
    expect((await command('report', 'out')).code).toBe(4);
    expect(server.stats().writesAccepted).toBe(before);
    expect((await command('resume', 'other', '--json')).code).toBe(0);
  });

  it('a run whose folder was removed is imported again', async () => {
    const { cwd, run, kill } = await place(40, 15);
    await kill('people.csv', 'out');
    await cp(path.join(cwd, 'out'), path.join(cwd, 'moved'), { recursive: true });
    await rm(path.join(cwd, 'out'), { recursive: true });
    const again = await run('people.csv');
    expect(again.code).toBe(0);
    expect(summaryOf(again.stdout).counts).toMatchObject({ succeeded: 40 });
  });
});

it('"report" on a copy of the input that was changed writes nothing', async () => {
  const { cwd, command, run } = await place();
  expect((await run('people.csv', '-o', 'out')).code).toBe(0);
  const success = await readFile(path.join(cwd, 'out/success.csv'), 'utf8');
  const copy = path.join(cwd, 'out/input.csv');
  const [header = '', ...rows] = (await readFile(copy, 'utf8')).trimEnd().split('\n');
  await writeFile(copy, `${[header, ...rows.toReversed()].join('\n')}\n`);
  const { code, stdout } = await command('report', 'out', '--json');
  expect(code).toBe(4);
  expect(summaryOf(stdout)).toMatchObject({ error: { code: 'copy_changed' } });
  expect(await readFile(path.join(cwd, 'out/success.csv'), 'utf8')).toBe(success);
});

describe('a folder that the user made for --out', () => {
  it.each<[string, readonly string[]]>([
    ['run', ['run', 'broken.csv']],
    ['check', ['check', 'broken.csv']],
  ])('"%s" that failed leaves it empty and in place', async (_what, [name = '', file = '']) => {
    const { cwd, command } = await place();
    await writeFile(path.join(cwd, 'broken.csv'), 'Name,Town\nAna,Here\n');
    await mkdir(path.join(cwd, 'mine'));
    const flags = name === 'run' ? ['--base-url', 'http://127.0.0.1:9', '--yes'] : [];
    expect((await command(name, file, ...flags, '-o', 'mine')).code).toBe(2);
    expect(await readdir(path.join(cwd, 'mine'))).toEqual([]);
    expect((await command(name, file, ...flags, '-o', 'new')).code).toBe(2);
    expect(await readdir(cwd)).not.toContain('new');
  });

  it('a batch that could not start leaves it empty and in place', async () => {
    const { cwd, command } = await place();
    const job = { app_id: 'demo-gym', mapping: 'mapping.json', csv: 'people.csv', envFile: '.env' };
    const jobs = {
      version: 1,
      jobs: [
        { name: 'one', ...job },
        { name: 'two', ...job },
      ],
    };
    await writeFile(path.join(cwd, 'jobs.json'), JSON.stringify(jobs));
    await mkdir(path.join(cwd, 'mine'));
    expect((await command('batch', 'jobs.json', '--yes', '--new-ledger', '-o', 'mine')).code).toBe(2);
    expect(await readdir(path.join(cwd, 'mine'))).toEqual([]);
  });
});

describe('--keep-runs', () => {
  it('removes what the program wrote, and leaves what the user put there', async () => {
    const { cwd, list, run } = await place();
    await list('others.csv', 100);
    expect((await run('people.csv', '-o', 'one')).code).toBe(0);
    await list('people.csv', 200);
    expect((await run('people.csv', '-o', 'two')).code).toBe(0);
    await writeFile(path.join(cwd, 'two/notes.txt'), 'Called the gym');
    await writeFile(path.join(cwd, 'two/failure.csv'), '_row,First\n2,Ana\n');
    expect((await run('others.csv', '-o', 'three', '--keep-runs', '1')).code).toBe(0);
    expect(await readdir(cwd)).not.toContain('one');
    expect((await readdir(path.join(cwd, 'two'))).toSorted()).toEqual(['failure.csv', 'notes.txt']);
  });

  it('leaves no folder of a run that had all the files that a run can have', async () => {
    const { cwd, list, run } = await place();
    const all = ['--only-changed', '--list-vanished', '--list-unchanged'];
    expect((await run('people.csv', '-o', 'one', ...all, '--new-ledger')).code).toBe(0);
    await list('people.csv', 2);
    expect((await run('people.csv', '-o', 'two', ...all, '--accept-changes')).code).toBe(0);
    expect(await readdir(path.join(cwd, 'two'))).toContain('vanished.csv');
    await list('people.csv', 3);
    expect((await run('people.csv', '-o', 'three', '--keep-runs', '1')).code).toBe(0);
    const left = await readdir(cwd);
    expect(left).not.toContain('one');
    expect(left).not.toContain('two');
  });

  it('removes a stopped run that a newer one has overtaken', async () => {
    const { cwd, list, run, kill } = await place(40, 15);
    await kill('people.csv', 'out');
    await list('others.csv', 100);
    expect((await run('others.csv', '-o', 'new', '--keep-runs', '1')).code).toBe(0);
    expect(await readdir(cwd)).not.toContain('out');
  });

  it('removes the folders of checks once as many runs are newer, and leaves those of other feeds', async () => {
    const { cwd, check, list, run } = await place();
    const checks = async (): Promise<string[]> =>
      (await readdir(path.join(cwd, 'gleantap-import'))).filter((name) => name.startsWith('check-'));
    await writeFile(path.join(cwd, 'staff.json'), JSON.stringify({ ...mapping, name: 'staff' }));
    expect((await check('people.csv', '-m', 'staff.json')).code).toBe(0);
    expect((await check('people.csv')).code).toBe(0);
    await list('others.csv', 100);
    expect((await run('people.csv', '--keep-runs', '2')).code).toBe(0);
    expect(await checks()).toHaveLength(2);
    expect((await run('others.csv', '--keep-runs', '2')).code).toBe(0);
    expect(await checks()).toHaveLength(1);
  });
});
