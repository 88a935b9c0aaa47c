import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { appId, filesBelow, gleantapImport, simulator, workplace } from './harness.ts';
import type { Ended } from './harness.ts';

/** Sets a window's title, clears the screen, turns the direction of text, hides, and starts a code in one byte. */
const evil = '\u001b]0;owned\u0007\u001b[2J\u202e\u2066\u200b\u200f\u2028\u009b2J\u007f';
// oxlint-disable-next-line no-control-regex -- This is what the test is about.
const raw = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

const expectVisible = (where: string, text: string): void => {
  const at = raw.exec(text);
  expect([where, at === null ? '' : text.slice(Math.max(0, at.index - 60), at.index + 20)]).toEqual([where, '']);
};
function expectShown(command: string, { stdout, stderr }: Ended): void {
  expectVisible(`stdout of ${command}`, stdout);
  expectVisible(`stderr of ${command}`, stderr);
}

const file = `members ${evil}.csv`;
const mapping = `folder ${evil}/mapping${evil}.json`;
const column = (name: string): string => `${name} ${evil}`;

/** A member list whose header, cells and name are hostile, with good and bad rows, and its mapping. */
async function hostilePlace(): Promise<string> {
  const cwd = await workplace();
  const header = ['Id', 'First', 'Last', 'Email', 'Tags', 'City'].map(column);
  const rows = [1, 2, 3].map((id) => [id, `Ana${id}`, 'Diaz', `a${id}@example.com`, `Yoga${evil}`, `Oslo${evil}`]);
  rows.push(
    [4, 'Ben', 'Cole', `b${evil}ad`, 'VIP', `x${evil}`],
    [`5${evil}`, `C${evil}`, `D${evil}`, `e${evil}`, '', ''],
  );
  const text = [header, ...rows].map((row) => row.map((cell) => `"${cell}"`).join(',')).join('\n');
  await writeFile(path.join(cwd, file), `${text}\n"6,broken ${evil}\n`);
  await mkdir(path.join(cwd, path.dirname(mapping)));
  await copyFile(path.join(cwd, '.env'), path.join(cwd, path.dirname(mapping), '.env'));
  const fields = {
    user_id: column('Id'),
    first_name: column('First'),
    last_name: column('Last'),
    email: column('Email'),
    tags: column('Tags'),
  };
  const account = { name: `Gym ${evil}` };
  const json = { version: 1, name: `feed ${evil}`, account, fields, attributes: { [`a ${evil}`]: column('City') } };
  await writeFile(path.join(cwd, mapping), JSON.stringify(json));
  return cwd;
}

describe('text of files, names and mappings is made visible', () => {
  it.each([
    ['check', file, '--mapping', mapping, '--show', '2'],
    ['check', file, '--mapping', mapping, '--json'],
    ['check', '--mapping', mapping],
    ['check', `gone ${evil}.csv`, '--mapping', mapping],
    ['check', file, '--mapping', `gone ${evil}.json`],
    ['explain', file, '--row', '2', '--mapping', mapping],
    ['explain', file, '--row', '5', '--mapping', mapping],
    ['explain', file, '--row', '6', '--mapping', mapping, '--json'],
    ['init', file, '--mapping', `new ${evil}.json`],
    ['init', file, '--json'],
    ['init', file, '--mapping', mapping],
    ['doctor', '--mapping', mapping, '--base-url', 'http://127.0.0.1:1', '--env-file', `gone ${evil}`],
    [`chekc ${evil}`],
    ['run', file, `--fields ${evil}`],
    ['run', file, '--mapping', mapping, '--rate', `x ${evil}`],
    ['runs', '--ledger', `gone ${evil}.db`],
    ['resume', `gone ${evil}`],
    ['report', `gone ${evil}`],
    ['batch', `gone ${evil}.json`, '--yes'],
  ])('by command %#', async (...args) => {
    const cwd = await hostilePlace();
    expectShown(args.join(' '), await gleantapImport(args, { cwd }));
  });

  it.each([[], ['--json'], ['--log-format', 'json', '--log-level', 'debug', '--log-values']])(
    'by run, runs, report, and in what they write %j',
    async (...more) => {
      const server = await simulator();
      const cwd = await hostilePlace();
      const out = `out ${evil}`;
      const base = ['--base-url', server.url, '--rate', '0', '--mapping', mapping];
      const run = await gleantapImport(
        ['run', file, ...base, '--out', out, '--add-tags', `New${evil}`, '--max-invalid', '100%', '--yes', ...more],
        { cwd },
      );
      expect([run.code, run.stderr]).toEqual([1, expect.anything()]);
      expectShown('run', run);
      const ledger = path.join(path.dirname(mapping), 'gleantap-import', 'ledger.db');
      expectShown('runs', await gleantapImport(['runs', '--ledger', ledger], { cwd }));
      expectShown('report', await gleantapImport(['report', out, '--report-values'], { cwd }));
      for (const name of ['run.log', 'report.html', 'summary.json'])
        expectVisible(name, await readFile(path.join(cwd, out, name), 'utf8'));
      // Reports hold the data as it is.
      const reports = await Promise.all(
        filesBelow(path.join(cwd, out))
          .filter((name) => /(success|failure)\.csv$/.test(name))
          .map(async (name) => readFile(name, 'utf8')),
      );
      expect(reports.join('')).toContain(`Oslo${evil}`);
      expect(JSON.parse(await readFile(path.join(cwd, out, 'summary.json'), 'utf8'))).toMatchObject({
        input: file,
        out: path.join(cwd, out),
      });
    },
  );

  it('by tags and batch', async () => {
    const server = await simulator();
    const cwd = await hostilePlace();
    const list = `list ${evil}.csv`;
    await writeFile(path.join(cwd, list), `Email,Add tags,x${evil}\na1@example.com,T${evil},y\nzz${evil},U,y\n`);
    const tags = ['tags', list, '--base-url', server.url, '--rate', '0', '--yes', '--add-tags', `Z${evil}`];
    expectShown('tags', await gleantapImport(tags, { cwd }));
    const job = { name: 'north', csv: file, mapping, app_id: appId };
    await writeFile(path.join(cwd, `jobs${evil}.json`), JSON.stringify({ version: 1, jobs: [job] }));
    for (const more of [['--dry-run'], ['--yes', '--new-ledger']])
      expectShown('batch', await gleantapImport(['batch', `jobs${evil}.json`, ...more], { cwd }));
    const logs = filesBelow(cwd).filter((name) => /(?:run\.log|report\.html|summary\.json)$/.test(name));
    expect(logs.length).toBeGreaterThan(2);
    for (const name of logs) expectVisible(name, await readFile(name, 'utf8'));
  });
});
