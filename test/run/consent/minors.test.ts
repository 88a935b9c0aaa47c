import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { compileMapping } from '../../../src/core/mapping/compile.ts';
import type { Mapping } from '../../../src/core/mapping/schema.ts';
import { fields, gymOf } from './gym.ts';

it('minors are never opted in to text messages, and each case is a warning', async () => {
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

it.each([
  ['that is not one', '31/31/2015', ['bad_date', 'age_unknown_not_opted_in'], undefined],
  ['in the future', '2030-01-01', ['date_in_future', 'age_unknown_not_opted_in'], undefined],
  ['that is a placeholder, like a blank cell', '1900-01-01', ['date_placeholder'], true],
])('a date of birth %s', (_name, born, codes, optin) => {
  const dropping = { ...mapping, fields: { ...fields, dob: { column: 'Born', onInvalid: 'drop' as const } } };
  const map = compileMapping(dropping, header, { today: '2026-12-01', extraTags: { add: [], remove: [] } });
  const { contact, warnings, problems } = map(['7', 'Ana', 'Diaz', '', '', born, 'yes', '']);
  expect(problems).toEqual([]);
  expect(warnings.map(({ code }) => code)).toEqual(codes);
  expect(contact['optin_sms']).toBe(optin);
});

it('consent belongs to the person: a minor in one row is not opted in by any row', async () => {
  const gym = await gymOf();
  const ana = { Id: '1', First: 'Ana', Last: 'Diaz', Texts: 'yes' };
  const cid = { Id: '3', First: 'Cid', Last: 'Ray', Texts: 'yes' };
  await gym.export([
    { ...ana, Born: '2015-06-01' },
    ana,
    { Id: '2', First: 'Bo', Last: 'Lee', Texts: 'yes' },
    { ...cid, Born: '2015-06-01', Email: 'cid@' },
    cid,
  ]);
  const checked = await gym.command('check', 'members.csv', '--json');
  expect(checked.summary.health).toMatchObject({ consent: { optinYes: 1 }, filled: { optin_sms: 1 } });
  const { summary } = await gym.run();
  expect(summary.counts).toMatchObject({ succeeded: 4, failed: 1 });
  expect(summary.warnings).toMatchObject({ minor_not_opted_in: 4 });
  const found = gym.server.contacts().map(({ first_name: name, optin_sms: yes }) => [name, yes]);
  expect(new Map(found as [string, boolean | undefined][])).toEqual(
    new Map([
      ['Ana', undefined],
      ['Bo', true],
      ['Cid', undefined],
    ]),
  );
  const reports = await readFile(path.join(summary.out ?? '', 'success.csv'), 'utf8');
  expect(reports.match(/optin_sms:minor_not_opted_in/g)).toHaveLength(3);
});

it.each([
  ['an opt-out of email', { Texts: 'yes', Mail: 'yes' }, { Texts: 'yes', Mail: 'no' }],
  ['a no to text messages', { Texts: 'yes', Mail: '' }, { Texts: 'no', Mail: '' }],
  ['a no where the other row says nothing', { Texts: '', Mail: '' }, { Texts: 'no', Mail: '' }],
])('%s is not lost with the row of a person that is left out', async (_name, sent, leftOut) => {
  const gym = await gymOf();
  const people = [
    { Id: '1', First: 'Ana', ...leftOut },
    { Id: '1', First: 'Ana', ...sent },
    { Id: '2', First: 'Ben', Texts: 'yes', Mail: 'yes' },
    { Id: '2', First: 'Ben', Texts: 'yes', Mail: 'yes' },
  ];
  await gym.export(people);
  const { code, summary } = await gym.run('--duplicates', 'last');
  expect(code).toBe(1);
  expect(summary.problems).toEqual({ refused_in_other_row: 1 });
  expect(summary.counts).toMatchObject({ succeeded: 1, failed: 1, skipped: 2 });
  expect(gym.server.contacts().map(({ user_id: id }) => id)).toEqual(['2']);
});

it('a no of an earlier row is overwritten by a later yes if all rows are sent', async () => {
  const gym = await gymOf();
  await gym.export([
    { Id: '1', First: 'Ana', Texts: 'no' },
    { Id: '1', First: 'Ana', Texts: 'yes' },
  ]);
  expect((await gym.run()).code).toBe(0);
  expect(gym.server.contacts()).toMatchObject([{ optin_sms: true }]);
});
