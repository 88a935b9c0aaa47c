import { rm } from 'node:fs/promises';
import { lockAccount } from '../ledger/account-lock.ts';
import { openLedger } from '../ledger/ledger.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { incomingCopyOf } from './run-folder.ts';

/**
 * Holds the lock of an account and a ledger while the work lasts.
 *
 * @param work Gets the ledger, and a place for a copy of its input that is gone afterwards, a killed run's included.
 * @throws RunError `account_busy`, `not_writable`
 */
export async function holdAccount<T>(
  account: string,
  ledgerFile: string,
  work: (ledger: Ledger, incoming: string) => Promise<T>,
): Promise<T> {
  const lock = lockAccount(account);
  try {
    const ledger = openLedger(ledgerFile);
    const incoming = incomingCopyOf(ledgerFile, account);
    try {
      return await work(ledger, incoming);
    } finally {
      ledger.close();
      await rm(incoming, { force: true });
    }
  } finally {
    lock.release();
  }
}
