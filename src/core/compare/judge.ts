import type { Contact } from '../api/contact.ts';
import { comparedFields } from './person.ts';
import type { AccountPerson, ComparedField, PersonKeys, PersonReader } from './person.ts';

/**
 * What sending a row would do, by what the account has. "Would": how Gleantap compares names and phones is not documented.
 *
 * - `new`: it would create a contact.
 * - `known`: it would update this one.
 * - `known_other_name`: the email or phone is there, but only with other first names, so it would make a second person.
 * - `two_candidates`: it would update one of several contacts.
 */
export const verdicts = ['new', 'known', 'known_other_name', 'two_candidates'] as const;
export type Verdict = (typeof verdicts)[number];

export interface Change {
  readonly field: ComparedField;
  /** As the account has it, empty where it has nothing. */
  readonly before: string;
  readonly after: string;
}

export interface Judgment {
  readonly verdict: Verdict;
  /** Who is there: the one contact that is known, those with another name, or the candidates. The first of them. */
  readonly people: readonly AccountPerson[];
  /** What would change of a known contact. */
  readonly changes: readonly Change[];
}

/** An account that people can be looked up in. */
export interface Account {
  byId(id: string): AccountPerson | undefined;
  /** Those who have this email, or this phone, together with the first name. Three at most. */
  matching(keys: PersonKeys): readonly AccountPerson[];
  /** Those who have this email, or this phone. Three at most. */
  sharing(keys: PersonKeys): readonly AccountPerson[];
}

/**
 * Looks a contact up as the API is documented to: people for whom an earlier run got an `_id` are known by it, others by email with first
 * name, or phone with first name. A user_id alone can't be looked up, because the account does not show it.
 *
 * @param ids Under which the memory of the feed knows the row's person.
 */
export function judge(contact: Contact, ids: readonly string[], account: Account, reader: PersonReader): Judgment {
  const byId = ids.map((id) => account.byId(id)).find((person) => person !== undefined);
  const keys = reader.keysOf(contact);
  const matching = byId === undefined ? account.matching(keys) : [byId];
  const [only] = matching;
  if (matching.length > 1) return { verdict: 'two_candidates', people: matching, changes: [] };
  if (only !== undefined) return { verdict: 'known', people: matching, changes: changesOf(contact, only, reader) };
  const people = account.sharing(keys);
  return { verdict: people.length > 0 ? 'known_other_name' : 'new', people, changes: [] };
}

/** What sending a contact would change of a person. */
export function changesOf(contact: Contact, person: AccountPerson, { formOf }: PersonReader): Change[] {
  return comparedFields.flatMap((field) => {
    const after = contact[field];
    const before = person[field];
    if (typeof after !== 'string' || formOf(field, after) === formOf(field, before)) return [];
    return [{ field, before, after }];
  });
}

/**
 * Whether what the server did is other than the documentation lets expect. Where a user_id may have matched, which the account does
 * not show, nothing can be expected but that a known contact is not created once more.
 *
 * @param wasThere Whether the contact whose `_id` came back was in the account.
 */
export function contradicts(
  { verdict }: Pick<Judgment, 'verdict'>,
  { user_id: userId }: Contact,
  wasThere: boolean,
): boolean {
  const expectsOne = verdict === 'known' || verdict === 'two_candidates';
  if (expectsOne) return !wasThere;
  return wasThere && userId === undefined;
}
