import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { filesBelow, root } from '../cli/harness.ts';

interface Packed {
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** What `npm pack` would make of the tree as it is built. `npm run test:package` makes and installs it. */
let packed: Packed;
const files = (): string[] => packed.files.map(({ path: name }) => name);

beforeAll(() => {
  const words = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const listed = execFileSync('npm', words, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  [packed] = JSON.parse(listed) as [Packed];
});

describe('the package', () => {
  it('contains what users need, and nothing else', () => {
    const others = files().filter(
      (name) => !/^dist\/.*\.(js|d\.ts)$|^dist\/.*words.*\.json$|^docs\/.*\.md$/.test(name),
    );
    expect(others.sort()).toEqual(
      [
        '.env.example',
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'jobs.schema.json',
        'mapping.example.json',
        'mapping.schema.json',
        'package.json',
      ].sort(),
    );
    expect(files()).toContain('dist/cli/main.js');
    expect(files()).toContain('dist/index.d.ts');
  });

  it('contains every page that a message mentions', () => {
    const source = path.join(root, 'src');
    const named = filesBelow(source).flatMap((name) => {
      const code = readFileSync(name, 'utf8').replaceAll(/^ *(\*|\/\*|\/\/).*$/gm, '');
      return code.match(/docs\/[\w/-]+\.md/g) ?? [];
    });
    expect(named).toContain('docs/options.md');
    for (const page of named) expect(files()).toContain(page);
  });

  it('is small', () => {
    // Half of it is the command line bundled with its libraries, so that it starts fast.
    expect(packed.size).toBeLessThan(1_300_000);
    expect(packed.unpackedSize).toBeLessThan(5_000_000);
  });

  it('has few dependencies: a fixed number by name and in total on one platform; none of its own scripts runs at install', () => {
    const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { dev?: boolean; optional?: boolean; hasInstallScript?: boolean }>;
    };
    const needed = Object.entries(lock.packages).filter(([name, { dev }]) => name !== '' && dev !== true);
    expect(needed.filter(([, { optional }]) => optional !== true).length).toBeLessThanOrEqual(65);
    expect(needed.filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([]);
    const own = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
      dependencies: Record<string, string>;
    };
    expect(Object.keys(own.dependencies).length).toBeLessThanOrEqual(17);
    expect(Object.keys(own.scripts).filter((name) => /^(pre|post)?(install|prepare)$/.test(name))).toEqual([]);
  });
});
