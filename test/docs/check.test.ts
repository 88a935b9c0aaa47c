import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { AnySummary as Summary } from '../any-summary.ts';
import { gleantapImport, root, workplace } from '../cli/harness.ts';

it('check prints the output in docs/check.md, and its JSON has the fields in the table', async () => {
  const page = await readFile(path.join(root, 'docs/check.md'), 'utf8');
  const block = (language: string): string => new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(page)?.[1] ?? '';
  const cwd = await workplace();
  await writeFile(path.join(cwd, 'members.csv'), block('csv'));
  await writeFile(path.join(cwd, 'mapping.json'), block('json'));
  const [text, json] = await Promise.all([
    gleantapImport(['check', 'members.csv'], { cwd }),
    gleantapImport(['check', 'members.csv', '--json', '--show', '1', '--out', 'other'], { cwd }),
  ]);
  expect(text.code).toBe(1);
  expect(text.stdout.replace(/(?<=sent\. ).*(?=failure\.csv)/, '<folder>/')).toBe(block('text'));

  const table = [...page.matchAll(/^\| (`.*?) +\|/gm)].flatMap(([, names = '']) => names.match(/\w+/g) ?? []);
  const { health = {} } = JSON.parse(json.stdout) as Summary;
  expect(Object.keys(health).sort()).toEqual(table.sort());

  expect(page).toContain('gleantap-import explain members.csv --row 3');
  expect(await gleantapImport(['explain', 'members.csv', '--row', '3'], { cwd })).toMatchObject({ code: 0 });
});
