import type { MatchKeys } from '../api/match-keys.ts';
import { TextHash } from './text-hash.ts';

/** Seeds, so that a user_id and an address of the same letters have different hashes. */
export const keySeeds = { userId: 0, email: 1, phone: 2 } as const;

/** 52 bits of a hash: a number takes less memory than a text. */
export function hashNumber({ low, high }: Pick<TextHash, 'low' | 'high'>): number {
  return high * 2 ** 20 + (low >>> 12);
}

const hash = new TextHash();

/** The match keys of a row as numbers. */
export function keyNumbers({ userId, email, phone }: MatchKeys): number[] {
  const numbers: number[] = [];
  if (userId !== undefined) numbers.push(hashNumber(hash.of(userId, keySeeds.userId)));
  if (email !== undefined) numbers.push(hashNumber(hash.of(email, keySeeds.email)));
  if (phone !== undefined) numbers.push(hashNumber(hash.of(phone, keySeeds.phone)));
  return numbers;
}
