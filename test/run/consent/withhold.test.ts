import { describe, expect, it, onTestFinished } from 'vitest';
import type { Contact } from '../../../src/core/api/contact.ts';
import { consentsOf } from '../../../src/core/people/consents.ts';
import { createMarkReader, createOptOuts, withoutWithheld } from '../../../src/core/people/opt-outs.ts';
import { openLedger } from '../../../src/ledger/ledger.ts';
import { withholdConsent } from '../../../src/run/consent/withhold.ts';
import type { WithholdInput } from '../../../src/run/consent/withhold.ts';
import type { SentRow } from '../../../src/run/model.ts';
import { newFile } from '../../ledger/folder.ts';

const run = 1;
const reader = createMarkReader('US');
const ana: Contact = { first_name: 'Ana', last_name: 'Diaz', email: 'ana@example.com' };
const optedOut = {
  id: 'c1',
  firstname: 'Ana',
  lastname: 'Diaz',
  email: 'Ana@Example.com',
  phone: '(207) 555-0123',
};

type Row = Partial<Omit<SentRow, 'row' | 'people'>> & {
  readonly contact: Contact;
  readonly people?: readonly number[];
};

/** What is withheld of rows from 2 on, by row, when Ana has opted out. */
async function withheld(rows: readonly Row[], channel: 'sms' | 'email' = 'sms') {
  const ledger = openLedger(await newFile());
  onTestFinished(() => ledger.close());
  const optOuts = createOptOuts(reader);
  optOuts.add(channel, optedOut);
  const sent = rows.map(({ contact, people = [], ...more }, index): SentRow => ({
    row: index + 2,
    person: undefined,
    goesFirst: false,
    consents: consentsOf(contact),
    withheld: [],
    otherRow: undefined,
    warnings: undefined,
    marks: reader.ofContact(contact),
    ...more,
    people: () => people,
  }));
  const stats = await withholdConsent({
    ledger,
    file: { run, mapping: { country: 'US' } },
    matcher: { memory: { idOf: (person: number) => `c${person}` } },
    stats: { warnings: {}, filled: { optin_sms: rows.length, optout_email: rows.length } },
    optOuts,
    sentRows: sent,
  } as unknown as WithholdInput);
  const stored = ledger.rowsAfter(run, 0, 100);
  return { stats, stored, rows: stored.map(({ row, withheld: fields }) => [row, ...fields]) };
}

describe('consent is withheld', () => {
  it.each<[string, Row]>([
    ['by the same address, in any case', { contact: { ...ana, first_name: 'Bo', optin_sms: true } }],
    [
      'by the same number, however it is written',
      { contact: { phone: '+12075550123', first_name: 'Bo', optin_sms: true } },
    ],
    [
      'by the full name of a row with a user_id',
      { contact: { user_id: '1', first_name: 'ANA', last_name: 'Diaz', optin_sms: true } },
    ],
    [
      'by an _id that an earlier run knows',
      { contact: { user_id: '1', first_name: 'Bo', optin_sms: true }, people: [1] },
    ],
  ])('%s', async (_how, row) => {
    expect((await withheld([row])).rows).toEqual([[2, 'optin_sms']]);
  });

  it('from every row of a person, whichever row identifies the person', async () => {
    const said = { user_id: '1', first_name: 'Bo', last_name: 'Lee', optin_sms: true };
    const { rows, stored } = await withheld([
      { contact: said, person: 2, goesFirst: true },
      { contact: { ...ana, user_id: '1' }, person: 2 },
      { contact: said, person: 2 },
    ]);
    expect(rows).toEqual([
      [2, 'optin_sms'],
      [4, 'optin_sms'],
    ]);
    expect(stored[0]).toMatchObject({ outcome: 'pending', person: 2, goesFirst: true });
  });

  it('only for the channel that the person has opted out of', async () => {
    const contact = { ...ana, optin_sms: true, optout_email: false };
    expect((await withheld([{ contact }], 'sms')).rows).toEqual([[2, 'optin_sms']]);
    expect((await withheld([{ contact }], 'email')).rows).toEqual([[2, 'optout_email']]);
  });
});

it.each<[string, Contact]>([
  ['a refusal is sent', { ...ana, optin_sms: false }],
  ['an opt-out is sent', { ...ana, optout_email: true }],
  ['a row that says nothing has nothing to withhold', ana],
  ['a name alone is not enough without a user_id', { first_name: 'Ana', last_name: 'Diaz', optin_sms: true }],
])('%s', async (_what, contact) => {
  expect((await withheld([{ contact }])).rows).toEqual([]);
});

it('is counted, and subtracted from what the plan shows', async () => {
  const agreeing = { ...ana, optin_sms: true };
  const { stats } = await withheld([{ contact: agreeing }, { contact: { ...agreeing, email: 'bo@example.com' } }]);
  expect(stats).toMatchObject({
    warnings: { opted_out_of_sms: { count: 1, rows: [2] } },
    consent: { optinYes: 1 },
    filled: { optin_sms: 1 },
  });
});

it('a row is sent without its withheld consent, with a warning for each', () => {
  const contact = { ...ana, optin_sms: true, optout_email: false };
  const mapped = { contact, warnings: [] } as never;
  expect(withoutWithheld(mapped, ['optin_sms'])).toMatchObject({
    contact: { ...ana, optout_email: false },
    warnings: [{ field: 'optin_sms', code: 'opted_out_of_sms' }],
  });
  expect(withoutWithheld(mapped, ['optin_sms']).contact).not.toHaveProperty('optin_sms');
  expect(withoutWithheld(mapped, [])).toBe(mapped);
});
