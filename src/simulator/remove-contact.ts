import type { JsonObject } from './admission.ts';
import type { ContactStore } from './contact-store.ts';
import type { Exchange } from './exchange.ts';
import { failure } from './fault-staging.ts';

/** API page removeContact: gone at once, whatever becomes of the answer. */
export function removeContact(store: ContactStore, exchange: Exchange, { id }: JsonObject): () => void {
  if (typeof id !== 'string' || id.trim() === '')
    return () => exchange.json(400, failure('id is required and must be a non-empty string'));
  if (!store.remove(id.trim())) return () => exchange.json(400, failure('Invalid request: no contact has this id'));
  return () => exchange.json(200, { result: 'success' });
}
