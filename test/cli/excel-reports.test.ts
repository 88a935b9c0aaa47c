import { readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { openPromise } from 'yauzl';
import { workbook } from '../../fixtures/generate/workbook.mjs';
import { zip } from '../../fixtures/generate/zip.mjs';
import type { Part } from '../../fixtures/generate/zip.mjs';
import { read } from '../excel/read.ts';
import { gleantapImport, readReport, simulator, workplace } from './harness.ts';
import { hasLibreOffice, throughLibreOffice } from './libre-office.ts';

const mapping = {
  version: 1,
  name: 'people',
  country: 'US',
  csv: { sheet: 'Members' },
  fields: {
    user_id: 'Id',
    first_name: 'First',
    last_name: 'Last',
    email: { column: 'Email', onInvalid: 'fail' },
    phone: { column: 'Phone', onInvalid: 'fail' },
    dob: 'Born',
    zip: 'Zip',
    type: { column: 'Status', values: { Active: 'member', Gone: 'past' } },
  },
  attributes: { note: 'Note' },
};
const header = ['Id', 'First', 'Last', 'Email', 'Phone', 'Born', 'Zip', 'Status', 'Note'];
const good = ['1', 'Ana', 'Diaz', 'ana@example.com', '2125550101', '1990-05-04', '04101', 'Active', ''];
/** One wrong cell each, and everything that a spreadsheet would run or rewrite. */
const bad = [
  ['002', "'t", "'t Hooft", 'bo@example.com', '+1 212 555 0102', 'soon', '04101', 'Active', '=1+1'],
  ['003', 'Cy', 'Li', 'cy at example', '(212) 555-0103', '1991-01-02', '04102', 'Active', "'quoted"],
  ['004', 'Di', 'Roe', 'di@example.com', '2125550104', '1992-03-04', '04103', 'Paused', ' _x0041_ two\nlines '],
];

const reportColumns = ['_row', '_problem', '_hint'];

/** The parts of an archive, to be changed and packed again. */
async function partsOf(file: string): Promise<Part[]> {
  const archive = await openPromise(file, { autoClose: false });
  const parts: Part[] = [];
  for await (const entry of archive.eachEntry())
    parts.push({ name: entry.fileName, text: await buffer(await archive.openReadStreamPromise(entry)) });
  archive.close();
  return parts;
}

/** Corrects cells of a workbook as a person does, by their texts. */
async function correct(file: string, corrections: readonly (readonly [string, string])[]): Promise<void> {
  const parts = await partsOf(file);
  const changed = parts.map((part) => {
    if (part.name !== 'xl/worksheets/sheet1.xml') return part;
    let text = String(part.text);
    for (const [wrong, right] of corrections) {
      expect(text.split(`>${wrong}</t>`)).toHaveLength(2);
      text = text.replace(`>${wrong}</t>`, `>${right}</t>`);
    }
    return { ...part, text };
  });
  await writeFile(file, zip(changed));
}

async function failedRun(more: readonly string[] = [], input = 'people.xlsx') {
  const [cwd, server] = await Promise.all([workplace(), simulator()]);
  const asStored = (text: string): string => text.replace('_x', '_x005F_x');
  const rows = [header, good, [], ...bad.map((cells) => cells.map(asStored))];
  await writeFile(path.join(cwd, 'people.xlsx'), workbook({ sheets: [{ name: 'Members', rows }] }));
  await writeFile(path.join(cwd, 'people.csv'), [header.join(','), good.join(','), bad[1]?.join(',')].join('\n'));
  await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify(mapping));
  const args = ['--base-url', server.url, '--yes', '--rate', '0', '--max-invalid', '90%'];
  const run = async (file: string, out: string) =>
    gleantapImport(['run', file, '--out', out, ...args, ...more], { cwd });
  const ended = await run(input, 'first');
  expect(ended).toMatchObject({ code: 1 });
  return { cwd, server, ended, run, failure: path.join(cwd, 'first', 'failure.xlsx') };
}

