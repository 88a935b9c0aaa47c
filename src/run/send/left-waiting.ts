import { listKeys } from '../../core/api/match-keys.ts';
import type { MatchKeys } from '../../core/api/match-keys.ts';
import { TextHash } from '../../core/people/text-hash.ts';
import { createRowCursor } from '../../ledger/row-cursor.ts';
import type { RunContext, RunFile } from '../model.ts';
import { readRunFile } from '../files/run-folder.ts';
import { feedOf } from '../setup.ts';

type OpenRun = (folder: string, file: RunFile) => Promise<Pick<RunContext, 'csv' | 'map'>>;

/**
 * Finds the rows that go first: those of people whom the feed's last run left pending when it stopped. If some of them had been
 * left by an earlier run too, only these go first, so that a deadline never postpones the same people again and again.
 *
 * @param openRun Opens the input copy and the mapping of the last run.
 * @returns Row numbers, closed under shared match keys: all rows of a person are in one sweep, which keeps their order.
 */
export async function rowsLeftWaiting(current: RunContext, openRun: OpenRun): Promise<ReadonlySet<number>> {
  const keys = await keysLeftWaiting(current, openRun);
  const rows = new Set<number>();
  for (let size = -1; keys.size > size && keys.size > 0;) {
    size = keys.size;
    for await (const batch of current.csv.batches()) {
      for (const { row, cells, damage } of batch.rows) {
        if (damage !== undefined || rows.has(row)) continue;
        const own = hashesOf(current.map(cells).keys);
        if (!own.some((key) => keys.has(key))) continue;
        rows.add(row);
        for (const key of own) keys.add(key);
      }
    }
  }
  return rows;
}

async function keysLeftWaiting({ file: current, ledger }: RunContext, openRun: OpenRun): Promise<Set<number>> {
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
      for (const key of hashesOf(context.map(cells).keys)) {
        all.add(key);
        if (stored?.goesFirst === true) leftAgain.add(key);
      }
    }
  }
  return leftAgain.size > 0 ? leftAgain : all;
}

const hash = new TextHash();

/** 52 bits of each key's hash: a number takes less memory than a text. If two keys collide, a row merely goes early. */
function hashesOf(keys: MatchKeys): number[] {
  return listKeys(keys).map((key) => {
    const { low, high } = hash.of(key);
    return high * 2 ** 20 + (low >>> 12);
  });
}
