import { createReadStream, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse';
import { stringify } from 'csv-stringify/sync';
import { workbook } from '../../fixtures/generate/workbook.mjs';
import { mapping as whole } from '../data.mjs';
import { alternate, cli, median, ratio, run, workplace } from '../measure.mjs';

const rows = 60_000;
const columns = 13;
const day = (text) => new Date(`${text.split(' ')[0]} 00:00 UTC`);

/** `check` of an Excel workbook against `check` of the same rows as CSV: 13 columns, with real dates and ZIP codes as masked numbers. */
export async function excel({ members }) {
  const [asCsv, asExcel] = [[], []];
  for await (const cells of createReadStream(await members(rows)).pipe(parse({ to: rows + 1 }))) {
    const kept = cells.slice(0, columns);
    if (asCsv.length === 0) {
      asCsv.push(kept);
      asExcel.push(kept);
      continue;
    }
    const dates = [day(kept[6]), day(kept[7])];
    asCsv.push(kept.with(6, iso(dates[0])).with(7, iso(dates[1])));
    const serials = dates.map((date) => ({ v: date.getTime() / 86_400_000 + 25_569, format: 14 }));
    asExcel.push(kept.with(0, Number(kept[0])).with(6, serials[0]).with(7, serials[1]).with(12, { v: Number(kept[12]), format: '00000' })); // prettier-ignore
  }
  const file = (name) => path.join(workplace, name);
  writeFileSync(file('excel.csv'), stringify(asCsv));
  writeFileSync(file('excel.xlsx'), workbook({ sheets: [{ name: 'Members', rows: asExcel }] }));
  const { user_id, first_name, last_name, email, phone, gender, address, city, state, zip } = whole.fields;
  const fields = { user_id, first_name, last_name, email, phone, dob: 'Birth Date', created_date: 'Join Date', gender, address, city, state, zip }; // prettier-ignore
  writeFileSync(file('excel.json'), JSON.stringify({ ...whole, fields, attributes: {}, ignore: [] }));

  let nth = 0;
  const check = (name) => () =>
    run('node', [cli, 'check', file(name), '--mapping', file('excel.json'), '--out', file(`check-excel-${(nth += 1)}`), '--json', '--quiet'], { codes: [0, 1] }); // prettier-ignore
  const results = await alternate(3, { xlsx: check('excel.xlsx'), csv: check('excel.csv') });
  const of = (name, what) => results[name].map((result) => result[what]);
  const counts = (name) => JSON.stringify(JSON.parse(results[name][0].stdout).counts);
  if (counts('xlsx') !== counts('csv')) throw new Error(`${counts('xlsx')} is not ${counts('csv')}`);
  return [
    { what: 'check 60,000 rows x 13 columns as .xlsx / as CSV: time', unit: 'x', ...ratio(of('xlsx', 'ms'), of('csv', 'ms')), most: 2.5 }, // prettier-ignore
    { what: 'the same: peak memory above that of CSV', unit: 'MB', median: median(of('xlsx', 'peakMb')) - median(of('csv', 'peakMb')), most: 60 }, // prettier-ignore
    { what: 'check of the .xlsx', unit: 's', median: median(of('xlsx', 'ms')) / 1000 },
  ];
}

function iso(date) {
  return date.toISOString().slice(0, 10);
}
