import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { SeedContact } from '../../../src/simulator/index.ts';
import { appId, canaries, readReport } from '../../cli/harness.ts';
import { fields, gymOf } from './gym.ts';

/** Opted out of both. The export knows Ana by email, Bob by phone in another layout, Cid by user_id and name alone. */
const seeded: SeedContact[] = [
  { first_name: 'Ana', last_name: 'Diaz', email: 'Ana@example.com', optin_sms: false, optout_email: true },
  { first_name: 'Bob', last_name: 'Hall', phone: '(212) 555-0147', optin_sms: false, optout_email: true },
  {
    first_name: 'Cid',
    last_name: 'Cole',
    user_id: '7',
    email: 'old@example.com',
    optin_sms: false,
    optout_email: true,
  },
];
const agreed = { Texts: 'yes', Mail: 'yes' };
const rows = [
  { First: 'Dan', Last: 'Free', Email: 'dan@example.com', ...agreed },
  { First: 'Ana', Last: 'Diaz', Email: 'ana@example.com', ...agreed },
  { First: 'Bob', Last: 'Hall', Email: 'bob@example.com', Phone: '212-555-0147', ...agreed },
  { Id: '7', First: 'cid', Last: 'Cole', Email: 'new@example.com', ...agreed },
  { First: 'Eve', Last: 'Free', Email: 'eve@example.com', ...agreed, Mail: '' },
  // Nothing in this row is on the list, but it is Cid again.
  { Id: '7', First: 'Cid', Email: 'third@example.com', ...agreed },
];
const lifting = { fields: { ...fields, optout_email: { ...fields.optout_email, liftOptOut: true } } };

it('people who have opted out stay opted out, of text messages and email, and each case is counted', async () => {
  const gym = await gymOf({ contacts: seeded });
  await gym.map(lifting);
  await gym.export(rows);
  const { code, summary } = await gym.run('--only-changed', '--new-ledger', '-o', 'night1');
  expect(code).toBe(0);
  expect(summary.warnings).toMatchObject({ opted_out_of_sms: 4, opted_out_of_email: 4 });
  const saying = (field: 'optin_sms' | 'optout_email', value: boolean) =>
    gym.server.contacts().flatMap((contact) => (contact[field] === value ? contact.first_name : []));
  expect(saying('optin_sms', false).map((name) => name.toLowerCase())).toEqual(['ana', 'bob', 'cid']);
  expect(saying('optout_email', true).map((name) => name.toLowerCase())).toEqual(['ana', 'bob', 'cid']);
  expect(new Set(saying('optin_sms', true))).toEqual(new Set(['Dan', 'Eve']));
  expect(saying('optout_email', false)).toEqual(['Dan']);

  const list = await readReport(path.join(gym.cwd, 'night1/optouts-before.csv'));
  expect(list.map(({ opted_out_of: of, first_name: name }) => `${of} ${name}`)).toEqual(
    ['email', 'sms'].flatMap((of) => ['Ana', 'Bob', 'Cid'].map((name) => `${of} ${name}`)),
  );
  const sent = await readReport(path.join(gym.cwd, 'night1/success.csv'));
  expect(sent[1]?.['_warnings']).toBe('optin_sms:opted_out_of_sms | optout_email:opted_out_of_email');

  // Withheld consent is not a change: the next night makes no calls.
  expect(await gym.run('--only-changed')).toMatchObject({ code: 0, requests: 0 });
  expect((await gym.run('--no-respect-optouts', '--again')).summary.warnings).not.toHaveProperty('opted_out_of_sms');
  expect(saying('optin_sms', true)).toHaveLength(5);
});

it('without the list nothing that depends on it is sent, and the rest is', async () => {
  const gym = await gymOf({ contacts: seeded });
  await gym.export(rows);
  const nobody = ['--base-url', 'http://127.0.0.1:9', '--no-preflight'];
  const refused = await gym.run(...nobody);
  expect(refused.code).toBe(3);
  expect(refused.summary.error).toMatchObject({ code: 'outage' });
  expect(refused.summary.sentence).toContain('opted out');
  expect(readdirSync(path.join(gym.cwd, 'gleantap-import')).filter((name) => !name.startsWith('ledger.db'))).toEqual(
    [],
  );

  // No consent in any row that is sent: no list is requested.
  await gym.export(rows.map((row) => ({ ...row, Texts: '', Mail: '' })));
  await gym.run('--no-preflight');
  expect(gym.server.stats().byEndpoint).toMatchObject({ getOptoutCustomers: 0, newContact: rows.length });
});

it('reads the list page by page', async () => {
  const many = Array.from({ length: 1001 }, (_, index) => ({
    first_name: `First${index}`,
    last_name: 'Last',
    email: `p${index}@example.com`,
    optin_sms: false,
  }));
  const gym = await gymOf({ contacts: many });
  await gym.export([
    { First: 'First1000', Email: 'p1000@example.com', Texts: 'yes' },
    { First: 'New', Email: 'new@example.com', Texts: 'yes' },
  ]);
  const { summary } = await gym.run();
  expect(summary.warnings).toMatchObject({ opted_out_of_sms: 1 });
  expect(gym.server.stats().byEndpoint).toMatchObject({ getOptoutCustomers: 4 });
});

it('a person whom only an earlier night found by their _id stays opted out', async () => {
  const gym = await gymOf();
  await gym.export([{ Id: '9', First: 'Fay', Last: 'Ray', Email: 'fay@example.com' }]);
  await gym.run();
  // In Gleantap she has married, moved to another address, and opted out.
  const body = { user_id: '9', first_name: 'Fey', last_name: 'Roe', email: 'fey@example.com', optin_sms: false };
  const headers = {
    'X-API-KEY': canaries.apiKey,
    'X-SECRET-KEY': canaries.secretKey,
    'content-type': 'application/json',
  };
  const url = `${gym.server.url}/v2/ExternalApi/newContact`;
  await fetch(url, { method: 'POST', headers, body: JSON.stringify({ app_id: appId, ...body }) });
  await gym.export([{ Id: '9', First: 'Fay', Last: 'Ray', Email: 'fay@new.example.com', Texts: 'yes' }]);
  expect((await gym.run()).summary.warnings).toMatchObject({ opted_out_of_sms: 1 });
  expect(gym.server.contacts()).toMatchObject([{ email: 'fay@new.example.com', optin_sms: false }]);
});
