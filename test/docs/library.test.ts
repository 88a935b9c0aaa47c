import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../cli/harness.ts';
import { blocks } from './markdown.ts';

const run = promisify(execFile);
const page = await readFile(path.join(root, 'docs/library.md'), 'utf8');
const examples = blocks(page, 'js');
const outputs = blocks(page, 'text');

/** A folder of another program with the package installed. */
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'gleantap consumer '));
  await mkdir(path.join(folder, 'node_modules'));
  await symlink(root, path.join(folder, 'node_modules/gleantap-import'));
  await symlink(path.join(root, 'node_modules/nock'), path.join(folder, 'node_modules/nock'));
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

describe('docs/library.md', () => {
  it.each(examples.map((code, index) => [index + 1, code] as const))(
    'example %i prints the output in the page',
    async (number, code) => {
      const cwd = await mkdtemp(path.join(folder, 'example '));
      await writeFile(path.join(cwd, 'members.csv'), blocks(page, 'csv')[0] ?? '');
      await writeFile(path.join(cwd, 'mapping.json'), blocks(page, 'json')[0] ?? '');
      await writeFile(path.join(cwd, 'example.mjs'), code);
      const { stdout, stderr } = await run(process.execPath, ['example.mjs'], { cwd });
      expect(stderr).toBe('');
      expect(stdout).toBe(outputs[number - 1]);
    },
  );

  it('shows an output for each example and a row for each event', async () => {
    expect(outputs).toHaveLength(examples.length);
    const source = await readFile(path.join(root, 'src/run/events.ts'), 'utf8');
    const types = [...source.matchAll(/readonly type: '(\w+)'/g)].map(([, type]) => type);
    const listed = [...page.matchAll(/^\| (`.*?) +\|/gm)].flatMap(([, cell = '']) => cell.match(/\w+/g) ?? []);
    expect(new Set(listed)).toEqual(new Set(['type', ...types]));
  });

  it('its types work for a strict consumer and in the examples', async () => {
    await copyFile(path.join(root, 'test/library/consumer.ts'), path.join(folder, 'consumer.ts'));
    for (const [index, code] of examples.entries()) await writeFile(path.join(folder, `example${index}.js`), code);
    const compilerOptions = {
      module: 'nodenext',
      target: 'es2022',
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      checkJs: true,
      noImplicitAny: true,
      typeRoots: [path.join(root, 'node_modules/@types')],
      types: ['node'],
    };
    await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts', '*.js'] }));
    await writeFile(path.join(folder, 'package.json'), '{ "type": "module" }');
    const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
    const { stdout } = await run(process.execPath, [tsc, '-p', folder]).catch((error: { stdout: string }) => error);
    expect(stdout).toBe('');
  });
});
