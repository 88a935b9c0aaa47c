import { nearestName } from '../settings/nearest.ts';
import { fold } from '../values/text.ts';

export type ColumnLookup =
  | { readonly kind: 'found'; readonly index: number }
  /** `names` are what a mapping can write instead, one for each position. */
  | { readonly kind: 'ambiguous'; readonly positions: readonly number[]; readonly names: readonly string[] }
  | { readonly kind: 'missing'; readonly nearest: string | undefined };

/** Finds a column of the header by the name that a mapping gives it. */
export type ColumnFinder = (name: string) => ColumnLookup;

/**
 * Columns match exactly, else after NFC, trimming and case folding when that is unique. `Phone#2` is the second column
 * named Phone; a bare name that occurs twice is ambiguous (DESIGN.md section 5).
 */
export function createColumnFinder(header: readonly string[]): ColumnFinder {
  const addresses = columnAddresses(header);
  const exact = positionsBy(header, (name, index) => [name, addresses[index] ?? name]);
  const folded = positionsBy(header, (name, index) => [fold(name), fold(addresses[index] ?? name)]);
  const named = header.filter((name) => name !== '');
  return (name) => {
    const positions = exact.get(name) ?? folded.get(fold(name)) ?? [];
    const [index] = positions;
    if (index === undefined) return { kind: 'missing', nearest: nearestName(name, named) };
    if (positions.length === 1) return { kind: 'found', index };
    return { kind: 'ambiguous', positions, names: positions.map((position) => addresses[position] ?? '') };
  };
}

/** Each column by a unique name: `Phone#1` and `Phone#2` where two are named Phone. */
export function columnAddresses(header: readonly string[]): string[] {
  const all = new Map<string, number>();
  for (const name of header) all.set(name, (all.get(name) ?? 0) + 1);
  const met = new Map<string, number>();
  return header.map((name) => {
    const nth = (met.get(name) ?? 0) + 1;
    met.set(name, nth);
    return all.get(name) === 1 ? name : `${name}#${nth}`;
  });
}

function positionsBy(
  header: readonly string[],
  keysOf: (name: string, index: number) => readonly string[],
): Map<string, number[]> {
  const byKey = new Map<string, number[]>();
  header.forEach((name, index) => {
    if (name === '') return;
    for (const key of new Set(keysOf(name, index))) {
      const positions = byKey.get(key);
      if (positions === undefined) byKey.set(key, [index]);
      else positions.push(index);
    }
  });
  return byKey;
}
