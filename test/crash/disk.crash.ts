import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { filesBelow } from '../cli/harness.ts';
import type { Ended } from '../cli/harness.ts';
import { createWitness, referenceOf } from './invariants.ts';
import { cli, launch } from './process.ts';
import type { LaunchOptions } from './process.ts';
import { createSite } from './site.ts';
import type { Site } from './site.ts';
import { createWorkload } from './workload.ts';

// Each test starts a dozen processes, which is slow on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const workload = createWorkload('lasting', 60, 4);

/** Permission bits don't bind root, so as root these tests run as a user who owns nothing. */
const isRoot = process.getuid?.() === 0;
const nobody = isRoot ? 65_534 : undefined;
const bindsPermissions =
  !isRoot || spawnSync(process.execPath, [cli, '--version'], { uid: 65_534, gid: 65_534 }).status === 0;
if (!bindsPermissions) console.log('skipped: permissions (this is root, and another user can not read the program)');
/** A disk other than the temporary folder's, which Linux always has. */
const otherDisk = '/dev/shm';
const hasOtherDisk = existsSync(otherDisk) && statSync(otherDisk).dev !== statSync(homedir()).dev;

/** A site that belongs to the user who runs the program in these tests. */
async function createOwnSite(): Promise<Site> {
  const site = await createSite(workload);
  if (nobody !== undefined) {
    const all = readdirSync(site.cwd, { recursive: true, encoding: 'utf8' });
    for (const name of ['', ...all]) chownSync(path.join(site.cwd, name), nobody, nobody);
  }
  return site;
}

/** `run` with another value of one flag. */
function withFlag({ run }: Site, flag: string, value: string): string[] {
  const at = run.indexOf(flag);
  return at === -1 ? [...run, flag, value] : run.with(at + 1, value);
}

async function ends(site: Site, args: readonly string[], options: Partial<LaunchOptions> = {}): Promise<Ended> {
  return launch(args, { cwd: site.cwd, ...options }).ended;
}

/** Exit 4 that names the file, without a stack, before anything was sent. */
function expectRefused(site: Site, { code, stdout, stderr }: Ended, file: string, requests = 0): void {
  const said = stderr + stdout;
  expect(code, said).toBe(4);
  expect(said).toContain(file);
  expect(said).not.toMatch(/^\s+at |This is a bug/m);
  expect(site.server.requests).toHaveLength(requests);
}

async function expectWhole(site: Site, ended: Ended): Promise<void> {
  await createWitness(site, await referenceOf(workload)).expectWhole(ended);
}

/** Kills a run half-way. */
async function killHalfWay(site: Site): Promise<number> {
  site.server.hold(20);
  const { child, ended, gone } = launch([...site.run, '-c', '2'], site);
  await site.server.reaches(20, gone);
  child.kill('SIGKILL');
  await ended;
  site.server.hold(0);
  return site.server.requests.length;
}

