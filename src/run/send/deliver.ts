import type { Contact } from '../../core/api/contact.ts';
import type { GleantapClient } from '../../gleantap/client.ts';
import type { Called, Caller } from './calls.ts';

/** How a row's requests ended; the value is the contact's `_id`. `stopped` leaves the row pending. */
export type Delivery = Called<string>;

/** A row on its way to the server. */
export interface Parcel {
  readonly row: number;
  /** In the order in which they are sent. */
  readonly requests: readonly Contact[];
  /** How many of them an earlier part of the run has got through; they are not sent again. */
  readonly applied: number;
  /** Told when the first of two requests got through: what is booked then is not sent again. */
  onApplied(attempts: number): void;
}

/** Sends a row's requests in order. Never throws for anything the network does. */
export type Deliver = (parcel: Parcel) => Promise<Delivery>;

export function createDeliver(caller: Caller, client: GleantapClient): Deliver {
  return async ({ row, requests, applied, onApplied }) => {
    let attempts = 0;
    let last: Delivery = { kind: 'stopped' };
    for (let step = applied; step < requests.length; step += 1) {
      const contact = requests[step] ?? {};
      last = await caller.call({
        row,
        values: () => Object.values(contact),
        send: (signal, connection) => client.newContact(contact, signal, connection),
      });
      if (last.kind === 'stopped') return last;
      attempts += last.attempts;
      // What a first request has put through stays: the row is partly applied.
      if (last.kind !== 'succeeded')
        return { ...last, attempts, ...(step === 0 ? {} : { code: 'partly_applied', isRefusal: false }) };
      if (step + 1 < requests.length) onApplied(attempts);
    }
    return { ...last, attempts };
  };
}
