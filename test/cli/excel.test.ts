import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeXlsx } from 'hucre/xlsx';
import { describe, expect, it } from 'vitest';
import writeExcelFile from 'write-excel-file/node';
import { workbook } from '../../fixtures/generate/workbook.mjs';
import type { Cell } from '../../fixtures/generate/workbook.mjs';
import { parseJsonc } from '../../src/config/jsonc.ts';
import type { AnySummary as Summary } from '../any-summary.ts';
import { read as readSheet } from '../excel/read.ts';
import { expectAccounted } from './accounted.ts';
import type { Expected } from './accounted.ts';
import {
  appId,
  fixture,
  gleantapImport,
  readJson,
  readReport,
  runFolderIn,
  start,
  writesReach,
  simulator,
  workplace,
} from './harness.ts';
import { hasLibreOffice, throughLibreOffice } from './libre-office.ts';

const header = ['Member No.', 'First Name', 'Last Name', 'Email', 'Cell', 'Born', 'Zip', 'Texts OK'];

interface Person {
  readonly id: string;
  readonly first: string;
  readonly last: string;
  readonly email: string;
  readonly phone: string;
  readonly born: string;
  readonly zip: string;
  readonly texts: boolean;
}

const people: readonly Person[] = Array.from({ length: 12 }, (_, index) => ({
  id: `00${41 + index}`,
  first: ['Ana', 'José', 'Zoë', "D'Arcy"][index % 4] ?? '',
  last: `O'Neil, ${'ABCDEFGHIJKL'[index]}`,
  email: `member.${index}@example.com`,
  phone: `3035550${100 + index}`,
  born: `19${50 + index}-0${1 + (index % 9)}-${10 + index}`,
  zip: `0410${index % 10}`,
  texts: index % 3 === 0,
}));

const mapping = {
  version: 1,
  name: 'people',
  country: 'US',
  fields: {
    user_id: 'Member No.',
    first_name: 'First Name',
    last_name: 'Last Name',
    email: 'Email',
    phone: 'Cell',
    dob: 'Born',
    zip: 'Zip',
    optin_sms: { column: 'Texts OK', yes: ['TRUE'], no: ['FALSE'] },
  },
};

const serialOf = (day: string): number => Date.parse(day) / 86_400_000 + 25_569;
const masks = { id: '0000', phone: '(000) 000-0000', zip: '00000' };

const asCsv = (): string =>
  [
    header.join(','),
    ...people.map(({ id, first, last, email, phone, born, zip, texts }) =>
      [id, first, `"${last}"`, email, phone, born, zip, texts ? 'TRUE' : 'FALSE'].join(','),
    ),
  ].join('\n');

/** Ids, phones and ZIP codes are numbers that look right through their format, as most people keep them. */
const byHand = (): Buffer =>
  workbook({
    sheets: [
      {
        name: 'Members',
        rows: [
          header,
          ...people.map(({ id, first, last, email, phone, born, zip, texts }): Cell[] => [
            { v: Number(id), format: masks.id },
            first,
            last,
            email,
            { v: Number(phone), format: masks.phone },
            { v: serialOf(born), format: 'd-mmm-yy' },
            { v: Number(zip), format: masks.zip },
            { v: texts ? 1 : 0, type: 'b' },
          ]),
        ],
      },
    ],
  });

const byWriteExcelFile = async (): Promise<Buffer> => {
  const number = (value: string, format: string) => ({ value: Number(value), type: Number, format });
  return writeExcelFile([
    header.map((value) => ({ value })),
    ...people.map(({ id, first, last, email, phone, born, zip, texts }) => [
      number(id, masks.id),
      { value: first },
      { value: last },
      { value: email },
      number(phone, masks.phone),
      { value: new Date(`${born}T00:00:00Z`), type: Date, format: 'mm/dd/yyyy' },
      number(zip, masks.zip),
      { value: texts, type: Boolean },
    ]),
  ]).toBuffer();
};

const hucreSheet = () => ({
  name: 'Members',
  rows: [
    header,
    ...people.map(({ id, first, last, email, phone, born, zip, texts }) => [
      Number(id),
      first,
      last,
      email,
      Number(phone),
      new Date(`${born}T00:00:00Z`),
      Number(zip),
      texts,
    ]),
  ],
  columns: header.map((name) => {
    const format = { 'Member No.': masks.id, Cell: masks.phone, Born: 'yyyy/mm/dd', Zip: masks.zip }[name];
    return format === undefined ? {} : { numFmt: format };
  }),
});

