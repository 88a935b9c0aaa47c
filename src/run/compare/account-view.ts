import { changesOf, contradicts, judge } from '../../core/compare/judge.ts';
import type { Judgment } from '../../core/compare/judge.ts';
import { createPersonReader } from '../../core/compare/person.ts';
import type { MappedRow, RowMapper } from '../../core/mapping/compile.ts';
import { defaultCountry } from '../../core/mapping/country.ts';
import type { Mapping } from '../../core/mapping/schema.ts';
import type { Hold } from '../../core/settings/option-values.ts';
import { openAccountFile } from '../../ledger/account-file.ts';
import type { AccountFile } from '../../ledger/account-file.ts';
import { accountFileOf } from '../files/run-folder.ts';
import type { AccountView, FeedMatcher, RunFile } from '../model.ts';

/** Looks rows up in what was read of the account. */
export function createAccountView(
  file: AccountFile,
  mapping: Mapping,
  matcher: () => Pick<FeedMatcher, 'memory' | 'keysOf'> | undefined,
): AccountView {
  const reader = createPersonReader(defaultCountry(mapping));
  const idsOf = (mapped: MappedRow): string[] => {
    const feed = matcher();
    if (feed === undefined || feed.memory.size === 0) return [];
    return feed.memory.find(feed.keysOf(mapped)).flatMap((person) => feed.memory.idOf(person) ?? []);
  };
  const judgmentOf = (mapped: MappedRow): Judgment => judge(mapped.contact, idsOf(mapped), file, reader);
  return {
    size: file.size,
    taken: file.taken ?? '',
    has: file.has,
    judgmentOf,
    changesOf(contact, id) {
      const person = file.byId(id);
      return person === undefined ? undefined : { person, changes: changesOf(contact, person, reader) };
    },
    isUnexpected: (mapped, id) => contradicts(judgmentOf(mapped), mapped.contact, file.has(id)),
    close: file.close,
  };
}

/** What a run has read of its account; undefined where that is gone. */
export function openAccountView(folder: string, { account, mapping }: RunFile): AccountView | undefined {
  const file = openAccountFile(accountFileOf(folder), `${account.origin} ${account.appId}`);
  return file === undefined ? undefined : createAccountView(file, mapping, () => undefined);
}

const codes = {
  'second-person': { verdict: 'known_other_name', code: 'held_second_person' },
  new: { verdict: 'new', code: 'held_not_in_account' },
  'two-candidates': { verdict: 'two_candidates', code: 'held_two_candidates' },
} as const;

/** Whether nothing is wrong with a row but what the account has. */
export function isSentOrHeld({ problems }: MappedRow): boolean {
  return problems.every((problem) => Object.values(codes).some(({ code }) => code === problem.code));
}

/** Makes a mapper that refuses rows which the user wants kept back, and says what the account has. */
export function holdRows(map: RowMapper, view: AccountView | undefined, hold: readonly Hold[] = []): RowMapper {
  if (view === undefined || hold.length === 0) return map;
  const held = (cells: readonly string[]): MappedRow => {
    const mapped = map(cells);
    if (mapped.filtered || mapped.problems.length > 0) return mapped;
    const { verdict, people } = view.judgmentOf(mapped);
    const found = hold.map((name) => codes[name]).find((each) => each.verdict === verdict);
    if (found === undefined) return mapped;
    const value = people
      .map(({ id, first_name: first, last_name: last, email, phone }) =>
        [`${first} ${last}`.trim(), email, phone, `_id ${id}`].filter((text) => text !== '').join(', '),
      )
      .join('; ');
    return { ...mapped, problems: [{ code: found.code, ...(value === '' ? {} : { value }) }] };
  };
  return Object.assign(held, { trace: map.trace });
}
