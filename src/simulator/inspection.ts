import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ContactStore } from './contact-store.ts';

const CONTACTS_PER_CHUNK = 500;

/** Streams `{"contacts":[...]}`: a million contacts would not fit into one string. */
export async function sendContacts(response: ServerResponse, store: ContactStore): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  try {
    await pipeline(Readable.from(contactsAsJson(store)), response);
  } catch {
    // The client disconnected before the end, so there is no one left to answer.
  }
}

function* contactsAsJson(store: ContactStore): Generator<string> {
  const records = store.all();
  yield '{"contacts":[';
  for (let start = 0; start < records.length; start += CONTACTS_PER_CHUNK) {
    const chunk = records.slice(start, start + CONTACTS_PER_CHUNK).map((record) => JSON.stringify(record.snapshot()));
    yield (start === 0 ? '' : ',') + chunk.join(',');
  }
  yield ']}\n';
}
