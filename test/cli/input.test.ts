import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import type { AnySummary as Summary } from '../any-summary.ts';
import { gleantapImport, readReport, runFolderIn, simulator, workplace } from './harness.ts';

const header = 'Id,First,Last,Email,Height';
const csv = [
  header,
  '1,Ana,Diaz,ana@example.com,5\'10"', // row 2
  '2,Bo,Berg,bo@example.com,', // row 3
  'Page 1 of 2', // row 4
  header, // row 5
  '3,Cy,Lee,cy@example.com,', // row 6
  '4,Di,Park,di@example.com,six', // row 7: torn in two
  'foot', // row 8
  '', // row 9
  'Total: 4,,,,', // row 10
].join('\n');
const mapping = {
  version: 1,
  name: 'people',
  csv: { footer: String.raw`^(page \d+|total)\b` },
  fields: { user_id: 'Id', first_name: 'First', last_name: 'Last', email: 'Email' },
  attributes: { height: 'Height' },
};

it('gzip and pipes are read like any file; footers and repeated headers are not rows; torn rows are not sent', async () => {
  const [cwd, server] = [await workplace(), await simulator()];
  const packed = gzipSync(csv);
  await writeFile(path.join(cwd, 'people.csv.gz'), packed);
  await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify(mapping));
  const run = ['--yes', '--json', '--base-url', server.url, '--rate', '0', '--max-invalid', '50%'];

  const first = await gleantapImport(['run', 'people.csv.gz', ...run], { cwd });
  const summary = JSON.parse(first.stdout) as Summary;
  expect([first.code, summary.counts]).toEqual([
    1,
    { read: 5, blank: 1, repeatedHeaders: 1, footer: 2, succeeded: 3, failed: 2, unknown: 0, skipped: 0, pending: 0 },
  ]);
  const folder = runFolderIn(cwd);
  expect(path.basename(folder)).toMatch(/^people-\d/);
  const sent = await readReport(path.join(folder, 'success.csv'));
  expect(sent.map(({ _row, _warnings, Id }) => [_row, _warnings, Id])).toEqual([
    ['2', 'stray_quote', '1'],
    ['3', '', '2'],
    ['6', '', '3'],
  ]);
  const failed = await readReport(path.join(folder, 'failure.csv'));
  expect(failed.map(({ _row, _code, Id }) => [_row, _code, Id])).toEqual([
    ['7', 'torn_row', '4'],
    ['8', 'wrong_width', 'foot'],
  ]);

  // The same rows unpacked are the same input.
  const again = await gleantapImport(['run', '-', ...run], { cwd, stdin: csv });
  expect([again.code, (JSON.parse(again.stdout) as Summary).run]).toEqual([1, summary.run]);
  expect(
    readdirSync(path.dirname(folder), { withFileTypes: true }).filter((entry) => entry.isDirectory()),
  ).toHaveLength(1);

  const [check, explain, init] = await Promise.all([
    gleantapImport(['check', '-', '--out', 'checked'], { cwd, stdin: packed }),
    gleantapImport(['explain', '-', '--row', '6'], { cwd, stdin: packed }),
    gleantapImport(['init', 'people.csv.gz', '--mapping', 'drafted.json', '--json'], { cwd }),
  ]);
  expect(check.code).toBe(1);
  expect(check.stdout).toContain('5 rows, 1 blank line, 1 repeated header, 2 footer rows excluded');
  expect([explain.code, explain.stdout]).toEqual([0, expect.stringContaining('"cy@example.com"')]);
  expect((JSON.parse(init.stdout) as { mapping: unknown }).mapping).toMatchObject({
    csv: { footer: String.raw`^(?:Page\s+\d+\b|Total:\s+\d+$)` },
  });
});

it.each([
  [
    'an Excel workbook',
    Buffer.from('PK\x03\x04\x14\0\x06\0[Content_Types].xml', 'latin1'),
    /workbook.*xlsx file itself/s,
  ],
  ['half a gzip archive', gzipSync(csv).subarray(0, 60), /cut off/],
])('%s is named with exit 2, and leaves no files behind', async (_, bytes, named) => {
  const cwd = await workplace();
  await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify(mapping));
  const { code, stderr } = await gleantapImport(['check', '-'], { cwd, stdin: bytes });
  expect(code).toBe(2);
  expect(stderr).toMatch(named);
  expect(readdirSync(cwd).toSorted()).toEqual(['.env', 'gleantap-import', 'mapping.json']);
  expect(readdirSync(path.join(cwd, 'gleantap-import'))).toEqual([]);
});
