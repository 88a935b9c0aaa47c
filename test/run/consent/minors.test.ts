import { expect, it } from 'vitest';
import { compileMapping } from '../../../src/core/mapping/compile.ts';
import type { Mapping } from '../../../src/core/mapping/schema.ts';
import { fields, gymOf } from './gym.ts';

it('nobody under age is opted in to text messages, and each case is a warning', async () => {
  const gym = await gymOf();
  const born = { Eve: '2008-12-01', Sam: '2008-12-02', Kim: '', Max: '2000-01-31' };
  await gym.export(
    Object.entries(born).map(([First, Born]) => ({ First, Born, Email: `${First}@example.com`, Texts: 'yes' })),
  );
  const { code, summary } = await gym.run();
  expect(code).toBe(0);
  expect(summary.warnings).toMatchObject({ minor_not_opted_in: 1 });
  const optedIn = gym.server.contacts().flatMap(({ first_name: name, optin_sms: yes }) => (yes ? name : []));
  expect(new Set(optedIn)).toEqual(new Set(['Eve', 'Kim', 'Max']));
});

const header = ['Id', 'First', 'Last', 'Email', 'Phone', 'Born', 'Texts', 'Mail'];
const mapping: Mapping = { version: 1, name: 'members', country: 'US', fields };

it.each([
  ['on the 18th birthday', mapping, '2026-12-01', '2008-12-01', 'yes', true],
  ['the day before', mapping, '2026-11-30', '2008-12-01', 'yes', undefined],
  ['born on the 29th of February, a day before', mapping, '2026-02-28', '2008-02-29', 'yes', undefined],
  ['born on the 29th of February, in time', mapping, '2026-03-01', '2008-02-29', 'yes', true],
  ['a minor who says no', mapping, '2026-12-01', '2015-06-01', 'no', false],
  ['minorAge', { ...mapping, minorAge: 21 }, '2026-12-01', '2008-12-01', 'yes', undefined],
  [
    'allowMinors',
    { ...mapping, fields: { ...fields, optin_sms: { ...fields.optin_sms, allowMinors: true } } },
    '2026-12-01',
    '2015-06-01',
    'yes',
    true,
  ],
])('%s', (_name, used, today, born, texts, optin) => {
  const map = compileMapping(used, header, { today, extraTags: { add: [], remove: [] } });
  const { contact, warnings } = map(['7', 'Ana', 'Diaz', '', '', born, texts, '']);
  expect(contact['optin_sms']).toBe(optin);
  expect(warnings.map(({ code }) => code)).toEqual(optin === undefined ? ['minor_not_opted_in'] : []);
});
