import { readFile, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandTable } from '../../src/cli/command-table.ts';
import type { AnySummary as Summary } from '../any-summary.ts';
import { fixture, gleantapImport, readJson, readReport, root, simulator, start, workplace } from './harness.ts';

const fields = { user_id: 'Id', first_name: 'First', last_name: 'Last', tags: 'Tag' };
const csv = [
  'Id,First,Last,Tag',
  '1,Ana,Diaz,Yoga', // row 2
  '2,Bo,Lee,', // row 3
  '1,Ana,Diaz,Spin', // row 4, the same person as row 2
  '3,Cy,,', // row 5, invalid
].join('\n');

async function prepared(mapping: object = {}): Promise<string> {
  const cwd = await workplace();
  await writeFile(path.join(cwd, 'people.csv'), csv);
  await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify({ version: 1, name: 'people', fields, ...mapping }));
  return cwd;
}

const summaryOf = (stdout: string): Summary => JSON.parse(stdout) as Summary;
const run = (url: string, ...more: string[]): string[] => [
  'run',
  'people.csv',
  '--base-url',
  url,
  '--rate',
  '0',
  '--yes',
  '--json',
  ...more,
];

describe('settings', () => {
  it('flag > environment > config file > default, and the start lists each that is not the default', async () => {
    const server = await simulator();
    const cwd = await prepared();
    await writeFile(
      path.join(cwd, 'gleantap-import.config.json'),
      '{ "rate": 7, "attempts": 3, /* slow line */ "timeout": "5s", }',
    );
    const env = { GLEANTAP_IMPORT_RATE: '9', GLEANTAP_IMPORT_ATTEMPTS: '4' };
    const { stdout, stderr } = await gleantapImport(
      ['run', 'people.csv', '--base-url', server.url, '--rate', '0', '--yes', '--json'],
      { cwd, env },
    );
    expect(summaryOf(stdout).settings).toEqual({
      '--base-url': { value: server.url, source: 'flag' },
      '--rate': { value: 0, source: 'flag' },
      '--attempts': { value: 4, source: 'environment' },
      '--timeout': { value: 5000, source: 'config file' },
    });
    for (const name of ['--rate', '--attempts', '--timeout']) expect(stderr).toContain(name);
  });

  it.each(['{ "yes": true }', '{ "mapping": "other.json" }', '{ "reat": 5 }', '{ "rate": }'])(
    'refuses the config file %s',
    async (text) => {
      const server = await simulator();
      const cwd = await prepared();
      await writeFile(path.join(cwd, 'gleantap-import.config.json'), text);
      expect((await gleantapImport(run(server.url), { cwd })).code).toBe(2);
      expect(server.stats().requests).toBe(0);
    },
  );
});

describe('what is sent', () => {
  it.each([
    ['send', { succeeded: 3, failed: 1, skipped: 0 }, ['Spin', 'Yoga']],
    ['first', { succeeded: 2, failed: 1, skipped: 1 }, ['Yoga']],
    ['last', { succeeded: 2, failed: 1, skipped: 1 }, ['Spin']],
    ['fail', { succeeded: 1, failed: 3, skipped: 0 }, undefined],
  ])('--duplicates %s', async (choice, counts, tags) => {
    const server = await simulator({ latencyMs: 5 });
    const cwd = await prepared();
    const { stdout } = await gleantapImport(run(server.url, '--duplicates', choice), { cwd });
    expect(summaryOf(stdout).counts).toMatchObject({ read: 4, pending: 0, ...counts });
    expect(
      server
        .contacts()
        .find(({ user_id: id }) => id === '1')
        ?.tags.toSorted(),
    ).toEqual(tags);
  });

  it('--add-tags and --remove-tags', async () => {
    const server = await simulator({
      contacts: [{ user_id: '1', first_name: 'Ana', last_name: 'Diaz', tags: ['Lead', 'Old'] }],
    });
    const cwd = await prepared();
    await gleantapImport(run(server.url, '--add-tags', 'June, New', '--remove-tags', 'Lead'), { cwd });
    const tags = new Map(server.contacts().map(({ user_id: id, tags: list }) => [id, [...list].sort()]));
    expect(tags).toEqual(
      new Map([
        ['1', ['June', 'New', 'Old', 'Spin', 'Yoga']],
        ['2', ['June', 'New']],
      ]),
    );
  });

  it('the encoding comes from the mapping', async () => {
    const server = await simulator();
    const cwd = await prepared({ csv: { encoding: 'windows-1252' } });
    await writeFile(path.join(cwd, 'people.csv'), Buffer.from('Id,First,Last,Tag\n1,Zo\xeb,Mu\xf1oz,\n', 'latin1'));
    const { code } = await gleantapImport(run(server.url), { cwd });
    expect(code).toBe(0);
    expect(server.contacts()).toMatchObject([{ first_name: 'Zoë', last_name: 'Muñoz' }]);
  });
});

