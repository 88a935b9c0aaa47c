import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Explanation } from '../../src/run/explain.ts';
import type { CheckStats } from '../../src/run/model.ts';
import type { ShownRow } from '../../src/run/check.ts';
import type { AnySummary as Summary } from '../any-summary.ts';
import { fixture, gleantapImport, simulator, workplace } from './harness.ts';

const mapping = {
  version: 1,
  name: 'people',
  country: 'US',
  fields: {
    user_id: 'Id',
    first_name: { column: 'First', default: 'Friend' },
    last_name: 'Last',
    phone: { column: ['Mobile', 'Home'], onInvalid: 'drop' },
    zip: 'Zip',
    status: { column: 'Status', values: { Active: 'active', Frozen: 'frozen' } },
    optin_sms: { column: 'Texts', yes: ['Yes'], no: ['No'] },
    tags: { add: [{ column: 'Groups', split: ';' }] },
  },
};
const csv = [
  'Id,First,Last,Mobile,Home,Zip,Status,Texts,Groups',
  '1,Ana,Diaz,,212-555-0147,02134,Active,Yes,Yoga', // row 2
  '2,Bo,M?ller,2.125550148E+09,,2134,Active,,', // row 3
  '', // row 4
  '1,Ana,Diaz,,,02134,Active,,', // row 5: the same person as row 2
  '3,,Park,,,90210,Frozen,No,Spin', // row 6: a default for the name
  '4,Cy,Pe?a\u202Ez,12,,90210,Active,Yes,Yoga', // row 7: a phone that is too short
  ',Di,Lee,,,90210,Active,,', // row 8: no key
  '5,Ed,Kim,,,90210,Sleeping,,', // row 9: a word that is not listed
  '6,Flo,Ray,,,90210,Active,,,surplus', // row 10: too wide
].join('\n');

it('check shows the health of the data, and ends with a pilot of every field, word and tag', async () => {
  const cwd = await workplace();
  await writeFile(path.join(cwd, 'people.csv'), csv);
  await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify(mapping));
  const { code, stdout } = await gleantapImport(['check', 'people.csv', '--json', '--show', '2'], { cwd });
  expect(code).toBe(1);
  const { health, next, out = '' } = JSON.parse(stdout) as Summary & { health: CheckStats & { shown: ShownRow[] } };
  expect(health).toMatchObject({
    read: 8,
    blank: 1,
    toSend: 5,
    requests: 5,
    invalid: 3,
    problems: {
      no_match_key: { count: 1, rows: [8] },
      word_not_mapped: { count: 1, rows: [9] },
      wrong_width: { count: 1, rows: [10] },
    },
    warnings: {
      default_used: { count: 1, rows: [6] },
      phone_scientific_repaired: { count: 1, rows: [3] },
      phone_too_short: { count: 1, rows: [7] },
    },
    sharing: { people: 1, rows: 2 },
    filled: { user_id: 5, phone: 2, optin_sms: 3 },
    consent: { optinYes: 2, optinNo: 1 },
    tags: [
      { tag: 'Yoga', action: 'add', count: 2 },
      { tag: 'Spin', action: 'add', count: 1 },
    ],
    defaultNames: 1,
    columns: [
      { code: 'letters_lost', column: 'Last', count: 2, rows: [3, 7] },
      { code: 'scientific_notation', column: 'Mobile', count: 1, rows: [3] },
      { code: 'zips_short', column: 'Zip', count: 1, rows: [3] },
    ],
    shown: [
      { row: 2, requests: [{ user_id: '1', phone: '+12125550147', tags: 'Yoga', tag_action: 'add' }] },
      { row: 3, requests: [{ user_id: '2', phone: '+12125550148' }] },
    ],
  });
  // Together these use each field, both statuses, both answers and both tags.
  expect(next).toContain('--rows 2,6');

  await writeFile(path.join(cwd, 'header.csv'), csv.slice(0, csv.indexOf('\n') + 1));
  const [text, ofReport, nobody] = await Promise.all([
    gleantapImport(['check', 'people.csv', '--show', '9'], { cwd }),
    gleantapImport(['explain', path.join(out, 'failure.csv'), '--row', '3', '--json'], { cwd }),
    gleantapImport(['check', 'header.csv', '--json'], { cwd }),
  ]);
  expect(text.stdout).not.toContain('\u202E');
  // A report's rows are named by their place in it; the row that they come from is shown next to it.
  expect(JSON.parse(ofReport.stdout)).toMatchObject({ row: 3, sourceRow: 9, problems: [{ code: 'word_not_mapped' }] });
  expect(nobody.code).toBe(0);
  expect(JSON.parse(nobody.stdout)).toMatchObject({ health: { read: 0, toSend: 0 } });
});

