import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { AnySummary as Summary } from '../../any-summary.ts';
import { gleantapImport, readJson, writesReach } from '../../cli/harness.ts';
import { emailOf, feedOf, members } from './feed.ts';
import type { Feed } from './feed.ts';

const people = 40;

/** Stops a night once the server has accepted this many rows, like a deadline, but at a known moment. */
async function stopAfter(feed: Feed, day: number, writes: number, ...flags: string[]): Promise<void> {
  const before = feed.server.stats().writesAccepted;
  const { child, ended } = feed.begin(day, '-c', '1', ...flags);
  await writesReach(feed.server, before + writes);
  child.kill('SIGINT');
  expect((await ended).code).toBe(130);
}

/** Emails in the order in which the server took them. */
function order(feed: Feed): string[] {
  return feed.server.contacts().map(({ email = '' }) => email);
}

it('sends nothing new after the deadline; a clock time that has passed means tomorrow', async () => {
  const feed = await feedOf({ latencyMs: 30 });
  await feed.export(members(people));
  const flags = [
    'run',
    'members.csv',
    '--base-url',
    feed.server.url,
    '--yes',
    '--rate',
    '0',
    '-c',
    '1',
    '--json',
    '--no-preflight',
  ];
  const at = (now: string) => ({ cwd: feed.cwd, env: { GLEANTAP_IMPORT_TEST_NOW: now } });

  // The check alone takes longer than this.
  const late = await gleantapImport([...flags, '--deadline', '1ms', '--summary', 'alert.json'], at('2026-12-01'));
  expect(late.code).toBe(3);
  expect(feed.server.stats().writesAccepted).toBeLessThanOrEqual(1);
  const { counts, error, next } = await readJson<Summary>(path.join(feed.cwd, 'alert.json'));
  expect(counts?.pending).toBe(people - (counts?.succeeded ?? 0));
  expect(error?.code).toBe('deadline');
  expect(next).toContain('resume');

  // Continued before 05:30, when the deadline comes; then with one that was past at the start, and so is a day away.
  const early = await gleantapImport(
    ['resume', '--rate', '0', '-c', '1', '--deadline', '05:30', '--json'],
    at('2026-12-01T05:29:59.700'),
  );
  expect(early.code).toBe(3);
  expect(feed.server.contacts().length).toBeLessThan(people);
  const tomorrow = await gleantapImport(
    ['resume', '--rate', '0', '--deadline', '05:30', '--json'],
    at('2026-12-01T05:30:01'),
  );
  expect(tomorrow.code).toBe(0);
  // It is said which day is meant, and only where that may surprise.
  expect(tomorrow.stderr).toContain('2026-12-02 at 05:30');
  expect(early.stderr).not.toContain(' at 05:30');
  expect(feed.server.contacts()).toHaveLength(people);
  expect((await gleantapImport([...flags, '--deadline', '25:00'], at('2026-12-01'))).code).toBe(2);
});

it('people who were left pending go first the next night, and those left twice before all others', async () => {
  const feed = await feedOf({ latencyMs: 10 });
  // Row by row, so that the order at the server is that of the file; everyone is new, so contacts are in order of arrival.
  const everybody = members(people, (index) => ({ Id: '', Email: emailOf(index) }));
  await feed.export(everybody.slice(0, 30));
  await stopAfter(feed, 1, 10, '--new-ledger');
  const first = order(feed);
  expect(first).toEqual(everybody.slice(0, first.length).map(({ Email }) => Email));

  // Newcomers are at the top of the next export; those who waited overtake them.
  const newcomers = everybody.slice(30);
  await feed.export([...newcomers, ...everybody.slice(0, 30)]);
  await stopAfter(feed, 2, 10);
  const second = order(feed).slice(first.length);
  expect(second).toEqual(everybody.slice(first.length, first.length + second.length).map(({ Email }) => Email));

  const third = await feed.night(3, '-c', '1');
  expect(third.code).toBe(0);
  const left = everybody.slice(first.length + second.length, 30).map(({ Email }) => Email);
  expect(order(feed).slice(first.length + second.length)).toEqual([...left, ...newcomers.map(({ Email }) => Email)]);
  expect(third.summary.counts).toMatchObject({ read: people, failed: 0, pending: 0 });
  // No one waits anymore.
  expect(await feed.night(4)).toMatchObject({ code: 0, requests: 0 });
});

it('rows of a person who waited stay in file order', async () => {
  const feed = await feedOf({ latencyMs: 10 });
  const list = members(20, (index) => ({ Id: String(index) }));
  await feed.export(list);
  await stopAfter(feed, 1, 5, '--new-ledger');
  // The last person has a row before everyone else's, with another address.
  const [last] = list.slice(-1);
  await feed.export([{ ...last!, Email: 'another@example.com' }, ...list]);
  expect((await feed.night(2)).code).toBe(0);
  expect(feed.server.contacts().find(({ user_id: id }) => id === '19')).toMatchObject({ email: last!.Email });
});

it('keeps the configured number of runs, and never loses people', async () => {
  const feed = await feedOf({ latencyMs: 5 });
  await feed.export(members(people));
  const folders = () =>
    readdirSync(path.join(feed.cwd, 'gleantap-import')).filter((name) => name.startsWith('members-'));
  await feed.night(1, '--new-ledger');
  await feed.night(2, '--limit', '1');
  await feed.export(members(people, () => ({ Plan: 'Silver' })));
  await stopAfter(feed, 3, 2, '--accept-changes');
  await feed.export(members(people, () => ({ Plan: 'Bronze' })));
  expect((await feed.night(4, '--accept-changes')).code).toBe(0);
  expect(folders()).toHaveLength(4);
  const last = await feed.night(5, '--keep-runs', '1', '-o', 'elsewhere');
  expect(last).toMatchObject({ code: 0, requests: 0 });
  // The stopped run goes too: it can't be continued any more.
  expect(folders()).toHaveLength(0);
  const runs = JSON.parse((await feed.command(5, 'runs', '--json')).stdout) as { id: number; state: string }[];
  expect(runs.map(({ state }) => state)).toEqual(['finished']);
  expect(existsSync(path.join(feed.cwd, 'elsewhere/summary.json'))).toBe(true);
  expect((await feed.night(6, '--keep-runs', '0')).code).toBe(2);
  // People and nights are remembered without their runs.
  expect(await feed.night(6)).toMatchObject({ code: 0, requests: 0 });
  await feed.export(members(people / 2));
  expect((await feed.night(7)).code).toBe(5);
});

it('distinguishes new failures from those of the night before', async () => {
  const feed = await feedOf();
  const lame = (broken: readonly number[]) => members(people, (index) => (broken.includes(index) ? { Last: '' } : {}));
  await feed.export(lame([3, 4]));
  const first = await feed.night(1, '--new-ledger');
  expect(first.summary.failures).toEqual({ new: 2, again: 0, newRows: [5, 6] });
  await feed.export(lame([4, 7]));
  const second = await feed.night(2, '--tolerate', '2');
  expect(second.code).toBe(0);
  expect(second.summary.failures).toEqual({ new: 1, again: 1, newRows: [9] });
  expect((await feed.night(3, '--tolerate', '1')).code).toBe(1);
  expect((await feed.night(4, '--tolerate', '5%')).code).toBe(0);
  expect((await feed.night(4)).summary.failures).toEqual({ new: 0, again: 2, newRows: [] });
});
