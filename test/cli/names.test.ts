import { mkdir, readdir, rmdir, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newestFile } from '../../src/jobs/newest-file.ts';
import { appId, gleantapImport, simulator, start, workplace } from './harness.ts';

const csv = 'Id,First,Last\n1,Ana,Diaz\n';
const fields = { user_id: 'Id', first_name: 'First', last_name: 'Last' };
const long = (bytes: number): string => 'n'.repeat(bytes);

async function place(name = 'people.csv'): Promise<string> {
  const cwd = await workplace();
  await writeFile(path.join(cwd, name), csv);
  await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify({ version: 1, name: 'people', fields }));
  return cwd;
}

describe('a name that is too long for the file system', () => {
  it.each([
    ['run', 'people.csv', '--out', long(256)],
    ['run', 'people.csv', '--out', `${long(200)}/`.repeat(25)],
    ['run', 'people.csv', '--ledger', `${long(256)}.db`],
    // SQLite adds to the name, and the lock of the reports too.
    ['run', 'people.csv', '--ledger', `${long(247)}.db`],
    ['run', 'people.csv', '--ledger', `${long(240)}.db`],
    // SQLite takes 512 bytes.
    ['run', 'people.csv', '--ledger', `${long(200)}/${long(200)}/${long(200)}.db`],
    ['run', 'people.csv', '--summary', long(250)],
    ['check', 'people.csv', '--out', long(256)],
    ['init', 'people.csv', '--mapping', long(250)],
  ])('is what the error says, before anything is sent: %s', async (...args) => {
    const server = await simulator();
    const cwd = await place();
    const more = args[0] === 'run' ? ['--base-url', server.url, '--rate', '0', '--yes'] : [];
    const { code, stderr } = await gleantapImport([...args, ...more], { cwd });
    expect(code).toBe(4);
    expect(stderr).toContain('too long');
    expect(stderr).toContain('shorter name');
    expect(stderr).not.toContain('Free up space');
    expect(server.stats().writesAccepted).toBe(0);
  });

  it.each([
    ['a file', `${long(250)}.csv`],
    ['a file with letters of several bytes', `${'日'.repeat(83)}.csv`],
  ])('%s whose own name just fits is imported: its folder gets a shorter one', async (_what, name) => {
    const server = await simulator();
    const cwd = await place(name);
    const { code } = await gleantapImport(['run', name, '--base-url', server.url, '--rate', '0', '--yes'], { cwd });
    expect(code).toBe(0);
    expect(server.contacts()).toHaveLength(1);
  });
});

it('a name in decomposed letters, and one of many scripts, is read and written as it is', async () => {
  const name = 'Mu\u0308nchen e\u0301 日本 🏋️ عربي.csv';
  const cwd = await place(name);
  const { code, stdout } = await gleantapImport(['check', name], { cwd });
  expect(code).toBe(0);
  expect(stdout).toContain(name.slice(0, 8));
  expect((await readdir(path.join(cwd, 'gleantap-import'))).join('')).toContain('Mu\u0308nchen');
});

/** Only Linux has names that are not UTF-8. */
describe.runIf(process.platform === 'linux')('a name that is not UTF-8', () => {
  const bad = Buffer.from([0x61, 0xff, 0x62]);
  const below = (folder: string, ...parts: (string | Buffer)[]): Buffer =>
    Buffer.concat([Buffer.from(folder), ...parts.flatMap((part) => [Buffer.from('/'), Buffer.from(part)])]);

  /** Gone before the test's folder is, which is looked at by text names. */
  const writeBad = async (file: Buffer): Promise<void> => {
    await writeFile(file, csv);
    onTestFinished(async () => unlink(file));
  };

  it('of a file: the error says why it cannot be opened and what to do, and a pipe works', async () => {
    const cwd = await place();
    await writeBad(below(cwd, bad));
    const named = await gleantapImport(['check', bad.toString()], { cwd });
    expect(named.code).toBe(2);
    expect(named.stderr).toContain('UTF-8');
    expect(named.stderr).toContain('check - <');
    expect((await gleantapImport(['check', '-'], { cwd, stdin: csv })).code).toBe(0);
  });

  it('of a folder: the error says why', async () => {
    const cwd = await place();
    await mkdir(below(cwd, bad));
    onTestFinished(async () => rmdir(below(cwd, bad)));
    for (const args of [
      ['check', `${bad.toString()}/people.csv`],
      ['check', 'people.csv', '--mapping', `${bad.toString()}/mapping.json`],
      ['init', 'people.csv', '--mapping', `${bad.toString()}/mapping.json`],
    ])
      expect((await gleantapImport(args, { cwd })).stderr).toContain('UTF-8');
  });

  it('of another file in a folder does not matter; of the newest export, an older one is not sent in its place', async () => {
    const cwd = await place('export-1.csv');
    await writeBad(below(cwd, Buffer.concat([Buffer.from('other-'), bad])));
    expect(await newestFile(path.join(cwd, 'export-*.csv'))).toBe(path.join(cwd, 'export-1.csv'));
    await writeBad(below(cwd, Buffer.concat([Buffer.from('export-2'), bad, Buffer.from('.csv')])));
    await expect(newestFile(path.join(cwd, 'export-*.csv'))).rejects.toMatchObject({ code: 'input' });
    const server = await simulator();
    const job = { name: 'north', csv: 'export-*.csv', mapping: 'mapping.json', app_id: appId };
    await writeFile(path.join(cwd, 'jobs.json'), JSON.stringify({ version: 1, jobs: [job] }));
    const args = ['batch', 'jobs.json', '--yes', '--new-ledger'];
    expect((await gleantapImport(args, { cwd })).code).toBe(2);
    expect(server.stats().writesAccepted).toBe(0);
  });

  it('typed in a shell is understood in the same way', async () => {
    const cwd = await place();
    await writeBad(below(cwd, bad));
    const { code, stderr } = await start(['check', bad.toString()], { cwd }).ended;
    expect(code).toBe(2);
    expect(stderr).toContain('UTF-8');
  });
});
