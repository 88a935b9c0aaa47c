import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AnySummary as Summary } from '../any-summary.ts';
import type { Simulator } from '../../src/simulator/index.ts';
import { gleantapImport, readReport, simulator, start, workplace, writesReach } from './harness.ts';

const people = 300;

/** A folder with a mapping and a list of people, and the flags that all runs share. */
async function prepared(server: Simulator): Promise<{ cwd: string; flags: string[] }> {
  const cwd = await workplace();
  const rows = Array.from(
    { length: people },
    (_, index) => `${index},First${index},Last${index},p${index}@example.com`,
  );
  await writeFile(path.join(cwd, 'people.csv'), ['Id,First,Last,Email', ...rows, ''].join('\n'));
  const fields = { user_id: 'Id', first_name: 'First', last_name: 'Last', email: 'Email' };
  await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify({ version: 1, name: 'people', fields }));
  return { cwd, flags: ['--base-url', server.url, '--yes', '--rate', '0', '--json', '--no-preflight'] };
}

const summaryOf = (stdout: string): Summary => JSON.parse(stdout) as Summary;

describe('the same command again', () => {
  it('sends nothing for a finished run, reports this, and exits as it did then; --again sends', async () => {
    const server = await simulator();
    const { cwd, flags } = await prepared(server);
    const first = await gleantapImport(['run', 'people.csv', ...flags, '-o', 'out'], { cwd });
    expect(first.code).toBe(0);
    const { requests } = server.stats();

    const second = await gleantapImport(['run', 'people.csv', ...flags], { cwd });
    expect(second.code).toBe(0);
    expect(server.stats().requests).toBe(requests);
    expect(summaryOf(second.stdout)).toMatchObject({ run: summaryOf(first.stdout).run, out: path.join(cwd, 'out') });
    expect(summaryOf(second.stdout).next).toContain('--again');
    // After a rehearsal the next command must not lead to the real account.
    expect(summaryOf(second.stdout).next).toContain(`--base-url ${server.url}`);

    const third = await gleantapImport(['run', 'people.csv', ...flags, '--again'], { cwd });
    expect(third.code).toBe(0);
    expect(server.stats().requests).toBe(requests + people);
    expect(server.contacts()).toHaveLength(people);
  });

  it('a finished pilot never counts as the whole file', async () => {
    const server = await simulator();
    const { cwd, flags } = await prepared(server);
    const pilot = await gleantapImport(['run', 'people.csv', ...flags, '--limit', '5'], { cwd });
    expect(summaryOf(pilot.stdout).counts).toMatchObject({ succeeded: 5, skipped: people - 5 });
    const whole = await gleantapImport(['run', 'people.csv', ...flags], { cwd });
    expect(summaryOf(whole.stdout).counts).toMatchObject({ succeeded: people, skipped: 0 });
    expect(server.contacts()).toHaveLength(people);
  });

  it('a pilot fails only for its own rows, and check proposes one that uses every field', async () => {
    const server = await simulator();
    const { cwd, flags } = await prepared(server);
    const more = [
      'Id,First,Last,Email',
      '1,Ana,Diaz,',
      ',,,',
      '2,,Lee,',
      '3,Cy,Orr,cy@example.com',
      '4,Di,Poe,di@example.com',
      '5,,Roe,',
    ];
    await writeFile(path.join(cwd, 'mixed.csv'), more.join('\n'));
    const check = await gleantapImport(['check', 'mixed.csv', '--json'], { cwd });
    expect(check.code).toBe(1);
    const { next = '' } = summaryOf(check.stdout);
    expect(next).toMatch(/--rows 5$/);
    const pilot = await gleantapImport(['run', 'mixed.csv', ...flags, '--rows', '2,5'], { cwd });
    expect(pilot.code).toBe(0);
    expect(summaryOf(pilot.stdout).counts).toMatchObject({ read: 5, blank: 1, succeeded: 2, failed: 0, skipped: 3 });
    const limited = await gleantapImport(['run', 'mixed.csv', ...flags, '--limit', '2'], { cwd });
    expect(limited.code).toBe(1);
    expect(summaryOf(limited.stdout).counts).toMatchObject({ succeeded: 2, failed: 1, skipped: 2 });
  });

  it('chooses rows by number', async () => {
    const server = await simulator();
    const { cwd, flags } = await prepared(server);
    await gleantapImport(['run', 'people.csv', ...flags, '--rows', '2-4,11'], { cwd });
    // People may arrive in any order.
    expect(new Set(server.contacts().map(({ user_id: id }) => id))).toEqual(new Set(['0', '1', '2', '9']));
  });
});

