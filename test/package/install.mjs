// `npm run test:package`: what `npm pack` makes, installed as users do, into a folder and into a global prefix; its size.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { oddPlaces, smoke } from './smoke.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const say = (line) => process.stdout.write(`${line}\n`);
const kb = (bytes) => `${Math.round(bytes / 1000)} kB`;
const npm = (words, cwd) => execFileSync('npm', words, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

async function sizeOf(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await stat(path.join(file.parentPath, file.name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

const folder = await mkdtemp(path.join(tmpdir(), 'gleantap package '));
try {
  const [packed] = JSON.parse(npm(['pack', '--json', '--pack-destination', folder], root));
  const tarball = path.join(folder, packed.filename);
  say(`${packed.filename}: ${kb(packed.size)}, ${kb(packed.unpackedSize)} unpacked, ${packed.entryCount} files`);

  // CommonJS programs use import(): the package is ES modules only.
  const tools = path.join(root, 'node_modules/.bin');
  for (const words of [
    ['publint', '--strict'],
    ['attw', '--profile', 'esm-only'],
  ])
    execFileSync(path.join(tools, words[0]), [...words.slice(1), tarball], { stdio: 'inherit' });

  const local = path.join(folder, 'empty folder');
  await mkdir(local);
  await writeFile(path.join(local, 'package.json'), '{ "type": "module" }');
  const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel', 'error'];
  // With scripts forbidden: neither this package nor its dependencies may need one.
  npm(['install', '--ignore-scripts', ...quiet, tarball], local);
  const modules = path.join(local, 'node_modules');
  const lock = JSON.parse(await readFile(path.join(modules, '.package-lock.json'), 'utf8'));
  say(`installed: ${kb(await sizeOf(modules))}, ${Object.keys(lock.packages).length} packages with ours`);
  const version = await smoke([path.join(modules, '.bin/gleantap-import')], oddPlaces[0]);
  await writeFile(
    path.join(local, 'program.js'),
    `import { createSimulator, runImport } from 'gleantap-import'; console.log(typeof runImport, typeof createSimulator);`,
  );
  assert.equal(execFileSync(process.execPath, ['program.js'], { cwd: local, encoding: 'utf8' }), 'function function\n');
  say(`folder: version ${version}, the commands and the library work`);

  const prefix = path.join(folder, 'global prefix');
  npm(['install', '--global', '--prefix', prefix, '--ignore-scripts', ...quiet, tarball], folder);
  const bin = path.join(prefix, 'bin/gleantap-import');
  assert.ok(existsSync(bin));
  await smoke([bin], oddPlaces[1]);
  say('global prefix: the commands work');
} finally {
  await rm(folder, { recursive: true, force: true });
}