describe('the end of a run', () => {
  it('--tolerate makes a few failures exit 0, and no more', async () => {
    const server = await simulator();
    const cwd = await prepared();
    const one = await gleantapImport(run(server.url, '--tolerate', '1'), { cwd });
    const none = await gleantapImport(run(server.url, '--tolerate', '10%', '--again'), { cwd });
    expect([one.code, none.code]).toEqual([0, 1]);
  });

  it('--summary is written at every exit, even when the run could not start', async () => {
    const server = await simulator();
    const cwd = await prepared();
    const file = path.join(cwd, 'last.json');
    await gleantapImport(run(server.url, '--summary', 'last.json'), { cwd });
    expect(await readJson<Summary>(file)).toMatchObject({ version: 1, exitCode: 1, counts: { succeeded: 3 } });
    await writeFile(path.join(cwd, 'mapping.json'), '{');
    await gleantapImport(run(server.url, '--summary', 'last.json'), { cwd });
    expect(await readJson<Summary>(file)).toMatchObject({ version: 1, exitCode: 2, error: { code: 'mapping' } });
  });

  it('--summary and --json can also be set in the environment and the config file', async () => {
    const server = await simulator();
    const cwd = await prepared();
    await writeFile(path.join(cwd, 'gleantap-import.config.json'), '{ "summary": "nightly.json" }');
    const args = ['run', 'people.csv', '--base-url', server.url, '--rate', '0', '--yes'];
    const { stdout } = await gleantapImport(args, { cwd, env: { GLEANTAP_IMPORT_JSON: 'true' } });
    expect(summaryOf(stdout)).toMatchObject({ counts: { succeeded: 3 } });
    expect(await readJson<Summary>(path.join(cwd, 'nightly.json'))).toEqual(summaryOf(stdout));
  });

  it('a --summary that cannot be written stops the run before anything is sent', async () => {
    const server = await simulator();
    const cwd = await prepared();
    const { code, stdout } = await gleantapImport(run(server.url, '--summary', 'no/such/folder.json'), { cwd });
    expect(code).toBe(4);
    expect(summaryOf(stdout)).toMatchObject({ exitCode: 4, error: { code: 'not_writable' } });
    expect(server.stats().requests).toBe(0);
  });

  it('--json leaves stdout to the summary, --quiet leaves stderr empty, run.log has rows but no names', async () => {
    const server = await simulator({ faults: { http_503: 1 } });
    const cwd = await prepared();
    const { stdout, stderr } = await gleantapImport(run(server.url, '--quiet', '--out', 'out'), {
      cwd,
      env: { GLEANTAP_IMPORT_TEST_TIME_SCALE: '100' },
    });
    expect(stderr).toBe('');
    expect(summaryOf(stdout)).toMatchObject({ counts: { succeeded: 3 } });
    const log = await readFile(path.join(cwd, 'out/run.log'), 'utf8');
    const lines = log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { row?: number });
    expect(lines.map(({ row }) => row)).toContain(2);
    expect(log).not.toMatch(/Ana|Diaz|Lee/);
  });
});

it('--log-values writes what was sent to run.log, for this run only', async () => {
  const server = await simulator();
  const cwd = await prepared();
  await gleantapImport(run(server.url, '-o', 'out', '--log-values'), { cwd });
  const lines = (await readFile(path.join(cwd, 'out/run.log'), 'utf8')).trim().split('\n');
  const logged = lines.map((line) => JSON.parse(line) as { row?: number; contact?: object });
  expect(logged.find(({ row }) => row === 2)?.contact).toMatchObject({ first_name: 'Ana', last_name: 'Diaz' });
});

