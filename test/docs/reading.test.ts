import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { readCsv } from '../csv/read-csv.ts';

it('the example in docs/reading.md is read as described', async () => {
  const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/reading.md'), 'utf8');
  const [, csv = ''] = /```csv\n(.*?)```/s.exec(page) ?? [];
  const stated = [...page.matchAll(/^\| (\d+) +\| (.*?) +\|$/gm)].map(([, row, text]) => [Number(row), text]);
  const { rows } = await readCsv(csv);
  const found = rows.map(({ row, cells, damage }) => [
    row,
    damage === undefined ? cells.join(', ').replaceAll('\n', ' ') : `\`${damage.code}\``,
  ]);
  expect(stated).toHaveLength(5);
  expect(found).toEqual(stated);
});
