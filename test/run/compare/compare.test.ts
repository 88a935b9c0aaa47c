import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openAccountFile } from '../../../src/ledger/account-file.ts';
import { appId, canaries, readReport, runFolderIn } from '../../cli/harness.ts';
import { inFrontOf, members, placeWith, seeds } from './account.ts';
import type { Place } from './account.ts';

/** A proxy that answers read calls of the account itself, as long as it has answers. */
async function before(place: Place, answers: readonly (readonly [number, unknown, Record<string, string>?])[]) {
  let nth = 0;
  return inFrontOf(place, (url) => {
    const [status, body, headers = {}] = (url.endsWith('/getCustomers') ? answers[nth++] : undefined) ?? [];
    return status === undefined ? undefined : { status, body, headers };
  });
}

function storedIds({ cwd, server }: Place): string[] {
  const file = openAccountFile(path.join(runFolderIn(cwd), 'account.db'), `${server.url} ${appId}`);
  const ids = server.contacts().filter(({ id }) => file?.has(id) === true);
  file?.close();
  return ids.map(({ id }) => id);
}

describe('reading the account', () => {
  it.each([0, 1, 999, 1000, 1001, 2000])('%i people are all read', async (people) => {
    const place = await placeWith({ contacts: seeds(people) });
    await place.export(members(2, people));
    const { code, summary } = await place.command('compare', 'members.csv');
    expect({ code, ...summary.compared }).toMatchObject({ code: 0, account: people, new: 2, known: 0 });
    expect(storedIds(place)).toHaveLength(people);
    expect(place.server.stats().byEndpoint).toMatchObject({ newContact: 0, removeContact: 0 });
  });

  it('five full pages and the page after them, twice where everyone changed just now: 14 calls at most', async () => {
    const place = await placeWith({ contacts: seeds(5000) });
    await place.export(members(1));
    await place.command('compare', 'members.csv');
    expect(place.server.stats().byEndpoint.getCustomers).toBeLessThanOrEqual(14);
  });

  it('a server may return fewer people than asked for', async () => {
    const place = await placeWith({ contacts: seeds(350), pageCap: 100 });
    await place.export(members(3, 348));
    const { summary } = await place.command('compare', 'members.csv');
    expect(summary.compared).toMatchObject({ account: 350, known: 2, new: 1 });
  });

  it('null is an empty page, and one object is one person', async () => {
    const place = await placeWith();
    await place.export(members(2));
    const one = { id: 'a1', firstname: 'P0', lastname: 'Old', email: 'p0@example.com' };
    const url = await before(place, [
      [200, { members: one }],
      [200, { members: null }],
      [200, { members: [] }],
    ]);
    const { summary } = await place.command('compare', 'members.csv', '--base-url', url);
    expect(summary.compared).toMatchObject({ account: 1, known: 1, new: 1 });
  });

  it.each([
    ['an object with nothing in it', {}],
    ['an error word', { members: null, status: 'error' }],
    ['a list by another name', { data: [] }],
  ])('an answer that is not a list is not an empty account: %s', async (_what, body) => {
    const place = await placeWith({ contacts: seeds(3) });
    await place.export(members(3));
    const url = await before(
      place,
      Array.from({ length: 50 }, () => [200, body] as const),
    );
    const { code, summary } = await place.run('--compare', '--base-url', url);
    expect(code).toBe(3);
    expect(summary.error?.hint).toContain('--no-compare');
    expect(place.server.stats().byEndpoint.newContact).toBe(0);
    expect(readdirSync(path.join(place.cwd, 'gleantap-import')).filter((name) => !name.startsWith('ledger'))).toEqual(
      [],
    );
  });

  it('a server that repeats its first page is refused', async () => {
    const place = await placeWith();
    await place.export(members(1));
    const page = { members: [{ id: 'a' }, { id: 'b' }, { id: 'c' }] };
    const url = await before(
      place,
      Array.from({ length: 50 }, () => [200, page] as const),
    );
    const { code, summary } = await place.command('compare', 'members.csv', '--base-url', url);
    expect({ code, error: summary.error?.code }).toEqual({ code: 3, error: 'server_refuses' });
  });

  it('continues after 429 in the middle, and after other faults of the network', async () => {
    const place = await placeWith({ contacts: seeds(1500), rateLimit: 2 });
    await place.export(members(1));
    const url = await before(place, [
      [429, {}, { 'retry-after': '1' }],
      [500, {}],
    ]);
    const { summary } = await place.command('compare', 'members.csv', '--base-url', url);
    expect(summary.compared).toMatchObject({ account: 1500 });
    expect(place.server.stats().byStatus[429] ?? 0).toBeGreaterThanOrEqual(0);
  });

  it.each([1, 7])('everyone who stays is read while %i people come, change and go with every page', async (churn) => {
    const place = await placeWith({ contacts: seeds(2500), churn, pageCap: 250 });
    const stay = place.server.contacts().map(({ id }) => id);
    await place.export(members(1));
    await place.command('compare', 'members.csv');
    const there = new Set(place.server.contacts().map(({ id }) => id));
    const read = new Set(storedIds(place));
    expect(stay.filter((id) => there.has(id) && !read.has(id))).toEqual([]);
    // Those who came meanwhile changed since the reading began, except for those of its last call.
    const came = place.server.contacts().filter(({ id }) => !stay.includes(id));
    expect(came.filter(({ id }) => !read.has(id)).length).toBeLessThanOrEqual(churn);
  });
});