describe('a path that cannot be written', () => {
  it.each([
    ['the run folder, below a file', '-o', 'members.csv/out'],
    ['the ledger, below a file', '--ledger', 'members.csv/ledger.db'],
    ['the ledger, with a folder in its place', '--ledger', 'gleantap-import'],
    ['the ledger, with another file in its place', '--ledger', 'members.csv'],
  ])('%s: exit 4 before any request, and then the same command works', async (_name, flag, value) => {
    const site = await createSite(workload);
    expectRefused(site, await ends(site, withFlag(site, flag, path.join(site.cwd, value))), value);
    await expectWhole(site, await ends(site, site.run));
  });

  it.runIf(bindsPermissions).each([
    ['the run folder', '-o', 'closed/out'],
    ['the ledger', '--ledger', 'closed/ledger.db'],
  ])('%s in a folder without permission: exit 4 before any request', async (_name, flag, value) => {
    const site = await createOwnSite();
    mkdirSync(path.join(site.cwd, 'closed'));
    chmodSync(path.join(site.cwd, 'closed'), 0o555);
    expectRefused(site, await ends(site, withFlag(site, flag, path.join(site.cwd, value)), { uid: nobody }), 'closed');
    await expectWhole(site, await ends(site, site.run, { uid: nobody }));
  });

  it.runIf(bindsPermissions)('a ledger that is read-only: exit 4 before any request', async () => {
    const site = await createOwnSite();
    await writeFile(site.ledger, '');
    if (nobody !== undefined) chownSync(site.ledger, nobody, nobody);
    chmodSync(site.ledger, 0o400);
    expectRefused(site, await ends(site, site.run, { uid: nobody }), 'ledger.db');
  });

  it('a folder or a symbolic link where a report or the log belongs: resume refuses before any request', async () => {
    const site = await createSite(workload);
    const sent = await killHalfWay(site);
    const foreign = path.join(site.cwd, 'foreign.txt');
    await writeFile(foreign, 'mine');
    for (const name of ['success.csv', 'failure.csv', 'unknown.csv', 'skipped.csv', 'run.log']) {
      const place = path.join(site.out, name);
      await rm(place, { force: true });
      mkdirSync(place);
      expectRefused(site, await ends(site, ['resume', ...site.pace]), name, sent);
      await rm(place, { recursive: true });
      symlinkSync(foreign, place);
      expectRefused(site, await ends(site, site.run), name, sent);
      await rm(place);
    }
    expect(readFileSync(foreign, 'utf8')).toBe('mine');
    await expectWhole(site, await ends(site, ['resume', ...site.pace]));
  });

  it('--summary: exit 4 before any request, reported once', async () => {
    const site = await createSite(workload);
    const ended = await ends(site, [...site.run, '--summary', path.join(site.cwd, 'members.csv/summary.json')]);
    expectRefused(site, ended, 'members.csv/summary.json');
    expect(ended.stderr.match(/cannot be written/g)).toHaveLength(1);
    expect(JSON.parse(ended.stdout)).toMatchObject({ exitCode: 4, error: { code: 'not_writable' } });
    await expectWhole(site, await ends(site, site.run));
  });

  it.runIf(hasOtherDisk)('the run folder can be on another disk', async () => {
    const site = await createSite(workload);
    const out = await mkdtemp(path.join(otherDisk, 'gleantap import '));
    onTestFinished(async () => rm(out, { recursive: true, force: true }));
    await expectWhole({ ...site, out }, await ends(site, withFlag(site, '-o', out)));
  });
});

describe('an input that is not a regular file', () => {
  it('a FIFO is read like a file', async () => {
    const site = await createSite(workload);
    const fifo = path.join(site.cwd, 'fifo');
    spawnSync('mkfifo', [fifo]);
    const { ended } = launch(['run', 'fifo', ...site.run.slice(2)], site);
    const writer = await open(fifo, 'w');
    await writer.writeFile(workload.csv);
    await writer.close();
    await expectWhole(site, await ended);
  });

  it('a FIFO without a writer: Ctrl-C ends the wait', async () => {
    const site = await createSite(workload);
    spawnSync('mkfifo', [path.join(site.cwd, 'fifo')]);
    const { child, ended } = launch(['run', 'fifo', ...site.run.slice(2)], site);
    while (!existsSync(site.ledger) && child.exitCode === null) await new Promise((resolve) => setImmediate(resolve));
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(site.server.requests).toEqual([]);
  });

  it('a folder, a file without permission, a missing file: exit 2 with its name', async () => {
    const site = await createOwnSite();
    chmodSync(path.join(site.cwd, 'members.csv'), 0);
    const inputs = ['gleantap-import', 'nobody.csv', ...(bindsPermissions ? ['members.csv'] : [])];
    for (const input of inputs) {
      const { code, stderr } = await ends(site, ['run', input, ...site.run.slice(2)], { uid: nobody });
      expect(code, stderr).toBe(2);
      expect(stderr).toContain(input);
      expect(stderr).not.toMatch(/^\s+at /m);
    }
    expect(site.server.requests).toEqual([]);
  });
});

describe('the environment', () => {
  it('umask 000: files are still private to their owner', async () => {
    const site = await createSite(workload);
    const under = ['sh', '-c', 'umask 000; exec "$@"', 'sh'];
    await expectWhole(site, await ends(site, site.run, { under }));
    const folder = path.dirname(site.out);
    for (const file of filesBelow(folder)) expect(statSync(file).mode & 0o777, file).toBe(0o600);
    expect(statSync(site.out).mode & 0o777).toBe(0o700);
  });

  it.each([
    ['no HOME', {}],
    ['a HOME that is a file', { HOME: cli, XDG_STATE_HOME: cli }],
    ['a HOME that is not there', { HOME: '/nonexistent', LANG: 'C', TZ: 'Antarctica/Troll' }],
  ])('%s is not a problem', async (_name, env) => {
    const site = await createSite(workload);
    await expectWhole(site, await ends(site, site.run, { env }));
  });

  it.runIf(isRoot && bindsPermissions)('a user whose home cannot be written: the lock is elsewhere', async () => {
    const site = await createOwnSite();
    await expectWhole(site, await ends(site, site.run, { uid: nobody }));
  });
});
