import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readReport } from '../../cli/harness.ts';
import { emailOf, feedOf, members } from './feed.ts';
import type { Member } from './feed.ts';

const bob: Member = { First: 'Bob', Last: 'Hill', Email: 'hill@example.com', Phone: '202-555-0101', Plan: 'Gold' };
const family: Member = { First: 'Ann', Last: 'Lake', Email: 'lake@example.com', Plan: 'Gold' };
const code = ({ _code: found }: Record<string, string>) => found;

it('a family may grow; a first name that changes is held until you confirm it', async () => {
  const feed = await feedOf();
  const rest = members(20);
  await feed.export([...rest, bob, family]);
  expect((await feed.night(1, '--new-ledger')).code).toBe(0);

  // Ben joins Ann, and stays without her once both are known. Robert replaces Bob.
  const ben = { ...family, First: 'Ben' };
  const robert = { ...bob, First: 'Robert' };
  await feed.export([...rest, ben, family, robert, { ...robert, Email: 'robert@example.com' }]);
  const drift = await feed.night(2, '-o', 'night2');
  expect(drift.code).toBe(1);
  expect(drift.written).toEqual(['lake@example.com']);
  expect(drift.summary.people).toMatchObject({ new: 1, held: 2, unchanged: 21, vanished: 1 });
  expect((await readReport(path.join(feed.cwd, 'night2/failure.csv'))).map(code)).toEqual([
    'held_new_first_name',
    'held_new_first_name',
  ]);
  expect(feed.server.contacts().map(({ first_name: name }) => name)).not.toContain('Robert');

  // Importing the report unread does not let them through either.
  const report = ['run', 'night2/failure.csv', '--base-url', feed.server.url, '--yes', '--rate', '0', '--json'];
  expect(await feed.command(2, ...report)).toMatchObject({ code: 1, requests: 0 });

  await feed.export([...rest, ben, robert]);
  const ledger = path.join(feed.cwd, 'gleantap-import/ledger.db');
  const before = await readFile(ledger);
  const checked = await feed.command(
    3,
    'check',
    'members.csv',
    '--base-url',
    feed.server.url,
    '--only-changed',
    '--json',
  );
  expect(checked).toMatchObject({ code: 1, requests: 0 });
  expect(checked.summary).toMatchObject({ people: { held: 1, unchanged: 21 }, problems: { held_new_first_name: 1 } });
  expect(await readFile(ledger)).toEqual(before);
  const held = await feed.night(3);
  expect(held.summary.people).toMatchObject({ held: 1, unchanged: 21 });
  expect(held.requests).toBe(0);
  // Once confirmed, it is sent, and known from then on.
  const accepted = await feed.night(4, '--accept-changes');
  expect(accepted).toMatchObject({ code: 0, written: ['hill@example.com'] });
  expect(await feed.night(5)).toMatchObject({ code: 0, requests: 0 });
});

it('counts emptied cells and lists people who disappeared, and sends nothing about them', async () => {
  const feed = await feedOf();
  await feed.export(members(30, (index) => ({ Phone: `202-555-01${String(index).padStart(2, '0')}` })));
  await feed.night(1, '--new-ledger');
  const phones = (index: number) => (index < 4 ? {} : { Phone: `202-555-01${String(index).padStart(2, '0')}` });

  // Four lose their phone, which Gleantap keeps; five are gone, one of them for a cell that makes the row invalid.
  const fewer = members(25, phones).map((member, index) => (index === 24 ? { ...member, Last: '' } : member));
  await feed.export(fewer);
  const second = await feed.night(2, '--list-vanished', '-o', 'night2');
  expect(second.summary.people).toEqual({
    new: 0,
    changed: 4,
    unsettled: 0,
    unchanged: 20,
    emptied: 4,
    held: 0,
    vanished: 5,
  });
  expect(second.written).toEqual([0, 1, 2, 3].map(emailOf));
  expect(feed.server.contacts()).toHaveLength(30);
  const vanished = await readReport(path.join(feed.cwd, 'night2/vanished.csv'));
  // The server has them in the order in which they arrived, which need not be the file's.
  const idOf = (index: number) => feed.server.contacts().find(({ email }) => email === emailOf(index))?.id;
  expect(vanished.map(({ _id: id, _last_row: row }) => [id, row])).toEqual(
    [25, 26, 27, 28, 29].map((index) => [idOf(index), String(2 + index)]),
  );

  // The phone is gone from the file, but the person is still found by it, and is not counted as emptied again.
  await feed.export(fewer.map((member, index) => (index < 4 ? { ...member, Plan: 'Silver' } : member)));
  const third = await feed.night(3);
  expect(third.summary.people).toMatchObject({ changed: 4, emptied: 0, vanished: 5 });
  // Back again, as they were: nothing to send.
  await feed.export(
    [...fewer.slice(0, 24), ...members(30, phones).slice(25)].map((member, index) =>
      index < 4 ? { ...member, Plan: 'Silver' } : member,
    ),
  );
  expect(await feed.night(4)).toMatchObject({ code: 0, requests: 0 });
});
