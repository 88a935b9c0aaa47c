import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { commandTable } from '../../src/cli/command-table.ts';
import { credentialNames } from '../../src/config/credentials.ts';
import { exitCodes, worstOf } from '../../src/core/outcome/exit-codes.ts';
import { flagOf, optionNames, options, variableOf } from '../../src/core/settings/options.ts';
import { readJobs } from '../../src/jobs/read-jobs.ts';

const page = await readFile(path.resolve(import.meta.dirname, '../../docs/nightly.md'), 'utf8');

/** The fenced code blocks of one language. */
function blocks(language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, text = '']) => text);
}

const flagsIn = (text: string): string[] => text.match(/(?<![\w-])--[a-z][a-z-]+/g) ?? [];
const codesIn = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number);
const flagsOf = new Map(
  commandTable.map(({ usage, flags = [], own = {} }) => [
    usage.split(' ')[0] ?? '',
    [...flags.map(flagOf), ...Object.keys(own).map((name) => `--${name}`)],
  ]),
);

describe('docs/nightly.md', () => {
  it('mentions only existing commands, with flags that they accept', () => {
    const unknown = flagsIn(page).filter((flag) => ![...flagsOf.values()].flat().includes(flag));
    expect(unknown).toEqual([]);
    const lines = [...page.matchAll(/gleantap-import (\w+)\b(?!-)([^\n`]*)/g)].filter(([, word = '']) =>
      flagsOf.has(word),
    );
    expect(lines.length).toBeGreaterThan(10);
    for (const [line, command = '', rest = ''] of lines)
      expect(flagsOf.get(command), line).toEqual(expect.arrayContaining(flagsIn(rest)));
    for (const block of [...blocks('sh'), ...blocks('bat'), ...blocks('ini')])
      for (const [line, word = ''] of block.matchAll(/gleantap-import (\w+).*/g))
        expect([...flagsOf.keys()], line).toContain(word);
    const [args = ''] = /args:\n +- run\n(?: +- .*\n)+/.exec(page) ?? [];
    expect(flagsIn(args)).not.toEqual([]);
    expect(flagsOf.get('run')).toEqual(expect.arrayContaining(flagsIn(args)));
  });

  it('says what to do about every exit code', () => {
    const rows = [...page.matchAll(/^\| (\d+(?:, \d+)*) +\|/gm)].flatMap(([, codes = '']) => codesIn(codes));
    expect(rows.sort((a, b) => a - b)).toEqual(Object.keys(exitCodes).map(Number));
    const [, worst = ''] = /in the order ([\d, ]+)\./.exec(page) ?? [];
    const order = codesIn(worst);
    expect(new Set(order)).toEqual(new Set(rows));
    order.forEach((code, index) => expect(worstOf(order.slice(index))).toBe(code));
  });

  it('retries the same exit codes everywhere', () => {
    const known = Object.keys(exitCodes).map(Number);
    const retried = [3, 75];
    expect(codesIn(/RestartForceExitStatus=(.*)/.exec(page)?.[1] ?? '')).toEqual(retried);
    expect(codesIn(/^ +([\d |]+)\) \[ "\$try"/m.exec(page)?.[1] ?? '')).toEqual(retried);
    expect([...page.matchAll(/if %code%==(\d+) goto wait/g)].map(([, code]) => Number(code))).toEqual(retried);
    const failed = codesIn(/values: \[([\d, ]+)\]/.exec(page)?.[1] ?? '');
    expect([0, ...failed, ...retried, 130, 143].sort((a, b) => a - b)).toEqual(known);
  });

  it('mentions only variables that exist', () => {
    const names = new Set<string>([...credentialNames, ...optionNames.map(variableOf)]);
    for (const name of page.match(/(?<![A-Z_])GLEANTAP_[A-Z_]+/g) ?? []) expect(names).toContain(name);
  });

  it('shows gate limits that the config file accepts', () => {
    const { gate } = JSON.parse(blocks('jsonc')[0] ?? '') as { gate: object };
    expect(options.gate.schema.parse(gate)).toEqual(gate);
  });

  it('shows a valid jobs file and valid scripts', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'nightly-'));
    onTestFinished(async () => rm(folder, { recursive: true }));
    const file = path.join(folder, 'jobs.json');
    await writeFile(file, blocks('json')[0] ?? '');
    expect((await readJobs(file)).jobs).toHaveLength(2);
    for (const script of blocks('sh')) execFileSync('sh', ['-n'], { input: script });
  });
});