/** Imports a file and gives the contacts that are in the account then. */
async function contactsOf(cwd: string, file: string, more: readonly string[] = []): Promise<unknown> {
  const server = await simulator();
  await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify(mapping));
  const args = ['run', file, '--out', `out-${file}`, '--base-url', server.url, '--yes', '--rate', '0', ...more];
  const ended = await gleantapImport(args, { cwd });
  expect(ended).toMatchObject({ code: 0 });
  return server
    .contacts()
    .map(({ id: _id, created: _created, updated: _updated, writes: _writes, ...contact }) => contact);
}

describe('the same people as a workbook give the same contacts as their CSV file', () => {
  const others: readonly (readonly [string, () => Buffer | Uint8Array | Promise<Buffer | Uint8Array>])[] = [
    ['by hand', byHand],
    ['by write-excel-file', byWriteExcelFile],
    ['by hucre', async () => writeXlsx({ sheets: [hucreSheet()] })],
    ['by hucre, with dates from 1904', async () => writeXlsx({ sheets: [hucreSheet()], dateSystem: '1904' })],
  ];
  it.each(others)('%s', async (_, make) => {
    const cwd = await workplace();
    await writeFile(path.join(cwd, 'people.csv'), asCsv());
    await writeFile(path.join(cwd, 'people.xlsx'), await make());
    expect(await contactsOf(cwd, 'people.xlsx')).toEqual(await contactsOf(cwd, 'people.csv'));
  });

  it.skipIf(!hasLibreOffice)('saved by LibreOffice (skipped where it is not installed)', async () => {
    const cwd = await workplace();
    await writeFile(path.join(cwd, 'people.csv'), asCsv());
    await writeFile(path.join(cwd, 'people.xlsx'), byHand());
    await throughLibreOffice(cwd, 'people.xlsx');
    expect(await contactsOf(cwd, 'people.xlsx')).toEqual(await contactsOf(cwd, 'people.csv'));
  });
});

describe("a front desk's workbook", () => {
  it('ends in the expected contacts, each row in one report by its number in Excel', async () => {
    const expected = await readJson<Expected>(fixture('excel-members.expected.json'));
    const [cwd, server] = await Promise.all([workplace(), simulator()]);
    const file = fixture('excel-members.xlsx');
    const options = ['-m', fixture('excel-members.mapping.json'), '--ledger', 'ledger.db', '--env-file', '.env'];
    const args = ['run', file, ...options, '--base-url', server.url, '--yes', '--rate', '0', '--max-invalid', '50%', '--json']; // prettier-ignore
    const ended = await gleantapImport(args, { cwd });
    expect(ended).toMatchObject({ code: 1 });
    const { read, blankLines: blank, succeeded, failed, skipped } = expected.counts;
    expect(JSON.parse(ended.stdout) as Summary).toMatchObject({ counts: { read, blank, succeeded, failed, skipped } });
    await expectAccounted(runFolderIn(cwd), server.contacts(), expected);
    // What is stored with the run is the copy: the same file again is known, and the reports can be written again.
    expect(await gleantapImport(args, { cwd })).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('"run": 1,'),
    });
    expect(await gleantapImport(['report', '1', '--ledger', 'ledger.db'], { cwd })).toMatchObject({ code: 0 });
  });

  it('is continued after Ctrl-C from the copy, even if the workbook is gone', async () => {
    const expected = await readJson<Expected>(fixture('excel-members.expected.json'));
    const [cwd, server] = await Promise.all([workplace(), simulator({ latencyMs: 30 })]);
    const file = path.join(cwd, 'members.xlsx');
    await copyFile(fixture('excel-members.xlsx'), file);
    const options = ['-m', fixture('excel-members.mapping.json'), '--ledger', 'ledger.db', '--env-file', '.env'];
    const args = [
      '--base-url',
      server.url,
      '--yes',
      '--rate',
      '0',
      '-c',
      '1',
      '--max-invalid',
      '50%',
      '--no-preflight',
    ];
    const { child, ended } = start(['run', file, ...options, ...args], { cwd });
    await writesReach(server, 3);
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 130 });
    expect(server.contacts().length).toBeLessThan(expected.contacts.length);
    await rm(file);
    expect(await gleantapImport(['resume', '1', '--ledger', 'ledger.db'], { cwd })).toMatchObject({ code: 1 });
    await expectAccounted(runFolderIn(cwd), server.contacts(), expected);
    expect((await readSheet(await readFile(path.join(runFolderIn(cwd), 'failure.xlsx')))).rows).toHaveLength(3);
  });

  it('is said to have dates in text, a formula without value, merged cells and a filter', async () => {
    const cwd = await workplace();
    const args = ['check', fixture('excel-members.xlsx'), '-m', fixture('excel-members.mapping.json'), '--out', 'out'];
    const { stderr } = await gleantapImport(args, { cwd });
    for (const word of ['F17', 'I20', 'A1:D1', 'filter hides 5 rows']) expect(stderr).toContain(word);
  });
});

