import type { Contact } from './contact.ts';
import { fold } from '../values/text.ts';

/**
 * The identities by which the API recognises a contact (API page newContact): `user_id`, else email + first name,
 * else phone + first name. Whether the server folds case is unknown, so they are compared as `fold` writes them, with one kind of apostrophe: the
 * careful reading, which never lets two rows of one contact overtake each other.
 */
export interface MatchKeys {
  readonly userId: string | undefined;
  readonly email: string | undefined;
  readonly phone: string | undefined;
}

/** Cannot occur in a cleaned cell (rows with NUL bytes are refused), so joined parts never run together. */
const separator = '\0';

export function matchKeysOf(contact: Contact): MatchKeys {
  const firstName = keyText(contact['first_name']);
  const email = keyText(contact['email']);
  const phone = keyText(contact['phone']);
  return {
    userId: keyText(contact['user_id']),
    email: firstName !== undefined && email !== undefined ? email + separator + firstName : undefined,
    phone: firstName !== undefined && phone !== undefined ? phone + separator + firstName : undefined,
  };
}

/** The keys as one list of strings that can't be confused with each other: what lanes and people are made of. */
export function listKeys(keys: MatchKeys): string[] {
  const list: string[] = [];
  if (keys.userId !== undefined) list.push('u' + keys.userId);
  if (keys.email !== undefined) list.push('e' + keys.email);
  if (keys.phone !== undefined) list.push('p' + keys.phone);
  return list;
}

export function hasMatchKey(keys: MatchKeys): boolean {
  return keys.userId !== undefined || keys.email !== undefined || keys.phone !== undefined;
}

/** Phones write D’Angelo where keyboards write D'Angelo. */
const curlyApostrophes = /[\u2018\u2019\u02bc]/g;

/** The form in which two spellings of a key are equal; undefined where there is nothing to compare. */
export function keyText(value: Contact[string] | undefined): string | undefined {
  if (typeof value !== 'string') return undefined;
  const folded = fold(value).replace(curlyApostrophes, "'");
  return folded === '' ? undefined : folded;
}
