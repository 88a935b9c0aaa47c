import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AnySummary as Summary } from '../any-summary.ts';
import { appId, canaries, gleantapImport, readJson, readReport, simulator, writesReach } from '../cli/harness.ts';
import { Gyms, keys } from './gyms.ts';

const letters = 'a b c d e f g h i j k l'.split(' ');
const sound = letters.filter((name) => name !== 'c' && name !== 'h');

describe('one night of twelve locations, one with wrong keys and one with a broken export', () => {
  it('the others are sent, and the following nights send what changed', async () => {
    const gyms = await Gyms.open(await simulator({ credentials: undefined, latencyMs: 5 }));
    const strict = await simulator({ credentials: { ...canaries, secretKey: 'another', appId: 'c' } });
    for (const name of letters) await gyms.add(name);
    gyms.jobs[2]!.options['baseUrl'] = strict.url;
    await gyms.write('h-1.csv', 'Id,First,Email\n1,Ana,ana@example.com\n');
    await gyms.save({ parallel: 12 });

    const first = await gyms.batch('--yes', '--new-ledger', '--summary', 'night.json', '-o', 'night-1');
    expect(first.code).toBe(2);
    const bad = { c: 3, h: 2 };
    expect(first.codes).toEqual({ ...Object.fromEntries(letters.map((name) => [name, 0])), ...bad });
    expect(gyms.arrived()).toEqual(Object.fromEntries(sound.map((name) => [name, 5])));
    expect(gyms.server.stats().maxInFlight).toBeGreaterThan(1);
    expect(strict.stats().writesAccepted).toBe(0);
    expect(first.summary).toMatchObject({
      exitCode: 2,
      simulator: true,
      counts: { read: 55, succeeded: 50, pending: 5 },
    });
    expect(first.summary.next).toContain('--only c,h');
    const out = path.join(gyms.cwd, 'night-1');
    expect(first.summary.out).toBe(out);
    expect(await readJson(path.join(out, 'summary.json'))).toEqual(first.summary);
    expect(await readJson(path.join(gyms.cwd, 'night.json'))).toEqual(first.summary);
    expect(await readReport(path.join(out, 'l/success.csv'))).toHaveLength(5);
    expect(first.stderr).toMatch(/^\[h\] .*Last/m);

    // The newest export of a location is taken; keys and the broken export have been fixed meanwhile.
    await gyms.export('b', 2, 7);
    await gyms.export('h', 1, 5);
    gyms.jobs[2]!.options['baseUrl'] = gyms.server.url;
    await gyms.save();
    const second = await gyms.batch('--yes', '--only', 'b, c,h');
    expect(second).toMatchObject({ code: 0, codes: { b: 0, c: 0, h: 0 }, requests: 2 + 5 + 5 });
    const third = await gyms.batch('--yes');
    expect(third).toMatchObject({ code: 0, requests: 0 });
    expect(third.summary.counts).toMatchObject({ read: 62, succeeded: 0, skipped: 62 });
  });
});

it('jobs of one account run one after the other, with keys by prefix, under one shared rate', async () => {
  const server = await simulator({ credentials: undefined });
  const gyms = await Gyms.open(server);
  for (const name of ['x', 'y'])
    await gyms.add(name, 8, { app_id: appId, envFile: null, envPrefix: 'GYM_', sharedAccount: true });
  await gyms.save({ rate: 12 });
  const env = Object.fromEntries(
    Object.entries({ ...keys, GLEANTAP_APP_ID: appId }).map(([name, value]) => [`GYM_${name}`, value]),
  );
  const flags = ['--yes', '--new-ledger', '--log-values', '-o', 'night'];
  const { code } = await gleantapImport(['batch', 'jobs.json', ...flags], { cwd: gyms.cwd, env });
  expect(code).toBe(0);
  expect(await readFile(path.join(gyms.cwd, 'night/y/run.log'), 'utf8')).toContain('y7@example.com');
  const order = server.contacts().map(({ user_id: id }) => id?.[0]);
  expect(order.join('')).toBe('x'.repeat(8) + 'y'.repeat(8));
  expect(server.stats().worstOneSecondWindow).toBeLessThanOrEqual(13);
});