describe('other commands', () => {
  it('check: no network, no ledger, failure.csv in its own folder, codes counted', async () => {
    const cwd = await prepared();
    const { code, stdout } = await gleantapImport(['check', 'people.csv', '--json'], { cwd });
    expect(code).toBe(1);
    const { out = '', problems } = summaryOf(stdout);
    expect(path.basename(out)).toMatch(/^check-people-/);
    expect(problems).toEqual({ required_missing: 1 });
    expect((await readReport(path.join(out, 'failure.csv'))).map(({ _row: row }) => row)).toEqual(['5']);
    const sound = await gleantapImport(['check', '-m', path.join(root, 'mapping.example.json')], { cwd });
    expect(sound.code).toBe(0);
  });

  it('check: an example in the mapping that fails is exit 2', async () => {
    const cwd = await prepared({
      examples: [{ row: { Id: '1', First: 'Ana', Last: 'Diaz' }, contact: { first_name: 'Anna', tags: null } }],
    });
    const { code, stderr } = await gleantapImport(['check'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('examples[0].contact.first_name');
  });

  it('check and run ask what the mapping leaves open, and send nothing', async () => {
    const server = await simulator();
    const cwd = await prepared({
      country: '?',
      fields: {
        ...fields,
        email: '?',
        dob: { column: 'Tag', format: '?' },
        first_name: { column: 'First', name: '?' },
      },
    });
    for (const args of [['check', 'people.csv'], run(server.url)]) {
      const { code, stderr } = await gleantapImport(args, { cwd });
      expect(code).toBe(2);
      for (const place of ['country', 'fields.email', 'fields.dob.format', 'fields.first_name.name']) {
        expect(stderr).toMatch(new RegExp(`- ${place}: .*\\?`));
      }
    }
    expect(server.contacts()).toEqual([]);
  });

  it('a file name that looks like a flag', async () => {
    const cwd = await prepared();
    await writeFile(path.join(cwd, '-odd.csv'), csv);
    const { code, stdout } = await gleantapImport(['check', '--json', '--', '-odd.csv'], { cwd });
    expect(code).toBe(1);
    expect(summaryOf(stdout).problems).toEqual({ required_missing: 1 });
  });

  it('report sets corrections aside rather than overwriting them', async () => {
    const server = await simulator();
    const cwd = await prepared();
    await gleantapImport(run(server.url, '-o', 'out'), { cwd });
    const failure = path.join(cwd, 'out/failure.csv');
    const corrected = (await readFile(failure, 'utf8')).replace('Cy', 'Cyrus');
    await writeFile(failure, corrected);
    // Two files written within milliseconds may get the same time from the file system.
    const later = new Date(Date.now() + 60_000);
    await utimes(failure, later, later);
    expect((await gleantapImport(['report', 'out'], { cwd })).code).toBe(0);
    expect(await readFile(path.join(cwd, 'out/failure-edited.csv'), 'utf8')).toBe(corrected);
    expect(await readReport(failure)).toMatchObject([{ First: 'Cy' }]);
  });

  it('explain: an invalid row is exit 1 with its code, a valid one shows the payload, a missing one is exit 2', async () => {
    const cwd = await prepared();
    const [bad, good, none] = await Promise.all(
      ['5', '2', '99'].map(async (row) => gleantapImport(['explain', 'people.csv', '--row', row], { cwd })),
    );
    expect([bad?.code, good?.code, none?.code]).toEqual([1, 0, 2]);
    expect(bad?.stdout).toContain('required_missing');
    expect(good?.stdout).toMatch(/"last_name": "Diaz"/);
  });

  it('doctor: its exit code shows which check failed, and it only reads', async () => {
    const server = await simulator({
      contacts: [{ first_name: 'Ana', last_name: 'Diaz', phone: '2125550147', location: 'Downtown' }],
    });
    const cwd = await prepared();
    const well = await gleantapImport(['doctor', '--base-url', server.url], { cwd });
    expect(well.code).toBe(0);
    expect(well.stdout).toContain('Downtown');
    await writeFile(path.join(cwd, '.env'), 'GLEANTAP_API_KEY=a\nGLEANTAP_SECRET_KEY=b\nGLEANTAP_APP_ID=c\n', {
      mode: 0o600,
    });
    expect((await gleantapImport(['doctor', '--base-url', server.url], { cwd })).code).toBe(3);
    expect(server.stats().byEndpoint).toMatchObject({ newContact: 0 });
  });

  it('schema: the committed JSON Schema', async () => {
    const cwd = await workplace();
    const { stdout } = await gleantapImport(['schema'], { cwd });
    expect(stdout).toBe(await readFile(path.join(root, 'mapping.schema.json'), 'utf8'));
  });

  it('simulate: a server with the faults in its flags, until it is stopped', async () => {
    const cwd = await prepared();
    const wrong = await gleantapImport(['simulate', '--faults', 'reset_afterr=0.1'], { cwd });
    expect(wrong.code).toBe(2);
    // yargs prints help to the process itself.
    const help = await start(['simulate', '--help'], { cwd }).ended;
    expect(help.stdout).toContain('reset_after');
  });

  it('help has examples, a typo gets the nearest name, and the program name alone shows how to start', async () => {
    const cwd = await workplace();
    for (const { usage, examples } of commandTable) expect(examples, usage).not.toEqual([]);
    const [help, typo, alone, completion, completed] = await Promise.all(
      [
        ['check', '--help'],
        ['chekc', fixture('tag-cleanup.csv')],
        [],
        ['completion'],
        ['--completions', 'bash', 'gleantap-import', 'resume', '--'],
      ].map(async (args) => start(args, { cwd }).ended),
    );
    expect(help).toMatchObject({ code: 0 });
    expect(help?.stdout).toContain('Examples:');
    expect(typo).toMatchObject({ code: 2 });
    expect(typo?.stderr).toContain('check');
    expect(alone).toMatchObject({ code: 2 });
    expect(alone?.stderr).toContain('gleantap-import init');
    expect(completion?.stdout).toContain('complete ');
    expect(completed?.stdout.split('\n')).toContain('--rate');
  });
});
