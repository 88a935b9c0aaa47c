import { rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readReport, runFolderIn, start, writesReach } from '../../cli/harness.ts';
import { inFrontOf, members, placeWith, seeds } from './account.ts';
import type { Place } from './account.ts';

/** A server in front of the account that answers a row with the `_id` of another contact, as long as the test says. */
async function matchingOtherwise(place: Place, idFor: () => string | undefined): Promise<string> {
  return inFrontOf(place, (url) => {
    const id = url.endsWith('/newContact') ? idFor() : undefined;
    return id === undefined ? undefined : { status: 200, body: { status: 'success', _id: id } };
  });
}

describe('created or updated', () => {
  it('is in success.csv, the summary and the report of a run that compared', async () => {
    const place = await placeWith({ contacts: seeds(10) });
    await place.export(members(15));
    const { summary } = await place.run('--compare');
    expect(summary.effects).toEqual({ created: 5, updated: 10 });
    const rows = await readReport(path.join(String(summary.out), 'success.csv'));
    expect(rows.map((row) => row['_effect'])).toEqual([...Array(10).fill('updated'), ...Array(5).fill('created')]);
    const again = await place.command('report', String(summary.run));
    expect(again.code).toBe(0);
    expect(await readReport(path.join(String(summary.out), 'success.csv'))).toEqual(rows);
  });

  it('is empty where the account was not read', async () => {
    const place = await placeWith();
    await place.export(members(2));
    const { summary } = await place.run();
    expect(summary.effects).toBeUndefined();
    const rows = await readReport(path.join(String(summary.out), 'success.csv'));
    expect(rows.map((row) => row['_effect'])).toEqual(['', '']);
  });

  it('a run that was killed continues with the same snapshot', async () => {
    const place = await placeWith({ contacts: seeds(100), latencyMs: 5 });
    await place.export(members(200));
    const args = ['run', 'members.csv', '--yes', '--compare', '--rate', '0', '--base-url', place.server.url];
    const { child, ended } = start(args, { cwd: place.cwd });
    await writesReach(place.server, 120);
    child.kill('SIGKILL');
    await ended;
    const { getCustomers: calls } = place.server.stats().byEndpoint;
    const { code, summary } = await place.command('resume');
    expect(code).toBe(0);
    // Were the account read again, those that the first part created would count as updated.
    expect(summary.effects).toEqual({ created: 100, updated: 100 });
    expect(place.server.stats().byEndpoint.getCustomers).toBe(calls);
  });
});

it('without the snapshot, a run without --hold continues with a warning, and one with it is refused', async () => {
  for (const [flags, expected] of [
    [['--compare'], 0],
    [['--hold', 'two-candidates'], 2],
  ] as const) {
    const place = await placeWith({ contacts: seeds(100), latencyMs: 5 });
    await place.export(members(200));
    const args = ['run', 'members.csv', '--yes', ...flags, '--rate', '0', '--base-url', place.server.url];
    const { child, ended } = start(args, { cwd: place.cwd });
    await writesReach(place.server, 50);
    child.kill('SIGKILL');
    await ended;
    await rm(path.join(runFolderIn(place.cwd), 'account.db'));
    const { code, stderr } = await place.command('resume');
    expect(code).toBe(expected);
    expect(stderr).toContain('account.db is lost');
  }
});

describe('an account that matches people otherwise than documented', () => {
  it('stops the run after more than 5 of the first 50 answers, and "resume" sends the rest', async () => {
    const place = await placeWith({ contacts: seeds(1) });
    const [only] = place.server.contacts();
    await place.export(members(300, 100));
    let isOdd = true;
    const url = await matchingOtherwise(place, () => (isOdd ? only?.id : undefined));
    const { code, summary } = await place.run('--compare', '--base-url', url, '--concurrency', '2');
    expect({ code, error: summary.error?.code }).toEqual({ code: 3, error: 'matches_otherwise' });
    expect(summary.counts?.pending).toBeGreaterThan(200);
    expect(summary.counts?.succeeded).toBeLessThan(50);
    isOdd = false;
    const resumed = await place.command('resume');
    expect(resumed.code).toBe(0);
    expect(resumed.summary.counts).toMatchObject({ read: 300, succeeded: 300, pending: 0 });
  });

  it('5 of the first 50 do not stop it, nor do later ones', async () => {
    const place = await placeWith({ contacts: seeds(1) });
    const [only] = place.server.contacts();
    await place.export(members(100, 100));
    let nth = 0;
    const url = await matchingOtherwise(place, () => {
      nth += 1;
      return nth <= 5 || nth > 60 ? only?.id : undefined;
    });
    const { code } = await place.run('--compare', '--base-url', url, '--concurrency', '1');
    expect(code).toBe(0);
  });

  it('rows with a user_id say nothing, because the account does not show whom it matches', async () => {
    const place = await placeWith({
      contacts: seeds(20).map((seed, nth) => ({ ...seed, user_id: `m${nth}` })),
    });
    await place.export(members(20, 500).map((member, nth) => ({ ...member, Id: `m${nth}` })));
    const { code, summary } = await place.run('--compare');
    expect(code).toBe(0);
    expect(summary.compared).toMatchObject({ new: 20 });
    expect(summary.effects).toEqual({ created: 0, updated: 20 });
  });
});
