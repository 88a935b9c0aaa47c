import type { Cell, Database } from './database.ts';
import type { PersonKeys } from './records.ts';

export type Search = (keys: PersonKeys, user?: number) => number[];

/**
 * Finds people as the API finds contacts: by user_id, else by email or phone with the first name where the user_ids don't
 * differ. Beyond the first, only people without a user_id are named: they are the same person, who was known in parts.
 */
export function createSearch(database: Database, feed: number): Search {
  const byUser = database.prepare('SELECT DISTINCT number, user FROM person_rows WHERE feed = ? AND user = ?');
  const named = (by: 'email' | 'phone') =>
    database.prepare(
      `SELECT DISTINCT r.number, p.user FROM person_rows AS r JOIN people AS p USING (feed, number)
       WHERE r.feed = ? AND r.${by} = ? AND r.first = ?`,
    );
  const byEmail = named('email');
  const byPhone = named('phone');
  return (keys, user = keys.user) => {
    const found: Cell[][] = [];
    if (user !== undefined) found.push(...byUser.all(feed, user));
    if (keys.email !== undefined && keys.first !== undefined) found.push(...byEmail.all(feed, keys.email, keys.first));
    if (keys.phone !== undefined && keys.first !== undefined) found.push(...byPhone.all(feed, keys.phone, keys.first));
    const numbers: number[] = [];
    for (const [number, theirs] of found) {
      const isSame = theirs === null || user === undefined || theirs === user;
      if (isSame && (numbers.length === 0 || theirs === null) && !numbers.includes(Number(number)))
        numbers.push(Number(number));
    }
    return numbers;
  };
}