describe('every command that takes a CSV file takes a workbook', () => {
  const twoSheets = (): Buffer =>
    workbook({
      sheets: [
        { name: 'Members', rows: [header, [{ v: 41, format: '0000' }, 'Ana', 'Diaz', 'ana@example.com']] },
        { name: 'Staff', rows: [header, ['7', 'Bo', 'Li', 'bo@example.com']] },
      ],
    });
  const inWorkplace = async (): Promise<string> => {
    const cwd = await workplace();
    await writeFile(path.join(cwd, 'people.xlsx'), twoSheets());
    await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify(mapping));
    return cwd;
  };

  it('init pins the sheet, needs no encoding and no date format', async () => {
    const cwd = await workplace();
    await writeFile(path.join(cwd, 'people.xlsx'), byHand());
    const ended = await gleantapImport(['init', 'people.xlsx'], { cwd });
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('real dates') });
    const drafted = parseJsonc(
      await readFile(path.join(cwd, 'mapping.json'), 'utf8'),
      'mapping.json',
    ) as typeof mapping;
    expect(drafted).toMatchObject({ name: 'people', csv: { sheet: 'Members', headerRow: 1 } });
    expect(drafted).not.toHaveProperty('csv.encoding');
    expect(drafted.fields.dob).not.toHaveProperty('format');
  });

  it.each([
    ['a comma', { type: 'number', decimal: ',' }, '7,5'],
    ['a point', { type: 'number', decimal: '.' }, '7.5'],
    ['nothing', { type: 'number' }, '7.5'],
  ])(
    'a number is what Excel holds, where the mapping has %s as the decimal sign of texts',
    async (_, balance, text) => {
      const [cwd, server] = await Promise.all([workplace(), simulator()]);
      const rows = [['Id', 'First', 'Last', 'Balance'], ...[1.234, 12.5, -0.125, 1234, text].map((value, nth) => [String(nth), 'Ana', 'Diaz', value])]; // prettier-ignore
      await writeFile(path.join(cwd, 'people.xlsx'), workbook({ sheets: [{ name: 'Members', rows }] }));
      const fields = { user_id: 'Id', first_name: 'First', last_name: 'Last' };
      const attributes = { balance: { column: 'Balance', ...balance } };
      await writeFile(
        path.join(cwd, 'mapping.json'),
        JSON.stringify({ version: 1, name: 'people', fields, attributes }),
      );
      const args = ['run', 'people.xlsx', '--yes', '--rate', '0', '--base-url', server.url];
      expect(await gleantapImport(args, { cwd })).toMatchObject({ code: 0 });
      const balances = server.contacts().map(({ user_id: id, attributes: { balance: found } }) => [id, found]);
      expect(Object.fromEntries(balances)).toEqual({ 0: 1.234, 1: 12.5, 2: -0.125, 3: 1234, 4: 7.5 });
    },
  );

  it('init asks about hidden rows, and check refuses until that is answered', async () => {
    const cwd = await workplace();
    const rows = [header, ['1', 'Ana', 'Diaz', 'ana@example.com'], { hidden: true, cells: ['2', 'Bo', 'Li', 'bo@example.com'] }]; // prettier-ignore
    await writeFile(path.join(cwd, 'people.xlsx'), workbook({ sheets: [{ name: 'Members', rows }] }));
    const ended = await gleantapImport(['init', 'people.xlsx', '--json'], { cwd });
    expect(JSON.parse(ended.stdout)).toMatchObject({ sheet: 'Members', mapping: { csv: { hidden: '?' } } });
    expect(await gleantapImport(['check', 'people.xlsx'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('csv.hidden'),
    });
    await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify({ ...mapping, csv: { hidden: 'skip' } }));
    const checked = await gleantapImport(['check', 'people.xlsx', '--json'], { cwd });
    expect(JSON.parse(checked.stdout)).toMatchObject({ health: { read: 1 } });
  });

  it.each([
    ['init', ['--force']],
    ['check', []],
    ['compare', []],
    ['explain', ['--row', '2']],
    ['run', ['--yes']],
    ['tags', ['--add-tags', 'x', '--yes', '--country', 'US']],
  ])('%s names the sheets where several are lists, and takes --sheet', async (command, more) => {
    const [cwd, server] = await Promise.all([inWorkplace(), simulator()]);
    const usesApi = command !== 'init' && command !== 'explain';
    const args = [command, 'people.xlsx', ...more, ...(usesApi ? ['--base-url', server.url] : [])];
    expect(await gleantapImport(args, { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/"Members", "Staff"[^]*--sheet/),
    });
    expect(await gleantapImport([...args, '--sheet', 'staff'], { cwd })).toMatchObject({
      code: command === 'tags' ? 1 : 0,
    });
    expect(await gleantapImport([...args, '--sheet', 'Stuff'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean "Staff"'),
    });
  });

  it('the sheet may be in the mapping, and a CSV file does not need one', async () => {
    const cwd = await inWorkplace();
    await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify({ ...mapping, csv: { sheet: 'Members' } }));
    const explained = await gleantapImport(['explain', 'people.xlsx', '--row', '2', '--json'], { cwd });
    expect(JSON.parse(explained.stdout)).toMatchObject({ requests: [{ user_id: '0041' }] });
    await writeFile(path.join(cwd, 'people.csv'), asCsv());
    expect(await gleantapImport(['check', 'people.csv'], { cwd })).toMatchObject({ code: 0 });
    expect(await gleantapImport(['check', 'people.csv', '--sheet', 'Members'], { cwd })).toMatchObject({ code: 2 });
  });

  it('batch, too', async () => {
    const [cwd, server] = await Promise.all([inWorkplace(), simulator()]);
    const job = { name: 'gym', app_id: appId, csv: 'p*.xlsx', mapping: 'mapping.json', envFile: '.env' };
    const jobs = (options: object): string =>
      JSON.stringify({ version: 1, jobs: [{ ...job, options: { ...options, baseUrl: server.url } }] });
    await writeFile(path.join(cwd, 'jobs.json'), jobs({}));
    expect(await gleantapImport(['batch', 'jobs.json', '--yes'], { cwd })).toMatchObject({ code: 2 });
    await writeFile(path.join(cwd, 'jobs.json'), jobs({ sheet: 'Staff' }));
    expect(await gleantapImport(['batch', 'jobs.json', '--yes', '--new-ledger'], { cwd })).toMatchObject({ code: 0 });
    expect(server.contacts()).toMatchObject([{ user_id: '7' }]);
  });

  it('but not from a pipe or an archive: the message names another way', async () => {
    const cwd = await inWorkplace();
    await writeFile(path.join(cwd, 'people.xlsx.gz'), gzipSync(twoSheets()));
    for (const [name, stdin] of [
      ['people.xlsx.gz', ''],
      ['-', twoSheets()],
    ] as const) {
      expect(await gleantapImport(['check', name, '--out', 'out'], { cwd, stdin })).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('Name the .xlsx file itself'),
      });
    }
  });

  it('a workbook with a password is named', async () => {
    const cwd = await inWorkplace();
    const locked = await writeXlsx({ sheets: [hucreSheet()], encryption: { password: 'x', spinCount: 10 } });
    await writeFile(path.join(cwd, 'people.xlsx'), locked);
    for (const command of [['init', '--force'], ['check'], ['explain', '--row', '2']]) {
      const [name = '', ...more] = command;
      expect(await gleantapImport([name, 'people.xlsx', ...more], { cwd })).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('password'),
      });
    }
  });

  it('a failure report of a workbook is corrected and imported with the same mapping', async () => {
    const [cwd, server] = await Promise.all([workplace(), simulator()]);
    const rows = [header, ['1', 'Ana', 'Diaz', 'ana@example.com', null, 'soon'], ['2', 'Bo', 'Li', 'bo@example.com']];
    await writeFile(path.join(cwd, 'people.xlsx'), workbook({ sheets: [{ name: 'Members', rows }] }));
    await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify({ ...mapping, csv: { sheet: 'Members' } }));
    const run = async (file: string, out: string) =>
      gleantapImport(['run', file, '--out', out, '--base-url', server.url, '--yes', '--max-invalid', '50%'], { cwd });
    expect(await run('people.xlsx', 'first')).toMatchObject({ code: 1 });
    const failure = path.join(cwd, 'first', 'failure.csv');
    await writeFile(failure, (await readFile(failure, 'utf8')).replace(",'soon,", ',1990-05-04,'));
    expect(await run(failure, 'second')).toMatchObject({ code: 0 });
    expect(await readReport(path.join(cwd, 'second', 'success.csv'))).toMatchObject([{ _row: '2' }]);
  });
});
