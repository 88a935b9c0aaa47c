import { expect, test } from 'vitest';
import type { Contact } from '../../../src/core/api/contact.ts';
import { createRefusalPattern, differenceSentence } from '../../../src/core/quality/refusal-pattern.ts';

/** Rows of which the server refuses those for which `isRefused` is true. */
function contrastOf(rows: readonly Contact[], isRefused: (contact: Contact) => boolean) {
  const contrast = createRefusalPattern();
  for (const row of rows) contrast.add(row, isRefused(row));
  return contrast.strongest();
}

const people = Array.from({ length: 400 }, (_, index): Contact => ({
  user_id: String(1000 + index),
  first_name: ['Ana', 'Sam', 'Zoë', 'Lee', 'Kim'][((index * 7) % 11) % 5] ?? '',
  dob: `${1900 + (index % 100)}-05-06`,
  status: index % 3 === 0 ? 'frozen' : 'active',
  ...(index % 5 === 0 ? {} : { phone: `+1212555${String(index).padStart(4, '0')}` }),
  zip: index % 7 === 0 ? '1234' : '12345',
}));

test.each<[string, (contact: Contact) => boolean, string, string]>([
  ['dates before a year', (c) => String(c['dob']) < '1920', 'dob', 'a `dob` before 1920'],
  ['dates from a year on', (c) => String(c['dob']) >= '1990', 'dob', 'a `dob` in 1990 or later'],
  ['a missing field', (c) => c['phone'] === undefined, 'phone', 'no `phone`'],
  ['a field that is there', (c) => c['phone'] !== undefined, 'phone', 'a `phone`'],
  ['a value', (c) => c['status'] === 'frozen', 'status', '"frozen" as `status`'],
  ['another value', (c) => String(c['zip']).length === 4, 'zip', '"1234" as `zip`'],
])('what refused rows have in common: %s', (_, isRefused, field, what) => {
  const found = contrastOf(people, isRefused);
  expect(found).toMatchObject({ field, what, accepted: 0 });
  expect(found?.refused).toBe(found?.refusedOf);
  expect(found?.refused).toBe(people.filter(isRefused).length);
});

test('a length and a shape are reported when values differ', () => {
  const rows = people.map((row, index) => ({
    ...row,
    note: index % 4 === 0 ? `x${'y'.repeat(60 + index)}` : `a ${index}`,
  }));
  expect(contrastOf(rows, ({ note }) => String(note).length > 60)).toMatchObject({ field: 'note' });
});

test('nothing is reported by chance, for too few rows, or when all rows were refused', () => {
  let nth = 0;
  expect(contrastOf(people, () => ((nth += 1) * 13) % 17 < 8)).toBeUndefined();
  expect(contrastOf(people.slice(0, 12), (c) => c['user_id'] === '1003')).toBeUndefined();
  expect(contrastOf(people, () => true)).toBeUndefined();
});

test("a single person's value is never shown", () => {
  const rows = people.map((row, index) => ({ ...row, secret: `only-${index}` }));
  const found = contrastOf(rows, ({ dob }) => String(dob) < '1950');
  expect(found?.what).not.toContain('only-');
});

test('the sentence', () => {
  const counts = { field: 'dob', refused: 3912, refusedOf: 3920, accepted: 4, acceptedOf: 4000 };
  expect(differenceSentence({ ...counts, what: 'a `dob` before 1920' })).toBe(
    '3,912 of 3,920 refused rows have a `dob` before 1920, compared with 4 of 4,000 accepted rows',
  );
});
