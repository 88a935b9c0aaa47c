import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readCsv } from './read-csv.ts';

const folder = dirname(fileURLToPath(import.meta.resolve('csv-spectrum')));
const names = readdirSync(join(folder, 'csvs')).map((name) => name.replace('.csv', ''));

describe('csv-spectrum', () => {
  it('has twelve files', () => {
    expect(names).toHaveLength(12);
  });

  it.each(names)('%s', async (name) => {
    const bytes = readFileSync(join(folder, 'csvs', `${name}.csv`));
    const { file, rows } = await readCsv(bytes);
    const parsed: unknown = JSON.parse(readFileSync(join(folder, 'json', `${name}.json`), 'utf8'));
    const expected = [parsed].flat() as Record<string, string>[];
    const columns = file.header;
    // The JSON of this file has different digits than its CSV.
    if (name === 'location_coordinates') expected[0]!['Contact Phone Number'] = '2095257564';
    expect(rows.map(({ cells }) => Object.fromEntries(columns.map((column, index) => [column, cells[index]])))).toEqual(
      expected,
    );
    expect(rows.every(({ damage }) => damage === undefined)).toBe(true);
  });
});
