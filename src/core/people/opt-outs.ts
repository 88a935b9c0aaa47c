import type { Contact } from '../api/contact.ts';
import type { ProblemCode } from '../outcome/messages.ts';
import { createPhoneParser, isPhoneCountry } from '../values/phones.ts';
import { fold } from '../values/text.ts';

/** Somebody who does not want messages, as Gleantap lists them (API page "Opted Out Customers"). */
export interface OptedOut {
  readonly id: string;
  readonly firstname: string | undefined;
  readonly lastname: string | undefined;
  readonly email: string | undefined;
  readonly phone: string | undefined;
}

export type Channel = 'sms' | 'email';

export type ConsentField = 'optin_sms' | 'optout_email';

/** A consent that must not be sent. */
export interface Withheld {
  readonly field: ConsentField;
  readonly code: Extract<ProblemCode, 'opted_out_of_sms' | 'opted_out_of_email'>;
}

/** What would opt somebody in again, by channel. */
const granting = [
  { channel: 'sms', field: 'optin_sms', grants: true, code: 'opted_out_of_sms' },
  { channel: 'email', field: 'optout_email', grants: false, code: 'opted_out_of_email' },
] as const satisfies (Withheld & { readonly channel: Channel; readonly grants: boolean })[];

/** Everything that can be withheld. */
export const withholdable: readonly Withheld[] = granting.map(({ field, code }) => ({ field, code }));

/** What a contact may not say to somebody who has opted out of these channels. */
export function withheldFrom(contact: Contact, channels: readonly Channel[]): Withheld[] {
  return granting
    .filter(({ channel, field, grants }) => contact[field] === grants && channels.includes(channel))
    .map(({ field, code }) => ({ field, code }));
}

/** Whether a contact says anything that an opt-out may forbid. */
export function opensChannel(contact: Contact): boolean {
  return granting.some(({ field, grants }) => contact[field] === grants);
}

/** Everybody who has opted out, by all that a row may know of them. */
export interface OptOuts {
  add(channel: Channel, person: OptedOut): void;
  /** Whether nobody has. */
  readonly isEmpty: boolean;
  /**
   * What a contact's person, number or address has opted out of.
   *
   * @param ids The `_id`s by which earlier runs know the row's person.
   */
  channelsOf(contact: Contact, ids: readonly string[]): Channel[];
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
    channelsOf(contact, ids) {
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
        ...ids.map((id) => `i${id}`),
      ];
      return (['sms', 'email'] as const).filter((channel) => theirs.some((mark) => marks[channel].has(mark)));
    },
  };
}
