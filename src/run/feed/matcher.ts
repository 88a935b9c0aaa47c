import type { MappedRow } from '../../core/mapping/compile.ts';
import type { Mapping } from '../../core/mapping/schema.ts';
import { createPayloadReader } from '../../core/people/payload.ts';
import type { PayloadReader } from '../../core/people/payload.ts';
import { fold } from '../../core/values/text.ts';
import type { FeedMemory, Ledger, PersonKeys } from '../../ledger/ledger.ts';
import { readFeed } from '../../ledger/read-feed.ts';
import type { FeedMatcher } from '../model.ts';

/** @throws RunError `usage` when the ledger's key is lost. */
export function openMatcher(ledger: Ledger, account: string, mapping: Mapping): FeedMatcher {
  const reader = createPayloadReader(mapping);
  return createMatcher(ledger.openFeed({ account, feed: mapping.name, fields: reader.names }), reader);
}

/** For looking only: undefined when the feed has no memory. @throws RunError `usage` when the ledger's key is lost. */
export function readMatcher(
  ledgerFile: string,
  account: string,
  mapping: Mapping,
): (FeedMatcher & { close(): void }) | undefined {
  const reader = createPayloadReader(mapping);
  const found = readFeed(ledgerFile, { account, feed: mapping.name, fields: reader.names });
  return found === undefined ? undefined : { ...createMatcher(found.memory, reader), close: found.close };
}

const mostFirsts = 2000;

function createMatcher(memory: FeedMemory, reader: PayloadReader): FeedMatcher {
  const { pseudonyms, fields } = memory;
  const isMapped = fields.map((name) => reader.names.includes(name));
  const key = (kind: 'user' | 'email' | 'phone' | 'first', value: unknown): number | undefined => {
    if (typeof value !== 'string') return undefined;
    const folded = fold(value);
    return folded === '' ? undefined : pseudonyms.number(kind, folded);
  };
  /** Lists have few first names, which recur. */
  const firsts = new Map<string, number | undefined>();
  const firstKey = (value: unknown): number | undefined => {
    if (typeof value !== 'string') return undefined;
    if (!firsts.has(value)) {
      if (firsts.size === mostFirsts) firsts.clear();
      firsts.set(value, key('first', value));
    }
    return firsts.get(value);
  };
  const keysOf = ({ contact }: MappedRow): PersonKeys => ({
    user: key('user', contact['user_id']),
    email: key('email', contact['email']),
    phone: key('phone', contact['phone']),
    first: firstKey(contact['first_name']),
  });
  const payloadOf = (mapped: MappedRow): string => pseudonyms.digest(reader.textOf(mapped));
  return {
    memory,
    payloadOf,
    keysOf,
    traceOf: (mapped) => ({
      payload: payloadOf(mapped),
      ...keysOf(mapped),
      filled: reader.filledOf(mapped, fields),
    }),
    missing(before, mapped) {
      const now = reader.filledOf(mapped, fields);
      // A field that the mapping no longer has did not become empty.
      const lacks = fields.map((_, at) => (isMapped[at] === true && before[at] === '1' && now[at] === '0' ? '1' : '0'));
      return lacks.includes('1') ? lacks.join('') : undefined;
    },
  };
}
