import { setTimeout as sleep } from 'node:timers/promises';
import { RunError } from '../../core/outcome/run-error.ts';
import { lockFile } from '../../ledger/database.ts';

const longestWait = 60_000;
const gap = 50;

/**
 * One writer of reports at a time: `report` may be typed while a run ends, and must neither mix its files with the run's nor
 * put older ones over them. The lock is next to the ledger and ends with its process.
 *
 * @throws RunError `not_writable`
 */
export async function withReportLock<T>(ledgerFile: string, work: () => Promise<T>): Promise<T> {
  const file = `${ledgerFile}.reports`;
  for (let waited = 0; waited <= longestWait; waited += gap) {
    const lock = lockFile(file);
    if (lock === undefined) await sleep(gap);
    else {
      try {
        return await work();
      } finally {
        lock.release();
      }
    }
  }
  throw new RunError('not_writable', 'Another process has been writing reports for a minute', {
    hint: 'Wait until it has ended, then run the same command again.',
  });
}
