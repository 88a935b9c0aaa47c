import { describe, expect, it } from 'vitest';
import { codesOf, mapRow } from './mapped.ts';

describe('rows.skip and rows.keep', () => {
  const rows = {
    skip: [
      { column: 'Status', in: ['Banned', 'Deceased'] },
      { column: 'Test', in: ['1'] },
    ],
    keep: [
      { column: 'Site', in: ['Downtown', ''] },
      { column: 'Age', in: ['adult'] },
    ],
  };
  it.each<[string, Record<string, string>, boolean]>([
    ['all as wanted', {}, false],
    ['skipped', { Status: ' BANNED ' }, true],
    ['skipped by any of them', { Test: "'1" }, true],
    ['kept with an empty cell', { Site: ' ' }, false],
    ['not kept', { Site: 'Uptown' }, true],
    ['kept only by all of them', { Age: 'child' }, true],
  ])('%s', (_what, row, filtered) => {
    expect(
      mapRow({ rest: { rows }, row: { Status: 'Active', Test: '0', Site: 'downtown', Age: 'Adult', ...row } }).filtered,
    ).toBe(filtered);
  });

  it('an empty list filters nothing', () => {
    expect(mapRow({ rest: { rows: { skip: [], keep: [] } } }).filtered).toBe(false);
  });
});

describe('a row without a match key is refused', () => {
  const fields = { email: { column: 'E', onInvalid: 'drop' }, phone: 'P' };
  it.each<[string, Record<string, string>, string[]]>([
    ['user_id is enough', {}, []],
    ['email with first name', { Id: '', E: 'a@b.co' }, []],
    ['phone with first name', { Id: '', P: '2125550147' }, []],
    ['nothing', { Id: '' }, ['no_match_key']],
    ['a dropped email', { Id: '', E: 'x' }, ['no_match_key']],
    ['a broken phone says so itself', { Id: '', P: '1' }, ['phone_too_short']],
    ['email without first name', { Id: '', First: '', E: 'a@b.co' }, ['required_missing']],
    ['neither name nor key', { Id: '', First: '' }, ['required_missing', 'no_match_key']],
    ['a key of blanks', { Id: '\u00a0\u200b' }, ['no_match_key']],
  ])('%s', (_what, row, codes) => {
    expect(codesOf(mapRow({ fields, row: { E: '', P: '', ...row } }).problems)).toEqual(codes);
  });
});

describe('consent', () => {
  const words = { yes: ['Yes', 'Subscribed'], no: ['No'] };
  const consent = (name: string, cell: string, settings: object = {}) =>
    mapRow({ fields: { [name]: { column: 'A', ...words, ...settings } }, row: { A: cell } });

  it.each<[string, string, boolean | undefined]>([
    ['optin_sms', 'yes', true],
    ['optin_sms', 'NO', false],
    ['optin_sms', 'true', undefined],
    ['optin_sms', '', undefined],
    ['optout_email', 'Yes', true],
    ['optout_email', 'No', undefined],
    ['optout_email', 'maybe', undefined],
  ])('%s of %j is %j', (name, cell, value) => {
    const { contact, problems } = consent(name, cell);
    expect([contact[name], problems]).toEqual([value, []]);
  });

  it('an unknown word is a warning', () => {
    expect(codesOf(consent('optin_sms', 'Pending').warnings)).toEqual(['word_not_listed']);
  });

  it('optout_email is false only when the mapping asks to lift opt-outs', () => {
    expect(consent('optout_email', 'No', { liftOptOut: true }).contact['optout_email']).toBe(false);
    expect(mapRow({ fields: { optout_email: { value: false } } }).contact).not.toHaveProperty('optout_email');
  });
});
