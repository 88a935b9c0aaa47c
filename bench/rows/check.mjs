import path from 'node:path';
import { alternate, cli, median, ratio, rival, run, workplace } from '../measure.mjs';

/** `check` of 100,000 rows against csv-parse alone, and against the physical limit. */
export async function check({ members }) {
  const file = await members(100_000);
  let nth = 0;
  const results = await alternate(5, {
    ours: () => run('node', [cli, 'check', file, '--mapping', path.join(workplace, 'mapping.json'), '--out', path.join(workplace, `check-${(nth += 1)}`), '--json', '--quiet'], { codes: [0, 1] }), // prettier-ignore
    parse: () => run('node', [rival('csv-parse-alone.mjs'), file]),
    newlines: () => run('node', [rival('count-newlines.mjs'), file]),
  });
  const of = (name, what) => results[name].map((result) => result[what]);
  const rate = (name) => Math.round(100_000 / (median(of(name, 'ms')) / 1000));
  return [
    { what: 'check 100,000 rows x 20 columns / csv-parse alone: time', unit: 'x', ...ratio(of('ours', 'ms'), of('parse', 'ms')), most: 2 }, // prettier-ignore
    { what: 'the same: CPU', unit: 'x', ...ratio(of('ours', 'cpuMs'), of('parse', 'cpuMs')) },
    { what: 'the same: peak memory', unit: 'x', ...ratio(of('ours', 'peakMb'), of('parse', 'peakMb')) },
    { what: 'check / counting line ends: time', unit: 'x', ...ratio(of('ours', 'ms'), of('newlines', 'ms')) },
    { what: 'check / counting line ends: CPU', unit: 'x', ...ratio(of('ours', 'cpuMs'), of('newlines', 'cpuMs')) },
    { what: 'check', unit: 'rows/s', median: rate('ours') },
    { what: 'csv-parse alone', unit: 'rows/s', median: rate('parse') },
  ];
}
