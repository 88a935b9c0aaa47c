import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { gleantapImport, workplace } from './harness.ts';

const members = [
  'Member ID,First Name,Last Name,Email,Mobile,Birth Date,Status',
  '1001,Ana,Diaz,ana@example.com,(212) 555-0147,3/22/1983,Active',
  '1002,Sam,Berg,sam@example.com,212-555-0148,11/5/1990,Cancelled',
].join('\n');

it('init drafts a mapping that check accepts as it is', async () => {
  const cwd = await workplace();
  await writeFile(path.join(cwd, 'members.csv'), members);
  const drafted = await gleantapImport(['init', 'members.csv', '--mask'], { cwd });
  expect(drafted).toMatchObject({ code: 0, stderr: '' });
  expect(drafted.stdout.trimEnd().split('\n').at(-1)).toBe('gleantap-import check members.csv');
  // What a person shares on a screen shows no personal data.
  expect(drafted.stdout).not.toMatch(/ana@example|555-0147|Diaz/);
  expect((await stat(path.join(cwd, 'mapping.json'))).mode & 0o777).toBe(0o600);
  expect(await gleantapImport(['check', 'members.csv'], { cwd })).toMatchObject({ code: 0 });
});

it('init never replaces a mapping without --force, and reads stdin', async () => {
  const cwd = await workplace();
  const target = path.join(cwd, 'mapping.json');
  await writeFile(target, 'mine');
  expect(await gleantapImport(['init', '-'], { cwd, stdin: members })).toMatchObject({ code: 2, stdout: '' });
  expect(await readFile(target, 'utf8')).toBe('mine');

  const forced = await gleantapImport(['init', '-', '--force', '--json', '--country', 'ca'], { cwd, stdin: members });
  expect(forced).toMatchObject({ code: 0, stderr: '' });
  const draft = JSON.parse(forced.stdout) as Record<string, unknown>;
  expect(draft).toMatchObject({
    version: 1,
    rows: 2,
    mappingFile: target,
    questions: [],
    country: { country: 'CA', certainty: 'given' },
    mapping: { name: 'members', country: 'CA', fields: { user_id: 'Member ID', dob: { format: 'M/D/YYYY' } } },
  });
  expect(await readFile(target, 'utf8')).toContain('"user_id": "Member ID"');
});

it('reports what it cannot draft, with what to do', async () => {
  const cwd = await workplace();
  await writeFile(path.join(cwd, 'no-header.csv'), '1001,Ana,ana@example.com\n1002,Sam,sam@example.com\n');
  await writeFile(path.join(cwd, 'header-only.csv'), 'First Name,Last Name,Email\n');
  await writeFile(path.join(cwd, 'empty.csv'), '');
  for (const name of ['no-header.csv', 'header-only.csv', 'empty.csv', 'missing.csv']) {
    const ended = await gleantapImport(['init', name], { cwd });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).not.toContain('    at ');
    expect(ended.stderr.trim().split('\n').length).toBeGreaterThan(1);
  }
  expect(await gleantapImport(['init', 'no-header.csv', '--country', 'Narnia'], { cwd })).toMatchObject({ code: 2 });
});
