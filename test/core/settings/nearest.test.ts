import { expect, it } from 'vitest';
import { didYouMean, nearestName } from '../../../src/core/settings/nearest.ts';

const known = ['email', 'phone', 'first_name', 'optin_sms'];

it.each([
  ['emial', 'email'],
  ['E-Mail', 'email'],
  ['firstName', 'first_name'],
  ['optinSms', 'optin_sms'],
  ['membership', undefined],
  ['', undefined],
])('%j is near %j', (name, nearest) => {
  expect(nearestName(name, known)).toBe(nearest);
});

it('suggests nothing when nothing is near', () => {
  expect([didYouMean('membership', known), didYouMean('emial', [])]).toEqual(['', '']);
  expect(didYouMean('emial', known)).toContain('"email"');
});
