import { describe, expect, it } from 'vitest';
import { healthLines } from '../../src/cli/text/health.ts';
import { plainScreen } from '../../src/cli/text/screen.ts';
import { wrap } from '../../src/cli/text/words.ts';
import type { CheckStats } from '../../src/run/model.ts';

const stats: CheckStats = {
  read: 120_000,
  blank: 2,
  repeatedHeaders: 1,
  footer: 1,
  toSend: 110_000,
  requests: 110_004,
  invalid: 10_000,
  failed: 10_000,
  skipped: 0,
  sharing: { people: 18, rows: 37 },
  strangers: 1,
  valid: 0,
  filledOfAll: {},
  endsDamaged: false,
  waited: 0,
  people: undefined,
  problems: { no_match_key: { count: 9000, rows: [8, 12, 31] }, bad_email: { count: 1000, rows: [9, 10, 11] } },
  warnings: { phone_extension_dropped: { count: 3, rows: [100_001, 100_002, 100_003] } },
  filled: { user_id: 110_000, a_rather_long_name_of_an_attribute: 109_999, dob: 3 },
  tags: [{ tag: 'Yo\u001B[31mga\u202E and more words than fit a narrow screen', action: 'add', count: 4 }],
  moreTags: false,
  consent: { optinYes: 5, optinNo: 1, optoutYes: 2, optoutNo: 0 },
  emailOptouts: { rows: 2, of: 110_000 },
  unsentConsent: ['SMS ok?'],
  defaultNames: 7,
  columns: [{ code: 'zips_short', column: 'Zi\u0007p', count: 2, of: 100, rows: [3, 4] }],
  pilotRows: [2, 3],
};

describe.each([80, 40])('the health on a screen of %i columns', (width) => {
  const lines = healthLines(stats, [], { ...plainScreen, width });

  it('fits, and shows everything', () => {
    expect(lines.filter((line) => line.length > width)).toEqual([]);
    const words = lines.join(' ').replaceAll(/\s+/g, ' ');
    for (const each of [
      '37 rows',
      '18 people',
      '110,004 requests',
      '9,000 rows 8, 12, 31, ...',
      '7 rows',
      'zips_short',
      '"SMS ok?"',
    ])
      expect(words).toContain(each);
  });

  it('has its numbers aligned in a column', () => {
    const shares = lines.filter((line) => /\d %/.test(line));
    expect(shares).toHaveLength(3);
    expect(new Set(shares.map((line) => line.indexOf('%'))).size).toBe(1);
  });

  it('sends no control sequences to the terminal', () => {
    expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(lines.join('')).toContain('\\u001b');
  });
});

it('shows a payload unmasked and whole, with control characters as escapes', () => {
  const long = 'word '.repeat(40).trim();
  const lines = healthLines(stats, [{ row: 2, requests: [{ first_name: 'A\u202E', address: long }] }], {
    ...plainScreen,
    width: 40,
  });
  const at = lines.indexOf('{');
  expect(JSON.parse(lines.slice(at).join('\n'))).toEqual({ first_name: 'A\u202E', address: long });
  expect(lines.join('')).not.toContain('\u202E');
});

it('breaks lines at spaces, indented below the first word, and loses no word', () => {
  expect(wrap('  one two three', 9)).toEqual(['  one two', '  three']);
  expect(wrap('    unbreakableword and', 8)).toEqual(['    unbreakableword', '    and']);
  expect(wrap('short', 9)).toEqual(['short']);
});
