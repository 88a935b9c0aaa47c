import { expect, it } from 'vitest';
import { createColumnFinder } from '../../../src/core/mapping/columns.ts';
import { compilePick, unclearRank } from '../../../src/core/mapping/pick.ts';
import { lintMapping } from '../../../src/core/mapping/rules.ts';
import type { Mapping } from '../../../src/core/mapping/schema.ts';

const rankOf = (take: 'latest' | 'earliest' = 'latest') => {
  const pick = { column: 'Status', order: ['active', 'hold', ''], ties: { column: 'Start', take, format: 'M/D/YYYY' } };
  const mapping: Mapping = { version: 1, name: 'members', fields: {}, people: { pick } };
  const rank = compilePick(mapping, createColumnFinder(['Status', 'Start']), '2026-12-01');
  return (...cells: string[]) => rank?.(cells) ?? Number.NaN;
};

it('ranks by the status first, then by the date, which may be blank', () => {
  const rank = rankOf();
  const best = [
    ['Active ', '3/1/2025'],
    ['active', '2024-12-31'],
    ['ACTIVE', ''],
    ['hold', '1/1/2026'],
    ['', '1/2/2026'],
  ];
  const ranks = best.map((cells) => rank(...cells));
  expect(ranks).toEqual(ranks.toSorted((a, b) => b - a));
  expect(new Set(ranks).size).toBe(best.length);
  expect(Math.max(...ranks)).toBeLessThan(2 ** 32 - 1);
});

it('takes the earliest date when the mapping asks for it', () => {
  const rank = rankOf('earliest');
  expect(rank('active', '1/1/2020')).toBeGreaterThan(rank('active', '1/1/2021'));
  expect(rank('active', '1/1/2021')).toBeGreaterThan(rank('active', ''));
});

it.each([
  ['gone', '1/1/2020'],
  ['active', '31/12/2020'],
  ['active', 'soon'],
])('does not rank "%s", "%s"', (status, start) => {
  expect(rankOf()(status, start)).toBe(unclearRank);
});

it('ranks by the date alone where there is no status', () => {
  const pick = { ties: { column: 'Start', take: 'latest' as const } };
  const mapping: Mapping = { version: 1, name: 'members', fields: {}, people: { pick } };
  const rank = compilePick(mapping, createColumnFinder(['Status', 'Start']), '2026-12-01');
  expect(rank?.(['gone', '2025-01-02'])).toBeGreaterThan(rank?.(['active', '2025-01-01']) ?? Number.NaN);
  expect(rank?.(['', 'soon'])).toBe(unclearRank);
});

it.each([{}, { column: 'Status' }, { order: ['active'], ties: { column: 'Start', take: 'latest' as const } }])(
  'refuses %j, which does not say how to rank',
  (pick) => {
    const mapping: Mapping = { version: 1, name: 'members', fields: { email: 'Email' }, people: { pick } };
    expect(lintMapping(mapping)).toContainEqual(expect.objectContaining({ path: 'people.pick' }));
  },
);
