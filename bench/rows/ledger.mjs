import path from 'node:path';
import { alternate, median, rival, run, workplace } from '../measure.mjs';

const rows = 100_000;

/** What the ledger costs per row, by itself: outcomes recorded in group commits. */
export async function ledger() {
  let nth = 0;
  const results = await alternate(3, {
    ours: async () => Number((await run('node', [rival('ledger-alone.mjs'), path.join(workplace, `alone-${(nth += 1)}.db`), String(rows)])).stdout), // prettier-ignore
  });
  const spread = { low: Math.min(...results.ours), high: Math.max(...results.ours) };
  return [{ what: 'ledger: an outcome, in group commits', unit: 'us', median: median(results.ours), ...spread }];
}
