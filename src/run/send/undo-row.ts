import type { CustomerQuery, GleantapClient } from '../../gleantap/client.ts';
import type { RequestRunner } from '../requests/request-runner.ts';
import type { RowResult, SendRow } from './send-row.ts';

const ended = { status: undefined, detail: undefined, isRefusal: false };

/**
 * Undoes a row: removes its contact, or puts back what it was. Each contact is looked at once more, and kept if it changed since.
 *
 * @param since When the run ended that is undone, as an ISO time.
 */
export function createUndoRow(
  runner: RequestRunner,
  client: Pick<GleantapClient, 'newContact' | 'removeContact' | 'getCustomers'>,
  since: string,
): SendRow {
  return async ({ row, contacts: [contact = {}] }) => {
    const { _id, ...before } = contact;
    const id = String(_id);
    const values = (): readonly unknown[] => Object.values(before);
    const isThere = async (query: CustomerQuery): Promise<boolean | RowResult> => {
      const found = await runner.run({ row, values, send: async (signal) => client.getCustomers(query, signal) });
      return found.kind === 'succeeded' ? found.value.some((person) => person.id === id) : found;
    };
    const changed = await isThere({ _id: id, updated_since: since });
    if (typeof changed !== 'boolean') return changed;
    if (changed) return { ...ended, kind: 'failed', code: 'changed_since', attempts: 1 };
    if (Object.keys(before).length === 0) {
      const removed = await runner.run({
        row,
        values,
        send: async (signal, connection) => client.removeContact(id, signal, connection),
      });
      if (removed.kind !== 'failed' || !removed.isRefusal) return removed;
      // An answer that was lost, or a process that was killed, may have removed it already.
      const there = await isThere({ _id: id });
      if (typeof there !== 'boolean') return there;
      return there
        ? removed
        : { kind: 'succeeded', value: id, attempts: removed.attempts, status: removed.status ?? 0 };
    }
    const restored = await runner.run({
      row,
      values,
      send: async (signal, connection) => client.newContact(before, signal, connection),
    });
    if (restored.kind !== 'succeeded' || restored.value === id) return restored;
    const { attempts, status } = restored;
    return { ...ended, kind: 'failed', code: 'restored_elsewhere', attempts, status, detail: restored.value };
  };
}
