import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLedger } from '../../../src/ledger/ledger.ts';
import type { SeedContact } from '../../../src/simulator/index.ts';
import { readReport, start } from '../../cli/harness.ts';
import { cleanUpOf, env, stateOf, wordsOf } from './list.ts';

const quick = ['--yes', '--rate', '0'];

const account: readonly SeedContact[] = [
  { user_id: '007', first_name: 'Ana', last_name: 'Diaz', email: 'ana@example.com', tags: ['old', 'vip'] },
  { first_name: 'Bo', last_name: 'Lee', email: 'Family@example.com', tags: ['old'], attributes: { plan: 'Gold' } },
  { first_name: 'Cy', last_name: 'Lee', email: 'family@example.com', tags: ['vip'], optin_sms: true },
  { first_name: 'Di', last_name: 'Roe', phone: '2125550147', tags: [] },
];

describe('a cleanup of tags', () => {
  it('changes only tags, creates no one, keeps names, and its inverse restores the previous state', async () => {
    const { cwd, server, gateway, tags, write, command } = await cleanUpOf(account);
    const before = stateOf(server);
    await write('list.csv', [
      'Member ID,First,Surname,E-mail,Mobile,Add tags,Remove tags,Current tags',
      '007,ANNA,Diaz-Smith,ana@example.com,,new;vip,old,"old, vip"',
      ',bo,Li,FAMILY@example.com,,new,old,old',
      ',Di,,,+12125550147,new;=1+1,never,',
    ]);
    const flags = ['--base-url', gateway.url, ...quick];
    const ended = await command('tags', 'list.csv', '--country', 'US', ...flags);
    expect(ended).toMatchObject({ code: 0, summary: { counts: { read: 3, succeeded: 3 } } });
    expect(tags()).toEqual({ '007': ['vip', 'new'], Bo: ['new'], Cy: ['vip'], Di: ['new', '=1+1'] });
    const ana = gateway.seen.find(({ body }) => body['user_id'] === '007' && 'tag_action' in body);
    expect(ana?.body).toEqual({
      app_id: 'demo-gym',
      user_id: '007',
      first_name: 'Ana',
      last_name: 'Diaz',
      tags: 'old',
      tag_action: 'remove',
    });
    expect(ended.summary.sentence).toContain('rows 2, 3, 4');

    const { requests } = server.stats();
    const again = await command('tags', 'list.csv', '--country', 'US', ...flags);
    expect(again.code).toBe(0);
    expect(server.stats().requests).toBe(requests);

    const undone = await command(...wordsOf(ended.summary.undo), ...quick);
    expect(undone).toMatchObject({ code: 0, summary: { counts: { read: 3, succeeded: 3 } } });
    expect(stateOf(server)).toEqual(before);

    // Neither is a night of a feed.
    const ledger = openLedger(path.join(cwd, 'gleantap-import', 'ledger.db'));
    expect(ledger.listRuns().map(({ kind }) => kind)).toEqual(['tags', 'tags']);
    ledger.close();
  });

  it('lists people whom it cannot identify with certainty and sends nothing about them; the failure report works as a list', async () => {
    const { cwd, server, gateway, tags, write, command } = await cleanUpOf([
      ...account,
      { user_id: '8', first_name: 'Ed', last_name: 'Fox', email: 'ed@example.com' },
      { first_name: 'Flo', last_name: 'Gray', email: 'flo@example.com' },
      { first_name: 'Flo', last_name: 'Hill', email: 'FLO@example.com', user_id: '9' },
      { user_id: '10', first_name: 'Gil', last_name: '' },
    ]);
    const before = stateOf(server);
    await write('list.csv', [
      'User ID,First name,Email,Add tags,Remove tags',
      ',Ned,ned@example.com,x,',
      ',Flo,flo@example.com,x,',
      '10,,,x,',
      '8,Zoe,zoe@example.com,x,',
      '8,,,x,x',
      '8,,,"x,y",',
      '8,,,,',
      ',,ed@example.com,x,',
    ]);
    const ended = await command('tags', 'list.csv', '--base-url', gateway.url, ...quick, '-o', 'out');
    expect(ended).toMatchObject({ code: 1, summary: { counts: { failed: 7, skipped: 1, succeeded: 0 } } });
    expect(stateOf(server)).toEqual(before);
    expect(server.stats().byEndpoint.newContact).toBe(0);
    const failure = path.join(cwd, 'out', 'failure.csv');
    expect((await readReport(failure)).map(({ _row: row, _code: code }) => `${row} ${code}`)).toEqual([
      '2 person_not_found',
      '3 person_ambiguous',
      '4 person_without_name',
      '5 person_contradicts',
      '6 tag_both_ways',
      '7 tag_with_comma',
      '9 required_missing',
    ]);

    await writeFile(failure, (await readFile(failure, 'utf8')).replace('Ned,ned@', 'Ed,ed@'));
    const corrected = await command(...wordsOf(ended.summary.next), ...quick);
    expect(corrected).toMatchObject({ code: 1, summary: { counts: { succeeded: 1, failed: 6 } } });
    expect(tags()['8']).toEqual(['x']);
  });

  it('sees everyone at an address, also when the server returns fewer people than requested', async () => {
    const family = ['Bo', ...Array.from({ length: 24 }, (_, nth) => `P${nth}`), 'Bo'].map((first_name, nth) => ({
      user_id: String(nth),
      first_name,
      last_name: 'Lee',
      email: 'family@example.com',
    }));
    const { gateway, write, command } = await cleanUpOf(family, { pageCap: 10 });
    await write('list.csv', ['First,Surname,E-mail,Add tags', 'Bo,Lee,family@example.com,new']);
    const ended = await command('tags', 'list.csv', '--base-url', gateway.url, ...quick);
    expect(ended).toMatchObject({ code: 1, summary: { counts: { read: 1, failed: 1 } } });
    expect(gateway.seen.map(({ endpoint, body }) => [endpoint, body['offset']])).toEqual([
      ['getCustomers', undefined],
      ['getCustomers', 10],
      ['getCustomers', 20],
    ]);
  });

  it('continues with the missing rows after a kill, looks up no one again, and ends with one inverse', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => String(index + 1));
    const { cwd, server, gateway, tags, write, command } = await cleanUpOf(
      ids.map((id) => ({ user_id: id, first_name: `F${id}`, last_name: 'L', tags: ['old'] })),
    );
    await write('list.csv', ['ID', ...ids]);
    let writes = 0;
    gateway.instead = ({ endpoint }) => (endpoint === 'newContact' && (writes += 1) > 9 ? 'hang' : undefined);
    const args = ['tags', 'list.csv', '--add-tags', 'new', '--remove-tags', 'old', '-o', 'out', '-c', '1'];
    const killed = start([...args, '--base-url', gateway.url, ...quick], { cwd, env });
    await gateway.came(ids.length + 10);
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect(Object.values(tags()).some((each) => each.includes('old'))).toBe(true);

    gateway.instead = () => undefined;
    gateway.seen.length = 0;
    const resumed = await command('resume', 'out');
    expect(resumed).toMatchObject({ code: 0, summary: { counts: { succeeded: ids.length, pending: 0 } } });
    expect(gateway.seen.every(({ endpoint }) => endpoint === 'newContact')).toBe(true);
    expect(new Set(Object.values(tags()).map(String))).toEqual(new Set(['new']));
    expect(server.contacts()).toHaveLength(ids.length);
    const inverse = await readReport(path.join(cwd, 'out', 'inverse.csv'));
    expect(inverse.map((row) => row['User ID'])).toEqual(ids.toReversed());
    // Nothing shows who had them.
    expect(inverse[0]).toMatchObject({ 'Add tags': 'old', 'Remove tags': 'new' });
    expect(inverse[0]?.['Note']).toMatch(/new.*old/);
  });

  it("writes to no one when the server's filters let other people through", async () => {
    const { server, gateway, write, command } = await cleanUpOf(account);
    const everybody = server.contacts().map(({ id, first_name, last_name, email = '', phone = '' }) => ({
      id,
      firstname: first_name,
      lastname: last_name,
      email,
      phone,
    }));
    gateway.instead = ({ endpoint }) =>
      endpoint === 'getCustomers' ? { status: 200, body: { members: everybody } } : undefined;
    await write('list.csv', ['User ID,First name,Email,Tag to add', '99,,,x', ',Bo,family@example.com,x', ',Al,,x']);
    const ended = await command('tags', 'list.csv', '--base-url', gateway.url, ...quick);
    expect(ended).toMatchObject({ code: 1, summary: { problems: { person_ambiguous: 1, no_match_key: 1 } } });
    expect(server.contacts()).toHaveLength(account.length);
    expect(server.contacts().map(({ tags: [tag], writes }) => [tag, writes])).toEqual([
      ['old', 0],
      ['old', 1],
      ['vip', 0],
      [undefined, 0],
    ]);
  });

  it('handles lookup faults like all others: again, only this person, or nothing at all', async () => {
    const { server, gateway, write, command, tags } = await cleanUpOf(account);
    await write('list.csv', ['User ID,First name,Email,Add tags', '007,,,x', ',Bo,family@example.com,x']);
    const flags = ['--base-url', gateway.url, ...quick, '--attempts', '2'];
    gateway.instead = ({ endpoint }) => (endpoint === 'getCustomers' ? { status: 401, body: {} } : undefined);
    const refused = await command('tags', 'list.csv', ...flags);
    expect(refused).toMatchObject({ code: 3, summary: { error: { code: 'credentials_refused' } } });
    expect(server.stats().writesAccepted).toBe(0);

    let calls = 0;
    gateway.instead = ({ endpoint, body }) => {
      if (endpoint !== 'getCustomers') return undefined;
      if (body['user_id'] !== undefined) return { status: 400, body: { message: 'not this one' } };
      return (calls += 1) === 1 ? { status: 500, body: {} } : undefined;
    };
    const ended = await command('tags', 'list.csv', ...flags);
    expect(ended).toMatchObject({ code: 1, summary: { problems: { lookup_failed: 1 }, counts: { succeeded: 1 } } });
    expect(tags()).toMatchObject({ '007': ['old', 'vip'], Bo: ['old', 'x'] });
  });
});

