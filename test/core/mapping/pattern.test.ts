import { array, assert, asyncProperty, constantFrom, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern, isPattern } from '../../../src/core/mapping/pattern.ts';
import { compileDateFormats } from '../../../src/core/values/dates.ts';
import { openCsv } from '../../../src/csv/reader.ts';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Each would take JavaScript's own expressions longer than anyone waits, on the text next to it. */
const evil: readonly (readonly [string, string])[] = [
  ['^(a+)+$', `${'a'.repeat(5000)}!`],
  ['^(a|a)+$', `${'a'.repeat(5000)}!`],
  ['^(a|aa)+$', `${'a'.repeat(5000)}!`],
  [String.raw`^(\w+\s?)+$`, `${'total '.repeat(1000)}!`],
  ['(.*a){12}$', `${'a'.repeat(5000)}!`],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', `${'a'.repeat(5000)}!`],
  [String.raw`^(\d+|\d+,)+$`, `${'12,'.repeat(2000)}x`],
];

describe('a regular expression of a mapping takes linear time', () => {
  it.each(evil)('%s ends', async (pattern, text) => {
    expect(await isPattern(pattern)).toBe(true);
    expect((await compilePattern(pattern)).test(text)).toBe(false);
  });

  it.each(evil)('%s as csv.footer ends, and the row is read', async (pattern, text) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'footer-'));
    try {
      const file = path.join(folder, 'members.csv');
      await writeFile(file, `name,city\n"${text}",Oslo\nSum,1\n`);
      const csv = await openCsv(file, { footer: `^sum$|${pattern}` });
      let footer = 0;
      for await (const batch of csv.batches()) footer += batch.footer;
      expect(footer).toBe(1);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it.each(['(?=a)b', '(?!a)b', '(?<=a)b', '(?<!a)b', String.raw`(a)\1`, String.raw`(?<n>a)\k<n>`, 'a{1001}'])(
    '%s is refused',
    async (pattern) => {
      expect(() => new RegExp(pattern, 'iu')).not.toThrow();
      expect(await isPattern(pattern)).toBe(false);
    },
  );

  it('many blanks in a date format match any white space, in linear time', () => {
    const read = compileDateFormats([`D${' '.repeat(30)}M YYYY`], { want: 'date', today: '2026-11-27' });
    expect(read(`1${' '.repeat(200)}x`)).not.toHaveProperty('value');
    expect(read('1  2 1990')).toMatchObject({ value: '1990-02-01' });
  });
});

/** Ordinary pieces of expressions, put together. */
const letters = ['a', 'b', 'ü', 'É', '(?:Total)', '1', ':', '-', ' ', '/', 'ß', '日', '😀'];
const escapes = String.raw`. \d \D \w \W \s \S \b \. \( \/ \t \u00e9 \u{1f600} \p{L} \P{L} \p{Lu}`.split(' ');
const classes = String.raw`[a-c] [^a-c] [\s\d] [^\S\n] [.\]] [é-ü] [] [^] [\p{N}-] (?<name>x) ^ $`.split(' ');
const atom = constantFrom(...letters, ...escapes, ...classes);
const quantifier = constantFrom('', '', '', '*', '+', '?', '{2}', '{1,3}', '*?', '+?');
const piece = tuple(atom, quantifier).map(([text, times]) =>
  ['^', '$', String.raw`\b`].includes(text) ? text : `${text}${times}`,
);
const sequence = array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(''));
const expression = tuple(sequence, sequence, constantFrom('', '?', '+'))
  .map(([first, second, times]) => `(?:${first}|${second})${times}`)
  .filter((text) => text.split('(?<name>').length <= 2);
const words = [
  'a',
  'B',
  'total',
  'TOTAL',
  '12',
  'é',
  'Ü',
  ' ',
  '\u00a0',
  '\u202f',
  '\u2028',
  '\t',
  '\n',
  '\r',
  '.',
  ']',
  '/',
  '😀',
  'ß',
  'x',
  '_',
];
const text = array(constantFrom(...words), { maxLength: 8 }).map((parts) => parts.join(''));

it('an ordinary expression matches what it matches in JavaScript', async () => {
  await assert(
    asyncProperty(expression, array(text, { minLength: 5, maxLength: 5 }), async (source, texts) => {
      const [ours, native] = [await compilePattern(source), new RegExp(source, 'iu')];
      for (const each of texts) expect([source, each, ours.test(each)]).toEqual([source, each, native.test(each)]);
    }),
    { numRuns: 2000 },
  );
});
