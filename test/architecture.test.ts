import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * Which folder may import which, type imports included (DESIGN.md section 7, ARCHITECTURE.md). A folder may always import itself.
 * `run` holds the use cases; `run/model` is the files of `run/` that its stages share.
 */
const runModel = new Set(['events', 'model', 'next-command', 'plan', 'ports', 'setup']);
const stages = [
  'run/check',
  'run/compare',
  'run/consent',
  'run/feed',
  'run/report',
  'run/send',
  'run/tags',
  'run/undo',
];
const below = ['core', 'csv', 'excel', 'flow', 'gleantap', 'ledger', 'report'];
const wholeRun = ['run', 'run/model', 'run/files', 'run/requests', ...stages];
const ofStage = ['run/files', 'run/model', ...below];
/** Stages that send requests. */
const requesting = ['run/compare', 'run/consent', 'run/send', 'run/tags'];

const allowed: Readonly<Record<string, readonly string[]>> = {
  core: [],
  flow: [],
  simulator: [],
  config: ['core', 'flow'],
  csv: ['core', 'flow'],
  excel: ['core'],
  gleantap: ['core', 'flow'],
  ledger: ['core', 'flow'],
  report: ['csv', 'excel', 'flow', 'core'],
  draft: ['csv', 'excel', 'core'],
  'run/model': ['core', 'csv', 'excel', 'flow', 'gleantap', 'ledger'],
  'run/files': ['run/model', ...below],
  'run/requests': ['run/model', 'core', 'flow', 'gleantap'],
  ...Object.fromEntries(stages.map((stage) => [stage, ofStage])),
  ...Object.fromEntries(requesting.map((stage) => [stage, ['run/requests', ...ofStage]])),
  run: [...wholeRun, ...below],
  jobs: ['config', ...wholeRun, ...below],
  library: ['config', ...wholeRun, ...below],
  cli: ['config', 'draft', 'jobs', 'library', 'simulator', ...wholeRun, ...below],
  // The entry point of the library.
  '.': ['config', 'draft', 'library', 'simulator', ...wholeRun, ...below],
};

const src = path.resolve(import.meta.dirname, '../src');

/** Relative imports of every file, as paths within `src`. */
const graph = new Map(
  readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => name.replaceAll(path.sep, '/'))
    .map((name) => [name, importsOf(name, readFileSync(path.join(src, name), 'utf8'))] as const),
);

/** Everything between `import` or `export` and its `from`, or the argument of `import(...)`, in a value or a type. */
function importsOf(file: string, text: string): string[] {
  const statements = text.matchAll(/^(?:import|export)\b[^;'"`]*?\bfrom '([^']+)'|^import '([^']+)'/gm);
  const calls = text.matchAll(/\bimport\('([^']+)'\)/g);
  return [...statements, ...calls]
    .map(([, from, alone]) => from ?? alone ?? '')
    .filter((name) => name.startsWith('.'))
    .map((name) => path.posix.join(path.posix.dirname(file), name));
}

function folderOf(file: string): string {
  const [first = '', second, third] = file.split('/');
  if (second === undefined) return '.';
  if (first !== 'run') return first;
  if (third !== undefined) return `run/${second}`;
  return runModel.has(path.basename(file, '.ts')) ? 'run/model' : 'run';
}

const imports = [...graph].flatMap(([from, targets]) => targets.map((to) => ({ from, to, text: `${from} > ${to}` })));

function isAllowed({ from, to }: { readonly from: string; readonly to: string }): boolean {
  const [a, b] = [folderOf(from), folderOf(to)];
  return a === b || allowed[a]?.includes(b) === true;
}

/** A path from a file back to itself, or undefined. */
function findCycle(): string[] | undefined {
  const done = new Set<string>();
  const walk = (file: string, way: readonly string[]): string[] | undefined => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const to of graph.get(file) ?? []) {
      const cycle = walk(to, [...way, file]);
      if (cycle !== undefined) return cycle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const cycle = walk(file, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

describe('imports between the files of src, type imports included', () => {
  it('all lead to a file', () => {
    expect(graph.size).toBeGreaterThan(200);
    const isCode = (to: string): boolean => !to.endsWith('.json');
    expect(imports.filter(({ to }) => isCode(to) && !graph.has(to)).map(({ text }) => text)).toEqual([]);
    const count = (text: string): number => text.split(/\bfrom '\.|\bimport\('\./).length - 1;
    const texts = [...graph.keys()].map((name) => readFileSync(path.join(src, name), 'utf8'));
    expect(imports.length).toBe(texts.reduce((sum, text) => sum + count(text), 0));
  });

  it('follow the arrows of the folders', () => {
    expect([...new Set([...graph.keys()].map(folderOf))].toSorted()).toEqual(Object.keys(allowed).toSorted());
    const wrong = imports.filter((each) => !isAllowed(each)).map(({ text }) => text);
    expect(wrong).toEqual([]);
  });

  it('form no cycle', () => {
    expect(findCycle()?.join(' > ')).toBeUndefined();
  });
});
