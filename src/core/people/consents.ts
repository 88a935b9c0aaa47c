import type { Contact } from '../api/contact.ts';

/** People by the consent that a file sends for them. */
export interface ConsentCounts {
  readonly optinYes: number;
  readonly optinNo: number;
  readonly optoutYes: number;
  readonly optoutNo: number;
}

/** What one row says about both channels, as bits; 0 for a row that says nothing. */
export type Consents = number;

const bits = { optinYes: 1, optinNo: 2, optoutYes: 4, optoutNo: 8 } as const satisfies ConsentCounts;
/** Every consent that a row may say. */
export const allConsents = 15;
const ofTexts = bits.optinYes | bits.optinNo;
const ofEmail = bits.optoutYes | bits.optoutNo;

export function consentsOf(contact: Contact): Consents {
  const { optin_sms: optin, optout_email: optout } = contact;
  const texts = optin === undefined ? 0 : optin === true ? bits.optinYes : bits.optinNo;
  const email = optout === undefined ? 0 : optout === true ? bits.optoutYes : bits.optoutNo;
  return texts | email;
}

/** Whether the first says a "no" that the second does not say. */
export function refusesMore(one: Consents, other: Consents): boolean {
  return (one & ~other & (bits.optinNo | bits.optoutYes)) !== 0;
}

/** The consents of a contact alone. */
export function contactOfConsents(consents: Consents): Contact {
  return {
    ...((consents & ofTexts) === 0 ? {} : { optin_sms: (consents & bits.optinYes) !== 0 }),
    ...((consents & ofEmail) === 0 ? {} : { optout_email: (consents & bits.optoutYes) !== 0 }),
  };
}

/** Counts people, not rows: where a person has several, the last one that says something about a channel rules. */
export function createConsentCounter() {
  const counts = { optinYes: 0, optinNo: 0, optoutYes: 0, optoutNo: 0 };
  const ofSharing = new Map<number, Consents>();
  const count = (consents: Consents, by: 1 | -1): void => {
    for (const name of ['optinYes', 'optinNo', 'optoutYes', 'optoutNo'] as const)
      if ((consents & bits[name]) !== 0) counts[name] += by;
  };
  return {
    /** @param person Identifies people with several rows. Undefined for a person with one. */
    add(consents: Consents, person: number | undefined): void {
      if (consents === 0) return;
      if (person !== undefined) {
        const before = ofSharing.get(person) ?? 0;
        count(before, -1);
        consents |= (consents & ofTexts) === 0 ? before & ofTexts : 0;
        consents |= (consents & ofEmail) === 0 ? before & ofEmail : 0;
        ofSharing.set(person, consents);
      }
      count(consents, 1);
    },
    counts: counts as ConsentCounts,
  };
}
