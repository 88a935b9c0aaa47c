import { expect, it } from 'vitest';
import { fields, gymOf } from './gym.ts';

const born = { Eve: '2008-12-01', Sam: '2008-12-02', Kim: '', Max: '2000-01-31' };

it('nobody under age is opted in to text messages, and each case is a warning', async () => {
  const gym = await gymOf();
  await gym.export(
    Object.entries(born).map(([First, Born]) => ({ First, Born, Email: `${First}@example.com`, Texts: 'yes' })),
  );
  const optedIn = () => gym.server.contacts().flatMap(({ first_name: name, optin_sms: yes }) => (yes ? name : []));
  const { code, summary } = await gym.run();
  expect(code).toBe(0);
  expect(summary.warnings).toMatchObject({ minor_not_opted_in: 1 });
  expect(new Set(optedIn())).toEqual(new Set(['Eve', 'Kim', 'Max']));

  await gym.map({ minorAge: 21 });
  expect((await gym.run()).summary.warnings).toMatchObject({ minor_not_opted_in: 2 });

  await gym.map({ fields: { ...fields, optin_sms: { ...fields.optin_sms, allowMinors: true } } });
  expect((await gym.run()).summary.warnings).not.toHaveProperty('minor_not_opted_in');
  expect(optedIn()).toHaveLength(4);
});
