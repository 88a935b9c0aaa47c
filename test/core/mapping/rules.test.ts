import { describe, expect, it } from 'vitest';
import { unsentConsent } from '../../../src/core/mapping/consent-rules.ts';
import { readMapping } from '../../../src/core/mapping/read.ts';
import { lintColumns, lintMapping } from '../../../src/core/mapping/rules.ts';
import { mappingJson, mappingOf, names } from './mapped.ts';

/** The places of the rules' findings for a mapping whose structure is valid. */
function lint(fields: Readonly<Record<string, unknown>>, rest: Readonly<Record<string, unknown>> = {}): string[] {
  return lintJson(mappingJson(fields, rest));
}

function lintJson(json: unknown): string[] {
  const { mapping, findings } = readMapping(json);
  if (mapping === undefined || findings.length > 0) throw new Error(JSON.stringify(findings));
  return lintMapping(mapping).map(({ path, severity }) => (severity === 'error' ? path : `${severity} ${path}`));
}

describe('a field', () => {
  it.each<[string, Record<string, unknown>, string[]]>([
    ['from nowhere', { email: {} }, ['fields.email']],
    ['from a default alone is fine', { source: { default: 'x' } }, []],
    ['from a column and a constant', { email: { column: 'E', value: 'a@b.co' } }, ['fields.email']],
    ['from column and columns', { email: { column: 'E', columns: ['F', 'G'], join: '' } }, ['fields.email']],
    ['joined without join', { address: { columns: ['A', 'B'] } }, ['fields.address']],
    ['with join and one column', { address: { column: 'A', join: ' ' } }, ['fields.address.join']],
    ['with otherwise and no values', { type: { column: 'A', otherwise: 'drop' } }, ['fields.type.otherwise']],
    ['constant with a default', { type: { value: 'a', default: 'b' } }, ['fields.type.default']],
    ['constant with values', { type: { value: 'a', values: { a: 'b' } } }, ['fields.type.values']],
    [
      'with one word twice',
      { type: { column: 'A', values: { 'On hold': 'a', ' ON HOLD': 'b' } } },
      ['fields.type.values[" ON HOLD"]'],
    ],
    ['with a word for blanks', { type: { column: 'A', values: { '': 'a' } } }, ['fields.type.values[""]']],
  ])('%s', (_what, fields, places) => {
    expect(lint(fields)).toEqual(places);
  });

  it('causes a warning about a word that counts as missing anyway', () => {
    const type = { column: 'A', values: { None: 'a' } };
    expect(lint({ type }, { missing: ['none'] })).toEqual(['warning fields.type.values.None']);
  });
});

describe('values written in the mapping must be valid for their own field', () => {
  it.each<[string, Record<string, unknown>, string[]]>([
    ['a phone', { phone: { column: 'P', default: 'none' } }, ['fields.phone.default']],
    ['a good phone', { phone: { value: '(212) 555-0147' } }, []],
    ['a date', { dob: { column: 'D', format: 'M/D/YYYY', default: '13/13/2000' } }, ['fields.dob.default']],
    ['a placeholder', { dob: { value: '1900-01-01' } }, ['fields.dob.value']],
    ['an ISO date', { created_date: { value: '2026-01-01' } }, []],
    ['an email', { email: { column: 'E', default: 'nobody' } }, ['fields.email.default']],
    ['a tag_action', { tags: 'T', tag_action: { value: 'put' } }, ['fields.tag_action.value']],
    ['blanks', { source: { value: '  ' } }, ['fields.source.value']],
  ])('%s', (_what, fields, places) => {
    expect(lint(fields)).toEqual(places);
  });

  it.each<[string, unknown, string[]]>([
    ['number', { column: 'N', type: 'number', default: 'many' }, ['attributes.a.default']],
    ['good number', { column: 'N', type: 'number', decimal: ',', default: '1,5' }, []],
    ['boolean', { column: 'N', type: 'boolean', yes: ['Y'], default: 'maybe' }, ['attributes.a.default']],
  ])('a %s', (_what, a, places) => {
    expect(lint({}, { attributes: { a } })).toEqual(places);
  });

  it('is not checked when the field itself is invalid', () => {
    expect(lint({ dob: { column: 'D', format: 'mm/dd/yyyy', default: '01/02/2000' } })).toEqual(['fields.dob.format']);
  });
});

