import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { gleantapImport, simulator, start, workplace, writesReach } from './harness.ts';
import type { Ended } from './harness.ts';

const mapping = {
  version: 1,
  name: 'people',
  fields: { user_id: 'Id', first_name: 'First', last_name: 'Last' },
};
const people = 40;

/** A ledger with a finished run of a feed and one that was killed half way. Its folder is as the last process left it. */
async function place() {
  const server = await simulator({ latencyMs: 10 });
  const cwd = await workplace();
  const list = async (file: string, first: number): Promise<void> => {
    const rows = Array.from({ length: people }, (_, at) => `${first + at},First${first + at},Last${first + at}`);
    await writeFile(path.join(cwd, file), ['Id,First,Last', ...rows, ''].join('\n'));
  };
  await list('done.csv', 0);
  await list('half.csv', 100);
  await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify(mapping));
  await writeFile(path.join(cwd, 'tags.csv'), 'user_id,add_tags\n1,New\n');
  const job = { name: 'gym', app_id: 'demo-gym', mapping: 'mapping.json', csv: 'done.csv', envFile: '.env' };
  const jobs = { version: 1, jobs: [{ ...job, options: { onlyChanged: true } }] };
  await writeFile(path.join(cwd, 'jobs.json'), JSON.stringify(jobs));
  const env = { GLEANTAP_IMPORT_BASE_URL: server.url };
  const flags = ['--base-url', server.url, '--yes', '--rate', '0', '--no-preflight', '--accept-changes'];
  const spawned = async (...args: string[]): Promise<Ended> => start(args, { cwd, env }).ended;
  expect((await spawned('run', 'done.csv', ...flags, '-o', 'done')).code).toBe(0);
  const { child, ended } = start(['run', 'half.csv', ...flags, '-o', 'half', '-c', '2'], { cwd, env });
  await writesReach(server, people * 1.5);
  child.kill('SIGKILL');
  await ended;
  const ledger = path.join(cwd, 'gleantap-import/ledger.db');
  /** Every command that opens a ledger. */
  const commands: Readonly<Record<string, readonly string[]>> = {
    run: ['run', 'done.csv', ...flags],
    'run of a new file': ['run', 'half.csv', ...flags, '--limit', '3'],
    'run --only-changed': ['run', 'done.csv', ...flags, '--only-changed'],
    check: ['check', 'done.csv', '--base-url', server.url],
    'resume of a folder': ['resume', 'half'],
    resume: ['resume'],
    report: ['report', 'done'],
    runs: ['runs'],
    tags: ['tags', 'tags.csv', '--base-url', server.url, '--yes'],
    batch: ['batch', 'jobs.json', '--yes'],
    doctor: ['doctor', '--base-url', server.url],
  };
  return {
    cwd,
    server,
    ledger,
    commands,
    spawned,
    command: async (args: readonly string[]) => gleantapImport(args, { cwd, env }),
  };
}

type Place = Awaited<ReturnType<typeof place>>;

function expectSentence({ code, stdout, stderr }: Ended, codes: readonly number[], what: string): void {
  expect(codes, `${what}: ${stderr}`).toContain(code);
  expect(stdout + stderr, what).not.toMatch(/This is a bug|^\s+at /m);
}

/** Everything that belongs to the ledger, kept aside to put it back after each damage. */
async function kept({ ledger }: Place): Promise<() => Promise<void>> {
  const aside = await mkdtemp(path.join(tmpdir(), 'ledger-aside-'));
  const folder = path.dirname(ledger);
  const isPart = (name: string): boolean => name.startsWith('ledger.db') && !name.endsWith('.reports');
  for (const name of (await readdir(folder)).filter(isPart)) await cp(path.join(folder, name), path.join(aside, name));
  onTestFinished(async () => rm(aside, { recursive: true, force: true }));
  return async () => {
    for (const name of (await readdir(folder)).filter(isPart)) await rm(path.join(folder, name));
    await cp(aside, folder, { recursive: true });
  };
}

/** Puts other bytes into a file, as a file of its own. */
async function replace(file: string, change: (bytes: Buffer) => Buffer): Promise<void> {
  const bytes = change(await readFile(file));
  await rm(file);
  await writeFile(file, bytes, { mode: 0o600 });
}

const flipped =
  (at: number) =>
  (bytes: Buffer): Buffer => {
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
    return bytes;
  };
const cutAt =
  (length: number) =>
  (bytes: Buffer): Buffer =>
    bytes.subarray(0, length);

const damages: readonly [string, (bytes: Buffer) => Buffer][] = [
  ['empty', cutAt(0)],
  ['one byte', cutAt(1)],
  ['one page', cutAt(4096)],
  ['cut in half', (bytes) => bytes.subarray(0, bytes.length / 2)],
  ['without its last byte', (bytes) => bytes.subarray(0, -1)],
  ['longer', (bytes) => Buffer.concat([bytes, Buffer.alloc(4096)])],
  ['a CSV', () => Buffer.from('name,email\n'.repeat(1000))],
];

