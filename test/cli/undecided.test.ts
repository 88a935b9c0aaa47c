import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { gleantapImport, workplace } from './harness.ts';

/** `?` is what `init` writes where the file does not settle a question. */
it.each([
  ['csv.encoding', { encoding: '?', delimiter: ',' }],
  ['csv.delimiter', { encoding: 'utf-8', delimiter: '?' }],
  ['csv.leastCells', { leastCells: '?' }],
  ['csv.unnamed', { unnamed: '?' }],
])('a mapping whose %s is undecided is refused with its question before the file is opened', async (place, csv) => {
  const cwd = await workplace();
  await writeFile(path.join(cwd, 'members.csv'), 'Id,First,Last\n1,Ana,Diaz\n');
  const fields = { user_id: 'Id', first_name: 'First', last_name: 'Last', email: 'Mail' };
  const mapping = { version: 1, name: 'members', csv, fields, country: '?' };
  await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify(mapping));
  const run = ['run', 'members.csv', '--yes', '--base-url', 'http://127.0.0.1:9'];
  for (const args of [['check', 'members.csv'], ['explain', 'members.csv', '--row', '2'], run]) {
    const { code, stdout, stderr } = await gleantapImport(args, { cwd });
    expect(code, args[0]).toBe(2);
    expect(stdout + stderr, args[0]).toContain(`${place}: is undecided`);
    expect(stdout + stderr, args[0]).toContain('country: is undecided');
  }
});
