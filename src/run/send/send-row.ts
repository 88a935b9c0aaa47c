import type { Contact } from '../../core/api/contact.ts';
import type { GleantapClient } from '../../gleantap/client.ts';
import type { RequestResult, RequestRunner } from '../requests/request-runner.ts';

/** How a row's requests ended; the value is the contact's `_id`. `stopped` leaves the row pending. */
export type RowResult = RequestResult<string>;

/** What to send for a row. */
export interface RowRequest {
  readonly row: number;
  /** The payloads, one request each, in the order in which they are sent. */
  readonly contacts: readonly Contact[];
  /** How many of them an earlier part of the run has sent with success. They are not sent again. */
  readonly applied: number;
  /** Called when the first of two requests succeeded: once that is stored, it is not sent again. */
  onApplied(attempts: number): void;
}

/** Sends a row's requests in order. Never throws for anything that the network does. */
export type SendRow = (request: RowRequest) => Promise<RowResult>;

export function createSendRow(runner: RequestRunner, client: Pick<GleantapClient, 'newContact'>): SendRow {
  return async ({ row, contacts, applied, onApplied }) => {
    let attempts = 0;
    let last: RowResult = { kind: 'stopped' };
    for (let step = applied; step < contacts.length; step += 1) {
      const contact = contacts[step] ?? {};
      last = await runner.run({
        row,
        values: () => Object.values(contact),
        send: (signal, connection) => client.newContact(contact, signal, connection),
      });
      if (last.kind === 'stopped') return last;
      attempts += last.attempts;
      // What the first request has changed stays: the row is partly applied.
      if (last.kind !== 'succeeded')
        return { ...last, attempts, ...(step === 0 ? {} : { code: 'partly_applied', isRefusal: false }) };
      if (step + 1 < contacts.length) onApplied(attempts);
    }
    return { ...last, attempts };
  };
}
