import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flagOf, optionMeta, optionNames, options, variableOf } from '../../../src/core/settings/options.ts';
import { exceeds } from '../../../src/core/settings/option-values.ts';
import type { OptionName } from '../../../src/core/settings/options.ts';

const read = (name: OptionName, value: unknown): unknown => {
  const parsed = options[name].schema.safeParse(value);
  return parsed.success ? parsed.data : 'refused';
};

describe('text becomes a value, as from a flag or a variable', () => {
  it.each<[OptionName, unknown, unknown]>([
    ['yes', 'true', true],
    ['yes', '0', false],
    ['yes', true, true],
    ['yes', 'maybe', 'refused'],
    ['rate', '2.5', 2.5],
    ['rate', '0', 0],
    ['rate', '-1', 'refused'],
    ['rate', 'fast', 'refused'],
    ['rate', '', 'refused'],
    ['rate', '1e3', 'refused'],
    ['rate', 7, 7],
    ['concurrency', '8', 8],
    ['concurrency', '0', 'refused'],
    ['concurrency', '1.5', 'refused'],
    ['limit', '-3', 'refused'],
    ['timeout', '30', 30_000],
    ['timeout', 30, 30_000],
    ['timeout', '500ms', 500],
    ['timeout', '1.5m', 90_000],
    ['timeout', '1h', 3_600_000],
    ['timeout', '0', 'refused'],
    ['timeout', '1000h', 'refused'],
    ['timeout', '-5s', 'refused'],
    ['timeout', '5 s', 'refused'],
    ['timeout', '5d', 'refused'],
    ['maxOutage', '48h', 172_800_000],
    ['maxInvalid', '10%', { percent: 10 }],
    ['maxInvalid', '2.5 %', { percent: 2.5 }],
    ['maxInvalid', '10', { rows: 10 }],
    ['maxInvalid', 0, { rows: 0 }],
    ['maxInvalid', '-1', 'refused'],
    ['tolerate', '%', 'refused'],
    [
      'rows',
      '2-500,812',
      [
        [2, 500],
        [812, 812],
      ],
    ],
    [
      'rows',
      ' 2 - 3 , 5 ',
      [
        [2, 3],
        [5, 5],
      ],
    ],
    ['rows', '5-2', 'refused'],
    ['rows', '0', 'refused'],
    ['rows', '2-', 'refused'],
    ['rows', '2;3', 'refused'],
    ['rows', '', 'refused'],
    ['addTags', 'a, b c ,,', ['a', 'b c']],
    ['addTags', ['a', 'b,c'], ['a', 'b', 'c']],
    ['addTags', '', []],
    ['duplicates', 'last', 'last'],
    ['duplicates', 'newest', 'refused'],
    ['out', '', 'refused'],
  ])('%s %j is %j', (name, value, expected) => {
    expect(read(name, value)).toEqual(expected);
  });
});

it('the defaults are the documented ones', () => {
  const { rate, concurrency, timeout, attempts, maxOutage, maxInvalid, tolerate, duplicates, baseUrl } =
    Object.fromEntries(optionNames.map((name) => [name, read(name, undefined)]));
  expect({ rate, concurrency, timeout, attempts, maxOutage, maxInvalid, tolerate, duplicates, baseUrl }).toEqual({
    rate: 5,
    concurrency: 8,
    timeout: 30_000,
    attempts: 6,
    maxOutage: 600_000,
    maxInvalid: { percent: 10 },
    tolerate: { rows: 0 },
    duplicates: 'send',
    baseUrl: 'https://api.gleantap.com',
  });
});

it('options that lift a safeguard are flags only', () => {
  for (const name of ['yes', 'again', 'acceptRefusals'] as const) expect(optionMeta(name).scope).toBe('rail');
});

it('names are converted to flags and variables', () => {
  expect([flagOf('maxInvalid'), variableOf('maxInvalid')]).toEqual(['--max-invalid', 'GLEANTAP_IMPORT_MAX_INVALID']);
  const written = optionNames.flatMap((name) => [flagOf(name), variableOf(name)]);
  expect(new Set(written).size).toBe(written.length);
});

describe('a share', () => {
  it.each<[{ rows: number } | { percent: number }, number, number, boolean]>([
    [{ rows: 0 }, 0, 10, false],
    [{ rows: 0 }, 1, 10, true],
    [{ rows: 5 }, 5, 10, false],
    [{ percent: 10 }, 20, 20, false],
    [{ percent: 10 }, 21, 21, true],
    [{ percent: 10 }, 21, 210, false],
    [{ percent: 10 }, 22, 210, true],
    [{ percent: 100 }, 30, 30, false],
  ])('%j of %i in %i rows is exceeded: %j', (share, bad, all, expected) => {
    expect(exceeds(share, bad, all)).toBe(expected);
  });
});

it('a list of rows reads back', () => {
  const range = fc
    .tuple(fc.integer({ min: 1, max: 1e6 }), fc.nat(1000))
    .map(([first, more]): [number, number] => [first, first + more]);
  fc.assert(
    fc.property(fc.array(range, { minLength: 1 }), (ranges) => {
      const text = ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
      expect(read('rows', text)).toEqual(ranges);
    }),
  );
});
