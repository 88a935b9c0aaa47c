import { matcherOf, spacedHeader } from '../../core/mapping/consent-words.ts';
import kinds from './private-headers.json' with { type: 'json' };

const matchers = kinds.map(({ reason, words }) => ({ reason, matches: matcherOf(words) }));

/** Why a column is never forwarded, by its header; undefined when nothing speaks against it. */
export function reasonByName(header: string): string | undefined {
  const name = spacedHeader(header);
  return matchers.find(({ matches }) => matches(name))?.reason;
}