it('the pilot at the end of a check of stdin can be typed, and shows the damage again', async () => {
  const cwd = await workplace();
  const server = await simulator();
  await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify(mapping));
  const stdin = Buffer.from('\uFEFF' + csv, 'utf16le');
  // Of Ana's two rows the later one is sent, which has neither phone nor tag, so another row must show them.
  const flags = ['--duplicates', 'last', '--add-tags', 'June 1,x', '--max-invalid', '60%'];
  const checked = await gleantapImport(['check', '-', ...flags, '--json', '--quiet'], { cwd, stdin });
  expect(checked).toMatchObject({ code: 1, stderr: '' });
  const { health, next = '' } = JSON.parse(checked.stdout) as Summary & { health: CheckStats };
  expect(health).toMatchObject({ toSend: 4, skipped: 1, pilotRows: [3, 6, 7] });

  const words = [...next.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);
  expect(words.slice(0, 2)).toEqual(['gleantap-import', 'run']);
  const typed = [...words.slice(1), '--base-url', server.url, '--rate', '0', '--json'];
  const asked = await gleantapImport(typed, { cwd });
  expect(asked).toMatchObject({ code: 2 });
  expect(asked.stderr).toContain('letters lost');
  const ended = await gleantapImport([...typed, '--yes'], { cwd });
  expect(ended).toMatchObject({ code: 0 });
  const { counts, columns } = JSON.parse(ended.stdout) as Summary;
  expect(counts).toMatchObject({ read: 8, succeeded: 3 });
  expect(columns).toEqual(health.columns);
  // People may arrive in any order.
  const arrived = new Set(server.contacts().map(({ user_id: id, tags }) => `${id} ${tags.includes('June 1')}`));
  expect(arrived).toEqual(new Set(['2 true', '3 true', '4 true']));
});

it('explain shows the cell, each step and the payload, and reports a row without data', async () => {
  const cwd = await workplace();
  await writeFile(path.join(cwd, 'people.csv'), `Some title\n${csv}\n7,Gil,"Ro\u001b,,,,,,\n`);
  const below = { ...mapping, csv: { headerRow: 2 } };
  await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify(below));
  const explain = async (row: number, ...more: string[]) =>
    gleantapImport(['explain', 'people.csv', '--row', String(row), ...more], { cwd });
  const [good, damaged, lost, title, header, blank, beyond] = await Promise.all([
    explain(4, '--json'),
    explain(11, '--json'),
    explain(12, '--json'),
    ...[1, 2, 5, 99].map(async (row) => explain(row, '--json')),
  ]);
  const all = [good, damaged, lost, title, header, blank, beyond];
  expect(all.map((ended) => ended?.code)).toEqual([0, 1, 1, 2, 2, 2, 2]);
  for (const [ended, words] of [
    [title, /row 1 .*above the header/i],
    [header, /row 2 .*header/i],
    [blank, /row 5 .*no data/i],
    [beyond, /no row 99/],
  ] as const) {
    const { error } = JSON.parse(ended?.stdout ?? '') as Summary;
    expect(error).toMatchObject({ code: 'usage', message: expect.stringMatching(words) as string });
  }
  const explanation = JSON.parse(good?.stdout ?? '') as Explanation;
  const steps = (name: string) => explanation.fields.find((field) => field.name === name)?.steps.join('\n');
  expect(steps('phone')).toMatch(/Mobile.*2\.125550148E\+09[^]*phone_scientific_repaired[^]*\+12125550148/);
  expect(steps('status')).toMatch(/Status.*Active[^]*"active"/);
  expect(steps('optin_sms')).toMatch(/empty[^]*left out/);
  expect(explanation.requests).toEqual([
    {
      user_id: '2',
      first_name: 'Bo',
      last_name: 'M?ller',
      phone: '+12125550148',
      zip: '2134',
      status: 'active',
    },
  ]);
  expect(JSON.parse(damaged?.stdout ?? '')).toMatchObject({
    problems: [{ code: 'wrong_width' }],
    damage: { firstRow: 11, extra: ['surplus'] },
    requests: [],
  });
  expect(JSON.parse(lost?.stdout ?? '')).toMatchObject({
    problems: [{ code: 'unclosed_quote' }],
    damage: { firstRow: 12, raw: '7,Gil,"Ro\u001b,,,,,,' },
    requests: [],
  });
  const screen = await explain(12);
  expect(screen.stdout).toContain('7,Gil,"Ro\\u001b,,,,,,');
});

it('finds no damage in columns without any', async () => {
  const cwd = await workplace();
  const { code, stdout } = await gleantapImport(
    ['check', fixture('club-semicolon.csv'), '-m', fixture('club-semicolon.mapping.json'), '--json'],
    { cwd },
  );
  expect(code).toBeLessThan(2);
  // Two of its phone numbers are in scientific notation; all other columns are in order.
  expect((JSON.parse(stdout) as { health: CheckStats }).health.columns).toMatchObject([
    { code: 'scientific_notation', column: 'Mobil', count: 2 },
  ]);
});
