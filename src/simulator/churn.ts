import type { JsonObject } from './admission.ts';
import type { ContactStore } from './contact-store.ts';
import { matchKeys } from './match-keys.ts';

const filters = ['_id', 'user_id', 'email', 'phone', 'updated_since'];

/** People who change while an account is read page by page: some come, some are edited, and the oldest are removed. */
export function createChurn(store: ContactStore, people: number): (body: JsonObject) => void {
  let pages = 0;
  return (body) => {
    if (people === 0 || filters.some((name) => body[name] !== undefined)) return;
    // Not after every page, or a reading would never come to the end of a list that always grows.
    pages += 1;
    if (pages % 4 === 1) change(store, people);
  };
}

function change(store: ContactStore, people: number): void {
  for (const { id } of store.all().slice(0, people)) store.remove(id);
  for (const { fields } of store.all().slice(0, people)) write({ ...fields, last_name: 'Churned' });
  for (let more = 0; more < people; more += 1)
    write({ first_name: 'Churn', last_name: 'Added', email: `after-${store.all().at(-1)?.id}@example.com` });

  function write(fields: { first_name: string; last_name: string; email?: string; phone?: string }): void {
    store.write({ fields, tags: [], tagAction: 'add', attributes: [] }, matchKeys(fields));
  }
}
