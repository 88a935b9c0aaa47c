import { createPhoneParser, isPhoneCountry } from './phones.ts';

/** Compares phone numbers that may be written in different forms, and lists the forms in which one may be stored. */
export interface PhoneForms {
  /** As it is, +12075550188, 12075550188 and 2075550188: whatever differs. */
  formsOf(phone: string): string[];
  isSame(a: string, b: string): boolean;
}

/** @param country Of numbers without country code; without it only the digits are compared. */
export function createPhoneForms(country: string | undefined): PhoneForms {
  const parsers =
    country === undefined || !isPhoneCountry(country)
      ? []
      : (['e164', 'digits', 'national'] as const).map((format) => createPhoneParser({ country, format }));
  const formsOf = (phone: string): string[] => {
    const forms = parsers.flatMap((parse) => {
      const parsed = parse(phone);
      return parsed.kind === 'value' ? [parsed.value] : [];
    });
    return [...new Set([...forms, phone])];
  };
  const plain = (phone: string): string => (formsOf(phone)[0] ?? phone).replaceAll(/\D/g, '');
  return {
    formsOf,
    isSame: (a, b) => plain(a) !== '' && plain(a) === plain(b),
  };
}
