import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { expect, it } from 'vitest';
import type { AnySummary as Summary } from '../any-summary.ts';
import type { StoredContact } from '../../src/simulator/index.ts';
import { fixture, gleantapImport, readJson, readReport, runFolderIn, simulator, workplace } from './harness.ts';

interface Expected {
  readonly corrections: Record<string, Record<string, string>>;
  readonly contactsAfterCorrection: readonly Record<string, unknown>[];
}

const mapping = fixture('club-semicolon.mapping.json');
const bare = ({ id: _id, writes: _writes, created: _created, updated: _updated, ...contact }: StoredContact) => contact;
const byId = (contact: Record<string, unknown>): string =>
  `${String(contact['user_id'])} ${String(contact['email'])} ${String(contact['first_name'])}`;
const sorted = (contacts: readonly Record<string, unknown>[]) =>
  contacts.toSorted((a, b) => (byId(a) < byId(b) ? -1 : 1));

/** As Excel in a German locale saves it: semicolons, CRLF. */
const saves: Record<string, (rows: readonly Record<string, string>[]) => string | Buffer> = {
  'as it is: UTF-8 with BOM, commas': (rows) => '\uFEFF' + stringify([...rows], { header: true }),
  'by Excel in Germany: UTF-8 with BOM, semicolons': (rows) =>
    '\uFEFF' + stringify([...rows], { header: true, delimiter: ';', record_delimiter: '\r\n' }),
  'by Excel as Unicode text: UTF-16, tabs': (rows) =>
    Buffer.from('\uFEFF' + stringify([...rows], { header: true, delimiter: '\t' }), 'utf16le'),
  'in the layout of version 0.1.0': (rows) => stringify(rows.map(asEarlier), { header: true }),
};

/** Version 0.1.0 had all own columns before the original ones, but for those of damaged rows. */
function asEarlier(row: Readonly<Record<string, string>>): Record<string, string> {
  const { _extra, _raw, _seal, _row, _source_row, _code, _column, _problem, _hint, _attempts, _http_status, ...cells } =
    row;
  const last = _extra === undefined ? {} : { _extra, _raw, _seal };
  const own = { _row, _source_row, _code, _column, _problem, _hint, _attempts, _http_status };
  return { ...own, ...cells, ...last } as Record<string, string>;
}

it.each(Object.entries(saves))(
  'a failure report, corrected and saved %s, imports exactly its rows',
  async (_name, save) => {
    const { corrections, contactsAfterCorrection } = await readJson<Expected>(fixture('club-semicolon.expected.json'));
    const server = await simulator();
    const cwd = await workplace();
    const common = [
      '-m',
      mapping,
      '--ledger',
      'ledger.db',
      '--env-file',
      '.env',
      '--base-url',
      server.url,
      '--yes',
      '--rate',
      '0',
    ];
    await gleantapImport(['run', fixture('club-semicolon.csv'), ...common, '--out', 'first', '--max-invalid', '50%'], {
      cwd,
    });
    const before = server.contacts().length;

    const rows = await readReport(path.join(cwd, 'first/failure.csv'));
    expect(rows.map(({ _row: row }) => row)).toEqual(Object.keys(corrections));
    for (const row of rows) Object.assign(row, corrections[row['_row'] ?? '']);
    await writeFile(path.join(cwd, 'corrected.csv'), save(rows));
    // Of two members with one name one has opted out of texts by now. This test is about what the file says.
    const asFiled = [...common, '--no-respect-optouts'];
    const ended = await gleantapImport(['run', 'corrected.csv', ...asFiled, '--out', 'second'], { cwd });

    expect(ended).toMatchObject({ code: 0 });
    const { rounds } = await readJson<Summary>(path.join(cwd, 'second/summary.json'));
    expect(rounds).toMatchObject({ file: fixture('club-semicolon.csv'), open: 0, openRows: [] });
    expect(rounds?.in).toBe((rounds?.read ?? 0) - (rounds?.leftOut ?? 0));
    const success = await readReport(path.join(cwd, 'second/success.csv'));
    expect(success).toHaveLength(rows.length);
    expect(server.contacts().length).toBe(before + new Set(success.map(({ _id: id }) => id)).size);
    expect(sorted(server.contacts().map(bare))).toEqual(sorted(contactsAfterCorrection));
    const sent = server.contacts().flatMap((contact) => [...Object.keys(contact), ...Object.keys(contact.attributes)]);
    expect(sent.filter((key) => key.startsWith('_'))).toEqual([]);
  },
);

it('keeps the row number of the first file through every round, and every cell as it was', async () => {
  const server = await simulator();
  const cwd = await workplace();
  const common = [
    '-m',
    mapping,
    '--ledger',
    'ledger.db',
    '--env-file',
    '.env',
    '--base-url',
    server.url,
    '--yes',
    '--rate',
    '0',
  ];
  await gleantapImport(['run', fixture('club-semicolon.csv'), ...common, '--out', 'first', '--max-invalid', '50%'], {
    cwd,
  });
  const first = await readReport(path.join(cwd, 'first/failure.csv'));
  await gleantapImport(['run', 'first/failure.csv', ...common, '--out', 'second'], { cwd });
  const second = await readReport(path.join(cwd, 'second/failure.csv'));

  expect(second.map(({ _source_row: row }) => row)).toEqual(first.map(({ _row: row }) => row));
  const own = (row: Record<string, string>) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => name !== '_row' && name !== '_problem'));
  expect(second.map(own)).toEqual(first.map(own));

  // Half of them are fixed in the second round's report: one statement over all three rounds.
  const { corrections } = await readJson<Expected>(fixture('club-semicolon.expected.json'));
  const mended = second.slice(0, 3);
  for (const row of mended) Object.assign(row, corrections[row['_source_row'] ?? '']);
  await writeFile(path.join(cwd, 'second/failure.csv'), stringify(second, { header: true }));
  const third = await gleantapImport(['run', 'second/failure.csv', ...common, '--out', 'third', '--json'], { cwd });
  const stillOpen = second.slice(3).map(({ _source_row: row }) => Number(row));
  const { rounds } = JSON.parse(third.stdout) as Summary;
  expect(rounds).toMatchObject({ run: 1, open: stillOpen.length, openRows: stillOpen.slice(0, 10) });
  const runs = await gleantapImport(['runs', '--ledger', 'ledger.db', '--json'], { cwd });
  expect(JSON.parse(runs.stdout)).toMatchObject([
    { kind: 'report' },
    { kind: 'report' },
    { rounds: { in: rounds?.in } },
  ]);
});

it('refuses success.csv as input', async () => {
  const server = await simulator();
  const cwd = await workplace();
  const common = [
    '-m',
    mapping,
    '--ledger',
    'ledger.db',
    '--env-file',
    '.env',
    '--base-url',
    server.url,
    '--yes',
    '--rate',
    '0',
  ];
  await gleantapImport(['run', fixture('club-semicolon.csv'), ...common, '--out', 'first', '--max-invalid', '50%'], {
    cwd,
  });
  const { requests } = server.stats();
  const ended = await gleantapImport(['run', 'first/success.csv', ...common], { cwd });
  expect(ended.code).toBe(2);
  expect(server.stats().requests).toBe(requests);
  expect((await readFile(path.join(cwd, 'first/success.csv'))).subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
  expect(() => runFolderIn(cwd)).toThrow();
});
