import { expect, it } from 'vitest';
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

  const refused = await gym.run();
  expect(refused).toMatchObject({ code: 2, requests: 0 });
  expect(refused.summary.error).toMatchObject({ code: 'too_many_optouts' });
  expect(refused.summary.sentence).toContain('7 of 20');

  expect((await gym.command('check', 'members.csv', '--json', '--accept-optouts')).code).toBe(0);
  expect((await gym.run('--accept-optouts')).code).toBe(0);
  expect(gym.server.contacts().filter(({ optout_email }) => optout_email)).toHaveLength(7);
});

it('30 % is not more than 30 %; and it is the file that counts, not the few who changed tonight', async () => {
  const gym = await gymOf();
  await gym.export(people(20, 6));
  expect((await gym.run('--only-changed', '--new-ledger')).code).toBe(0);
  await gym.export(people(20, 6).map((member, index) => (index === 6 ? { ...member, Mail: 'no' } : member)));
  // 35 % of the file and everybody who changed: held. Nobody changed: nothing to hold.
  expect((await gym.run('--only-changed')).code).toBe(2);
  expect((await gym.run('--only-changed', '--accept-optouts')).code).toBe(0);
  expect(await gym.run('--only-changed')).toMatchObject({ code: 0, requests: 0 });
  // A later change of somebody else is no matter of consent.
  await gym.export(people(20, 7).map((member, index) => (index > 16 ? { ...member, Last: 'New' } : member)));
  expect((await gym.run('--only-changed')).code).toBe(0);
});