describe('names from one column', () => {
  const first = { column: 'Name', name: 'first' };
  const last = { column: 'Name', name: 'last' };
  it.each<[string, Record<string, unknown>, string[]]>([
    ['both halves', { first_name: first, last_name: last }, []],
    ['one half, and a column of its own', { first_name: first, last_name: 'Surname' }, []],
    ['no half said', { first_name: 'Name', last_name: 'Name' }, ['fields.first_name', 'fields.last_name']],
    ['one half said', { first_name: first, last_name: 'Name' }, ['fields.last_name']],
    ['the wrong half', { first_name: last, last_name: last }, ['fields.first_name.name']],
    [
      'an order without a half',
      { last_name: { column: 'L', nameOrder: 'last first' } },
      ['fields.last_name.nameOrder'],
    ],
    [
      'two orders',
      { first_name: { ...first, nameOrder: 'last first' }, last_name: last },
      ['fields.last_name.nameOrder'],
    ],
    ['a default is not split', { first_name: { ...first, default: 'Friend' }, last_name: last }, []],
  ])('%s', (_what, fields, places) => {
    expect(lint(fields)).toEqual(places);
  });
});

describe('zeros and thousands', () => {
  const zip = { column: 'Z', restoreZeros: true };
  const amount = (settings: object) => ({ attributes: { a: { column: 'A', type: 'number', ...settings } } });
  it.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
    ['US codes', { zip }, {}, []],
    ['codes of another country', { zip }, { country: 'CH' }, ['fields.zip.restoreZeros']],
    ['a separator', {}, amount({ decimal: ',', separator: '.' }), []],
    ['a separator that is the decimal sign', {}, amount({ separator: '.' }), ['attributes.a.separator']],
  ])('%s', (_what, fields, rest, places) => {
    expect(lint(fields, rest)).toEqual(places);
  });
});

describe('names and keys', () => {
  it('first and last name and one key are needed', () => {
    expect(lintJson({ version: 1, name: 'x', fields: {} })).toEqual([
      'fields.first_name',
      'fields.last_name',
      'fields',
    ]);
  });
  it.each(['user_id', 'email', 'phone'])('%s is enough as a key', (key) => {
    const { first_name, last_name } = names;
    expect(lintJson({ version: 1, name: 'x', country: 'US', fields: { first_name, last_name, [key]: 'A' } })).toEqual(
      [],
    );
  });
});

describe('dates', () => {
  it.each<[unknown, string[]]>([
    ['M/D/YYYY', []],
    [['M/D/YYYY', 'M/D/YYYY h:mm A'], []],
    ['mm/dd/yyyy', ['fields.dob.format']],
    [['M/D/YYYY', 'D/M/YYYY'], ['fields.dob.format']],
    [['M/D/YYYY', 'nope'], ['fields.dob.format[1]']],
  ])('%j', (format, places) => {
    expect(lint({ dob: { column: 'D', format } })).toEqual(places);
  });
});

