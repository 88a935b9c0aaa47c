import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { z } from 'zod';
import { parseJsonc } from '../../../src/config/jsonc.ts';
import { defectsOf } from '../../../src/core/mapping/finding.ts';
import { mappingSchema } from '../../../src/core/mapping/schema.ts';
import { issueText } from '../../../src/core/settings/issue-text.ts';
import { optionNames, options } from '../../../src/core/settings/options.ts';
import { jobsSchema } from '../../../src/jobs/jobs-schema.ts';

/** Words of the schema library's own messages. */
const zodsWords =
  /invalid|expected|received|too (?:small|big)|unrecognized|pattern|>=|<=|>\d|nan\b|option|character\(s\)/i;

const root = path.resolve(import.meta.dirname, '../../..');
const example = parseJsonc(
  readFileSync(path.join(root, 'mapping.example.json'), 'utf8'),
  'mapping.example.json',
) as object;
const mapping = {
  ...example,
  strictColumns: true,
  minorAge: 18,
  people: { pick: { by: 'Id', order: ['a'], ties: { column: 'D', keep: 'latest', format: 'YYYY' } } },
  rows: { skip: [{ column: 'Status', in: ['x'] }], keep: [] },
  attributes: { level: { column: 'L', type: 'number', decimal: ',' } },
};
const jobs = {
  version: 1,
  parallel: 2,
  rate: 1,
  jobs: [{ name: 'a', app_id: 'a', csv: 'a', mapping: 'a', sharedAccount: true, options: { rate: 1, limit: 2 } }],
};

const wrong: readonly unknown[] = [
  1.5,
  -1,
  1e12,
  Number.NaN,
  '',
  'zzz',
  true,
  null,
  [],
  [1],
  {},
  { zzz: 1 },
  { '': 1 },
  undefined,
];

/** The JSON with each of its places, one after the other, in each wrong way. */
function* damaged(json: unknown): Generator {
  for (const value of wrong) yield value;
  if (typeof json !== 'object' || json === null) return;
  if (!Array.isArray(json)) yield { ...json, zzz: 1, yyy: 2 };
  for (const [key, child] of Object.entries(json)) {
    for (const other of damaged(child)) {
      if (Array.isArray(json)) yield json.with(Number(key), other);
      else yield { ...json, [key]: other };
    }
  }
}

/** What is said of a value, and the codes of what zod found. */
function saidOf(schema: z.ZodType, value: unknown): { texts: string[]; codes: string[] } {
  const issues = schema.safeParse(value, { reportInput: true, error: issueText }).error?.issues ?? [];
  const texts = [...defectsOf(issues).map(({ problem }) => problem), ...issues.map(({ message }) => message)];
  return { texts, codes: issues.map(({ code }) => code) };
}

it.each<[string, z.ZodType, unknown]>([
  ['a mapping', mappingSchema, mapping],
  ['a jobs file', jobsSchema, jobs],
  ...optionNames.map((name): [string, z.ZodType, unknown] => [`--${name}`, options[name].schema, { rows: 1 }]),
])('what is wrong with %s is never said in the words of the schema library', (_what, schema, json) => {
  const said = [...damaged(json)].map((value) => saidOf(schema, value));
  const texts = new Set(said.flatMap((each) => each.texts));
  expect([...texts].filter((text) => zodsWords.test(text))).toEqual([]);
  expect(texts).not.toContain('');
});

it('the example reaches every kind of finding that a mapping can have', () => {
  const codes = new Set([...damaged(mapping)].flatMap((value) => saidOf(mappingSchema, value).codes));
  for (const code of ['invalid_type', 'invalid_value', 'too_small', 'too_big', 'unrecognized_keys', 'invalid_union'])
    expect(codes).toContain(code);
});
