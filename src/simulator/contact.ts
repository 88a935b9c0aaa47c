/** The documented fields of a contact, minus `app_id`, `tags` and `tag_action` (API page newContact). */
export interface ContactFields {
  first_name: string;
  last_name: string;
  email?: string;
  phone?: string;
  address?: string;
  city?: string;
  state?: string;
  zip?: string;
  source?: string;
  user_id?: string;
  dob?: string;
  created_date?: string;
  gender?: string;
  type?: string;
  status?: string;
  location?: string;
  optin_sms?: boolean;
  optout_email?: boolean;
}

/** A contact that the account holds before the first request. */
export interface SeedContact extends ContactFields {
  tags?: readonly string[];
  attributes?: Readonly<Record<string, unknown>>;
}

/** The ground truth about one contact, as `GET /_simulator/contacts` shows it: a copy, safe to keep. */
export interface StoredContact extends Readonly<ContactFields> {
  readonly id: string;
  readonly tags: readonly string[];
  /** Custom attributes; an object without a prototype, so that even `__proto__` is a plain key. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** How many newContact requests created or updated this contact. A seeded one starts with 0. */
  readonly writes: number;
  readonly created: string;
  readonly updated: string;
}
