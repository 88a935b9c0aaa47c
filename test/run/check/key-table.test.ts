import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { TextHash } from '../../../src/core/people/text-hash.ts';
import { createKeyTable } from '../../../src/run/check/key-table.ts';

it('finds the first key with the same text, among any number of others', () => {
  const texts = fc.array(fc.string({ maxLength: 2 }), { maxLength: 400 });
  fc.assert(
    fc.property(texts, (all) => {
      const table = createKeyTable();
      const hash = new TextHash();
      const first = new Map<string, number>();
      for (const [nth, text] of all.entries()) {
        // Rows lack some of their keys, so numbers have gaps.
        const key = nth * 3;
        if (!first.has(text)) first.set(text, key);
        expect(table.add(key, hash.of(text))).toBe(first.get(text));
        expect([table.has(key), table.has(key + 1)]).toEqual([true, false]);
      }
      for (const [nth, text] of all.entries()) expect(table.areSame(nth * 3, first.get(text) ?? -1)).toBe(true);
    }),
  );
});

it('keeps its keys when it grows', () => {
  const table = createKeyTable();
  const hash = new TextHash();
  for (let key = 0; key < 50_000; key += 1) table.add(key, hash.of(`key ${key}`));
  for (let key = 0; key < 50_000; key += 1) expect(table.add(50_000 + key, hash.of(`key ${key}`))).toBe(key);
});

it('the same text of another kind is another key', () => {
  const table = createKeyTable();
  const hash = new TextHash();
  table.add(0, hash.of('ana', 1));
  expect(table.add(1, hash.of('ana', 2))).toBe(1);
  expect(table.numberOf(0)).not.toBe(table.numberOf(1));
});
