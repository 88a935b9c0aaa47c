import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../cli/harness.ts';

/** What a declaration file of the built package declares, and what it takes from others: for each name the file and the name there. */
interface Module {
  readonly declared: ReadonlyMap<string, string>;
  readonly taken: ReadonlyMap<string, readonly [file: string, name: string]>;
}

const modules = new Map<string, Module>();

function moduleOf(file: string): Module {
  const known = modules.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(file, 'utf8').replaceAll(/\/\*[^]*?\*\//g, '');
  const declared = new Map<string, string>();
  for (const statement of text.split(/^(?=export |declare |interface |type |import )/m)) {
    const name = /^(?:export )?(?:declare )?(?:interface|type|class|function|const) (\w+)/.exec(statement)?.[1];
    if (name !== undefined) declared.set(name, (declared.get(name) ?? '') + statement);
  }
  const taken = new Map<string, readonly [string, string]>();
  for (const [, names = '', from = ''] of text.matchAll(
    /^(?:import|export) (?:type )?\{([^}]*)\} from '(\.[^']+)'/gm,
  )) {
    for (const part of names.split(',')) {
      const [name = '', alias = name] = part
        .replace(/\btype\b/, '')
        .trim()
        .split(' as ');
      if (name !== '') taken.set(alias, [path.join(path.dirname(file), from.replace(/\.[jt]s$/, '.d.ts')), name]);
    }
  }
  const read = { declared, taken };
  modules.set(file, read);
  return read;
}

/** Where a name of a file is declared, as `file#name`; undefined for what is not ours. */
function declarationOf(file: string, name: string): string | undefined {
  const { declared, taken } = moduleOf(file);
  if (declared.has(name)) return `${file}#${name}`;
  const source = taken.get(name);
  return source === undefined ? undefined : declarationOf(...source);
}

it('every type that a public signature reaches is exported', () => {
  const index = path.join(root, 'dist/index.d.ts');
  const exported = new Set([...moduleOf(index).taken.values()].map(([file, name]) => declarationOf(file, name)));
  const reached = new Set(exported);
  const missing: string[] = [];
  // A set grows while it is walked, and each member comes once.
  for (const key of reached) {
    const [file = '', name = ''] = key?.split('#') ?? [];
    const text = moduleOf(file).declared.get(name) ?? '';
    if (/^(?:export )?declare const/.test(text)) continue;
    if (!exported.has(key)) missing.push(path.relative(root, key ?? ''));
    for (const [word] of text.replaceAll(/'[^']*'/g, '').matchAll(/\b[A-Z]\w*/g)) {
      const found = declarationOf(file, word);
      if (found !== undefined) reached.add(found);
    }
  }
  expect(missing).toEqual([]);
  // If the walk found nothing, it would prove nothing.
  expect(reached.size).toBeGreaterThan(50);
});