describe('consent', () => {
  const words = { yes: ['Y'], no: ['N'] };
  it.each<[string, string, string[]]>([
    ['optin_sms', 'SMS Opt-In', []],
    ['optin_sms', 'Unsubscribed', ['fields.optin_sms.column']],
    ['optin_sms', 'SMS Opt Out', ['fields.optin_sms.column']],
    ['optin_sms', 'Opted_Out', ['fields.optin_sms.column']],
    ['optin_sms', 'Do Not Text', ['fields.optin_sms.column']],
    ['optin_sms', "DON'T TEXT", ['fields.optin_sms.column']],
    ['optin_sms', 'Don\u2019t text', ['fields.optin_sms.column']],
    ['optout_email', 'Email Opt-Out', []],
    ['optout_email', 'Unsubscribed', []],
    ['optout_email', 'Do not email', []],
    ['optout_email', 'Subscribed', ['fields.optout_email.column']],
    ['optout_email', 'Email Opt In', ['fields.optout_email.column']],
    ['optout_email', 'Newsletter consent', ['fields.optout_email.column']],
    ...[
      'Accepts Email Marketing',
      'Werbung per E-Mail erlaubt',
      'Aceita receber e-mail',
      'Happy to get emails?',
      'Email',
      'Nieuwsbrief',
      'Acepta publicidad',
      'Consenso marketing',
      'Accord e-mails',
      'GDPR',
    ].map((header): [string, string, string[]] => ['optout_email', header, ['fields.optout_email.column']]),
    ...['Keine E-Mails', 'Newsletter abbestellt', 'Baja newsletter', 'Werbesperre', 'HasOptedOutOfEmail'].map(
      (header): [string, string, string[]] => ['optout_email', header, []],
    ),
    ...['Keine SMS', 'No enviar SMS', 'Refus SMS', 'Não enviar SMS', 'Geen sms'].map(
      (header): [string, string, string[]] => ['optin_sms', header, ['fields.optin_sms.column']],
    ),
    ...['Accepts SMS Marketing', 'Can text', 'SMS ok?', 'Werbung per SMS erlaubt', 'Texts'].map(
      (header): [string, string, string[]] => ['optin_sms', header, []],
    ),
  ])('%s from "%s"', (field, column, places) => {
    expect(lint({ [field]: { column, ...words } })).toEqual(places);
    expect(lint({ [field]: { column, ...words, confirmed: true } })).toEqual([]);
  });

  it('needs a list of words', () => {
    expect(lint({ optin_sms: { column: 'A' } })).toEqual(['fields.optin_sms']);
    expect(lint({}, { attributes: { a: { column: 'A', type: 'boolean' } } })).toEqual(['attributes.a']);
  });

  it('takes a "no" under the bare name of a channel as an opt-out', () => {
    expect(lint({ optout_email: { column: 'Mail', yes: ['no'], no: ['yes'] } })).toEqual([]);
  });

  it('refuses words that contradict the field', () => {
    expect(lint({ optout_email: { column: 'Status', yes: ['Subscribed'] } })).toEqual(['fields.optout_email.yes']);
    expect(lint({ optin_sms: { column: 'Status', yes: ['Opted Out'] } })).toEqual(['fields.optin_sms.yes']);
    expect(lint({ optout_email: { column: 'Status', yes: ['Unsubscribed'], no: ['Subscribed'] } })).toEqual([]);
  });

  it('lists the columns that look like consent and are not read', () => {
    const { mapping } = readMapping({
      version: 1,
      name: 'x',
      fields: { optout_email: { column: 'Email Opt-Out', yes: ['Y'] } },
      ignore: '*',
    });
    const header = ['Email', 'Email Opt-Out', 'SMS ok?', 'UNSUB_TIME', 'UNSUB_REASON', 'OPTIN_TIME', 'Keine Werbung'];
    const others = ['Mobile No', 'Phone No.', 'Subscription Plan', 'Do Not Call', 'Text', 'Agreement #', 'Newsletter'];
    if (mapping === undefined) throw new Error('the mapping could not be read');
    expect(unsentConsent(mapping, [...header, ...others])).toEqual([
      'SMS ok?',
      'UNSUB_TIME',
      'Keine Werbung',
      'Do Not Call',
      'Newsletter',
    ]);
  });

  it('refuses a word on both sides', () => {
    expect(lint({ optin_sms: { column: 'A', yes: ['Y', 'Ja'], no: ['N', 'JA '] } })).toEqual(['fields.optin_sms.no']);
  });

  it.each([
    ['default', { default: 'Y' }],
    ['values', { values: { a: 'Y' } }],
  ])('cannot come from %s', (key, setting) => {
    expect(lint({ optin_sms: { column: 'A', ...words, ...setting } })).toEqual([`fields.optin_sms.${key}`]);
    expect(lint({ optout_email: { column: 'A', ...words, ...setting } })).toEqual([`fields.optout_email.${key}`]);
  });
});

describe('tags', () => {
  it.each<[string, Record<string, unknown>, string[]]>([
    ['a comma in a constant', { tags: { value: 'a,b' } }, ['fields.tags.value']],
    ['a blank constant', { tags: { add: [{ value: ' ' }] } }, ['fields.tags.add[0].value']],
    ['column and value in one', { tags: { add: ['A', { column: 'B', value: 'c' }] } }, ['fields.tags.add[1]']],
    ['split without column', { tags: { remove: [{ value: 'c', split: ';' }] } }, ['fields.tags.remove[0].split']],
    ['tag_action without tags', { tag_action: 'A' }, ['fields.tag_action']],
    ['tag_action with add', { tags: { add: ['A'] }, tag_action: 'A' }, ['fields.tag_action']],
    [
      'tag_action that may fall away',
      { tags: 'A', tag_action: { column: 'B', onInvalid: 'drop' } },
      ['fields.tag_action.onInvalid'],
    ],
    ['tag_action and a plain column', { tags: { column: 'A', split: ';' }, tag_action: 'B' }, []],
  ])('%s', (_what, fields, places) => {
    expect(lint(fields)).toEqual(places);
  });
});

