import type { ContactFields, StoredContact } from './contact.ts';
import type { ContactWrite } from './contact-write.ts';

/** One contact of the account, and how a request changes it. */
export class ContactRecord {
  readonly id: string;
  readonly created: number;
  readonly fields: ContactFields;
  /** When each opt-out began; undefined while there is none. */
  smsOptoutSince: number | undefined;
  emailOptoutSince: number | undefined;
  #updated: number;
  #writes = 0;
  #tags: readonly string[] = [];
  #attributes: Map<string, unknown> | undefined;

  constructor(id: string, write: ContactWrite, now: number) {
    this.id = id;
    this.created = now;
    this.#updated = now;
    this.fields = { first_name: write.fields.first_name, last_name: write.fields.last_name };
    this.#change(write, now);
  }

  /** Every sent field overwrites, names included; tags are added or removed (API page newContact). */
  apply(write: ContactWrite, now: number): void {
    this.#updated = now;
    this.#change(write, now);
  }

  /** Milliseconds since the epoch. */
  get updated(): number {
    return this.#updated;
  }

  countWrite(): void {
    this.#writes++;
  }

  snapshot(): StoredContact {
    const attributes: Record<string, unknown> = Object.create(null);
    for (const [name, value] of this.#attributes ?? []) attributes[name] = value;
    return {
      id: this.id,
      ...this.fields,
      tags: [...this.#tags],
      attributes,
      writes: this.#writes,
      created: new Date(this.created).toISOString(),
      updated: new Date(this.#updated).toISOString(),
    };
  }

  #change(write: ContactWrite, now: number): void {
    Object.assign(this.fields, write.fields);
    const { optin_sms, optout_email } = write.fields;
    if (optin_sms !== undefined) this.smsOptoutSince = optin_sms ? undefined : (this.smsOptoutSince ?? now);
    if (optout_email !== undefined) this.emailOptoutSince = optout_email ? (this.emailOptoutSince ?? now) : undefined;
    if (write.tags.length > 0) this.#changeTags(write.tags, write.tagAction);
    for (const [name, value] of write.attributes) (this.#attributes ??= new Map()).set(name, value);
  }

  #changeTags(named: readonly string[], action: 'add' | 'remove'): void {
    if (action === 'add') {
      this.#tags = [...new Set([...this.#tags, ...named])];
    } else {
      const unwanted = new Set(named);
      this.#tags = this.#tags.filter((tag) => !unwanted.has(tag));
    }
  }
}
