import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { alternate, cli, median, run, workplace } from '../measure.mjs';

/** What a start costs compared to `node -e 0`. */
export async function startUp() {
  const empty = path.join(workplace, 'empty.csv');
  writeFileSync(empty, 'Member ID,First Name,Last Name,Email\n');
  const mapping = path.join(workplace, 'small.json');
  writeFileSync(mapping, JSON.stringify({ version: 1, name: 'small', fields: { user_id: 'Member ID', first_name: 'First Name', last_name: 'Last Name', email: 'Email' } })); // prettier-ignore
  let nth = 0;
  const results = await alternate(9, {
    node: () => run('node', ['-e', '0']),
    version: () => run('node', [cli, '--version']),
    help: () => run('node', [cli, '--help']),
    check: () => run('node', [cli, 'check', empty, '--mapping', mapping, '--out', path.join(workplace, `empty-${(nth += 1)}`)]), // prettier-ignore
  });
  const above = (name, what, most) => {
    const each = results[name].map(({ ms }, index) => ms - results.node[index].ms);
    const spread = { low: Math.min(...each), high: Math.max(...each) };
    return { what, unit: 'ms', median: median(each), ...spread, ...(most === undefined ? {} : { most }) };
  };
  return [
    above('version', '--version above node -e 0', 80),
    above('help', '--help above node -e 0'),
    above('check', 'check of an empty list above node -e 0'),
  ];
}
