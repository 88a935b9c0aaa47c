import { existsSync } from 'node:fs';
import { readFile, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readReport, writesReach } from '../../cli/harness.ts';
import { emailOf, feedOf, members, sorted } from './feed.ts';

const people = 200;
/** Two more rows of people who are in the file already, so that some have several. */
const twice = [
  { Id: '1', First: 'First1', Last: 'Last1', Email: 'second-address@example.com', Plan: 'Gold' },
  { First: 'First3', Last: 'Last3', Email: emailOf(3), Phone: '202-555-0103', Plan: 'Gold' },
];
const nothing = { new: 0, changed: 0, unsettled: 0, emptied: 0, held: 0, vanished: 0 };

it('sends only people who changed, night after night', async () => {
  const feed = await feedOf({ latencyMs: 5 });
  await feed.export([...members(people), ...twice]);

  // Without a ledger everyone would count as new: that must be meant.
  const unmeant = await feed.night(1);
  expect(unmeant).toMatchObject({ code: 2, requests: 0 });
  expect(existsSync(path.join(feed.cwd, 'gleantap-import/ledger.db'))).toBe(false);

  const first = await feed.night(1, '--new-ledger', '-o', 'night1');
  expect(first.code).toBe(0);
  expect(first.summary.people).toMatchObject({ ...nothing, new: people, unchanged: 0 });
  expect(first.written).toHaveLength(people + 2);

  // Promise P6: no calls, also for people with several rows, and whatever the command line adds.
  const second = await feed.night(2, '--add-tags', 'december', '-o', 'night2');
  expect(second).toMatchObject({ code: 0, requests: 0 });
  expect(second.summary.counts).toMatchObject({ read: people + 2, skipped: people + 2, pending: 0 });
  expect(second.summary.people).toEqual({ ...nothing, unchanged: people });
  expect(existsSync(path.join(feed.cwd, 'night2/skipped.csv'))).toBe(false);
  expect(await readReport(path.join(feed.cwd, 'night2/success.csv'))).toEqual([]);

  // 2 % change, and one row of a person who has two: all rows of that person are sent.
  const changes = (index: number) => (index % 50 === 20 ? { Plan: 'Silver' } : {});
  const [other, ...rest] = twice;
  const third = [...members(people, changes), { ...other, Plan: 'Silver' } as (typeof twice)[0], ...rest];
  await feed.export(third);
  const night3 = await feed.night(3, '-o', 'night3', '--list-unchanged');
  expect(night3.code).toBe(0);
  expect(night3.written).toEqual(
    [20, 70, 120, 170].map(emailOf).concat('second-address@example.com', 'second-address@example.com'),
  );
  expect(night3.summary.people).toEqual({ ...nothing, changed: 5, unchanged: people - 5 });
  const skipped = await readReport(path.join(feed.cwd, 'night3/skipped.csv'));
  expect(skipped).toHaveLength(people - 4);
  expect(new Set(skipped.map(({ _reason: reason }) => reason))).toEqual(new Set(['unchanged']));

  // A mapping that changes no payload sends no one; one that changes some sends those.
  await feed.map({ ignore: ['Nothing'], attributes: { plan: { column: 'Plan' } } });
  expect(await feed.night(4)).toMatchObject({ code: 0, requests: 0 });
  await feed.map({ attributes: { plan: { column: 'Plan', values: { Silver: 'S' }, otherwise: 'keep' } } });
  expect((await feed.night(4)).written).toEqual(night3.written);

  // Without the option everyone is sent, and the outcome is still remembered.
  await feed.export(members(people, () => ({ Plan: 'Platinum' })));
  const whole = await feed.command(
    5,
    'run',
    'members.csv',
    '--base-url',
    feed.server.url,
    '--yes',
    '--rate',
    '0',
    '--json',
    '--accept-changes',
  );
  expect(whole.written).toHaveLength(people);
  expect(await feed.night(6)).toMatchObject({ code: 0, requests: 0 });

  // The ledger is pseudonymous, and of no use without its key.
  const ledger = path.join(feed.cwd, 'gleantap-import/ledger.db');
  for (const file of (await readdir(path.dirname(ledger))).filter((name) => name.startsWith('ledger.db'))) {
    const bytes = await readFile(path.join(path.dirname(ledger), file));
    for (const text of ['First7', 'Last7', emailOf(7), 'Platinum']) expect(bytes.includes(text)).toBe(false);
  }
  expect((await stat(`${ledger}.key`)).mode & 0o777).toBe(0o600);
  await rm(`${ledger}.key`);
  const lost = await feed.night(7);
  expect(lost).toMatchObject({ code: 2, requests: 0 });
  expect(lost.summary.error?.message).toContain('lost its key');
});

