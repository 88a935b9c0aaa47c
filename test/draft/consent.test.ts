import { stringify } from 'csv-stringify/sync';
import { expect, it } from 'vitest';
import { applyAnswer } from '../../src/draft/question.ts';
import type { JsonValue } from '../../src/draft/question.ts';
import { csvFile, draftFile, draftOf, expectSound, field } from './folder.ts';

const first = ['Ana', 'Sam', 'Lee', 'Kim', 'Max', 'Eva'];
const last = ['Diaz', 'Berg', 'Park', 'Cole', 'Moss', 'Webb'];

/** Six people with more columns, each a cycle of cells. */
function people(columns: Readonly<Record<string, readonly string[]>>): string {
  const names = Object.keys(columns);
  const rows = first.map((name, row) => [
    name,
    last[row],
    `p${row}@example.com`,
    ...Object.values(columns).map((cells) => cells[row % cells.length] ?? ''),
  ]);
  return stringify([['First Name', 'Last Name', 'E-mail Address', ...names], ...rows]);
}

const yes = ['yes', 'no'];

it.each([
  ['Keine E-Mails', ['x', ''], 'optout_email', { yes: ['x'] }],
  ['Werbesperre', ['Ja', 'Nein'], 'optout_email', { yes: ['Ja'], no: ['Nein'] }],
  ['Newsletter abbestellt', ['Ja', 'Nein'], 'optout_email', { yes: ['Ja'], no: ['Nein'] }],
  ['HasOptedOutOfEmail', ['STOP', 'Yes', ''], 'optout_email', { yes: ['STOP', 'Yes'] }],
  ['Baja newsletter', ['Sí', 'No'], 'optout_email', { yes: ['Sí'], no: ['No'] }],
  ['Geen nieuwsbrief', ['ja', 'nee'], 'optout_email', { yes: ['ja'], no: ['nee'] }],
  ['Désinscrit', ['Oui', 'Non'], 'optout_email', { yes: ['Oui'], no: ['Non'] }],
  ['HasOptedOutOfEmail', ['1', '0'], 'optout_email', { yes: ['1'], no: ['0'] }],
  ['Werbung per SMS erlaubt', ['Ja', 'Nein'], 'optin_sms', { yes: ['Ja'], no: ['Nein'] }],
  ['Accepts SMS Marketing', yes, 'optin_sms', { yes: ['yes'], no: ['no'] }],
])('"%s" clearly asks for consent, so it is settled', async (header, cells, name, words) => {
  const draft = await draftOf(people({ [header]: cells }));
  expect(field(draft, name)).toEqual({ column: header, ...words });
  expect(draft.questions).toEqual([]);
});

it.each([
  ['Werbung per E-Mail erlaubt', ['Ja', 'Nein'], { yes: ['Nein'], no: ['Ja'], confirmed: true }],
  ['Aceita receber e-mail', ['Sim', 'Não'], { yes: ['Não'], no: ['Sim'], confirmed: true }],
  ['Happy to get emails?', yes, { yes: ['no'], no: ['yes'], confirmed: true }],
  ['Email', yes, { yes: ['no'], no: ['yes'], confirmed: true }],
  ['GDPR', yes, { yes: ['no'], no: ['yes'], confirmed: true }],
  ['Newsletter', ['abgelehnt', 'angemeldet'], { yes: ['abgelehnt'], no: ['angemeldet'], confirmed: true }],
  ['Consenso marketing', ['Sì', 'No'], { yes: ['No'], no: ['Sì'], confirmed: true }],
  ['Status', ['Subscribed', 'Unsubscribed', 'Cleaned'], { yes: ['Unsubscribed', 'Cleaned'], no: ['Subscribed'] }],
  ['Unsubscribed At', ['', '2024-01-02'], { yes: '*' }],
  ['UNSUB_TIME', ['2023-01-05 10:11:12'], { yes: '*' }],
  ['Email Bounced', yes, { yes: ['yes'], no: ['no'] }],
  ['Do Not Mail', yes, { yes: ['yes'], no: ['no'] }],
  ['Do Not Call', yes, { yes: ['yes'], no: ['no'] }],
  ['SMS ok?', ['Y', 'N'], { yes: ['Y'], no: ['N'] }],
  ['Can text', yes, { yes: ['yes'], no: ['no'] }],
  ['Text msgs OK', ['Y', 'STOP'], { yes: ['Y'], no: ['STOP'] }],
  ['Text msgs OK', yes, { yes: ['yes'], no: ['no'] }],
])('"%s" is a question: its own words come first, and it can be left out', async (header, cells, expected) => {
  const file = await csvFile(people({ [header]: cells }));
  const draft = await draftFile(file);
  const question = draft.questions.find(({ id }) => id.startsWith('consent:'));
  if (question === undefined) throw new Error('nothing was asked');
  const name = question.id.slice('consent:'.length);
  expect(name).toBe(/text|sms/i.test(header) ? 'optin_sms' : 'optout_email');
  const fieldsAfter = question.answers.map((answer) => {
    const mapping = structuredClone(draft.mapping);
    applyAnswer(mapping, answer);
    return (mapping['fields'] as { [key: string]: JsonValue })[name];
  });
  expect(fieldsAfter[0]).toEqual({ column: header, ...expected });
  expect(fieldsAfter).toContain(undefined);
  await expectSound(file, draft);
});

