import { alternate, importFile, median, withServer } from '../measure.mjs';

const rows = 50_000;

/** What it costs to read an account of 50,000 people, store it, and judge 50,000 rows by it. */
export async function compare({ members }) {
  const file = await members(rows);
  const work = async (url) =>
    alternate(3, {
      without: () => importFile(file, url, { args: ['-c', '32'], codes: [0, 1] }),
      with: () => importFile(file, url, { args: ['-c', '32', '--compare'], codes: [0, 1] }),
    });
  const results = await withServer(0, work, file);
  const of = (name, read) => median(results[name].map(read));
  const { compared } = results.with[0].summary;
  const more = (read) => of('with', read) - of('without', read);
  return [
    {
      what: `--compare: ${compared.known.toLocaleString('en')} known of an account of ${compared.account.toLocaleString('en')}`,
    },
    { what: '--compare, 50,000 people and 50,000 rows: time above the run without it, calls included', unit: 's', median: more(({ ms }) => ms / 1000), most: 3 }, // prettier-ignore
    { what: 'the same: peak memory above the run without it', unit: 'MB', median: more(({ peakMb }) => peakMb), most: 60 }, // prettier-ignore
  ];
}
