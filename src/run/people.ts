import type { MatchKeys } from '../core/match-keys.ts';
import { TextHash } from '../core/text-hash.ts';
import { createKeyTable } from './key-table.ts';
import { createRowNumbers } from './row-numbers.ts';

/** Groups the valid rows of a file into people. */
export interface People {
  /** @param identity Last name and dob: what two rows of one person may not disagree on. */
  add(row: number, keys: MatchKeys, identity: string): void;
  readonly size: number;
  /** Rows that share email or phone and first name with a person of another user_id. */
  readonly strangers: number;
  /** The row number of the nth row that was added. */
  rowAt(index: number): number;
  hasUserId(index: number): boolean;
  /** Every person with several rows, as indexes in file order, and whether their rows disagree on the identity. */
  groups(): Iterable<{ readonly members: readonly number[]; readonly disagree: boolean }>;
}

/** A row has three keys, whose numbers follow each other. */
const kinds = { userId: 0, email: 1, phone: 2, count: 3 } as const;

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
  /** The user_id of a row by the number of the key that first had it, plus one; 0 for none. A root knows that of its whole person. */
  const userIds = createRowNumbers();
  /** Rows whose user_id came from a later row of their person. */
  const withoutOwn = new Set<number>();
  let size = 0;
  let strangers = 0;

  const rootOf = (index: number): number => {
    let root = index;
    for (let parent = parents.at(root); parent !== 0; parent = parents.at(root)) root = parent - 1;
    if (root !== index) parents.set(index, root + 1);
    return root;
  };
  /** The earlier row becomes the root. */
  const join = (a: number, b: number): void => {
    const [one, other] = [rootOf(a), rootOf(b)];
    if (one === other) return;
    const [root, child] = one < other ? [one, other] : [other, one];
    const [known, added] = [userIds.at(root), userIds.at(child)];
    if (known !== 0 && added !== 0 && known !== added) {
      strangers += 1;
      return;
    }
    parents.set(child, root + 1);
    if (known !== 0 || added === 0) return;
    userIds.set(root, added);
    withoutOwn.add(root);
  };
  /** The number of the first key like this one. */
  const firstLike = (index: number, kind: number, text: string): number =>
    table.firstOf(hash.of(text, kind), index * kinds.count + kind);
  const holderOf = (key: number): number => Math.floor(key / kinds.count);

  return {
    add(row, keys, identity) {
      const index = size;
      size += 1;
      rows.set(index, row);
      identities.set(index, hash.of(identity).low);
      if (keys.userId !== undefined) {
        const first = firstLike(index, kinds.userId, keys.userId);
        userIds.set(index, first + 1);
        join(index, holderOf(first));
      }
      if (keys.email !== undefined) join(index, holderOf(firstLike(index, kinds.email, keys.email)));
      if (keys.phone !== undefined) join(index, holderOf(firstLike(index, kinds.phone, keys.phone)));
    },
    get size() {
      return size;
    },
    get strangers() {
      return strangers;
    },
    rowAt: (index) => rows.at(index),
    hasUserId: (index) => userIds.at(index) !== 0 && !withoutOwn.has(index),
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
