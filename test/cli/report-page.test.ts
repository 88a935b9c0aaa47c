import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AnySummary as Summary } from '../any-summary.ts';
import { fixture, gleantapImport, readJson, readReport, simulator, workplace } from './harness.ts';

const file = fixture('mindbody-members.csv');
const mapping = path.resolve(fixture('..'), 'mapping.example.json');

const pageIn = async (folder: string): Promise<string> => readFile(path.join(folder, 'report.html'), 'utf8');
const headlineOf = (page: string): string | undefined => /<h1>([^<]*)<\/h1>/.exec(page)?.[1];
const exitCodeOf = (page: string): string | undefined => /exit code (\d+)/.exec(page)?.[1];
/** What a reader sees, without the entities of quotes. */
const textOf = (page: string): string =>
  page
    .replaceAll(/<style>.*?<\/style>/gs, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&#34;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll(/\s+/g, ' ');

/** Every link leads somewhere: to a part of the page, or to a file next to it. */
async function expectLinks(folder: string, page: string): Promise<void> {
  const files = await readdir(folder);
  const links = [...page.matchAll(/href="([^"]*)"/g)].map(([, link = '']) => link);
  expect(links.length).toBeGreaterThan(3);
  for (const link of links) {
    if (link.startsWith('#')) expect(page).toContain(`id="${link.slice(1)}"`);
    else expect(files).toContain(link);
  }
}

function expectNoHoles(page: string): void {
  expect(textOf(page)).not.toMatch(/undefined|NaN|\[object|(?<=\s)\?(?=\s|$)|null/);
}

describe('report.html of a run', () => {
  it('keeps the headline and the next step of the run when "report" writes it again', async () => {
    const server = await simulator();
    const cwd = await workplace();
    const flags = ['-m', mapping, '--env-file', '.env', '--ledger', 'ledger.db', '--base-url', server.url, '--yes'];
    const run = await gleantapImport(['run', file, ...flags, '--rate', '0', '--out', 'out'], { cwd });
    expect(run.code).toBe(1);
    const folder = path.join(cwd, 'out');
    const first = await pageIn(folder);
    const { counts, next } = await readJson<Summary>(path.join(folder, 'summary.json'));
    expect(exitCodeOf(first)).toBe('1');
    expect(headlineOf(first)).toContain(String((counts?.failed ?? 0) + (counts?.unknown ?? 0)));
    expect(textOf(first).replaceAll(' ', '')).toContain(next?.replaceAll(' ', ''));
    for (const more of [[], ['--report-values']]) {
      const again = await gleantapImport(['report', '1', '--ledger', 'ledger.db', ...more], { cwd });
      expect(again.code).toBe(0);
      const page = await pageIn(folder);
      expect(headlineOf(page)).toBe(headlineOf(first));
      expect(exitCodeOf(page)).toBe('1');
      expect(textOf(page).replaceAll(' ', '')).toContain(next?.replaceAll(' ', ''));
      if (more.length === 0) expect(page).toBe(first);
      await expectLinks(folder, page);
      expectNoHoles(page);
    }
  });

  it('shows a stopped run as stopped, also when "report" writes it again without its summary', async () => {
    const server = await simulator();
    const cwd = await workplace();
    const flags = ['-m', mapping, '--env-file', '.env', '--ledger', 'ledger.db', '--base-url', server.url, '--yes'];
    const timeScale = { GLEANTAP_IMPORT_TEST_TIME_SCALE: '1000' };
    const run = await gleantapImport(['run', file, ...flags, '--rate', '0', '--out', 'out', '--deadline', '1ms'], {
      cwd,
      env: timeScale,
    });
    expect(run.code).toBe(3);
    const folder = path.join(cwd, 'out');
    expect(exitCodeOf(await pageIn(folder))).toBe('3');
    await writeFile(path.join(folder, 'summary.json'), 'not JSON');
    await gleantapImport(['report', 'out'], { cwd });
    const page = await pageIn(folder);
    expect(exitCodeOf(page)).toBe('3');
    expect(textOf(page)).toContain('gleantap-import resume');
    expectNoHoles(page);
  });

  it('says that all rows are in once the corrected rows were imported', async () => {
    const server = await simulator();
    const cwd = await workplace();
    await writeFile(path.join(cwd, 'm.csv'), 'Id,First,Last\n1,Ana,Diaz\n2,Ben,\n');
    const fields = { user_id: 'Id', first_name: 'First', last_name: 'Last' };
    await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify({ version: 1, name: 'm', fields }));
    const flags = ['--ledger', 'ledger.db', '--base-url', server.url, '--yes', '--rate', '0', '--max-invalid', '100%'];
    expect((await gleantapImport(['run', 'm.csv', ...flags, '--out', 'one'], { cwd })).code).toBe(1);
    const report = await readFile(path.join(cwd, 'one/failure.csv'), 'utf8');
    await writeFile(path.join(cwd, 'one/failure.csv'), report.replace('2,Ben,,', '2,Ben,Ford,'));
    const second = await gleantapImport(['run', 'one/failure.csv', ...flags, '--out', 'two'], { cwd });
    expect(second.code).toBe(0);
    await gleantapImport(['report', '1', '--ledger', 'ledger.db'], { cwd });
    const page = await pageIn(path.join(cwd, 'one'));
    expect(exitCodeOf(page)).toBe('1');
    expect(textOf(page)).not.toContain('gleantap-import run');
  });
});

describe('consent on the page of a run', () => {
  it('shows before and after where people have opted out in Gleantap', async () => {
    const optedOut = { first_name: 'Ana', last_name: 'Diaz', email: 'ana@example.com', optin_sms: false };
    const server = await simulator({ contacts: [optedOut] });
    const cwd = await workplace();
    const rows = ['Ana,Diaz,ana@example.com,yes', 'Bob,Hall,bob@example.com,yes', 'Cem,Kaya,cem@example.com,no'];
    await writeFile(path.join(cwd, 'm.csv'), ['First,Last,Email,Texts', ...rows].join('\n'));
    const fields = {
      first_name: 'First',
      last_name: 'Last',
      email: 'Email',
      optin_sms: { column: 'Texts', yes: ['yes'], no: ['no'] },
    };
    await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify({ version: 1, name: 'm', fields }));
    const flags = ['--ledger', 'ledger.db', '--base-url', server.url, '--yes', '--rate', '0', '--out', 'out'];
    expect((await gleantapImport(['run', 'm.csv', ...flags], { cwd })).code).toBe(0);
    const page = await pageIn(path.join(cwd, 'out'));
    const section = page.slice(page.indexOf('id="consent"'), page.indexOf('id="fields"'));
    const bars = [...section.matchAll(/aria-label="([^"]*)"/g)].map(([, label]) => label);
    expect(bars).toEqual(['2 agreed, 1 did not agree', expect.stringMatching(/^1 agreed, 1 did not agree, 1 nothing/)]);
    await expectLinks(path.join(cwd, 'out'), page);
    expect(page).toContain('href="optouts-before.csv"');
  });

  it('has one bar where everything that the file says is sent', async () => {
    const server = await simulator();
    const cwd = await workplace();
    const flags = ['-m', mapping, '--env-file', '.env', '--ledger', 'ledger.db', '--base-url', server.url, '--yes'];
    await gleantapImport(['run', file, ...flags, '--rate', '0', '--out', 'out'], { cwd });
    const page = await pageIn(path.join(cwd, 'out'));
    const section = page.slice(page.indexOf('id="consent"'), page.indexOf('id="tags"'));
    expect(section.match(/<h3>/g)).toHaveLength(2);
    expect(section.match(/class="share"/g)).toHaveLength(2);
  });
});

