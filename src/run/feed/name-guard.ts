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
  /** Any row of the file whose payload was not the last one sent. */
  compare(keys: PersonKeys): void;
  /** Clears the suspects of known names that the file has in rows which are as they were. */
  clear(hasName: (by: 'email' | 'phone', value: number, first: number) => boolean): void;
  isHeld(index: number): boolean;
}

interface Address {
  readonly by: 'email' | 'phone';
  readonly value: number;
  /** The one name that the feed knows with it. */
  readonly first: number;
  /** Whether that name is in the file with it. */
  hasCome: boolean;
}

export function createNameGuard(memory: Pick<FeedMemory, 'firstNames'>): NameGuard {
  const known = new Map<string, Address>();
  const suspects = new Map<number, readonly Address[]>();
  const addresses = ({ email, phone }: PersonKeys) => [
    ...(email === undefined ? [] : [['email', email] as const]),
    ...(phone === undefined ? [] : [['phone', phone] as const]),
  ];
  return {
    offer(index, keys) {
      if (keys.user !== undefined) return;
      const suspicious: Address[] = [];
      for (const [by, value] of addresses(keys)) {
        const [first, ...others] = memory.firstNames(by, value);
        if (first === undefined || others.length > 0 || first === keys.first) continue;
        const key = `${by}${value}`;
        const address = known.get(key) ?? { by, value, first, hasCome: false };
        known.set(key, address);
        suspicious.push(address);
      }
      if (suspicious.length > 0) suspects.set(index, suspicious);
    },
    get hasSuspects() {
      return suspects.size > 0;
    },
    compare(keys) {
      for (const [by, value] of addresses(keys)) {
        const address = known.get(`${by}${value}`);
        if (address !== undefined && address.first === keys.first) address.hasCome = true;
      }
    },
    clear(hasName) {
      for (const address of known.values()) address.hasCome ||= hasName(address.by, address.value, address.first);
    },
    isHeld: (index) => suspects.get(index)?.some(({ hasCome }) => !hasCome) === true,
  };
}