describe('country and attributes', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
    ['a phone needs a country', { phone: 'P' }, { country: undefined }, ['country']],
    ['that exists', { phone: 'P' }, { country: 'XX' }, ['country']],
    ['none is needed without phones', {}, { country: undefined }, []],
    ['an API field is no attribute', {}, { attributes: { email: 'E' } }, ['attributes.email']],
    ['nor app_id', {}, { attributes: { app_id: 'E' } }, ['attributes.app_id']],
    ['nor _id, the ID of a contact in answers', {}, { attributes: { _id: 'E' } }, ['attributes._id']],
    ['in any case', {}, { attributes: { _ID: 'E' } }, ['attributes._ID']],
    [
      'nor one that nearly is',
      {},
      { attributes: { 'First Name': 'E', Optin_SMS: 'F', appId: 'G' } },
      ['attributes["First Name"]', 'attributes.Optin_SMS', 'attributes.appId'],
    ],
    ['others are free', {}, { attributes: { membership: 'E', constructor: 'F' } }, []],
  ])('%s', (_what, fields, rest, places) => {
    expect(lint(fields, rest)).toEqual(places);
  });
});

it('findings of all rules are reported together', () => {
  const fields = {
    dob: { column: 'D', format: 'x' },
    optin_sms: { column: 'Unsubscribed' },
    tags: { value: 'a,b' },
    phone: 'P',
  };
  expect(lint(fields, { country: undefined, attributes: { zip: 'Z' } })).toHaveLength(6);
});

describe('with the header at hand', () => {
  const header = ['Id', 'First', 'Last', 'Phone', 'Phone', 'Notes', ''];
  const at = (fields: object, rest: object = {}) =>
    lintColumns(mappingOf({ ...fields }, { ...rest }), header).map(({ path, severity }) => `${severity} ${path}`);

  it.each<[string, object, object, string[]]>([
    ['nothing is wrong', {}, { ignore: ['Phone', 'Notes'] }, []],
    ['an unused column is a warning', {}, { ignore: ['Phone'] }, ['warning ']],
    ['an error where that is asked for', {}, { ignore: ['Phone'], strictColumns: true }, ['error ']],
    ['or nothing', {}, { ignore: '*', strictColumns: true }, []],
    ['a missing column', { email: 'E-mail' }, { ignore: '*' }, ['error fields.email.column']],
    [
      'a missing column in a list',
      { email: { column: ['Notes', 'E'] } },
      { ignore: '*' },
      ['error fields.email.column[1]'],
    ],
    ['an ambiguous column', { phone: 'Phone' }, { ignore: '*' }, ['error fields.phone.column']],
    ['a numbered one', { phone: 'Phone#2' }, { ignore: '*' }, []],
    ['a column of tags', { tags: { remove: ['Old'] } }, { ignore: '*' }, ['error fields.tags.remove[0]']],
    [
      'a column of filters',
      {},
      { ignore: '*', rows: { keep: [{ column: 'X', in: ['a'] }] } },
      ['error rows.keep[0].column'],
    ],
    ['ignored columns may be absent', {}, { ignore: ['Phone', 'Notes', 'Gone'] }, []],
  ])('%s', (_what, fields, rest, places) => {
    expect(at(fields, rest)).toEqual(places);
  });

  it('suggests the nearest header, for each of several names', () => {
    const problems = lintColumns(mappingOf({ phone: 'Phone', email: 'Nots' }, { ignore: '*' }), header);
    expect(problems.map(({ problem }) => problem)).toEqual([
      expect.stringContaining('"Notes"'),
      expect.stringMatching(/"Phone#1".*"Phone#2"/),
    ]);
  });

  it('does not mention unused columns in a report', () => {
    expect(lintColumns(mappingOf({}, { strictColumns: true }), header, true)).toEqual([]);
  });
});