describe('a run that was killed half-way', () => {
  /** Starts a run and kills it once the server has accepted some rows. */
  async function killed(server: Simulator, cwd: string, flags: readonly string[]): Promise<void> {
    const { child, ended } = start(['run', 'people.csv', ...flags, '-o', 'out', '-c', '4'], { cwd });
    await writesReach(server, people / 3);
    child.kill('SIGKILL');
    await ended;
    expect(server.stats().writesAccepted).toBeLessThan(people);
  }

  it.each([
    ['the same command', (flags: readonly string[]) => ['run', 'people.csv', ...flags]],
    ['resume', (flags: readonly string[]) => ['resume', '--json', '--rate', flags[flags.indexOf('--rate') + 1] ?? '']],
    ['resume with the folder', () => ['resume', 'out', '--json', '--rate', '0']],
    ['resume with the number', () => ['resume', '1', '--json', '--rate', '0']],
  ])('is continued by %s', async (_name, command) => {
    const server = await simulator({ latencyMs: 15 });
    const { cwd, flags } = await prepared(server);
    await killed(server, cwd, flags);
    const before = server.stats().writesAccepted;
    const ended = await gleantapImport(command(flags), { cwd });

    expect(ended.code).toBe(0);
    expect(summaryOf(ended.stdout)).toMatchObject({ run: 1, counts: { read: people, succeeded: people, pending: 0 } });
    expect(server.contacts()).toHaveLength(people);
    expect(server.stats().writesAccepted).toBeLessThan(before + people);
    const rows = (await readReport(path.join(cwd, 'out/success.csv'))).map(({ _row: row }) => Number(row));
    expect(rows).toEqual(Array.from({ length: people }, (_, index) => index + 2));
  });

  it('can be reported on as it is, and is listed with the command that continues it', async () => {
    const server = await simulator({ latencyMs: 15 });
    const { cwd, flags } = await prepared(server);
    await killed(server, cwd, flags);
    const report = await gleantapImport(['report', 'out', '--json'], { cwd });
    expect(report.code).toBe(0);
    const { counts } = summaryOf(report.stdout);
    expect(counts?.pending).toBeGreaterThan(0);
    expect(await readReport(path.join(cwd, 'out/success.csv'))).toHaveLength(counts?.succeeded ?? -1);
    // A run that was killed has no exit code, and its page does not invent one.
    const page = await readFile(path.join(cwd, 'out/report.html'), 'utf8');
    expect(page).not.toMatch(/exit code \d/);
    expect(page.replaceAll(/<[^>]+>/g, '')).toContain('gleantap-import resume');
    const runs = await gleantapImport(['runs', '--json'], { cwd });
    expect(JSON.parse(runs.stdout)).toMatchObject([
      { id: 1, state: 'sending', next: expect.stringContaining('resume') as string },
    ]);
  });

  it('is not resumed after a newer run of the feed has sent rows', async () => {
    const server = await simulator({ latencyMs: 15 });
    const { cwd, flags } = await prepared(server);
    await killed(server, cwd, flags);
    await writeFile(path.join(cwd, 'newer.csv'), 'Id,First,Last,Email\n1,Ana,Diaz,ana@example.com\n');
    await gleantapImport(['run', 'newer.csv', ...flags], { cwd });
    const { requests } = server.stats();
    const ended = await gleantapImport(['resume', 'out'], { cwd });
    expect(ended.code).toBe(2);
    expect(server.stats().requests).toBe(requests);
  });
});

it('Ctrl-C stops after the answers in flight, with reports and exit 130; meanwhile a second run of the account gets 75', async () => {
  const server = await simulator({ latencyMs: 20 });
  const { cwd, flags } = await prepared(server);
  const { child, ended } = start(['run', 'people.csv', ...flags, '-o', 'out', '-c', '2'], { cwd });
  await writesReach(server, 10);

  const other = await gleantapImport(['run', 'people.csv', ...flags], { cwd });
  expect(other.code).toBe(75);

  child.kill('SIGINT');
  const { code, stdout } = await ended;
  expect(code).toBe(130);
  const { counts, next } = summaryOf(stdout);
  expect(counts?.succeeded).toBe(server.stats().writesAccepted);
  expect(counts?.pending).toBe(people - server.stats().writesAccepted);
  expect(next).toContain('resume');
  expect(await readReport(path.join(cwd, 'out/success.csv'))).toHaveLength(counts?.succeeded ?? -1);
  expect(JSON.parse(await readFile(path.join(cwd, 'out/summary.json'), 'utf8'))).toMatchObject({ exitCode: 130 });
});

it('reads stdin, and keeps running when stdout and stderr have no reader', async () => {
  const server = await simulator();
  const { cwd, flags } = await prepared(server);
  const stdin = await readFile(path.join(cwd, 'people.csv'));
  const { child, ended } = start(['run', '-', ...flags], { cwd, stdin });
  child.stdout?.destroy();
  child.stderr?.destroy();
  const [code] = (await once(child, 'exit')) as [number];
  await ended;
  expect(code).toBe(0);
  expect(server.contacts()).toHaveLength(people);
});
