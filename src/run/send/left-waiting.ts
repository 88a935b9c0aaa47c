import { listKeys } from '../../core/api/match-keys.ts';
import type { MatchKeys } from '../../core/api/match-keys.ts';
import { TextHash } from '../../core/people/text-hash.ts';
import { openContext } from '../context.ts';
import type { RunContext } from '../model.ts';
import { createRowCursor } from '../files/row-cursor.ts';
import { readRunFile } from '../files/run-folder.ts';
import { feedOf } from '../setup.ts';

/**
 * Rows of tonight's file whose people the feed's last run left pending when it stopped. Of those, people who had been left by an
 * earlier run already come before everybody else, so that nobody waits for ever behind a deadline.
 *
 * @returns Row numbers, closed under shared match keys: all rows of one person, in one sweep, keep their order.
 */
export async function rowsLeftWaiting(tonight: RunContext): Promise<ReadonlySet<number>> {
  const keys = await keysLeftWaiting(tonight);
  const rows = new Set<number>();
  for (let size = -1; keys.size > size && keys.size > 0;) {
    size = keys.size;
    for await (const batch of tonight.csv.batches()) {
      for (const { row, cells, damage } of batch.rows) {
        if (damage !== undefined || rows.has(row)) continue;
        const own = hashesOf(tonight.map(cells).keys);
        if (!own.some((key) => keys.has(key))) continue;
        rows.add(row);
        for (const key of own) keys.add(key);
      }
    }
  }
  return rows;
}

async function keysLeftWaiting({ file: tonight, ledger }: RunContext): Promise<Set<number>> {
  const own = feedOf(tonight);
  const last = ledger
    .listRuns({ account: own.account })
    .find(
      ({ id, feed, kind, state }) =>
        id < tonight.run && feed === own.feed && kind === 'full' && state !== 'checking' && state !== 'refused',
    );
  const all = new Set<number>();
  const again = new Set<number>();
  if (last === undefined || last.state === 'finished') return all;
  // Who waited is nice to know; a folder that is gone or can't be read any more must not keep tonight's run from going.
  const file = await readRunFile(last.out).catch(() => undefined);
  if (file === undefined) return all;
  const context = await openContext(last.out, file, ledger, () => undefined).catch(() => undefined);
  if (context === undefined) return all;
  const storedAt = createRowCursor(ledger, last.id);
  for await (const { rows } of context.csv.batches()) {
    for (const { row, cells, damage } of rows) {
      const stored = storedAt(row);
      if (damage !== undefined || (stored !== undefined && stored.outcome !== 'pending')) continue;
      for (const key of hashesOf(context.map(cells).keys)) {
        all.add(key);
        if (stored?.goesFirst === true) again.add(key);
      }
    }
  }
  return again.size > 0 ? again : all;
}

const hash = new TextHash();

/** 52 bits of each key's hash: a number takes less room than a text, and a stranger who goes first by chance does no harm. */
function hashesOf(keys: MatchKeys): number[] {
  return listKeys(keys).map((key) => {
    const { low, high } = hash.of(key);
    return high * 2 ** 20 + (low >>> 12);
  });
}