it('continues correctly after a night that was killed, and refuses a second run meanwhile', async () => {
  const feed = await feedOf({ latencyMs: 15 });
  await feed.configure({ gate: { changedPeople: 100 } });
  await feed.export(members(people));
  await feed.night(1, '--new-ledger');

  const changed = (plan: string) => members(people, (index) => (index % 2 === 0 ? { Plan: plan } : {}));
  const evens = members(people).flatMap(({ Email = '' }, index) => (index % 2 === 0 ? [Email] : []));
  const killAfter = async (writes: number, isOverlapped: boolean): Promise<void> => {
    const before = feed.server.stats().writesAccepted;
    const { child, ended } = feed.begin(5, '-c', '4');
    await writesReach(feed.server, before + writes);
    if (isOverlapped) {
      // Another run of the account is refused until later, and changes nothing.
      child.kill('SIGSTOP');
      expect((await feed.night(6)).code).toBe(75);
    }
    child.kill('SIGKILL');
    await ended;
  };

  // Killed and resumed: together they send each changed person, and no one else.
  await feed.export(changed('Silver'));
  const before = new Map(feed.server.contacts().map(({ email, writes }) => [email, writes]));
  await killAfter(30, true);
  const resumed = await feed.command(6, 'resume', '--json', '--rate', '0');
  expect(resumed.code).toBe(0);
  expect(resumed.summary.counts).toMatchObject({ read: people, succeeded: people / 2, skipped: people / 2 });
  const touched = feed.server.contacts().filter(({ email, writes }) => writes > (before.get(email) ?? 0));
  expect(sorted(touched.map(({ email = '' }) => email))).toEqual(evens);
  expect(await feed.night(7)).toMatchObject({ code: 0, requests: 0 });

  // Killed and never resumed, and the export is back to what it was: people who may have been sent are sent again.
  await feed.export(changed('Bronze'));
  await killAfter(20, false);
  await feed.export(changed('Silver'));
  const back = await feed.night(8);
  expect(back.code).toBe(0);
  expect(feed.server.contacts().filter(({ attributes }) => attributes['plan'] === 'Bronze')).toEqual([]);
  expect(back.written.every((email) => evens.includes(email))).toBe(true);
  expect(await feed.night(9)).toMatchObject({ code: 0, requests: 0 });
});

it('people who failed are sent again automatically; reports and pilots leave the history unchanged', async () => {
  // Refused in words once (failed), or accepted without an id once (unknown); accepted the next time.
  const feed = await feedOf({ faults: { status_error: 0.05, ok_without_id: 0.05 } });
  await feed.export(members(people));
  const first = await feed.night(1, '--new-ledger', '-o', 'night1');
  expect(first.code).toBe(1);
  const failed = await readReport(path.join(feed.cwd, 'night1/failure.csv'));
  const unknown = await readReport(path.join(feed.cwd, 'night1/unknown.csv'));
  const emails = sorted([...failed, ...unknown].map(({ Email = '' }) => Email));
  expect(Math.min(failed.length, unknown.length)).toBeGreaterThan(0);

  // The report is imported and taken; the feed's history does not know, so the same people come again tonight, and once.
  const common = ['--base-url', feed.server.url, '--yes', '--rate', '0', '--json'];
  const report = await feed.command(1, 'run', 'night1/failure.csv', ...common);
  expect(report.code).toBe(0);
  expect(report.written).toEqual(sorted(failed.map(({ Email = '' }) => Email)));
  const pilot = await feed.command(1, 'run', 'members.csv', ...common, '--limit', '30');
  expect(pilot.written).toHaveLength(30);

  const second = await feed.night(2);
  expect(second.code).toBe(0);
  expect(second.written).toEqual(emails);
  expect(second.summary.people).toEqual({ ...nothing, unsettled: emails.length, unchanged: people - emails.length });
  expect(await feed.night(3)).toMatchObject({ code: 0, requests: 0 });
});
