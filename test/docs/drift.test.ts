import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandTable } from '../../src/cli/command-table.ts';
import { isBoolean } from '../../src/cli/flags.ts';
import { flagOf, optionMeta, optionNames, variableOf } from '../../src/core/settings/options.ts';

const root = path.resolve(import.meta.dirname, '../..');
const markdownBelow = (folder: string): string[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join(folder, name));
const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', ...markdownBelow('docs')];
const read = (page: string): string => readFileSync(path.join(root, page), 'utf8');

/** The text in backticks. */
function inlineCode(markdown: string): string[] {
  const text = markdown.replaceAll(/^```[\s\S]*?^```/gm, '');
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}

/** Commands that the reader can type: lines in code blocks and text in backticks that call this program. */
function commandsIn(markdown: string): string[] {
  const fenced = [...markdown.matchAll(/^```\w*\n([\s\S]*?)^```/gm)].flatMap(([, text = '']) => text.split('\n'));
  return [...fenced, ...inlineCode(markdown)].flatMap((line) => {
    const [, call] = /(?:^|[\s/=])gleantap-import(?:\.cmd)? (.*)$/.exec(line) ?? [];
    return call === undefined ? [] : [call];
  });
}

const unknown = (used: Iterable<string>, known: ReadonlySet<string>): string[] =>
  [...new Set(used)].filter((name) => !known.has(name));

const flags = new Set([
  '--help',
  '--version',
  ...optionNames.map(flagOf),
  ...optionNames.filter((name) => isBoolean(name)).map((name) => `--no-${flagOf(name).slice(2)}`),
  ...commandTable.flatMap(({ own }) => Object.keys(own ?? {}).map((name) => `--${name}`)),
]);
const commands = new Set(commandTable.map(({ usage }) => usage.split(' ')[0] ?? ''));
const variables = new Set(
  optionNames.filter((name) => optionMeta(name).scope !== 'rail').map((name) => variableOf(name)),
);
const source = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(path.join(root, 'src', name), 'utf8'))
  .join('\n');
for (const [name] of source.matchAll(/GLEANTAP_IMPORT_TEST_\w+/g)) variables.add(name);
const sourceWords = new Set(source.match(/\w+/g));

describe.each(pages)('%s', (page) => {
  const text = read(page);

  it('has no broken links', () => {
    const prose = text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '');
    const links = [...prose.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = '']) => target);
    const broken = links.filter((link) => !/^(?:https?|mailto):/.test(link) && !leadsSomewhere(page, link));
    expect(broken).toEqual([]);
  });

  it('mentions only flags, commands and variables that exist', () => {
    const typed = commandsIn(text);
    const code = inlineCode(text);
    const used = [...typed, ...code.filter((span) => span.startsWith('--'))].flatMap(
      (line) => line.match(/(?<![\w-])--[a-z][a-z-]*/g) ?? [],
    );
    expect(unknown(used, flags)).toEqual([]);
    const called = typed.flatMap((call) => /^([a-z]+)/.exec(call)?.[1] ?? []);
    expect(unknown(called, commands)).toEqual([]);
    expect(unknown(text.match(/GLEANTAP_IMPORT_[A-Z_]+[A-Z]/g) ?? [], variables)).toEqual([]);
  });

  it('mentions only source files that exist', () => {
    const files = inlineCode(text).filter((span) => /^[\w-]+(?:\/[\w.-]+)+\.(?:ts|mjs)$/.test(span));
    const gone = files.filter((file) => !['', 'src'].some((folder) => existsSync(path.join(root, folder, file))));
    expect(gone).toEqual([]);
  });

  it('mentions only codes, fields and settings that exist', () => {
    // Product pages mention columns of the product, which have their own test. Decisions mention names from other libraries.
    if (page.startsWith(path.join('docs', 'products')) || page.endsWith('decisions.md')) return;
    const words = inlineCode(text).filter((span) => /^[a-z0-9]+(?:_[a-z0-9]+)+$/.test(span));
    expect(unknown(words, sourceWords)).toEqual([]);
  });
});

it('the README links to every page', () => {
  const linked = new Set(
    [...read('README.md').matchAll(/\]\(([^()#\s]+)/g)].map(([, target = '']) => path.normalize(target)),
  );
  const alone = markdownBelow('docs').filter((page) => path.dirname(page) === 'docs' && !linked.has(page));
  expect(alone).toEqual([]);
});

function leadsSomewhere(page: string, link: string): boolean {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? page : path.join(path.dirname(page), decodeURIComponent(file));
  if (!existsSync(path.join(root, target))) return false;
  return anchor === undefined || anchorsOf(read(target)).has(anchor);
}

/** The anchors that GitHub creates from headings, and explicit ones. */
function anchorsOf(markdown: string): Set<string> {
  const headings = [...markdown.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.+)$/gm)];
  const own = [...markdown.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id);
  return new Set([
    ...own,
    ...headings.map(([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  ]);
}
