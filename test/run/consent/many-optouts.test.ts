import { expect, it } from 'vitest';
import { refusalsOf } from '../../../src/run/assess.ts';
import type { CheckStats } from '../../../src/run/model.ts';
import { gymOf } from './gym.ts';
import type { Member } from './gym.ts';

const people = (count: number, unsubscribed: number): Member[] =>
  Array.from({ length: count }, (_, index) => ({
    First: `First${index}`,
    Email: `p${index}@example.com`,
    Mail: index < unsubscribed ? 'no' : '',
  }));

it('a file that opts more than 30 % out of email is sent only with --accept-optouts', async () => {
  const gym = await gymOf();
  await gym.export(people(20, 7));
  const checked = await gym.command('check', 'members.csv', '--json');
  expect(checked).toMatchObject({ code: 2, requests: 0 });
  expect(checked.summary.sentence).toContain('35 %');

  const refused = await gym.run('--only-changed', '--new-ledger');
  expect(refused).toMatchObject({ code: 2, requests: 0 });
  expect(refused.summary.error).toMatchObject({ code: 'too_many_optouts' });
  expect(refused.summary.sentence).toContain('7 of 20');

  expect((await gym.run('--only-changed', '--accept-optouts')).code).toBe(0);
  expect(gym.server.contacts().filter(({ optout_email: out }) => out)).toHaveLength(7);

  // The next night the file still has its 35 %, but the change to the three rows is not about consent.
  await gym.export(people(20, 7).map((member, index) => (index > 16 ? { ...member, Last: 'New' } : member)));
  const night = await gym.run('--only-changed');
  expect(night.code).toBe(0);
  expect(night.summary.counts).toMatchObject({ succeeded: 3 });
});

it.each([
  ['30 % is not more', 6, 20, 6, 20, undefined],
  ['35 % of the file', 7, 20, 7, 20, 35],
  ['everybody who changed, few of the file', 3, 100, 3, 3, undefined],
  ['many of the file, none of those who changed', 40, 100, 0, 3, undefined],
  ['nobody to send', 40, 100, 0, 0, undefined],
])('%s', (_name, rows, of, optoutYes, toSend, percent) => {
  const stats = { read: of, invalid: 0, emailOptouts: { rows, of }, consent: { optoutYes }, toSend } as CheckStats;
  const refusals = refusalsOf(stats, [], { maxInvalid: { rows: 0 }, acceptOptouts: false });
  expect(refusals.map(({ code }) => code)).toEqual(percent === undefined ? [] : ['too_many_optouts']);
  if (percent !== undefined) expect(refusals[0]?.reason).toContain(`${percent} %`);
  expect(refusalsOf(stats, [], { maxInvalid: { rows: 0 }, acceptOptouts: true })).toEqual([]);
});