describe('failure.xlsx', () => {
  it('has the rows of failure.csv as text, a mark and note on each wrong cell, lists of words, and a guide', async () => {
    const { failure } = await failedRun();
    const { rows, summary } = await read(await readFile(failure));
    expect(summary.sheet).toBe('Rows to correct');
    expect(rows[0]?.slice(0, 12)).toEqual([...reportColumns, ...header]);
    expect(rows.slice(1).map((cells) => cells[0])).toEqual(['4', '5', '6']);
    // Nothing is guarded but what begins with an apostrophe, from which reading takes one.
    expect(rows[1]?.slice(3, 12)).toEqual(bad[0]?.map((cell) => cell.replace(/^'/, "''")));
    expect(rows[3]?.slice(3, 12)).toEqual(bad[2]);
    const parts = new Map((await partsOf(failure)).map(({ name, text }) => [name, String(text)]));
    const sheet = parts.get('xl/worksheets/sheet1.xml') ?? '';
    expect([...sheet.matchAll(/<c r="(\w+)" s="3"/g)].map(([, place]) => place)).toEqual(['I2', 'G3', 'K4']);
    expect([...sheet.matchAll(/<c r="\w+" s="(\d)"/g)].every(([, style]) => style !== '0')).toBe(true);
    expect(sheet).toContain('state="frozen"');
    expect(sheet).toMatch(/<dataValidation type="list"[^>]*sqref="K2:K4"><formula1>Words!\$A\$1:\$A\$2</);
    expect(parts.get('xl/worksheets/sheet3.xml')).toMatch(/Active.*Gone/);
    expect([...(parts.get('xl/comments1.xml') ?? '').matchAll(/<comment ref="(\w+)"/g)]).toHaveLength(3);
    expect(parts.get('xl/workbook.xml')).toContain('How to use this file');
  });

  it('unchanged is the same report as failure.csv: nothing is sent, and the same cells fail', async () => {
    const { cwd, run, failure } = await failedRun();
    expect(await run(failure, 'again')).toMatchObject({ code: 1 });
    expect(await run(path.join(cwd, 'first', 'failure.csv'), 'csv')).toMatchObject({ code: 1 });
    const reports = await Promise.all(
      ['first', 'again', 'csv'].map(async (out) => readReport(path.join(cwd, out, 'failure.csv'))),
    );
    expect(reports[1]).toEqual(reports[2]);
    const cellsOf = (rows: readonly Record<string, string>[] = []) =>
      rows.map((row) => [row['_source_row'], ...header.map((name) => row[name])]);
    expect(cellsOf(reports[1])).toEqual(cellsOf(reports[0]));
  });

  const expectCorrected = async (isSaved: boolean): Promise<void> => {
    const { cwd, server, run, failure, ended } = await failedRun();
    expect(ended.stdout).toMatch(/Next: gleantap-import run first.failure\.xlsx/);
    await correct(failure, [
      ['soon', '1990-05-04'],
      ['cy at example', 'cy@example.com'],
      ['Paused', 'Gone'],
    ]);
    if (isSaved) await throughLibreOffice(cwd, failure);
    expect(await run(failure, 'second')).toMatchObject({ code: 0 });
    expect((await readReport(path.join(cwd, 'second', 'success.csv'))).map((row) => row['_row'])).toEqual([
      '2',
      '3',
      '4',
    ]);
    const contacts = server.contacts();
    expect(contacts).toMatchObject([
      { user_id: '1' },
      { user_id: '002', first_name: "'t", last_name: "'t Hooft", phone: '+12125550102', dob: '1990-05-04', zip: '04101', attributes: { note: '=1+1' } },
      { user_id: '003', email: 'cy@example.com', type: 'member', attributes: { note: "'quoted" } },
      { user_id: '004', type: 'past' },
    ]); // prettier-ignore
    for (const { attributes } of contacts)
      expect(Object.keys(attributes).filter((name) => name.startsWith('_'))).toEqual([]);
  };

  it('corrected in three cells sends exactly these rows, without its own columns', async () => expectCorrected(false));

  it.skipIf(!hasLibreOffice)('the same, saved by LibreOffice (skipped where it is not installed)', async () =>
    expectCorrected(true),
  );

  it('is written for a CSV file with --excel only, and by check, resume and report too', async () => {
    const plain = await failedRun([], 'people.csv');
    expect(existsSync(plain.failure)).toBe(false);
    const { cwd, failure } = await failedRun(['--excel'], 'people.csv');
    expect(existsSync(failure)).toBe(true);
    await writeFile(failure, '');
    expect(await gleantapImport(['report', 'first'], { cwd })).toMatchObject({ code: 0 });
    expect((await read(await readFile(failure))).rows).toHaveLength(2);
    expect(await gleantapImport(['check', 'people.csv', '--excel', '--out', 'checked'], { cwd })).toMatchObject({
      code: 1,
    });
    expect((await read(await readFile(path.join(cwd, 'checked', 'failure.xlsx')))).rows).toHaveLength(2);
  });

  it('is not written where Excel cannot hold a cell: failure.csv has all rows', async () => {
    const [cwd, server] = await Promise.all([workplace(), simulator()]);
    await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify(mapping));
    await writeFile(path.join(cwd, 'people.csv'), [header.join(','), [...good.slice(0, 5), 'soon', '', '', 'x'.repeat(40_000)].join(',')].join('\n')); // prettier-ignore
    const args = [
      'run',
      'people.csv',
      '--excel',
      '--out',
      'out',
      '--base-url',
      server.url,
      '--yes',
      '--max-invalid',
      '100%',
    ];
    const ended = await gleantapImport(args, { cwd });
    expect(ended.stdout).toMatch(/Next: .*failure\.csv/);
    expect(existsSync(path.join(cwd, 'out', 'failure.xlsx'))).toBe(false);
    expect(await readReport(path.join(cwd, 'out', 'failure.csv'))).toHaveLength(1);
  });
});
