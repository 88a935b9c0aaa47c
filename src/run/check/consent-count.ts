import type { Contact } from '../../core/api/contact.ts';
import type { ConsentCounts } from '../model.ts';

/** What one row says about both channels, as bits; 0 for a row that says nothing. */
export type Consents = number;

const bits = { optinYes: 1, optinNo: 2, optoutYes: 4, optoutNo: 8 } as const satisfies ConsentCounts;
const ofTexts = bits.optinYes | bits.optinNo;
const ofEmail = bits.optoutYes | bits.optoutNo;

export function consentsOf(contact: Contact): Consents {
  const { optin_sms: optin, optout_email: optout } = contact;
  const texts = optin === undefined ? 0 : optin === true ? bits.optinYes : bits.optinNo;
  const email = optout === undefined ? 0 : optout === true ? bits.optoutYes : bits.optoutNo;
  return texts | email;
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
    /** @param person What tells people with several rows apart; undefined for a person with one. */
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

/** A byte for each valid row of a file: a million rows cost a megabyte. */
export function createConsentList(): { set(index: number, consents: Consents): void; at(index: number): Consents } {
  let list = new Uint8Array(0);
  return {
    set(index, consents) {
      if (consents === 0) return;
      if (index >= list.length) {
        const longer = new Uint8Array(Math.max(1024, 2 * (index + 1)));
        longer.set(list);
        list = longer;
      }
      list[index] = consents;
    },
    at: (index) => list[index] ?? 0,
  };
}
