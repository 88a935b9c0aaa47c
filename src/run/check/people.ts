import type { MatchKeys } from '../../core/api/match-keys.ts';
import type { MappedRow } from '../../core/mapping/compile.ts';
import { unclearRank } from '../../core/mapping/pick.ts';
import { keySeeds } from '../../core/people/key-hashes.ts';
import { TextHash } from '../../core/people/text-hash.ts';
import { createRowNumbers } from '../../core/people/row-numbers.ts';
import { fold, foldName } from '../../core/values/text.ts';
import { createKeyTable } from './key-table.ts';

/** Groups the valid rows of a file into people. */
export interface People {
  add(row: number, keys: MatchKeys, identity: Identity): void;
  readonly size: number;
  /** How often a row shares a key with a person of another user_id. */
  readonly keyCollisions: number;
  /** A row whose person Gleantap may confuse with this row's person; undefined where there is none. */
  collisionAt(index: number): KeyCollision | undefined;
  /** The row number of the nth row that was added. */
  rowAt(index: number): number;
  hasUserId(index: number): boolean;
  /** The match keys of a row, as `keyNumbers` numbers them. */
  keysAt(index: number): number[];
  /** Every person with several rows. */
  groups(): Iterable<PersonGroup>;
}

/** What the rows of one person may not disagree on. */
export interface Identity {
  /** The user_id letter by letter. Its match key is folded. */
  readonly writtenId: string | undefined;
  /** Last name and dob: they tell apart people who share an email or phone and have no user_id. */
  readonly lastAndBirth: string;
  /** Names without case and accents. They are compared where rows share a user_id. An empty name says nothing. */
  readonly firstName: string;
  readonly lastName: string;
  /** The first name letter by letter, as it is sent. Its match keys are folded. */
  readonly writtenFirstName: string;
  /** Which row of a person is sent, by the mapping: see `compilePick`. Undefined where it does not say. */
  readonly rank?: number | undefined;
}

/** Two people who may be one contact for Gleantap, or one person who may be two. */
export interface KeyCollision {
  readonly code: 'same_keys_other_user_id' | 'user_id_case_differs' | 'first_name_spelling_differs';
  /** The index of the other row. */
  readonly other: number;
}

/** A person with several rows, as indexes in file order. */
export interface PersonGroup {
  readonly members: readonly number[];
  /** Whether the rows disagree on last name or dob. */
  readonly disagree: boolean;
  /** The first two rows that have the same user_id and different names. */
  readonly twoNames: readonly [number, number] | undefined;
  /** The row that the mapping picks. `unclear` names a row that cannot be compared. Undefined where the mapping does not say. */
  readonly picked: { readonly index: number } | { readonly unclear: number } | undefined;
}

/** A row has three keys, whose numbers follow each other. */
const kinds = { ...keySeeds, count: 3 } as const;

