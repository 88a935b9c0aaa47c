import { nearestName } from '../nearest.ts';
import { fold } from '../values/text.ts';

export type ColumnLookup =
  | { readonly kind: 'found'; readonly index: number }
  | { readonly kind: 'ambiguous'; readonly positions: readonly number[] }
  | { readonly kind: 'missing'; readonly nearest: string | undefined };

/** Finds a column of the header by the name that a mapping gives it. */
export type ColumnFinder = (name: string) => ColumnLookup;

/**
 * Columns match exactly, else after NFC, trimming and case folding when that is unique. `Phone#2` is the second column
 * named Phone; a bare name that occurs twice is ambiguous (DESIGN.md section 5).
 */
export function createColumnFinder(header: readonly string[]): ColumnFinder {
  const exact = positionsBy(header, (name) => name);
  const folded = positionsBy(header, fold);
  const numbered = new Map<string, number>();
  for (const positions of exact.values()) {
    if (positions.length > 1) positions.forEach((index, nth) => numbered.set(`${header[index]}#${nth + 1}`, index));
  }
  return (name) => {
    const ordinal = numbered.get(name);
    if (ordinal !== undefined) return { kind: 'found', index: ordinal };
    const positions = exact.get(name) ?? folded.get(fold(name)) ?? [];
    const [index] = positions;
    if (index === undefined) return { kind: 'missing', nearest: nearestName(name, header) };
    return positions.length === 1 ? { kind: 'found', index } : { kind: 'ambiguous', positions };
  };
}

function positionsBy(header: readonly string[], keyOf: (name: string) => string): Map<string, number[]> {
  const byKey = new Map<string, number[]>();
  header.forEach((name, index) => {
    if (name === '') return;
    const key = keyOf(name);
    const positions = byKey.get(key);
    if (positions === undefined) byKey.set(key, [index]);
    else positions.push(index);
  });
  return byKey;
}