describe('verdicts', () => {
  it('follows the documented ladder, compares trimmed, folded and as E.164, and says what would change', async () => {
    const place = await placeWith({
      contacts: [
        {
          first_name: 'Ana',
          last_name: 'Diaz',
          email: 'Ana@Example.com',
          phone: '(212) 555-0147',
          location: 'Downtown',
        },
        { first_name: 'Bo', last_name: 'Hall', email: 'family@example.com' },
        { first_name: 'Cy', last_name: 'Roe', email: 'cy@example.com' },
        { first_name: 'Cy', last_name: 'Roe', phone: '+12125550150' },
        { first_name: 'Di', last_name: 'Poe', phone: '2125550151' },
      ],
    });
    await place.export([
      { First: ' ANA ', Last: 'diaz', Email: 'ana@example.com', Phone: '+1 212 555 0147', Club: 'downtown' },
      { First: 'Kid', Last: 'Hall', Email: 'family@example.com' },
      { First: 'Cy', Last: 'Roe', Email: 'cy@example.com', Phone: '212-555-0150' },
      { First: 'Di', Last: 'Poe-Ray', Email: 'di@example.com', Phone: '(212) 555-0151', Club: 'Harbor' },
      { First: 'Eve', Last: 'New', Email: 'eve@example.com' },
    ]);
    const { code, summary } = await place.command('compare', 'members.csv');
    expect(code).toBe(0);
    expect(summary.compared).toMatchObject({
      new: 1,
      known: 2,
      changed: 1,
      otherName: 1,
      twoCandidates: 1,
      people: 5,
      shared: 2,
    });
    const folder = runFolderIn(place.cwd);
    const rows = await readReport(path.join(folder, 'compare.csv'));
    expect(rows.map((row) => [row['_verdict'], row['_changes']])).toEqual([
      ['known', ''],
      ['known_other_name', ''],
      ['two_candidates', ''],
      ['known', 'last_name email location'],
      ['new', ''],
    ]);
    expect(rows[3]).toMatchObject({
      last_name_in_gleantap: 'Poe',
      last_name_in_file: 'Poe-Ray',
      location_in_gleantap: '',
    });
    expect(rows[2]?.['_id']?.split(' | ')).toHaveLength(2);
    expect(rows[1]).toMatchObject({ first_name_in_gleantap: 'Bo', email_in_file: 'family@example.com' });
    expect(readFileSync(path.join(folder, 'report.html'), 'utf8')).toContain(
      'Of the 5 people in your file, 2 are in Gleantap already',
    );
  });

  it('cells of the account are not run by a spreadsheet', async () => {
    const place = await placeWith({
      contacts: [{ first_name: 'Ana', last_name: '=HYPERLINK("x")', email: 'a@example.com' }],
    });
    await place.export([{ First: 'Ana', Last: 'Diaz', Email: 'a@example.com' }]);
    await place.command('compare', 'members.csv');
    const [row] = await readReport(path.join(runFolderIn(place.cwd), 'compare.csv'));
    expect(row?.['last_name_in_gleantap']).toBe(`'=HYPERLINK("x")`);
  });

  it('people for whom an earlier run got an _id are known by it, with a changed email and name', async () => {
    const place = await placeWith();
    await place.export([{ Id: 'm1', First: 'Ana', Last: 'Diaz', Email: 'ana@example.com' }]);
    await place.run();
    await place.export([{ Id: 'm1', First: 'Anna', Last: 'Diaz', Email: 'anna@example.com' }]);
    const { summary } = await place.run('--compare');
    expect(summary.compared).toMatchObject({ known: 1, changed: 1, new: 0, otherName: 0 });
  });

  it('a person with several rows counts once', async () => {
    const place = await placeWith({ contacts: seeds(1) });
    await place.export([...members(1), ...members(1), ...members(1, 5)]);
    const { summary } = await place.command('compare', 'members.csv');
    expect(summary.compared).toMatchObject({ people: 2, known: 1, new: 1 });
  });
});