it('an inverse undoes only what was done, and a tag may contain a common tag separator', async () => {
  const { cwd, server, gateway, tags, write, command } = await cleanUpOf(account.slice(0, 2));
  await write('list.csv', ['User ID,First,Email,Current tags', '007,,,"old, vip"', ',Bo,family@example.com,old']);
  const before = stateOf(server);
  gateway.instead = ({ body }) =>
    body['user_id'] === '007' && body['tag_action'] === 'add' ? { status: 400, body: { message: 'no' } } : undefined;
  const args = [
    'tags',
    'list.csv',
    '--remove-tags',
    'old',
    '--add-tags',
    'a;b',
    '-o',
    'out',
    '--base-url',
    gateway.url,
  ];
  const ended = await command(...args, ...quick);
  expect(ended).toMatchObject({ code: 1, summary: { problems: { partly_applied: 1 }, counts: { succeeded: 1 } } });
  expect(tags()).toEqual({ '007': ['vip'], Bo: ['a;b'] });
  const inverse = await readReport(path.join(cwd, 'out', 'inverse.csv'));
  expect(inverse.map((row) => [row['Add tags (parted by slash)'], row['Remove tags (parted by slash)']])).toEqual([
    ['old', 'a;b'],
    ['old', ''],
  ]);
  gateway.instead = () => undefined;
  expect(await command(...wordsOf(ended.summary.undo), ...quick)).toMatchObject({ code: 0 });
  expect(stateOf(server)).toEqual(before);
});

