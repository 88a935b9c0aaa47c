import { statSync } from 'node:fs';
import path from 'node:path';
import { cli, importFile, run, withServer, workplace } from '../measure.mjs';

/** Peak memory of `check` and `run` by file size, with a slow server too; and the size of the ledger of a million rows. */
export async function memory({ members }) {
  const sizes = [10_000, 100_000, 1_000_000];
  const checks = [];
  const runs = [];
  let ledgerBytes = 0;
  await withServer(0, async (url) => {
    for (const rows of sizes) {
      const file = await members(rows);
      const out = path.join(workplace, `check-memory-${rows}`);
      checks.push(await run('node', [cli, 'check', file, '--mapping', path.join(workplace, 'mapping.json'), '--out', out, '--json', '--quiet'], { codes: [0, 1] })); // prettier-ignore
      const ledger = path.join(workplace, `memory-${rows}.db`);
      runs.push(await importFile(file, url, { args: ['-c', '32', '--ledger', ledger], codes: [0, 1] }));
      ledgerBytes = statSync(ledger).size;
    }
  });
  const slow = await withServer(2000, async (url) =>
    importFile(await members(100_000), url, { args: ['-c', '100'], codes: [130], stopAfter: 15_000 }),
  );
  const peaks = (list) => list.map(({ peakMb }) => peakMb);
  const line = (name, list) => [
    ...sizes.map((rows, index) => ({ what: `${name} of ${rows.toLocaleString('en')} rows: peak memory`, unit: 'MB', median: peaks(list)[index] })), // prettier-ignore
    { what: `${name}: peak memory of 1,000,000 rows above that of 10,000`, unit: 'MB', median: peaks(list)[2] - peaks(list)[0], most: 60 }, // prettier-ignore
  ];
  return [
    ...line('check', checks),
    ...line('run', runs),
    { what: 'run of 100,000 rows, a server that answers in 2 s, concurrency 100: peak memory', unit: 'MB', median: slow.peakMb }, // prettier-ignore
    { what: 'check of 1,000,000 rows', unit: 's', median: checks[2].ms / 1000 },
    { what: 'run of 1,000,000 rows on loopback, all passes', unit: 's', median: runs[2].ms / 1000 },
    { what: 'ledger of 1,000,000 rows', unit: 'MB', median: ledgerBytes / 2 ** 20 },
  ];
}