it('several columns about one consent are one question, and columns with details of a decision are not', async () => {
  const draft = await draftOf(
    people({
      UNSUB_TIME: ['2023-01-05', ''],
      UNSUB_REASON: ['NORMAL', ''],
      Newsletter: yes,
      'SMS Opt-In': yes,
      'SMS Opt-In Date': ['2023-01-05', ''],
    }),
  );
  expect(draft.questions.map(({ id }) => id)).toEqual(['consent:optout_email']);
  expect(draft.questions[0]?.answers).toHaveLength(3);
  const leftOut = draft.columns.filter(({ certainty }) => certainty === 'left out').map(({ column }) => column);
  expect(leftOut).toEqual(['UNSUB_REASON', 'SMS Opt-In Date']);
  expect(field(draft, 'optin_sms')).toEqual({ column: 'SMS Opt-In', yes: ['yes'], no: ['no'] });
});

it('"Active" next to "Unsubscribed" may be a subscriber, so its meaning is a question', async () => {
  const draft = await draftOf(people({ Status: ['Active', 'Unsubscribed', 'Frozen'] }));
  expect(field(draft, 'status')).toMatchObject({ values: { Active: '?', Frozen: 'frozen' } });
  expect(draft.questions.map(({ id }) => id)).toEqual(['status-word:Active', 'consent:optout_email']);
});

it('a file that is named after people who unsubscribed is a question', async () => {
  const file = await csvFile(people({}));
  const { draftMapping } = await import('../../src/draft/draft.ts');
  const options = { today: '2026-11-27', country: undefined, encoding: undefined };
  const draft = await draftMapping(file, { ...options, name: 'unsubscribed_members_export_8f3.csv' });
  expect(draft.questions).toMatchObject([{ id: 'consent:optout_email' }]);
  expect((await draftMapping(file, { ...options, name: 'members.csv' })).questions).toEqual([]);
});

it('people who are deleted in the source are a question', async () => {
  const file = await csvFile(people({ deleted_at: ['', '2024-01-02 10:00:00'] }));
  const draft = await draftFile(file);
  expect(draft.questions).toMatchObject([{ id: 'deleted-rows', paths: [['rows', 'keep', 0, 'column']] }]);
  await expectSound(file, draft);
  await expectSound(file, draft, () => 1);
});

it.each(['Subscription Plan', 'Email Sent', 'Marketing Source', 'Agreement signed', 'email_verified'])(
  '"%s" is not about consent',
  async (header) => {
    const draft = await draftOf(people({ [header]: yes }));
    expect([field(draft, 'optout_email'), field(draft, 'optin_sms')]).toEqual([undefined, undefined]);
  },
);
