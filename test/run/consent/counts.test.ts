import { expect, it } from 'vitest';
import { consentsOf, createConsentCounter } from '../../../src/core/people/consents.ts';
import { fields, gymOf } from './gym.ts';

it('counts people: with several rows for one, the last word on each channel', () => {
  const counter = createConsentCounter();
  counter.add(consentsOf({ optin_sms: true }), 2);
  counter.add(consentsOf({ optout_email: true }), 2);
  counter.add(consentsOf({ optin_sms: false }), 2);
  counter.add(consentsOf({}), 2);
  counter.add(consentsOf({ optin_sms: true, optout_email: false }), undefined);
  counter.add(consentsOf({ optin_sms: true }), undefined);
  expect(counter.counts).toEqual({ optinYes: 2, optinNo: 1, optoutYes: 1, optoutNo: 1 });
});

it('check says how many people gain and lose consent', async () => {
  const gym = await gymOf();
  await gym.map({ fields: { ...fields, optout_email: { ...fields.optout_email, liftOptOut: true } } });
  const mail = (name: string) => ({ First: name, Email: `${name}@example.com` });
  await gym.export([
    { ...mail('Ana'), Texts: 'yes', Mail: 'yes' },
    { ...mail('Ana'), Texts: 'no' },
    { ...mail('Bob'), Texts: 'yes' },
    { ...mail('Cid'), Texts: 'yes', Mail: 'no' },
    { ...mail('Dan'), Born: '2015-01-31', Texts: 'yes' },
    mail('Eve'),
  ]);
  const { code, summary, requests } = await gym.command('check', 'members.csv', '--json');
  expect({ code, requests }).toEqual({ code: 0, requests: 0 });
  expect(summary.health).toMatchObject({ consent: { optinYes: 2, optinNo: 1, optoutYes: 1, optoutNo: 1 } });
});
