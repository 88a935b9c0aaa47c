import { expect, it } from 'vitest';
import { start, writesReach } from '../../cli/harness.ts';
import { gymOf } from './gym.ts';

const count = 60;
const emailOf = (index: number): string => `p${index}@example.com`;

it('a resumed run requests no list and makes no new decisions', async () => {
  const contacts = Array.from({ length: count }, (_, index) => ({
    first_name: `First${index}`,
    last_name: 'Last',
    email: emailOf(index),
    ...(index % 2 === 0 ? { optin_sms: false } : {}),
  }));
  const gym = await gymOf({ contacts, latencyMs: 15 });
  await gym.export(contacts.map(({ first_name: First, email: Email }) => ({ First, Email, Texts: 'yes' })));
  const flags = ['--base-url', gym.server.url, '--yes', '--rate', '0', '--no-preflight', '-o', 'out', '-c', '2'];
  const { child, ended } = start(['run', 'members.csv', ...flags], { cwd: gym.cwd });
  await writesReach(gym.server, count / 3);
  child.kill('SIGKILL');
  await ended;

  const lists = gym.server.stats().byEndpoint;
  const { code, summary } = await gym.command('resume', 'out', '--json');
  expect(code).toBe(0);
  expect(summary.counts).toMatchObject({ succeeded: count });
  expect(summary.warnings).toMatchObject({ opted_out_of_sms: count / 2 });
  expect(gym.server.stats().byEndpoint).toMatchObject({ getOptoutCustomers: lists.getOptoutCustomers });
  const said = gym.server.contacts().map(({ optin_sms: sms }) => sms);
  expect(said).toEqual(contacts.map((_, index) => index % 2 !== 0));
});