describe('report.html of a check', () => {
  it('says who can be imported, who cannot and why, and what becomes of words, fields, consent and tags', async () => {
    const cwd = await workplace();
    const { code, stdout } = await gleantapImport(['check', file, '-m', mapping, '--out', 'out', '--json'], { cwd });
    expect(code).toBe(1);
    const { health, next, problems } = JSON.parse(stdout) as Summary & { health: { toSend: number; failed: number } };
    const folder = path.join(cwd, 'out');
    const page = await pageIn(folder);
    for (const id of ['next', 'problems', 'consent', 'tags', 'words', 'fields', 'files'])
      expect(page).toContain(`<section id="${id}"`);
    expect(exitCodeOf(page)).toBe('1');
    expect(page).not.toContain('SIMULATOR');
    const text = textOf(page);
    expect(text).toContain(`${health.toSend} rows can be imported`);
    expect(text).toContain(`${health.failed} rows can't be imported`);
    expect(text.replaceAll(' ', '')).toContain(next?.replaceAll(' ', ''));
    for (const problem of Object.keys(problems ?? {})) expect(page).toContain(`<code>${problem}</code>`);
    await expectLinks(folder, page);
    expectNoHoles(page);
  });

  it('shows names, contact details and birthdays only with --report-values', async () => {
    const cwd = await workplace();
    const rows = [
      'M1,Marisol,Quintero,marisol@example.com,+12075550101,7/14/1988,Active,Gold',
      'M2,Tobias,Lindqvist,tobias@example.com,+12075550102,2/30/1990,Active,Gold',
      'M3,Henrike,Vandamme,henrike@example,+12075550103,about 1979,Weasel,Gold',
      'M4,Oona,Saarinen,oona@example.com,12,5/6/1991,Active,Gold',
    ];
    await writeFile(
      path.join(cwd, 'm.csv'),
      [
        'Id,First,Last,Email,Phone,Born,Status,Plan',
        ...rows,
        ...['N', 'P'].flatMap((id) => rows.map((row) => row.replace('M', id))),
      ].join('\n'),
    );
    const fields = {
      user_id: 'Id',
      first_name: 'First',
      last_name: 'Last',
      email: 'Email',
      phone: 'Phone',
      dob: { column: 'Born', format: 'M/D/YYYY' },
      status: { column: 'Status', values: { Active: 'active' } },
    };
    const json = { version: 1, name: 'm', country: 'US', fields, attributes: { plan: 'Plan' } };
    await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify(json));
    const personal = ['Marisol', 'Tobias', 'Lindqvist', 'marisol@', 'henrike@', '2075550101', '1988', '1979'];
    await gleantapImport(['check', 'm.csv', '--out', 'masked'], { cwd });
    const masked = textOf(await pageIn(path.join(cwd, 'masked')));
    for (const value of personal) expect(masked).not.toContain(value);
    // What is about no one helps: a day that is not in the calendar, words that several rows have.
    for (const value of ['2/30/1990', 'Weasel', 'Gold', 'Active']) expect(masked).toContain(value);
    await gleantapImport(['check', 'm.csv', '--out', 'shown', '--report-values'], { cwd });
    const shown = textOf(await pageIn(path.join(cwd, 'shown')));
    for (const value of ['Marisol', 'marisol@example.com', 'henrike@example', '3 (Tobias Lindqvist)'])
      expect(shown).toContain(value);
  });

  it('lists row numbers as failure.csv does', async () => {
    const cwd = await workplace();
    await gleantapImport(['check', file, '-m', mapping, '--out', 'out'], { cwd });
    const rows = await readReport(path.join(cwd, 'out/failure.csv'));
    const dates = rows.filter(({ _code: code }) => code?.split(' | ').includes('date_not_in_calendar'));
    const text = textOf(await pageIn(path.join(cwd, 'out')));
    expect(text).toContain(`Rows ${dates.map(({ _row: row }) => row).join(', ')} in`);
  });
});
