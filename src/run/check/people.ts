import type { MatchKeys } from '../../core/api/match-keys.ts';
import { keySeeds } from '../../core/people/key-hashes.ts';
import { TextHash } from '../../core/people/text-hash.ts';
import { createKeyTable } from './key-table.ts';
import { createRowNumbers } from '../../core/people/row-numbers.ts';

/** Groups the valid rows of a file into people. */
export interface People {
  /** @param identity Last name and dob: what two rows of one person may not disagree on. */
  add(row: number, keys: MatchKeys, identity: string): void;
  readonly size: number;
  /** Rows that share email or phone and first name with a person of another user_id. */
  readonly keyCollisions: number;
  /** The row number of the nth row that was added. */
  rowAt(index: number): number;
  hasUserId(index: number): boolean;
  /** The match keys of a row, as `keyNumbers` numbers them. */
  keysAt(index: number): number[];
  /** Every person with several rows, as indexes in file order, and whether their rows disagree on the identity. */
  groups(): Iterable<{ readonly members: readonly number[]; readonly disagree: boolean }>;
}

/** A row has three keys, whose numbers follow each other. */
const kinds = { ...keySeeds, count: 3 } as const;

/**
 * A person is the rows that share a user_id, or share another match key without having different user_ids (DESIGN.md
 * section 3). Keys are kept as 64-bit hashes and rows as a union-find forest, all in typed arrays, so that a million rows cost
 * tens of megabytes; two keys of a million collide with a chance of one in some ten million.
 */
export function createPeople(): People {
  const hash = new TextHash();
  const table = createKeyTable();
  const rows = createRowNumbers();
  /** Indexes plus one; 0 is a row that no other has joined to itself. */
  const parents = createRowNumbers();
  /** Half a hash is enough for what only rows that share a key are asked. */
  const identities = createRowNumbers();
  /** The user_id, as a key's number, that a root without one of its own has from a later row of its person. */
  const idsFromLater = new Map<number, number>();
  let size = 0;
  let keyCollisions = 0;

  const rootOf = (index: number): number => {
    let root = index;
    for (let parent = parents.at(root); parent !== 0; parent = parents.at(root)) root = parent - 1;
    if (root !== index) parents.set(index, root + 1);
    return root;
  };
  const hasUserId = (index: number): boolean => table.has(index * kinds.count + kinds.userId);
  /** A root's user_id is that of its whole person. */
  const userIdOf = (root: number): number | undefined =>
    hasUserId(root) ? root * kinds.count + kinds.userId : idsFromLater.get(root);
  /** The earlier row becomes the root. */
  const join = (a: number, b: number): void => {
    const [one, other] = [rootOf(a), rootOf(b)];
    if (one === other) return;
    const [root, child] = one < other ? [one, other] : [other, one];
    const [known, added] = [userIdOf(root), userIdOf(child)];
    if (known !== undefined && added !== undefined && !table.areSame(known, added)) {
      keyCollisions += 1;
      return;
    }
    parents.set(child, root + 1);
    if (known === undefined && added !== undefined) idsFromLater.set(root, added);
  };
  /** Joins a row to the first one with this key. */
  const meet = (index: number, kind: number, text: string): void => {
    const first = table.add(index * kinds.count + kind, hash.of(text, kind));
    join(Math.floor(first / kinds.count), index);
  };

  return {
    add(row, keys, identity) {
      const index = size;
      size += 1;
      rows.set(index, row);
      identities.set(index, hash.of(identity).low);
      if (keys.userId !== undefined) meet(index, kinds.userId, keys.userId);
      if (keys.email !== undefined) meet(index, kinds.email, keys.email);
      if (keys.phone !== undefined) meet(index, kinds.phone, keys.phone);
    },
    get size() {
      return size;
    },
    get keyCollisions() {
      return keyCollisions;
    },
    rowAt: (index) => rows.at(index),
    hasUserId,
    keysAt: (index) =>
      [kinds.userId, kinds.email, kinds.phone]
        .map((kind) => index * kinds.count + kind)
        .filter((key) => table.has(key))
        .map((key) => table.numberOf(key)),
    *groups() {
      const members = new Map<number, number[]>();
      for (let index = 0; index < size; index += 1) {
        const root = rootOf(index);
        if (root === index) continue;
        const group = members.get(root);
        if (group === undefined) members.set(root, [root, index]);
        else group.push(index);
      }
      for (const group of members.values()) {
        const [first = 0] = group;
        yield { members: group, disagree: group.some((index) => identities.at(index) !== identities.at(first)) };
      }
    },
  };
}
