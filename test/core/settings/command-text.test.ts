import { execFileSync, spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandText } from '../../../src/core/settings/command-text.ts';

it.each([
  [['run', 'members.csv', '--rows', '2-5,9'], 'gleantap-import run members.csv --rows 2-5,9'],
  [['run', 'my members.csv'], 'gleantap-import run "my members.csv"'],
  [
    ['run', String.raw`C:\Users\O'Brien\my members.csv`],
    String.raw`gleantap-import run "C:\Users\O'Brien\my members.csv"`,
  ],
  [['run', ''], 'gleantap-import run ""'],
  [['run', 'a"b'], `gleantap-import run 'a"b'`],
  [['run', "it's $5!"], String.raw`gleantap-import run 'it'\''s $5!'`],
  [['run', "Mü\u202e'\\.csv"], String.raw`gleantap-import run $'Mü\xe2\x80\xae\'\\.csv'`],
])('%j', (words, text) => {
  expect(commandText(...words)).toBe(text);
});

it.skipIf(spawnSync('bash', ['--version']).status !== 0)('bash reads a name with hidden characters as it is', () => {
  const name = 'a\u001b]0;x\u0007\u202e\u009b2J\n\'"\\\u{e0001}é.csv';
  const text = commandText(name).replace('gleantap-import', "printf '%s'");
  expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(execFileSync('bash', ['-c', text], { encoding: 'utf8' })).toBe(name);
});

describe.skipIf(process.platform === 'win32')('in a shell', () => {
  it('every word arrives unchanged', () => {
    const word = fc
      .oneof(
        fc.string(),
        fc.stringMatching(/^[ "'$`!~*?<>|&;()#-]{0,8}$/),
        fc.constantFrom('a b', 'a\nb', '\\', 'a \\', '~', '-x'),
      )
      .filter((text) => !text.includes('\0') && !/\\["\\$`\n]/.test(text));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 3 }), (words) => {
        const script = `gleantap-import() { printf '%s\\0' "$@"; }\n${commandText(...words)}`.replaceAll(
          'gleantap-import',
          'gleantap',
        );
        const said = execFileSync('sh', ['-c', script], { encoding: 'utf8' });
        expect(said.split('\0').slice(0, -1)).toEqual(words);
      }),
      { numRuns: 60 },
    );
  });
});
