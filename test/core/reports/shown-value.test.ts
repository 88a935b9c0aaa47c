import { describe, expect, it } from 'vitest';
import { showValue } from '../../../src/core/reports/shown-value.ts';
import type { FoundValue } from '../../../src/core/reports/shown-value.ts';

const show = (value: string, about: Partial<FoundValue> = {}): string =>
  showValue({ value, rows: 1, field: undefined, kind: undefined, ...about });

describe('a value on a page without --report-values', () => {
  it.each([
    ['a name', 'Marisol', { field: 'first_name', kind: 'name' }],
    ['an email', 'ana@example', { field: 'email', kind: 'email', code: 'bad_email' }],
    ['a phone number', '555-0101', { field: 'phone', kind: 'phone', code: 'bad_phone' }],
    ['a name, however many have it', 'Ana', { field: 'first_name', kind: 'name', rows: 900 }],
    ['an address, however many have it', 'Elm Street', { field: 'address', kind: 'text', rows: 9 }],
    ['a text of one person', 'is afraid of dogs', { field: 'note', kind: 'text' }],
    ['a name in a column of dates', 'Marisol Diaz', { field: 'created_date', kind: 'datetime', code: 'bad_date' }],
    ['a phone number in a column of dates', '207-555-0101', { field: 'created_date', kind: 'date', code: 'bad_date' }],
    ['a name where a birthday is expected', 'Marisol', { field: 'dob', kind: 'date', code: 'bad_date' }],
    ['a word that one row has', 'Quintero', { field: 'status', kind: 'text', code: 'word_not_mapped' }],
    ['an email among words', 'ana@example.com', { field: 'status', kind: 'text', code: 'word_not_mapped', rows: 5 }],
    ['a phone number among words', '207 555 0101', { field: 'status', kind: 'text', code: 'word_not_mapped', rows: 5 }],
    ['a phone number in a column of numbers', '207-555-0101', { field: 'balance', kind: 'number', code: 'bad_number' }],
    ['an email in a column of numbers', 'ana@b.example', { field: 'balance', kind: 'number', code: 'bad_number' }],
  ] as const)('%s is masked', (_, value, about) => {
    expect(show(value, about)).toContain('*');
    expect(show(value, about)).not.toContain(value.slice(0, 5));
  });

  it.each([
    ['a day that does not exist', '30 February 1990', { field: 'dob', kind: 'date', code: 'date_not_in_calendar' }],
    ['a date of no person', '13/45/2024 10:00', { field: 'created_date', kind: 'datetime', code: 'bad_date' }],
    ['a word that several rows have', 'On hold', { field: 'status', kind: 'text', code: 'word_not_mapped', rows: 2 }],
    ['a text that several people have', 'Gold plan', { field: 'plan', kind: 'text', rows: 3 }],
    ['a number', '1.049,5', { field: 'balance', kind: 'number', code: 'bad_number' }],
    ['a tag', 'Yoga, VIP', { field: 'tags', code: 'tag_with_comma' }],
    ["the server's reason", 'phone *** is taken', { code: 'refused' }],
  ] as const)('%s is shown', (_, value, about) => {
    expect(show(value, about)).toBe(value);
  });

  it('shows how a birthday is written, not which it is', () => {
    const about = { field: 'dob', kind: 'date', code: 'bad_date' } as const;
    expect(show('31.12.1985', about)).toBe('written like 99.99.9999');
  });
});
