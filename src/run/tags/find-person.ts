import type { Contact } from '../../core/api/contact.ts';
import { createPhoneForms } from '../../core/values/phone-forms.ts';
import { fold } from '../../core/values/text.ts';
import type { Customer, CustomerQuery } from '../../gleantap/client.ts';
import type { LookUp } from './looked-up.ts';

/** Reads contacts by a filter. Undefined when the server could not be asked. */
export type Ask = (query: CustomerQuery) => Promise<readonly Customer[] | undefined>;

/** The most that one call returns (API page "Customers"). */
const most = 1000;

/**
 * Makes a search for the one contact that a person of a list is. Whether the server's filters are exact is unknown, so what
 * comes back is compared here: email folded, phone whatever its form, and the first name.
 *
 * What it finds carries an identity by which the server, in its turn, must find this very contact: the user_id where the list
 * has it and the account knows it, else email or phone as stored, with the stored first name.
 */
export function createFindPerson(country: string | undefined): (wanted: Contact, ask: Ask) => Promise<LookUp> {
  const phones = createPhoneForms(country);
  const isSame = (a: Contact[string] | undefined, b: string | undefined): boolean =>
    fold(String(a ?? '')) === fold(b ?? '');

  /** Whether all that the list says besides the user_id is different: then this is another person. */
  const contradicts = (wanted: Contact, { firstname, email, phone }: Customer): boolean => {
    const said: boolean[] = [];
    if (wanted['email'] !== undefined && email) said.push(isSame(wanted['email'], email));
    if (wanted['phone'] !== undefined && phone) said.push(phones.isSame(String(wanted['phone']), phone));
    if (said.length === 0) return false;
    if (wanted['first_name'] !== undefined) said.push(isSame(wanted['first_name'], firstname));
    return !said.includes(true);
  };
  const found = (
    { id, firstname, lastname }: Customer,
    by: 'user_id' | 'email' | 'phone',
    value: string | undefined,
  ): LookUp => {
    if (!firstname?.trim() || !lastname?.trim() || !value) return { code: 'person_without_name' };
    return { id, identity: { [by]: value, first_name: firstname, last_name: lastname } };
  };

  return async (wanted, ask) => {
    const failed: LookUp = { code: 'lookup_failed' };
    const { user_id: userId, email, phone, first_name: first } = wanted;
    let isAmbiguous = false;
    if (typeof userId === 'string') {
      const known = await ask({ user_id: userId, limit: most });
      if (known === undefined) return failed;
      const [only] = known;
      if (known.length === 1 && only !== undefined)
        return contradicts(wanted, only) ? { code: 'person_contradicts' } : found(only, 'user_id', userId);
      // A filter that lets others through says nothing of this one; email and phone still may.
      isAmbiguous = known.length > 1;
    }
    if (first === undefined) return { code: isAmbiguous ? 'person_ambiguous' : 'person_not_found' };
    const searches = [
      {
        by: 'email' as const,
        values: typeof email === 'string' ? [email] : [],
        matches: (one: Customer) => isSame(email, one.email),
      },
      {
        by: 'phone' as const,
        values: typeof phone === 'string' ? phones.formsOf(phone) : [],
        matches: (one: Customer) => phones.isSame(String(phone), one.phone ?? ''),
      },
    ];
    for (const { by, values, matches } of searches) {
      const exact = new Map<string, Customer>();
      for (const value of values) {
        const answer = await ask({ [by]: value, limit: most });
        if (answer === undefined) return failed;
        // There may be more contacts that were not looked at.
        if (answer.length >= most) return { code: 'person_ambiguous' };
        for (const one of answer) if (matches(one) && isSame(first, one.firstname)) exact.set(one.id, one);
      }
      const [only] = exact.values();
      if (exact.size > 1) return { code: 'person_ambiguous' };
      if (only !== undefined) return found(only, by, only[by]);
    }
    return { code: isAmbiguous ? 'person_ambiguous' : 'person_not_found' };
  };
}
