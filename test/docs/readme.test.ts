import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parseJsonc } from '../../src/config/jsonc.ts';
import type { AnySummary as Summary } from '../any-summary.ts';
import { gleantapImport, readReport, root, simulator, workplace } from '../cli/harness.ts';
import { blocks } from './markdown.ts';

it('the first import in the README works as described', async () => {
  const readme = await readFile(path.join(root, 'README.md'), 'utf8');
  const server = await simulator();
  const cwd = await workplace();
  const [csv = ''] = blocks(readme, 'csv');
  const [mapping = ''] = blocks(readme, 'json');
  await writeFile(path.join(cwd, 'members.csv'), csv);

  const commands = blocks(readme, 'sh').flatMap((block) => block.trim().split('\n'));
  const env = {
    GLEANTAP_IMPORT_BASE_URL: server.url,
    GLEANTAP_IMPORT_RATE: '0',
    GLEANTAP_IMPORT_TEST_NOW: '2026-11-27',
  };
  const typed = async (prefix: string, ...more: string[]) => {
    const command = commands.find((line) => line.startsWith(prefix));
    if (command === undefined) throw new Error(`README has no command "${prefix}"`);
    const words = command.replace('http://127.0.0.1:8080', server.url).split(' ').slice(1);
    return gleantapImport([...words, ...more], { cwd, env });
  };

  expect(await typed('gleantap-import init')).toMatchObject({ code: 0 });
  const drafted = await readFile(path.join(cwd, 'mapping.json'), 'utf8');
  expect(parseJsonc(drafted, 'mapping.json')).toEqual(JSON.parse(mapping));
  expect(await typed('gleantap-import check')).toMatchObject({ code: 1 });
  // There is no terminal to ask on, so the plan is shown and nothing is sent.
  expect(await typed('gleantap-import run members.csv --base-url')).toMatchObject({ code: 2 });
  expect(server.stats().writesAccepted).toBe(0);

  expect(await typed('gleantap-import run members.csv --limit', '--yes')).toMatchObject({ code: 1 });
  expect(server.contacts()).toHaveLength(2);
  const whole = await gleantapImport(['run', 'members.csv', '--yes', '--json'], { cwd, env });
  expect(commands).toContain('gleantap-import run members.csv');
  expect(whole.code).toBe(1);
  const { counts, out = '', next } = JSON.parse(whole.stdout) as Summary;
  expect(counts).toMatchObject({ read: 3, succeeded: 2, failed: 1 });

  const failure = path.join(out, 'failure.csv');
  expect((await readReport(failure)).map(({ _row: row }) => row)).toEqual(['3']);
  await writeFile(failure, (await readFile(failure, 'utf8')).replace(',Sam,,', ",Sam,O'Neil,"));
  expect(next).toContain('failure.csv');
  expect(await gleantapImport(['run', failure, '--yes'], { cwd, env })).toMatchObject({ code: 0 });
  expect(server.contacts()).toHaveLength(3);
  expect(server.contacts().map(({ dob }) => dob)).toEqual(['1983-03-22', '1975-11-05', '1990-02-28']);
});
