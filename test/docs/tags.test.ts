import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { gleantapImport, readReport, root, simulator, workplace } from '../cli/harness.ts';
import { blocks } from './markdown.ts';

it('the list in docs/tags.md works as described and writes the inverse on the page', async () => {
  const page = await readFile(path.join(root, 'docs/tags.md'), 'utf8');
  const [list = '', inverse = ''] = blocks(page, 'csv');
  const [command = ''] = blocks(page, 'sh');
  const server = await simulator({
    contacts: [
      { user_id: '1001', first_name: 'Ana', last_name: 'Diaz', tags: ['June Promo', 'VIP'] },
      { first_name: 'Sam', last_name: "O'Neil", email: 'sam@example.com', tags: ['VIP'] },
      { user_id: '1003', first_name: 'Lee', last_name: 'Park', email: 'lee@example.com', tags: ['VIP'] },
    ],
  });
  const cwd = await workplace();
  await writeFile(path.join(cwd, 'list.csv'), list);
  const words = command.trim().split(' ').slice(1);
  const more = ['--base-url', server.url, '--rate', '0', '--yes', '--out', 'out'];
  expect(await gleantapImport([...words, ...more], { cwd })).toMatchObject({ code: 1 });
  expect(server.contacts().map(({ tags }) => tags)).toEqual([['VIP', 'Yoga 2026'], ['VIP', 'Yoga 2026'], ['VIP']]);
  const [failed] = await readReport(path.join(cwd, 'out', 'failure.csv'));
  expect(failed).toMatchObject({ _row: '5', _code: 'person_not_found' });
  const written = await readFile(path.join(cwd, 'out', 'inverse.csv'), 'utf8');
  const undo = ['tags', path.join('out', 'inverse.csv'), ...more.slice(0, -2)];
  expect(await gleantapImport(undo, { cwd })).toMatchObject({ code: 0 });
  expect(server.contacts().map(({ tags }) => [...tags].sort())).toEqual([['June Promo', 'VIP'], ['VIP'], ['VIP']]);
  expect(written.replace('\uFEFF', '').replaceAll('\r\n', '\n')).toBe(inverse);
});
