import type { MatchKeys } from '../core/match-keys.ts';

/** A 64-bit hash of a text. */
export type Hash64 = (text: string) => bigint;

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

/**
 * A person is the rows that share a user_id, or share another match key without having different user_ids (DESIGN.md
 * section 3). Keys are kept as 64-bit hashes in typed arrays and rows as a union-find forest, so that a million rows cost tens
 * of megabytes; two keys of a million collide with a chance of one in some ten million.
 */
export function createPeople(hash: Hash64): People {
  const holders = createKeyTable();
  let capacity = 1024;
  let size = 0;
  let strangers = 0;
  let rows = new Uint32Array(capacity);
  let parents = new Uint32Array(capacity);
  let userIds = new BigUint64Array(capacity);
  let identities = new BigUint64Array(capacity);

  const grow = (): void => {
    capacity *= 2;
    const [oldRows, oldParents, oldUserIds, oldIdentities] = [rows, parents, userIds, identities];
    (rows = new Uint32Array(capacity)).set(oldRows);
    (parents = new Uint32Array(capacity)).set(oldParents);
    (userIds = new BigUint64Array(capacity)).set(oldUserIds);
    (identities = new BigUint64Array(capacity)).set(oldIdentities);
  };
  const rootOf = (index: number): number => {
    let root = index;
    for (let parent = parents[root] ?? root; parent !== root; parent = parents[root] ?? root) root = parent;
    parents[index] = root;
    return root;
  };
  /** The earlier row becomes the root; a root knows the user_id of its whole person. */
  const join = (a: number, b: number): void => {
    const [first, second] = a < b ? [rootOf(a), rootOf(b)] : [rootOf(b), rootOf(a)];
    const [root, child] = first < second ? [first, second] : [second, first];
    if (root === child) return;
    const [known, other] = [userIdOf(root), userIdOf(child)];
    if (known !== 0n && other !== 0n && known !== other) {
      strangers += 1;
      return;
    }
    parents[child] = root;
    if (known === 0n) personIds.set(root, other);
  };
  const meet = (key: bigint, index: number): void => {
    const holder = holders.holderOf(key, index);
    if (holder !== index) join(holder, index);
  };
  /** user_ids that a person got from a later row; a row's own is in `userIds`. */
  const personIds = new Map<number, bigint>();
  const userIdOf = (root: number): bigint => personIds.get(root) ?? userIds[root] ?? 0n;

  return {
    add(row, keys, identity) {
      if (size === capacity) grow();
      const index = size;
      size += 1;
      rows[index] = row;
      parents[index] = index;
      identities[index] = hash(identity);
      if (keys.userId !== undefined) {
        const userId = hash('u' + keys.userId) || 1n;
        userIds[index] = userId;
        meet(userId, index);
      }
      if (keys.email !== undefined) meet(hash('e' + keys.email), index);
      if (keys.phone !== undefined) meet(hash('p' + keys.phone), index);
    },
    get size() {
      return size;
    },
    get strangers() {
      return strangers;
    },
    rowAt: (index) => rows[index] ?? 0,
    hasUserId: (index) => (userIds[index] ?? 0n) !== 0n,
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
        yield { members: group, disagree: group.some((index) => identities[index] !== identities[first]) };
      }
    },
  };
}

/** An open-addressing hash table from a key's hash to the first row that had it. */
function createKeyTable(): { holderOf(hash: bigint, index: number): number } {
  let capacity = 4096;
  let mask = BigInt(capacity - 1);
  let used = 0;
  let hashes = new BigUint64Array(capacity);
  let holders = new Uint32Array(capacity);

  const slotOf = (hash: bigint): number => {
    let slot = Number(hash & mask);
    for (let found = hashes[slot]; found !== 0n && found !== hash; found = hashes[slot])
      slot = (slot + 1) & (capacity - 1);
    return slot;
  };
  const grow = (): void => {
    const [oldHashes, oldHolders] = [hashes, holders];
    capacity *= 2;
    mask = BigInt(capacity - 1);
    hashes = new BigUint64Array(capacity);
    holders = new Uint32Array(capacity);
    oldHashes.forEach((hash, index) => {
      if (hash === 0n) return;
      const slot = slotOf(hash);
      hashes[slot] = hash;
      holders[slot] = oldHolders[index] ?? 0;
    });
  };
  return {
    holderOf(hash, index) {
      const key = hash || 1n;
      const slot = slotOf(key);
      if (hashes[slot] === key) return holders[slot] ?? index;
      hashes[slot] = key;
      holders[slot] = index;
      used += 1;
      if (used > capacity * 0.7) grow();
      return index;
    },
  };
}
