import type { MappedRow } from '../../core/mapping/compile.ts';
import type { Mapping } from '../../core/mapping/schema.ts';
import { createPayloadReader } from '../../core/people/payload.ts';
import type { PayloadReader } from '../../core/people/payload.ts';
import { fold } from '../../core/values/text.ts';
import type { FeedMemory, Ledger, PersonKeys, RowTrace } from '../../ledger/ledger.ts';
import { readFeed } from '../../ledger/read-feed.ts';

/** Turns rows into what the memory of a feed knows them by. */
export interface Recognition {
  readonly memory: FeedMemory;
  /** Digest of the payload. */
  payloadOf(mapped: MappedRow): string;
  keysOf(mapped: MappedRow): PersonKeys;
  traceOf(mapped: MappedRow): RowTrace;
  /** Whether a row lacks something that its person had last time: `1` for each of the feed's fields that it lacks. */
  missing(before: string, mapped: MappedRow): string | undefined;
}

/** @throws RunError `usage` when the ledger's key is lost. */
export function openRecognition(ledger: Ledger, account: string, mapping: Mapping): Recognition {
  const reader = createPayloadReader(mapping);
  return createRecognition(ledger.openFeed({ account, feed: mapping.name, fields: reader.names }), reader);
}

/** For looking only: undefined when the feed has no memory. @throws RunError `usage` when the ledger's key is lost. */
export function readRecognition(
  ledgerFile: string,
  account: string,
  mapping: Mapping,
): (Recognition & { close(): void }) | undefined {
  const reader = createPayloadReader(mapping);
  const found = readFeed(ledgerFile, { account, feed: mapping.name, fields: reader.names });
  return found === undefined ? undefined : { ...createRecognition(found.memory, reader), close: found.close };
}

const mostFirsts = 2000;

function createRecognition(memory: FeedMemory, reader: PayloadReader): Recognition {
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
