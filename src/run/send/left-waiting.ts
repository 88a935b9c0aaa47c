import { keyNumbers } from '../../core/people/key-hashes.ts';
import { createRowCursor } from '../../ledger/row-cursor.ts';
import type { RunContext, RunFile } from '../model.ts';
import { readRunFile } from '../files/run-folder.ts';
import { feedOf } from '../setup.ts';

type OpenRun = (folder: string, file: RunFile) => Promise<Pick<RunContext, 'csv' | 'map'>>;

/**
 * Finds the people who go first: those whom the feed's last run left pending when it stopped. If some of them had been left by an
 * earlier run too, only these go first, so that a deadline never postpones the same people again and again.
 *
 * @returns Their match keys, as `keyNumbers` numbers them. If two collide, a row merely goes early.
 */
export async function keysLeftWaiting(
  { file: current, ledger }: RunContext,
  openRun: OpenRun,
): Promise<ReadonlySet<number>> {
  const own = feedOf(current);
  const last = ledger
    .listRuns({ account: own.account })
    .find(
      ({ id, feed, kind, state }) =>
        id < current.run && feed === own.feed && kind === 'full' && state !== 'checking' && state !== 'refused',
    );
  const all = new Set<number>();
  const leftAgain = new Set<number>();
  if (last === undefined || last.state === 'finished') return all;
  // The order is a courtesy: a run folder that is gone or unreadable must not stop the current run.
  const file = await readRunFile(last.out).catch(() => undefined);
  if (file === undefined) return all;
  const context = await openRun(last.out, file).catch(() => undefined);
  if (context === undefined) return all;
  const storedAt = createRowCursor(ledger, last.id);
  for await (const { rows } of context.csv.batches()) {
    for (const { row, cells, damage } of rows) {
      const stored = storedAt(row);
      if (damage !== undefined || (stored !== undefined && stored.outcome !== 'pending')) continue;
      for (const key of keyNumbers(context.map(cells).keys)) {
        all.add(key);
        if (stored?.goesFirst === true) leftAgain.add(key);
      }
    }
  }
  return leftAgain.size > 0 ? leftAgain : all;
}
