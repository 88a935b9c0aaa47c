import type { Contact } from './contact.ts';
import type { ProblemCode } from './messages.ts';
import { createPhoneParser, isPhoneCountry } from './values/phones.ts';
import { fold } from './values/text.ts';

/** Somebody who does not want messages, as Gleantap lists them (API page "Opted Out Customers"). */
export interface OptedOut {
  readonly id: string;
  readonly firstname: string | undefined;
  readonly lastname: string | undefined;
  readonly email: string | undefined;
  readonly phone: string | undefined;
}

export type Channel = 'sms' | 'email';

/** A consent that must not be sent. */
export interface Withheld {
  readonly field: 'optin_sms' | 'optout_email';
  readonly code: Extract<ProblemCode, 'opted_out_of_sms' | 'opted_out_of_email'>;
}

/** What would opt somebody in again, by channel. */
const granting = [
  { channel: 'sms', field: 'optin_sms', grants: true, code: 'opted_out_of_sms' },
  { channel: 'email', field: 'optout_email', grants: false, code: 'opted_out_of_email' },
] as const satisfies (Withheld & { readonly channel: Channel; readonly grants: boolean })[];

/** Everything that can be withheld. */
export const withholdable: readonly Withheld[] = granting.map(({ field, code }) => ({ field, code }));

/** Everybody who has opted out, by all that a row may know of them. */
export interface OptOuts {
  add(channel: Channel, person: OptedOut): void;
  /** Whether nobody has. */
  readonly isEmpty: boolean;
  /**
   * What a contact may not say because its person, number or address has opted out.
   *
   * @param idsOf The `_id`s by which earlier runs know the row's person; asked for only where it matters.
   */
  withheldFrom(contact: Contact, idsOf: () => readonly string[]): Withheld[];
}

/**
 * Compares carefully: the same number or the same address is enough, whatever the name, and for a row that is found by its
 * user_id, which the list does not show, so is the same full name. An opt-in too few can be asked for again.
 *
 * @param country Of phones without country code; the list may hold them in any layout.
 */
export function createOptOuts(country: string | undefined): OptOuts {
  const parse =
    country !== undefined && isPhoneCountry(country) ? createPhoneParser({ country, format: 'digits' }) : undefined;
  const phoneOf = (text: string): string => {
    const parsed = parse?.(text);
    return parsed?.kind === 'value' ? parsed.value : text.replaceAll(/\D/g, '');
  };
  const marks = { sms: new Set<string>(), email: new Set<string>() };
  const marksOf = (person: Partial<Record<keyof OptedOut, string | undefined>>): string[] => {
    const { id, firstname = '', lastname = '', email = '', phone = '' } = person;
    const found: string[] = [];
    if (id !== undefined) found.push(`i${id}`);
    if (fold(email) !== '') found.push(`e${fold(email)}`);
    if (phoneOf(phone) !== '') found.push(`p${phoneOf(phone)}`);
    if (fold(firstname) !== '' && fold(lastname) !== '') found.push(`n${fold(firstname)}\0${fold(lastname)}`);
    return found;
  };
  return {
    add(channel, person) {
      for (const mark of marksOf(person)) marks[channel].add(mark);
    },
    get isEmpty() {
      return marks.sms.size + marks.email.size === 0;
    },
    withheldFrom(contact, idsOf) {
      const granted = granting.filter(({ field, grants }) => contact[field] === grants);
      if (granted.length === 0) return [];
      const textOf = (name: string): string | undefined => {
        const value = contact[name];
        return typeof value === 'string' ? value : undefined;
      };
      const isFoundById = contact['user_id'] !== undefined;
      const theirs = [
        ...marksOf({
          email: textOf('email'),
          phone: textOf('phone'),
          ...(isFoundById ? { firstname: textOf('first_name'), lastname: textOf('last_name') } : {}),
        }),
        ...idsOf().map((id) => `i${id}`),
      ];
      return granted
        .filter(({ channel }) => theirs.some((mark) => marks[channel].has(mark)))
        .map(({ field, code }) => ({ field, code }));
    },
  };
}
