import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { RunError } from '../../core/outcome/run-error.ts';
import { lockAccount } from '../../ledger/account-lock.ts';
import { openLedger } from '../../ledger/ledger.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { incomingCopyOf } from './run-folder.ts';

/** @throws RunError `usage` for a ledger that does not exist, where a new one would be no memory. */
export function requireLedger(file: string, hint: string): void {
  if (!existsSync(file)) throw new RunError('usage', `There is no ledger at ${file}`, { hint });
}

/**
 * Holds the lock of an account and a ledger while the work lasts.
 *
 * @param work Gets the ledger, and a place for a copy of its input that is gone afterwards, a killed run's included.
 * @throws RunError `account_busy`, `not_writable`
 */
export async function withAccountLock<T>(
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
