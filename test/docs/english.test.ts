import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

/** Files and folders whose English is checked. */
const checked = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'ARCHITECTURE.md',
  'docs',
  'src',
  'test',
  'fixtures',
  'bench',
];

/** Here strings are data, so that only titles of tests and comments are checked. */
const ofTests = /^(?:test|fixtures|bench)\//;

/** Phrases that read like a translation, each with what to write instead. */
const avoided: readonly (readonly [RegExp, string])[] = [
  [/\b(?:go|goes|going|gone|went) on\b/i, 'continue'],
  [/\b(?:nobody|somebody|whoever|everybody)\b/i, 'name who: the API, the server, people, you, everyone'],
  [/\bleav(?:e|es|ing) (?:\S+ )?away\b|\bleft away\b/i, 'omit'],
  [/\bmend(?:s|ed|ing)?\b/i, 'fix'],
  [/\bsa(?:y|ys|id) (?:so|aloud)\b/i, 'report, warn, or show'],
  [/\b(?:stand|stands|stood) in\b|\bstand-in\b/i, 'is in; simulator'],
  [/\bsuch\b/i, 'like, these'],
  [/\bbeside\b/i, 'next to'],
  [/\bwith a word\b/i, 'with a note'],
  [/\b(?:is|are|was) told\b/i, 'the message says'],
  [/\bof that kind\b/i, 'like this'],
  [/(?<!\bthere )\b(?:is|are|was|were) no (?!longer\b|more\b)/i, 'is not a'],
];

it.each(checked)('%s uses none of the phrases that we avoid', (entry) => {
  const found = filesOf(path.join(root, entry)).flatMap((file) =>
    textOf(file)
      .split('\n')
      .flatMap((line, index) =>
        avoided
          .filter(([phrase]) => phrase.test(line))
          .map(
            ([phrase, better]) => `${path.relative(root, file)}:${index + 1}: ${phrase.exec(line)?.[0]} (${better})`,
          ),
      ),
  );
  expect(found).toEqual([]);
});

/** What people read: a page without its names in backticks, or the comments of a source file and its strings or titles. */
function textOf(file: string): string {
  const text = readFileSync(file, 'utf8');
  if (file.endsWith('.md')) return text.replaceAll(/`[^`\n]+`/g, '`');
  const read = Array.from({ length: text.split('\n').length }, () => '');
  const titlesOnly = ofTests.test(path.relative(root, file).replaceAll(path.sep, '/'));
  for (const { 0: piece, index } of text.matchAll(commentOrString)) {
    if (titlesOnly && !piece.startsWith('/') && !isTitle(text, index, piece.length)) continue;
    const first = text.slice(0, index).split('\n').length - 1;
    piece.split('\n').forEach((line, at) => (read[first + at] += ` ${line.replaceAll(/\$\{[^{}]*\}?/g, '')}`));
  }
  return read.join('\n');
}

/** The first argument of a call, before an arrow function: the title of a test, or a group of them. */
function isTitle(text: string, index: number, length: number): boolean {
  return /\(\s*$/.test(text.slice(0, index)) && titleEnd.test(text.slice(index + length));
}

const titleEnd = /^,\s*(?:\{[^{}]*\},\s*)?(?:async\b|\()/;

/** Up to a nested template, of which the inner text counts as code. */
const commentOrString = /\/\*[\s\S]*?\*\/|\/\/.*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;

function filesOf(entry: string): string[] {
  if (!existsSync(entry)) return [];
  if (statSync(entry).isFile()) return [entry];
  return readdirSync(entry, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:md|m?ts|mjs)$/.test(name))
    .map((name) => path.join(entry, name));
}
