import path from 'node:path';
import { alternate, importFile, ratio, rival, run, withServer, workplace } from '../measure.mjs';

/** A night in which nothing changed: 100,000 rows with `--only-changed`. */
export async function onlyChanged({ members }) {
  const file = await members(100_000);
  const args = ['-c', '32', '--ledger', path.join(workplace, 'nightly.db'), '--only-changed'];
  return withServer(0, async (url, stats) => {
    await importFile(file, url, { args: [...args, '--new-ledger'], codes: [0, 1] });
    await stats();
    const results = await alternate(3, {
      ours: () => importFile(file, url, { args, codes: [0, 1], isPinned: false }),
      parse: () => run('node', [rival('csv-parse-alone.mjs'), file]),
    });
    const { count } = await stats();
    const times = (name) => results[name].map(({ ms }) => ms);
    return [
      { what: '--only-changed, 100,000 rows, nothing changed: requests', unit: '', median: count, most: 0 },
      { what: 'the same / csv-parse alone: time', unit: 'x', ...ratio(times('ours'), times('parse')), most: 2.5 },
    ];
  });
}