describe('a ledger that is not as it was left', () => {
  it('is refused by every command, and nothing is sent', async () => {
    const site = await place();
    expect((await site.spawned('runs')).code).toBe(0);
    const restore = await kept(site);
    const before = site.server.stats().writesAccepted;
    for (const [what, change] of damages) {
      for (const [name, args] of Object.entries(site.commands)) {
        await restore();
        await replace(site.ledger, change);
        expectSentence(await site.command(args), [2, 4], `${name} with a ledger that is ${what}`);
      }
    }
    expect(site.server.stats().writesAccepted).toBe(before);
    await restore();
    expect((await site.command(['resume', 'half'])).code).toBe(0);
  });

  it('is refused for every byte that was flipped and at every length, and nothing is sent', async () => {
    const site = await place();
    expect((await site.spawned('runs')).code).toBe(0);
    const restore = await kept(site);
    const { size } = await stat(site.ledger);
    const before = site.server.stats().writesAccepted;
    const commands = Object.entries(site.commands);
    const places = Array.from({ length: 150 }, (_, index) => Math.floor((index * size) / 150) + (index % 7));
    for (const [index, at] of places.entries()) {
      for (const change of [flipped(at), cutAt(at)]) {
        const [name, args] = commands[index % commands.length]!;
        await restore();
        await replace(site.ledger, change);
        expectSentence(await site.command(args), [2, 4], `${name} with damage at ${at}`);
      }
    }
    expect(site.server.stats().writesAccepted).toBe(before);
  });

  it('is refused when an older one is in its place', async () => {
    const site = await place();
    const older = await readFile(site.ledger);
    expect((await site.spawned('resume', 'half')).code).toBe(0);
    const before = site.server.stats().writesAccepted;
    await replace(site.ledger, () => older);
    expectSentence(await site.command(['resume', 'half']), [4], 'resume');
    expect(site.server.stats().writesAccepted).toBe(before);
  });
});

describe('without a seal, as version 0.1.0 left ledgers', () => {
  it('damage that SQLite notices ends with a sentence, and nothing is sent', async () => {
    const site = await place();
    expect((await site.spawned('runs')).code).toBe(0);
    await rm(`${site.ledger}.seal`);
    const restore = await kept(site);
    const before = site.server.stats().writesAccepted;
    // Enough to be no ledger: what SQLite can't read, or without tables.
    for (const [what, change] of damages.filter(([name]) => name !== 'longer' && name !== 'without its last byte')) {
      for (const name of ['run', 'runs', 'check', 'resume']) {
        await restore();
        await replace(site.ledger, change);
        expectSentence(await site.spawned(...site.commands[name]!), [2, 4], `${name} with a ledger that is ${what}`);
      }
    }
    expect(site.server.stats().writesAccepted).toBe(before);
  });
});

describe('the companions of a ledger whose process was killed', () => {
  it.each<[string, (wal: string) => Promise<void>]>([
    ['is missing', async (wal) => rm(wal)],
    ['is empty', async (wal) => replace(wal, cutAt(0))],
    ['is cut', async (wal) => replace(wal, (bytes) => bytes.subarray(0, bytes.length / 2))],
    [
      'is a byte shorter than its seal says',
      // It may be longer than that: a commit after the last seal is part of the window that may be lost.
      async (wal) => {
        const seal = await readFile(wal.replace(/-wal$/, '.seal'), 'utf8');
        const [, length] = /^open (\d+)$/m.exec(seal) ?? [];
        await replace(wal, cutAt(Number(length) - 1));
      },
    ],
  ])('a -wal file that %s is noticed, and nothing is sent', async (_what, damage) => {
    const site = await place();
    const before = site.server.stats().writesAccepted;
    await damage(`${site.ledger}-wal`);
    for (const name of ['resume', 'run', 'runs', 'check'])
      expectSentence(await site.command(site.commands[name]!), [4], name);
    expect(site.server.stats().writesAccepted).toBe(before);
  });

  it('a -shm file that is missing does not matter', async () => {
    const site = await place();
    await rm(`${site.ledger}-shm`);
    expect((await site.spawned('resume', 'half')).code).toBe(0);
  });
});

it('a ledger whose process was killed while it created it is created again', async () => {
  const site = await place();
  for (const suffix of ['', '-wal', '-shm', '.seal', '.key']) await rm(site.ledger + suffix, { force: true });
  await writeFile(site.ledger, '', { mode: 0o600 });
  await writeFile(`${site.ledger}.seal`, 'new\n', { mode: 0o600 });
  expect((await site.command(site.commands['run']!)).code).toBe(0);
  expect(existsSync(`${site.ledger}.seal`)).toBe(true);
});
