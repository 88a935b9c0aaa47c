import { keyText } from '../api/match-keys.ts';
import type { Contact } from '../api/contact.ts';
import { createPhoneParser, isPhoneCountry } from '../values/phones.ts';

/** A contact as the account has it. What it lacks is an empty text. */
export interface AccountPerson {
  readonly id: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string;
  readonly phone: string;
  readonly location: string;
}

/** What of a contact can be compared with the account (API page "Customers"). */
export const comparedFields = ['first_name', 'last_name', 'email', 'phone', 'location'] as const;
export type ComparedField = (typeof comparedFields)[number];

/** By what a person is looked up: folded, and phones as E.164. Undefined where there is nothing. */
export interface PersonKeys {
  readonly email: string | undefined;
  readonly phone: string | undefined;
  readonly first: string | undefined;
}

/** Brings values of the file and of the account into the form in which they are compared. */
export interface PersonReader {
  keysOf(person: Contact | AccountPerson): PersonKeys;
  /** A value as it is compared. */
  formOf(field: ComparedField, value: string): string;
}

/** @param country Of phones without country code; without it only their digits are compared. */
export function createPersonReader(country: string | undefined): PersonReader {
  const parse =
    country !== undefined && isPhoneCountry(country) ? createPhoneParser({ country, format: 'e164' }) : undefined;
  const phoneOf = (text: string): string => {
    const parsed = parse?.(text);
    return (parsed?.kind === 'value' ? parsed.value : text).replaceAll(/\D/g, '');
  };
  const formOf = (field: ComparedField, value: string): string =>
    field === 'phone' ? phoneOf(value) || (keyText(value) ?? '') : (keyText(value) ?? '');
  return {
    formOf,
    keysOf({ email, phone, first_name: first }) {
      const digits = typeof phone === 'string' ? phoneOf(phone) : '';
      return { email: keyText(email), phone: digits === '' ? undefined : digits, first: keyText(first) };
    },
  };
}