/**
 * A person is the rows that share a user_id, or share another match key without having different user_ids (DESIGN.md
 * section 3). Two user_ids that differ only in letter case are different: Salesforce gives IDs like these to different people. Keys are kept as 64-bit hashes and rows as a union-find forest, all in typed arrays, so that a million rows cost
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
  const writtenIds = createRowNumbers();
  /** Of rows with a user_id. 0 is a name that says nothing. */
  const firstNames = createRowNumbers();
  const lastNames = createRowNumbers();
  const writtenFirstNames = createRowNumbers();
  /** Ranks plus one; used only where the mapping picks rows. */
  const ranks = createRowNumbers();
  /** The first row with each other spelling of a user_id, by the key and the spelling's hash. */
  const spellings = new Map<number, number>();
  /** Indexes plus one. */
  const sharingKeys = createRowNumbers();
  const sharingSpelling = createRowNumbers();
  const sharingPerson = createRowNumbers();
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
  const rowOf = (key: number): number => Math.floor(key / kinds.count);
  const isSameId = (one: number, other: number): boolean =>
    table.areSame(one, other) && writtenIds.at(rowOf(one)) === writtenIds.at(rowOf(other));
  /** Names both rows. Each keeps the first that it collides with. */
  const nameBoth = (where: typeof sharingKeys, one: number, other: number): void => {
    if (where.at(one) === 0) where.set(one, other + 1);
    if (where.at(other) === 0) where.set(other, one + 1);
  };
  const collide = (where: typeof sharingKeys, one: number, other: number): void => {
    nameBoth(where, one, other);
    keyCollisions += 1;
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
    if (known !== undefined && added !== undefined && !isSameId(known, added)) {
      collide(sharingKeys, a, b);
      return;
    }
    parents.set(child, root + 1);
    if (known === undefined && added !== undefined) idsFromLater.set(root, added);
  };
  /** Joins a row to the first one with this key. */
  const meet = (index: number, kind: number, text: string): void => {
    const first = table.add(index * kinds.count + kind, hash.of(text, kind));
    const holder = rowOf(first);
    // A server that compares letter by letter recognizes them only by a user_id.
    if (writtenFirstNames.at(holder) !== writtenFirstNames.at(index) && !(hasUserId(holder) && hasUserId(index)))
      nameBoth(sharingPerson, holder, index);
    join(holder, index);
  };
  /** The same for a user_id: rows that spell it differently are not joined. */
  const meetId = (index: number, text: string, written: string): void => {
    writtenIds.set(index, hash.of(written, kinds.userId).low);
    const first = table.add(index * kinds.count + kinds.userId, hash.of(text, kinds.userId));
    const spelling = writtenIds.at(index);
    if (spelling === writtenIds.at(rowOf(first))) {
      join(rowOf(first), index);
      return;
    }
    // 52 bits, which a number holds.
    const key = first * 2 ** 26 + (spelling >>> 6);
    const alike = spellings.get(key);
    if (alike === undefined) spellings.set(key, index);
    else join(alike, index);
    collide(sharingSpelling, rowOf(first), index);
  };
  const nameNumber = (text: string): number => (text === '' ? 0 : hash.of(text).low || 1);
  /** The first two rows whose names differ, of those with a user_id. */
  const twoNamesAmong = (members: readonly number[]): readonly [number, number] | undefined => {
    const withId = members.filter(hasUserId);
    for (const names of [firstNames, lastNames]) {
      const first = withId.find((index) => names.at(index) !== 0);
      if (first === undefined) continue;
      const other = withId.find((index) => names.at(index) !== 0 && names.at(index) !== names.at(first));
      if (other !== undefined) return [first, other];
    }
    return undefined;
  };

  /** Of rows of the same rank the last one, which would overwrite the others anyway. */
  const pickedAmong = (members: readonly number[]): PersonGroup['picked'] => {
    const [first = 0] = members;
    if (ranks.at(first) === 0) return undefined;
    const unclear = members.find((index) => ranks.at(index) === unclearRank + 1);
    if (unclear !== undefined) return { unclear };
    return { index: members.reduce((best, index) => (ranks.at(index) >= ranks.at(best) ? index : best), first) };
  };

  return {
    add(row, keys, identity) {
      const index = size;
      size += 1;
      rows.set(index, row);
      identities.set(index, hash.of(identity.lastAndBirth).low);
      writtenFirstNames.set(index, hash.of(identity.writtenFirstName).low);
      if (identity.rank !== undefined) ranks.set(index, identity.rank + 1);
      if (keys.userId !== undefined) {
        firstNames.set(index, nameNumber(identity.firstName));
        lastNames.set(index, nameNumber(identity.lastName));
        meetId(index, keys.userId, identity.writtenId ?? keys.userId);
      }
      if (keys.email !== undefined) meet(index, kinds.email, keys.email);
      if (keys.phone !== undefined) meet(index, kinds.phone, keys.phone);
    },
    get size() {
      return size;
    },
    get keyCollisions() {
      return keyCollisions;
    },
    collisionAt(index) {
      const [spelling, keys] = [sharingSpelling.at(index), sharingKeys.at(index)];
      if (spelling !== 0) return { code: 'user_id_case_differs', other: spelling - 1 };
      if (keys !== 0) return { code: 'same_keys_other_user_id', other: keys - 1 };
      const person = sharingPerson.at(index);
      return person === 0 ? undefined : { code: 'first_name_spelling_differs', other: person - 1 };
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
        yield {
          members: group,
          disagree: group.some((index) => identities.at(index) !== identities.at(first)),
          twoNames: twoNamesAmong(group),
          picked: pickedAmong(group),
        };
      }
    },
  };
}

/** What a mapped row says about who the person is. */
export function identityOf({ contact, keys, warnings, rank }: MappedRow): Identity {
  const textOf = (name: string): string => String(contact[name] ?? '');
  const hasId = keys.userId !== undefined;
  // A default is the mapping's name, not the person's.
  const nameOf = (name: string): string =>
    !hasId || warnings.some(({ code, field }) => code === 'default_used' && field === name)
      ? ''
      : foldName(textOf(name));
  return {
    writtenId: hasId && typeof contact['user_id'] === 'string' ? contact['user_id'] : undefined,
    lastAndBirth: `${fold(textOf('last_name'))}\0${textOf('dob')}`,
    firstName: nameOf('first_name'),
    lastName: nameOf('last_name'),
    writtenFirstName: textOf('first_name'),
    rank,
  };
}
