import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { commandTable } from '../../src/cli/command-table.ts';
import { completionLines } from '../../src/cli/completions.ts';
import { fixture, gleantapImport, workplace } from './harness.ts';

const mapping = ['--mapping', path.join(fixture('..'), 'mapping.example.json')];
const list = fixture('mindbody-members.csv');

it.each<[string[], number, string]>([
  [['run'], 2, 'run members.csv'],
  [['report'], 2, 'report 12'],
  [['run', list, 'two.csv'], 2, '"two.csv"'],
  [['run', list, '--limitt', '3'], 2, '--limit?'],
  [['--jsonn', 'run', list], 2, '--json?'],
  [['--json'], 2, 'check members.csv'],
  [['run', list, '--rate'], 2, '--rate'],
  [['run', list, '-m'], 2, '-m'],
  [['run', list, '--duplicates', 'x'], 2, 'first, last'],
  [['explain', list], 2, '--row'],
  [['explain', list, '--row', 'x', ...mapping], 2, '--row'],
  [['init', list, '--words', 'Statsu'], 2, '"Status"'],
  [['completion', 'bsh'], 2, '"bash"'],
  [['check', 'gone.csv', ...mapping], 2, 'gone.csv'],
  [['init', 'gone.csv'], 2, 'gone.csv'],
  [['tags', 'gone.csv'], 2, 'gone.csv'],
  [['check', 'folder', ...mapping], 2, 'folder'],
  [['check', list, '--mapping', 'gone.json'], 2, '--mapping'],
  [['check', list, '--mapping', 'folder'], 2, 'folder'],
  [['check', 'a-file/x.csv', ...mapping], 2, 'a-file'],
  [['batch', 'gone.json'], 2, 'gone.json'],
  [['batch', 'folder', '--dry-run'], 2, 'folder'],
  [['run', list, ...mapping, '--env-file', 'gone.env'], 2, 'gone.env'],
  [['run', list, ...mapping, '--env-file', 'folder'], 2, 'folder'],
  [['check', list, ...mapping, '--summary', 'gone/summary.json'], 4, 'gone'],
  [['check', list, ...mapping, '--out', 'a-file'], 4, 'a-file'],
  [['runs', '--ledger', 'folder'], 4, 'folder'],
])('%j says in our own words what is wrong and what to do', async (args, code, expected) => {
  const cwd = await workplace();
  await mkdir(path.join(cwd, 'folder'));
  await writeFile(path.join(cwd, 'a-file'), '');
  const ended = await gleantapImport(args, { cwd });
  expect(ended.code).toBe(code);
  expect(ended.stderr).toContain(expected);
  expect(ended.stderr.trim().split('\n').length).toBeGreaterThan(1);
  expect(ended.stdout + ended.stderr).not.toMatch(
    /\bE[A-Z]{4,}\b|non-option|Unknown argument|arguments following|NaN| {4}at /,
  );
});

it('completes every command, its options, and the words that an option or argument takes', () => {
  const after = (...words: string[]): string[] => completionLines('bash', ['gleantap-import', ...words]);
  expect(after('')).toEqual(commandTable.map(({ usage }) => usage.split(' ')[0]));
  expect(after('ru')).toEqual(['run', 'runs']);
  expect(after('run', 'members.csv', '--max-')).toEqual(['--max-invalid', '--max-age', '--max-outage']);
  expect(after('run', '--duplicates', '')).toEqual(['send', 'first', 'last', 'fail']);
  expect(after('schema', 'j')).toEqual(['jobs']);
  expect(after('init', '--w')).toEqual(['--words']);
  // A file: the shell completes its name.
  expect(after('run', '')).toEqual([]);
  expect(completionLines('fish', ['gleantap-import', 'runs'])).toEqual(['runs\tList past runs']);
  expect(completionLines('zsh', ['gleantap-import', 'runs'])).toEqual(['runs:List past runs']);
});

it.each(['bash', 'zsh', 'fish'])('prints a script for %s', async (shell) => {
  const cwd = await workplace();
  const { code, stdout } = await gleantapImport(['completion', shell], { cwd });
  expect([code, stdout]).toEqual([0, expect.stringContaining(`gleantap-import --completions ${shell}`)]);
  if (shell !== 'bash') return;
  const program = `gleantap-import() { printf 'run\\nruns\\n'; }\n${stdout}\nCOMP_WORDS=(gleantap-import ru) COMP_CWORD=1\n_gleantap_import\necho "\${COMPREPLY[*]}"`;
  expect(execFileSync('bash', ['-c', program]).toString()).toBe('run runs\n');
});

it('init shows examples as they are in the file, or masked; and lists the words of a column', async () => {
  const cwd = await workplace();
  await writeFile(
    path.join(cwd, 'm.csv'),
    'Id,First Name,Last Name,Status\n1,Ana,Diaz,Active\n2,Sam,Berg,active\n3,Bo,Cho,Frozen\n4,Al,Poe,\n',
  );
  const shown = await gleantapImport(['init', 'm.csv'], { cwd });
  expect(shown.stdout).toContain('Diaz, Berg, Cho');
  const masked = await gleantapImport(['init', 'm.csv', '--force', '--mask'], { cwd });
  expect(masked.stdout).not.toMatch(/Diaz|Berg|Cho/);
  const words = await gleantapImport(['init', 'm.csv', '--words', 'status', '--json'], { cwd });
  expect(JSON.parse(words.stdout)).toMatchObject({
    rows: 4,
    blank: 1,
    words: [
      { word: 'Active', count: 2 },
      { word: 'Frozen', count: 1 },
    ],
  });
});