it('the plan counts each tag, and points out likely mistakes', async () => {
  const { cwd, gateway, write, command } = await cleanUpOf(account);
  const fields = {
    user_id: 'ID',
    first_name: 'First',
    last_name: 'Last',
    tags: { add: [{ value: 'old' }, 'Groups'] },
  };
  await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify({ version: 1, name: 'members', fields }));
  await write('members.csv', ['ID,First,Last,Groups', '007,Ana,Diaz,Yoga Class']);
  const flags = ['--base-url', gateway.url, '--rate', '0'];
  expect(await command('run', 'members.csv', ...flags, '--yes')).toMatchObject({ code: 0 });
  await write('list.csv', [
    'User ID,First name,Email,Add tags,Remove tags',
    '007,,,yoga-class,old',
    ',Bo,family@example.com,vip,',
    ',Bo,FAMILY@example.com,,vip',
    ',No,no@example.com,vip,',
  ]);
  // There is no one to ask.
  const { code, stderr } = await command('tags', 'list.csv', ...flags);
  expect(code).toBe(2);
  expect(stderr).toMatch(/"vip": added to 1, removed from 1, 1 not found/);
  expect(stderr).toMatch(/spelling.*"yoga-class".*"Yoga Class"/);
  expect(stderr).toMatch(/"members".*adds "old"/);
  expect(stderr).toMatch(/1 person would gain/);
});

it.each([
  [['Name,Add tags', 'Ana,x'], 'User ID'],
  [['Email,Add tags', 'a@example.com,x'], 'First Name'],
  [['User ID,Tags', '1,x'], '"Tags"'],
  [['User ID', '1'], '--add-tags'],
  [['First Name,Phone,Add tags', 'Di,2125550147,x'], 'phone numbers'],
])('refuses an ambiguous list: %j', async (lines, names) => {
  const { gateway, write, command } = await cleanUpOf([]);
  await write('list.csv', lines);
  const ended = await command('tags', 'list.csv', '--base-url', gateway.url, ...quick);
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain(names);
  expect(gateway.seen).toEqual([]);
});
