import { patternOf, spacedHeader } from '../../core/mapping/consent-words.ts';
import kinds from './private-headers.json' with { type: 'json' };

const patterns = kinds.map(({ reason, words }) => ({ reason, pattern: patternOf(words) }));

/** Why a column is never forwarded, by its header; undefined when nothing speaks against it. */
export function reasonByName(header: string): string | undefined {
  const name = spacedHeader(header);
  return patterns.find(({ pattern }) => pattern.test(name))?.reason;
}
