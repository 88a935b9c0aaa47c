import type { Contact } from '../api/contact.ts';
import type { MappedRow } from '../mapping/compile.ts';
import type { ProblemCode } from '../outcome/messages.ts';
import { createPhoneParser, isPhoneCountry } from '../values/phones.ts';
import { fold, withoutZeroWidth } from '../values/text.ts';
import { hashNumber } from './key-hashes.ts';
import { TextHash } from './text-hash.ts';

/** A person who does not want messages, as Gleantap lists them (API page "Opted Out Customers"). */
export interface OptedOut {
  readonly id: string;
  readonly firstname: string | undefined;
  readonly lastname: string | undefined;
  readonly email: string | undefined;
  readonly phone: string | undefined;
}

export type Channel = 'sms' | 'email';

export type ConsentField = 'optin_sms' | 'optout_email';

/** Why a consent must not be sent: its field where the person has opted out, or that a row of the person withholds an opt-in. */
export type WithheldName = ConsentField | 'minor';

/** A consent that must not be sent. */
export interface Withheld {
  readonly name: WithheldName;
  readonly field: ConsentField;
  readonly code: Extract<ProblemCode, 'opted_out_of_sms' | 'opted_out_of_email' | 'minor_not_opted_in'>;
}

/** What would opt a person in again, by channel. */
const granting = [
  { channel: 'sms', name: 'optin_sms', field: 'optin_sms', grants: true, code: 'opted_out_of_sms' },
  { channel: 'email', name: 'optout_email', field: 'optout_email', grants: false, code: 'opted_out_of_email' },
] as const satisfies (Withheld & { readonly channel: Channel; readonly grants: boolean })[];

/** Everything that can be withheld. */
export const withholdable: readonly Withheld[] = [
  ...granting.map(({ name, field, code }) => ({ name, field, code })),
  { name: 'minor', field: 'optin_sms', code: 'minor_not_opted_in' },
];

/** What a contact may not hold for a person who has opted out of these channels. */
export function withheldFrom(contact: Contact, channels: readonly Channel[]): Withheld[] {
  return granting
    .filter(({ channel, field, grants }) => contact[field] === grants && channels.includes(channel))
    .map(({ name, field, code }) => ({ name, field, code }));
}

export function withoutConsents(contact: Contact, fields: readonly ConsentField[]): Contact {
  const rest = { ...contact };
  for (const field of fields) Reflect.deleteProperty(rest, field);
  return rest;
}

/** A row as it may be sent: without what is withheld from it, and with a warning for each. */
export function withoutWithheld(mapped: MappedRow, withheld: readonly WithheldName[] = []): MappedRow {
  if (withheld.length === 0) return mapped;
  const found = withholdable.filter(({ name }) => withheld.includes(name));
  const fields = found.map(({ field }) => field);
  const warnings = found.map(({ field, code }) => ({ field, code }));
  return { ...mapped, contact: withoutConsents(mapped.contact, fields), warnings: [...mapped.warnings, ...warnings] };
}

/** Whether a contact says anything that an opt-out may forbid. */
export function opensChannel(contact: Contact): boolean {
  return granting.some(({ field, grants }) => contact[field] === grants);
}

/** Everyone who has opted out, by all that a row may know of them. */
export interface OptOuts {
  add(channel: Channel, person: OptedOut): void;
  /** Whether no one has opted out. */
  readonly isEmpty: boolean;
  /**
   * What a row's person, number or address has opted out of.
   *
   * @param marks Those of the row's contact.
   * @param ids The `_id`s by which earlier runs know the row's person.
   */
  channelsOf(marks: readonly number[], ids: readonly string[]): Channel[];
}

/** Makes marks of people: 52-bit hashes of an address, a number in digits, a full name. */
export interface MarkReader {
  ofContact(contact: Contact): number[];
  ofPerson(person: Omit<OptedOut, 'id'>): number[];
}

/** A contact has one mark of each kind at most. */
export const mostMarks = 3;
const markSeeds = { email: 11, phone: 12, name: 13 } as const;

/**
 * Compares carefully: the same number or the same address is enough, whatever the name, and for a row that is found by its
 * user_id, which the list does not show, so is the same full name. An opt-in too few can be asked for again.
 *
 * @param country Of phones without country code; the list may hold them in any layout.
 */
export function createMarkReader(country: string | undefined): MarkReader {
  const hash = new TextHash();
  const parse =
    country !== undefined && isPhoneCountry(country) ? createPhoneParser({ country, format: 'digits' }) : undefined;
  const phoneOf = (text: string): string => {
    const parsed = parse?.(text);
    return parsed?.kind === 'value' ? parsed.value : text.replaceAll(/\D/g, '');
  };
  const ofPerson: MarkReader['ofPerson'] = ({ firstname = '', lastname = '', email = '', phone = '' }) => {
    const marks: number[] = [];
    const mark = (text: string, seed: number): void => void marks.push(hashNumber(hash.of(text, seed)));
    const digits = phone === '' ? '' : phoneOf(phone);
    const [first, last] = [foldVisible(firstname), foldVisible(lastname)];
    if (foldVisible(email) !== '') mark(foldVisible(email), markSeeds.email);
    if (digits !== '') mark(digits, markSeeds.phone);
    if (first !== '' && last !== '') mark(`${first}\0${last}`, markSeeds.name);
    return marks;
  };
  return {
    ofPerson,
    ofContact(contact) {
      const textOf = (name: string): string | undefined => {
        const value = contact[name];
        return typeof value === 'string' ? value : undefined;
      };
      const isFoundById = contact['user_id'] !== undefined;
      return ofPerson({
        email: textOf('email'),
        phone: textOf('phone'),
        firstname: isFoundById ? textOf('first_name') : undefined,
        lastname: isFoundById ? textOf('last_name') : undefined,
      });
    },
  };
}

/** What does not show never hides an opt-out, the joiners of some scripts included. */
function foldVisible(text: string): string {
  return fold(withoutZeroWidth(text));
}

/** @param reader The one that read the rows, or an equal one. */
export function createOptOuts(reader: Pick<MarkReader, 'ofPerson'>): OptOuts {
  const marks = { sms: new Set<number | string>(), email: new Set<number | string>() };
  return {
    add(channel, person) {
      marks[channel].add(person.id);
      for (const mark of reader.ofPerson(person)) marks[channel].add(mark);
    },
    get isEmpty() {
      return marks.sms.size + marks.email.size === 0;
    },
    channelsOf: (own, ids) =>
      (['sms', 'email'] as const).filter((channel) => [...own, ...ids].some((mark) => marks[channel].has(mark))),
  };
}
