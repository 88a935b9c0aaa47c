import type { SeedContact } from './contact.ts';
import { HolderIndex } from './holder-index.ts';
import { ContactRecord } from './contact-record.ts';
import type { ContactWrite } from './contact-write.ts';
import { lookupKey, storedKeys } from './match-keys.ts';
import { hash32 } from './seeded.ts';

/** The contacts of the simulated account. */
export class ContactStore {
  /** In order of creation. */
  readonly #records: ContactRecord[] = [];
  readonly #byId = new Map<string, ContactRecord>();
  readonly #byKey = new HolderIndex<ContactRecord>();
  readonly #optedOut = new Set<ContactRecord>();
  readonly #idPrefix: string;
  #created = 0;

  constructor(seed: number, contacts: readonly SeedContact[]) {
    this.#idPrefix = hash32(`contact ids ${seed}`).toString(16).padStart(8, '0');
    for (const { tags = [], attributes = {}, ...fields } of contacts) {
      this.#create({ fields, tags, tagAction: 'add', attributes: Object.entries(attributes) });
    }
  }

  get size(): number {
    return this.#records.length;
  }

  /**
   * Updates the contact that the first matching key finds, else creates one.
   * @param keys the match keys of the sent fields, strongest first
   */
  write(write: ContactWrite, keys: readonly string[]): ContactRecord {
    const known = this.#findByKeys(keys);
    const record = known === undefined ? this.#create(write) : this.#update(known, write);
    record.countWrite();
    return record;
  }

  /** Returns whether the contact was there. */
  remove(id: string): boolean {
    const record = this.#byId.get(id);
    if (record === undefined) return false;
    this.#records.splice(this.#records.indexOf(record), 1);
    this.#byId.delete(id);
    for (const key of storedKeys(record.fields)) this.#byKey.remove(key, record);
    this.#optedOut.delete(record);
    return true;
  }

  /** All contacts in order of creation. */
  all(): readonly ContactRecord[] {
    return this.#records;
  }

  /** The contacts that opted out of email or SMS, in the order in which they did. */
  optedOut(): Iterable<ContactRecord> {
    return this.#optedOut;
  }

  byId(id: string): Iterable<ContactRecord> {
    const record = this.#byId.get(id);
    return record === undefined ? [] : [record];
  }

  by(field: 'user_id' | 'email' | 'phone', value: string): Iterable<ContactRecord> {
    return this.#byKey.all(lookupKey(field, value));
  }

  #findByKeys(keys: readonly string[]): ContactRecord | undefined {
    for (const key of keys) {
      const record = this.#byKey.first(key);
      if (record !== undefined) return record;
    }
    return undefined;
  }

  #create(write: ContactWrite): ContactRecord {
    const id = this.#idPrefix + (this.#created += 1).toString(16).padStart(16, '0');
    const record = new ContactRecord(id, write, Date.now());
    this.#records.push(record);
    this.#byId.set(id, record);
    for (const key of storedKeys(record.fields)) this.#byKey.add(key, record);
    this.#noteOptout(record);
    return record;
  }

  #update(record: ContactRecord, write: ContactWrite): ContactRecord {
    const before = storedKeys(record.fields);
    record.apply(write, Date.now());
    const after = storedKeys(record.fields);
    for (const key of before) if (!after.includes(key)) this.#byKey.remove(key, record);
    for (const key of after) if (!before.includes(key)) this.#byKey.add(key, record);
    this.#noteOptout(record);
    return record;
  }

  #noteOptout(record: ContactRecord): void {
    if (record.smsOptoutSince === undefined && record.emailOptoutSince === undefined) this.#optedOut.delete(record);
    else this.#optedOut.add(record);
  }
}
