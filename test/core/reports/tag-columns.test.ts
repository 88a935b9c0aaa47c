import { describe, expect, it } from 'vitest';
import { readSeparator, separatedBy, tagColumns, tagSeparators } from '../../../src/core/reports/tag-columns.ts';
import { createPhoneForms } from '../../../src/core/values/phone-forms.ts';
import { nearTwins } from '../../../src/run/tags/plan-tags.ts';

it.each(tagSeparators)('a header shows that its tags are separated by %j', (separator) => {
  const header = separatedBy(tagColumns.add, separator);
  expect(readSeparator(header)).toEqual({ name: tagColumns.add, separator });
});

describe('phones', () => {
  const phones = createPhoneForms('US');

  it('are the same in every format', () => {
    const forms = ['(212) 555-0147', '+12125550147', '12125550147', '2125550147'];
    for (const form of forms) {
      expect(phones.isSame(form, '212.555.0147')).toBe(true);
      expect(phones.formsOf(form)).toEqual(expect.arrayContaining([form, ...forms.slice(1)]));
    }
  });

  it('are different when a digit differs, when they are empty, or in another country', () => {
    expect(phones.isSame('2125550147', '2125550148')).toBe(false);
    expect(phones.isSame('', '')).toBe(false);
    expect(createPhoneForms('GB').isSame('020 7946 0018', '+1 2079460018')).toBe(false);
  });
});

it('near twins differ only in case, spacing or entities', () => {
  expect(nearTwins(['June Promo', 'june-promo', 'June  Promo', 'Q&amp;A', 'Q&A', 'June', 'VIP'])).toEqual([
    ['June Promo', 'june-promo', 'June  Promo'],
    ['Q&amp;A', 'Q&A'],
  ]);
});
