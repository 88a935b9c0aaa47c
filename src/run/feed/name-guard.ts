import type { FeedMemory, PersonKeys } from '../../ledger/ledger.ts';

/**
 * Holds rows without a user_id whose email or phone the feed knows with exactly one other first name, unless the current file has
 * that name with it too. A new family member is next to the known one; a changed spelling replaces it. Sent, it would make a
 * second contact, since Gleantap finds contacts by email or phone together with the first name.
 */
export interface NameGuard {
  /** A valid row of a person whom the feed doesn't know by any match key. */
  offer(index: number, keys: PersonKeys): void;
  readonly hasSuspects: boolean;
  /** Any row of the file, on the second look, after all offers. */
  compare(keys: PersonKeys): void;
  isHeld(index: number): boolean;
}

export function createNameGuard(memory: Pick<FeedMemory, 'firstNames'>): NameGuard {
  /** Emails and phones with the one name that the feed knows with them; undefined once the current file has that name with it. */
  const known = new Map<string, number | undefined>();
  const suspects = new Map<number, readonly string[]>();
  const addresses = ({ email, phone }: PersonKeys) => [
    ...(email === undefined ? [] : [['email', email] as const]),
    ...(phone === undefined ? [] : [['phone', phone] as const]),
  ];
  return {
    offer(index, keys) {
      if (keys.user !== undefined) return;
      const suspicious: string[] = [];
      for (const [by, value] of addresses(keys)) {
        const [first, ...others] = memory.firstNames(by, value);
        if (first === undefined || others.length > 0 || first === keys.first) continue;
        const address = `${by}${value}`;
        known.set(address, first);
        suspicious.push(address);
      }
      if (suspicious.length > 0) suspects.set(index, suspicious);
    },
    get hasSuspects() {
      return suspects.size > 0;
    },
    compare(keys) {
      for (const [by, value] of addresses(keys)) {
        const address = `${by}${value}`;
        if (keys.first !== undefined && known.get(address) === keys.first) known.set(address, undefined);
      }
    },
    isHeld: (index) => suspects.get(index)?.some((address) => known.get(address) !== undefined) === true,
  };
}
