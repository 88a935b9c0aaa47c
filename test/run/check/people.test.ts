import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { MatchKeys } from '../../../src/core/api/match-keys.ts';
import { createPeople } from '../../../src/run/check/people.ts';
import type { Identity } from '../../../src/run/check/people.ts';

const nothing: Identity = { writtenId: undefined, lastAndBirth: '', firstName: '', lastName: '', writtenFirstName: '' };

/** The same rule with texts instead of hashes and lists instead of tables: rows that share a key are joined in file order. */
function groupsOf(rows: readonly MatchKeys[]): { members: number[][]; strangers: number } {
  const holders = new Map<string, number>();
  const person = rows.map((_, index) => index);
  const ids = rows.map(({ userId }) => userId);
  let strangers = 0;
  rows.forEach((keys, index) => {
    for (const kind of ['userId', 'email', 'phone'] as const) {
      const key = keys[kind];
      if (key === undefined) continue;
      const holder = holders.get(kind + key);
      if (holder === undefined) holders.set(kind + key, index);
      const [one, other] = [person[holder ?? index]!, person[index]!];
      if (one === other) continue;
      const [first, second] = [Math.min(one, other), Math.max(one, other)];
      if (ids[first] !== undefined && ids[second] !== undefined && ids[first] !== ids[second]) strangers += 1;
      else {
        ids[first] ??= ids[second];
        person.forEach((each, at) => (person[at] = each === second ? first : each));
      }
    }
  });
  const members = rows.map((_, root) => [...rows.keys()].filter((index) => person[index] === root));
  return { members: members.filter(({ length }) => length > 1), strangers };
}

function found(rows: readonly MatchKeys[]): { members: number[][]; strangers: number } {
  const people = createPeople();
  rows.forEach((keys, index) => people.add(index + 2, keys, nothing));
  expect(rows.map((_, index) => people.rowAt(index))).toEqual(rows.map((_, index) => index + 2));
  expect(rows.map((_, index) => people.hasUserId(index))).toEqual(rows.map(({ userId }) => userId !== undefined));
  const members = [...people.groups()].map((group) => [...group.members]);
  return { members: members.sort(([a = 0], [b = 0]) => a - b), strangers: people.keyCollisions };
}

const key = fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { nil: undefined });
const row = fc.record({ userId: key, email: key, phone: key });

it('groups rows according to the rule, whatever keys they share', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 30 }), (rows) => {
      expect(found(rows)).toEqual(groupsOf(rows));
    }),
    { numRuns: 500 },
  );
});

it('groups many rows, beyond every size at which its tables grow', () => {
  const rows = Array.from({ length: 150_000 }, (_, nth) => ({
    userId: nth % 3 === 0 ? undefined : `u${nth}`,
    email: `${nth >> 1}@example.com`,
    phone: undefined,
  }));
  const people = createPeople();
  rows.forEach((keys, index) => people.add(index + 2, keys, nothing));
  const groups = [...people.groups()];
  // Two rows share each email; where both have a user_id they are two people.
  const pairs = rows.filter((keys, nth) => nth % 2 === 1 && (keys.userId === undefined || nth % 3 === 1));
  expect(groups).toHaveLength(pairs.length);
  for (const { members } of groups) expect(members).toEqual([members[0], members[0]! + 1]);
  expect(people.keyCollisions).toBe(75_000 - pairs.length);
});

it('rows of one person disagree on last name or birthday, or agree', () => {
  const people = createPeople();
  const keys = { userId: undefined, email: 'a', phone: undefined };
  people.add(2, keys, { ...nothing, lastAndBirth: 'diaz\0' });
  people.add(3, { ...keys, email: 'b' }, { ...nothing, lastAndBirth: 'smith\0' });
  people.add(4, keys, { ...nothing, lastAndBirth: 'diaz\0' });
  people.add(5, { ...keys, email: 'b' }, { ...nothing, lastAndBirth: 'smith\x001990-01-01' });
  expect([...people.groups()]).toEqual([
    { members: [0, 2], disagree: false },
    { members: [1, 3], disagree: true },
  ]);
});
