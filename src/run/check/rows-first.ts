import type { People } from './people.ts';

/**
 * Finds the rows of people who go first. They are closed under shared match keys: all rows of a person are in one sweep, which
 * keeps their order.
 *
 * @param waiting Match keys of people who wait.
 * @returns Whether a valid row goes first, by its index.
 */
export function rowsGoingFirst(people: People, waiting: ReadonlySet<number>): (index: number) => boolean {
  if (waiting.size === 0) return () => false;
  const keys = new Set(waiting);
  const first = new Uint8Array(people.size);
  for (let size = -1; keys.size > size;) {
    size = keys.size;
    for (let index = 0; index < people.size; index += 1) {
      if (first[index] === 1) continue;
      const own = people.keysAt(index);
      if (!own.some((key) => keys.has(key))) continue;
      first[index] = 1;
      for (const key of own) keys.add(key);
    }
  }
  return (index) => first[index] === 1;
}
