import type { ContactFields } from './contact.ts';

/** The fields that identify a person. */
export type Identity = Pick<ContactFields, 'first_name' | 'user_id' | 'email' | 'phone'>;

/** Values are compared trimmed and case-folded (the documentation leaves it open). */
export function fold(value: string): string {
  return value.trim().toLowerCase();
}

/**
 * The keys by which a contact is found again, strongest first: user_id, email + first_name, phone + first_name
 * (API page newContact). A blank value makes no key.
 */
export function matchKeys({ first_name, user_id = '', email = '', phone = '' }: Identity): string[] {
  const keys: string[] = [];
  if (user_id.trim() !== '') keys.push(lookupKey('user_id', user_id));
  if (email.trim() !== '') keys.push(`named ${lookupKey('email', email)}\n${fold(first_name)}`);
  if (phone.trim() !== '') keys.push(`named ${lookupKey('phone', phone)}\n${fold(first_name)}`);
  return keys;
}

/** The key for finding contacts by one field alone, as getCustomers does. */
export function lookupKey(field: 'user_id' | 'email' | 'phone', value: string): string {
  return `${field} ${fold(value)}`;
}

/** Every key under which a stored contact must be found: its match keys, and email and phone alone. */
export function storedKeys(identity: Identity): string[] {
  const keys = matchKeys(identity);
  if (identity.email !== undefined) keys.push(lookupKey('email', identity.email));
  if (identity.phone !== undefined) keys.push(lookupKey('phone', identity.phone));
  return keys;
}