describe('a mistake is refused before anything is sent', () => {
  it('without --yes, without the ledger, with other credentials; and --dry-run shows what is wrong', async () => {
    const gyms = await Gyms.open(await simulator({ credentials: undefined }));
    await gyms.add('good');
    await gyms.add('other', 5, { app_id: 'someone' });
    await gyms.add('dirty', 30);
    await gyms.write('dirty-1.csv', 'Id,First,Last,Email\n1,Ana,Diaz,a@example.com\n2,,Lee,b@example.com\n');
    await gyms.save();

    expect(await gyms.batch()).toMatchObject({ code: 2, requests: 0 });
    expect(await gyms.batch('--yess', '--summary', 'night.json')).toMatchObject({ code: 2, requests: 0 });
    expect(await readJson(path.join(gyms.cwd, 'night.json'))).toMatchObject({ exitCode: 2, error: { code: 'usage' } });
    const withoutLedger = await gyms.batch('--yes');
    expect(withoutLedger).toMatchObject({ code: 2, codes: { good: 2, other: 2, dirty: 2 }, requests: 0 });
    expect(await gyms.batch('--yes', '--only', 'god')).toMatchObject({ code: 2, requests: 0 });
    expect(await gyms.batch('--yes', '--new-ledger', '--accept-optouts')).toMatchObject({ code: 2, requests: 0 });

    const dry = await gyms.batch('--dry-run', '-o', 'dry');
    expect(dry).toMatchObject({ code: 2, codes: { good: 0, other: 2, dirty: 1 }, requests: 0 });
    expect(existsSync(path.join(gyms.cwd, 'gleantap-import/ledger.db'))).toBe(false);
    expect(await readReport(path.join(gyms.cwd, 'dry/dirty/failure.csv'))).toHaveLength(1);
  });

  it('two jobs of one feed, with no files left behind', async () => {
    const gyms = await Gyms.open(await simulator({ credentials: undefined }));
    const shared = { app_id: 'one', envFile: '.env.a', mapping: 'a.json', sharedAccount: true };
    await gyms.add('a', 5, shared);
    await gyms.add('b', 5, shared);
    await gyms.write(
      '.env.a',
      [...Object.entries(keys), ['GLEANTAP_APP_ID', 'one']].map((pair) => pair.join('=')).join('\n'),
    );
    await gyms.save();
    expect(await gyms.batch('--yes', '--new-ledger')).toMatchObject({ code: 2, requests: 0 });
    expect(readdirSync(path.join(gyms.cwd, 'gleantap-import'))).toEqual([]);
  });
});

it('a held location does not hold the others, and continues after a review; a deadline leaves all rows for the next night', async () => {
  const gyms = await Gyms.open(await simulator({ credentials: undefined }));
  for (const name of ['s', 't']) await gyms.add(name, 20);
  await gyms.save({ parallel: 1 });
  const late = await gyms.batch('--yes', '--new-ledger', '--deadline', '0s', '-o', 'first');
  expect(late).toMatchObject({ code: 3, codes: { s: 3, t: 3 }, requests: 0 });
  expect(await gyms.batch('--yes')).toMatchObject({ code: 0, requests: 40 });

  await gyms.export('s', 2, 8);
  await gyms.export('t', 2, 21);
  gyms.jobs[1]!.options['keepRuns'] = 1;
  await gyms.save({ parallel: 1 });
  const night = await gyms.batch('--yes');
  expect(night).toMatchObject({ code: 5, codes: { s: 5, t: 0 }, requests: 1 });
  expect(night.summary.next).toContain('--only s --yes');
  // Of the night before, the folder that t may remove is gone.
  expect(readdirSync(path.join(gyms.cwd, 'first')).sort()).toEqual(['night.html', 'night.md', 's', 'summary.json']);
  expect(await gyms.batch('--dry-run')).toMatchObject({ code: 5, codes: { s: 5, t: 0 }, requests: 0 });
  expect(await gyms.batch('--yes', '--accept-changes')).toMatchObject({ code: 2, requests: 0 });
  expect(await gyms.batch('--yes', '--accept-changes', '--only', 's')).toMatchObject({ code: 0, codes: { s: 0 } });
});

it('a batch that was terminated stops all its jobs in order, and the same command continues them', async () => {
  const gyms = await Gyms.open(await simulator({ credentials: undefined, latencyMs: 20 }));
  for (const name of ['p', 'q', 'r']) await gyms.add(name, 40);
  await gyms.save({ parallel: 2 });
  const { child, ended } = gyms.begin('--yes', '--new-ledger');
  await writesReach(gyms.server, 10);
  child.kill('SIGTERM');
  const { code, stdout } = await ended;
  expect(code).toBe(143);
  const { jobs = [], counts, next } = JSON.parse(stdout) as Summary;
  expect(jobs.map(({ exitCode }) => exitCode)).toEqual([143, 143, 143]);
  expect(counts?.succeeded).toBe(gyms.server.stats().writesAccepted);
  expect(next).toContain('--only p,q,r');

  const { code: again } = await gyms.batch('--yes', '--new-ledger');
  expect(again).toBe(0);
  expect(gyms.arrived()).toEqual({ p: 40, q: 40, r: 40 });
  expect(gyms.server.contacts().every(({ writes }) => writes === 1)).toBe(true);
});
