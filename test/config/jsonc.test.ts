import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonc } from '../../src/config/jsonc.ts';
import { RunError } from '../../src/core/outcome/run-error.ts';

const parse = (text: string): unknown => parseJsonc(text, 'mapping.json');
const mistake = (text: string): string => {
  try {
    return `parsed ${JSON.stringify(parse(text))}`;
  } catch (error) {
    if (!(error instanceof RunError) || error.code !== 'mapping') throw error;
    return error.message;
  }
};

describe('accepts what people write', () => {
  it.each<[string, string, unknown]>([
    ['comments', '// one\n{ /* two */ "a": 1 // three\n}', { a: 1 }],
    ['trailing commas', '{"a":[1,2,],}', { a: [1, 2] }],
    ['a byte order mark', '\uFEFF{"a":1}', { a: 1 }],
    ['CRLF', '{\r\n"a"\r\n:1}\r\n', { a: 1 }],
    ['comment signs inside texts', '{"a":"http://x/*y*/"}', { a: 'http://x/*y*/' }],
    ['escapes', String.raw`{"a":"\u00e9\n\\"}`, { a: 'é\n\\' }],
  ])('%s', (_what, text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  it('reads any valid JSON as JSON.parse does', () => {
    const json = fc.json({ maxDepth: 8 }).filter((text) => !text.includes('__proto__'));
    fc.assert(
      fc.property(json, (text) => {
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });
});

describe('a mistake is reported with line and column', () => {
  it.each([
    ['a missing comma', '{\n  "a": 1\n  "b": 2\n}', 3, 3],
    ['a missing value', '{"a": }', 1, 7],
    ['a missing brace', '{"a": 1', 1, 8],
    ['single quotes', "{\n'a': 1}", 2, 1],
    ['a bare word', '{\r\n\t"a": yes}', 2, 7],
    ['text behind the end', '{"a":1}\n{}', 2, 1],
    ['nothing', '', 1, 1],
    ['blanks', ' \n ', 2, 2],
    ['a key twice', '{"a": 1,\n "b": {"c": 1, "c": 2}}', 2, 16],
    ['__proto__ twice', '{"__proto__": 1, "__proto__": 2}', 1, 18],
    ['a comment that does not end', '{"a":1} /*', 1, 9],
  ])('%s', (_what, text, line, column) => {
    expect(mistake(text)).toContain(`mapping.json, line ${line}, column ${column}:`);
  });

  it.each([
    ['{"a":', '}'],
    ['[', ']'],
  ])('%s nested ten thousand levels deep', (open, close) => {
    expect(mistake(open.repeat(10_000) + '1' + close.repeat(10_000))).toMatch(/^mapping\.json, line 1, column /);
    expect(mistake(open.repeat(10_000))).toMatch(/^mapping\.json, line 1, column /);
  });
});

it('__proto__ is a key like any other and changes no object', () => {
  const parsed = parse('{"__proto__":{"evil":1},"constructor":2}') as object;
  expect(Object.keys(parsed)).toEqual(['__proto__', 'constructor']);
  expect([Object.getPrototypeOf(parsed), 'evil' in {}]).toEqual([Object.prototype, false]);
});
