import { expect, it } from 'vitest';
import { createYesNo } from '../../../src/core/values/words.ts';

const read = createYesNo({ yes: ['Subscribed', 'Oui', '1'], no: ['Unsubscribed', 'Non', '0'] });

it.each([
  ['Subscribed', { kind: 'value', value: true }],
  [' subscribed\u00a0', { kind: 'value', value: true }],
  ['UNSUBSCRIBED', { kind: 'value', value: false }],
  ["'1", { kind: 'value', value: true, notes: ['apostrophe_dropped'] }],
  ['0', { kind: 'value', value: false }],
  ['', { kind: 'missing' }],
  ['  ', { kind: 'missing' }],
  ['Pending', { kind: 'bad', code: 'word_not_listed' }],
  ['true', { kind: 'bad', code: 'word_not_listed' }],
])('%j', (cell, expected) => {
  expect(read(cell)).toEqual(expected);
});

it('derives nothing from unlisted words', () => {
  const nothing = createYesNo({ yes: [], no: [] });
  for (const word of ['yes', 'no', 'true', 'false', '1', '0', 'x']) {
    expect(nothing(word)).toEqual({ kind: 'bad', code: 'word_not_listed' });
  }
});

it('any filled cell means yes, except those that are listed as no', () => {
  const readFilled = createYesNo({ yes: '*', no: ['0000-00-00'] });
  expect(readFilled('2026-01-05 10:11:12')).toEqual({ kind: 'value', value: true });
  expect(readFilled('0000-00-00')).toEqual({ kind: 'value', value: false });
  expect(readFilled('')).toMatchObject({ kind: 'missing' });
});
