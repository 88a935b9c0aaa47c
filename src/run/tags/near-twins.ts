import { decodeHTML } from 'entities';
import { fold } from '../../core/values/text.ts';

/** Tags that differ only by case, spacing, punctuation between words, or HTML entities: `June Promo`, `june-promo`. */
export function nearTwins(tags: Iterable<string>): string[][] {
  const groups = new Map<string, Set<string>>();
  for (const tag of tags) {
    const key = fold(decodeHTML(tag)).replaceAll(/[\s\p{Cf}_-]+/gu, '');
    const group = groups.get(key) ?? new Set();
    groups.set(key, group.add(tag));
  }
  return [...groups.values()].filter(({ size }) => size > 1).map((group) => [...group]);
}