describe('run --compare', () => {
  it('shows the plan with it, sends, and keeps the snapshot for the owner alone', async () => {
    const place = await placeWith({ contacts: seeds(3) });
    await place.export([...members(2), { First: 'Other', Last: 'Old', Email: 'p2@example.com' }]);
    const { code, summary, stderr } = await place.run('--compare');
    expect(code).toBe(0);
    expect(stderr).toContain('0 new, 2 known (0 change), 1 would make a second person');
    expect(summary.compared).toMatchObject({ account: 3, known: 2, otherName: 1 });
    expect(place.server.contacts()).toHaveLength(4);
    const log = readFileSync(path.join(runFolderIn(place.cwd), 'run.log'), 'utf8');
    expect(log).not.toMatch(/example\.com/);
    for (const canary of Object.values(canaries)) expect(log).not.toContain(canary);
  });

  it('without a terminal, or on this machine, nothing is read unless it is asked for', async () => {
    const place = await placeWith({ contacts: seeds(3) });
    await place.export(members(2));
    const { summary } = await place.run('--no-preflight');
    expect(summary.compared).toBeUndefined();
    expect(place.server.stats().byEndpoint.getCustomers).toBe(0);
  });

  it('--snapshot-age takes over what an earlier run has read, and reads again when it is too old', async () => {
    const place = await placeWith({ contacts: seeds(3) });
    await place.export(members(2));
    await place.run('--compare');
    const { getCustomers: calls } = place.server.stats().byEndpoint;
    const second = await place.run('--again', '--compare', '--snapshot-age', '1h');
    expect(second.summary.compared).toMatchObject({ account: 3 });
    expect(place.server.stats().byEndpoint.getCustomers).toBe(calls);
    await place.run('--again', '--compare', '--snapshot-age', '0s');
    expect(place.server.stats().byEndpoint.getCustomers).toBeGreaterThan(calls);
  });

  it('--keep-runs removes it with its run', async () => {
    const place = await placeWith({ contacts: seeds(3) });
    await place.export(members(2));
    const first = await place.run('--compare', '--out', 'gleantap-import/first');
    expect(existsSync(path.join(String(first.summary.out), 'account.db'))).toBe(true);
    await place.run('--again', '--compare', '--keep-runs', '1', '--out', 'gleantap-import/second');
    expect(existsSync(String(first.summary.out))).toBe(false);
  });
});

describe('--hold', () => {
  const contacts = [
    { first_name: 'Bo', last_name: 'Hall', email: 'family@example.com' },
    { first_name: 'Cy', last_name: 'Roe', email: 'cy@example.com' },
    { first_name: 'Cy', last_name: 'Roe', phone: '+12125550150' },
  ];
  const rows = [
    { First: 'Bo', Last: 'Hall', Email: 'family@example.com' },
    { First: 'Kid', Last: 'Hall', Email: 'family@example.com' },
    { First: 'Cy', Last: 'Roe', Email: 'cy@example.com', Phone: '212-555-0150' },
    { First: 'Eve', Last: 'New', Email: 'eve@example.com' },
  ];

  it.each([
    ['second-person', ['held_second_person'], 3],
    ['new', ['held_not_in_account'], 3],
    ['second-person,two-candidates,new', ['held_second_person', 'held_two_candidates', 'held_not_in_account'], 1],
  ])('%s keeps these rows back, with what the account has', async (hold, codes, sent) => {
    const place = await placeWith({ contacts });
    await place.export(rows);
    const { code, summary } = await place.run('--hold', hold);
    expect(code).toBe(1);
    expect(summary.counts).toMatchObject({ read: 4, succeeded: sent, failed: 4 - sent, pending: 0 });
    expect(summary.compared).toMatchObject({ people: 4, new: 1, known: 1, otherName: 1, twoCandidates: 1 });
    const failures = await readReport(path.join(String(summary.out), 'failure.csv'));
    expect(failures.map((row) => row['_code'])).toEqual(codes);
    if (hold !== 'new') expect(failures[0]?.['_problem']).toContain('family@example.com');
    expect(await readReport(path.join(String(summary.out), 'compare.csv'))).toHaveLength(4);
    const page = readFileSync(path.join(String(summary.out), 'report.html'), 'utf8');
    expect(page).not.toContain('family@example.com');
  });

  it('more rows than --max-invalid can be kept back, and failure.csv sends them without --hold', async () => {
    const place = await placeWith();
    await place.export(members(30));
    const { summary } = await place.run('--hold', 'new');
    expect(summary.counts).toMatchObject({ failed: 30, succeeded: 0 });
    const again = await place.command('run', path.join(String(summary.out), 'failure.csv'), '--yes');
    expect(again.summary.counts).toMatchObject({ succeeded: 30 });
  });

  it('"report" writes the same reasons again', async () => {
    const place = await placeWith({ contacts });
    await place.export(rows);
    const { summary } = await place.run('--hold', 'second-person');
    const name = path.join(String(summary.out), 'failure.csv');
    const first = readFileSync(name, 'utf8');
    const { code } = await place.command('report', String(summary.run));
    expect(code).toBe(0);
    expect(readFileSync(name, 'utf8')).toBe(first);
  });

  it('refuses --no-compare with it, and a word it does not know', async () => {
    const place = await placeWith();
    await place.export(rows);
    expect((await place.run('--hold', 'new', '--no-compare')).code).toBe(2);
    expect((await place.run('--hold', 'everyone')).code).toBe(2);
    expect(place.server.stats().requests).toBe(0);
  });
});
