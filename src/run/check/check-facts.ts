import type { ColumnDamage } from '../../core/quality/column-damage.ts';
import type { Contact } from '../../core/api/contact.ts';
import type { MappedRow } from '../../core/mapping/compile.ts';
import type { ProblemCode } from '../../core/outcome/messages.ts';
import type { ConsentCounts } from './consent-count.ts';
import type { PeopleFacts } from '../feed/known-people.ts';

/** How often a code occurred, and the first rows where. */
export interface CodeCount {
  count: number;
  readonly rows: number[];
}

export interface TagCount {
  readonly tag: string;
  readonly action: 'add' | 'remove';
  count: number;
}

/** What the check found out about a file: what the plan shows, and what `run.json` keeps for a resumed run's summary. */
export interface CheckFacts {
  readonly read: number;
  readonly blank: number;
  /** Rows left out because they repeat the header, and by `csv.footer`. */
  readonly repeatedHeaders: number;
  readonly footer: number;
  readonly toSend: number;
  readonly requests: number;
  /** Invalid rows of the whole file. */
  readonly invalid: number;
  /** Rows that fail: the invalid ones, in a pilot only its own. */
  readonly failed: number;
  readonly skipped: number;
  /** Persons with several rows, and those rows. */
  readonly sharing: { readonly people: number; readonly rows: number };
  /** Rows whose email or phone and first name belong to another user_id too: the API may take them for one contact. */
  readonly strangers: number;
  /** Compared with the memory of the feed; absent where the file is not compared with it. */
  readonly people: PeopleFacts | undefined;
  readonly problems: Readonly<Record<string, CodeCount>>;
  readonly warnings: Readonly<Record<string, CodeCount>>;
  /** How many of the rows to send have each field. */
  readonly filled: Readonly<Record<string, number>>;
  /** Valid rows of the whole file, and how many of them have each field, whether they are sent or not. */
  readonly valid: number;
  readonly filledOfAll: Readonly<Record<string, number>>;
  /** Whether the last record is broken or too short. */
  readonly endsDamaged: boolean;
  /** Rows that are sent first: their people were left pending when the feed's last run stopped. */
  readonly waited: number;
  readonly tags: readonly TagCount[];
  /** More tags than are listed. */
  readonly moreTags: boolean;
  readonly consent: ConsentCounts;
  /** Columns that look like consent and are not sent. Absent in runs that an earlier version checked. */
  readonly unsentConsent?: readonly string[];
  /** Valid rows of the whole file, sent or not, and how many of them opt their person out of email. */
  readonly emailOptouts: { readonly rows: number; readonly of: number };
  /** Rows in which a default would overwrite a stored name. */
  readonly defaultNames: number;
  /** Damage that shows only in a whole column. */
  readonly columns: readonly ColumnDamage[];
  /** First rows of the file that would be sent, for looking people up. */
  readonly sampleRows: readonly number[];
  /** A good pilot: see `pilot.ts`. */
  readonly pilotRows: readonly number[];
}

/** Rows that are named with a code. */
export const listedRows = 3;
const listedTags = 200;

/** Collects the facts row by row. */
export function createFactsCollector() {
  const problems: Record<string, CodeCount> = {};
  const warnings: Record<string, CodeCount> = {};
  const filled: Record<string, number> = {};
  /** The same of valid rows that are not sent. */
  const filledOfOthers: Record<string, number> = {};
  const tags = new Map<string, TagCount>();
  let moreTags = false;
  let defaultNames = 0;

  const countTag = (tag: string, action: 'add' | 'remove', by: 1 | -1): void => {
    const key = `${action} ${tag}`;
    const known = tags.get(key);
    if (known !== undefined) known.count += by;
    else if (tags.size < listedTags) tags.set(key, { tag, action, count: by });
    else moreTags = true;
  };
  /** What a row to be sent would change. */
  const change = ({ contact, tags: { add, remove }, warnings: found }: MappedRow, by: 1 | -1): void => {
    countFields(filled, contact, by);
    for (const tag of add) countTag(tag, 'add', by);
    for (const tag of remove) countTag(tag, 'remove', by);
    if (found.some(({ code }) => code === 'default_used')) defaultNames += by;
  };
  const emailOptouts = { rows: 0, of: 0 };
  return {
    /** Counts a valid row, and what it would change where it is to be sent. */
    valid(mapped: MappedRow, isSent: boolean): void {
      const { contact } = mapped;
      emailOptouts.of += 1;
      if (contact['optout_email'] === true) emailOptouts.rows += 1;
      if (isSent) change(mapped, 1);
      else countFields(filledOfOthers, contact, 1);
    },
    problems: (row: number, found: readonly { readonly code: ProblemCode }[]) => countCodes(problems, row, found),
    warnings: (row: number, found: readonly { readonly code: ProblemCode }[]) => countCodes(warnings, row, found),
    /** A valid row that was counted otherwise is sent after all, or is not. */
    recount(mapped: MappedRow, isSent: boolean): void {
      change(mapped, isSent ? 1 : -1);
      countFields(filledOfOthers, mapped.contact, isSent ? -1 : 1);
    },
    facts: () => ({
      problems,
      warnings,
      filled,
      filledOfAll: sumOf(filled, filledOfOthers),
      tags: [...tags.values()].filter(({ count }) => count > 0),
      moreTags,
      emailOptouts,
      defaultNames,
    }),
  };
}

function countFields(counts: Record<string, number>, contact: Contact, by: 1 | -1): void {
  for (const name in contact) counts[name] = (counts[name] ?? 0) + by;
}

function sumOf(
  some: Readonly<Record<string, number>>,
  others: Readonly<Record<string, number>>,
): Record<string, number> {
  const names = new Set([...Object.keys(some), ...Object.keys(others)]);
  return Object.fromEntries([...names].map((name) => [name, (some[name] ?? 0) + (others[name] ?? 0)]));
}

/** A row counts once under each of its codes. */
function countCodes(
  counts: Record<string, CodeCount>,
  row: number,
  found: readonly { readonly code: ProblemCode }[],
): void {
  if (found.length === 0) return;
  for (const code of new Set(found.map((problem) => problem.code))) {
    const known = (counts[code] ??= { count: 0, rows: [] });
    known.count += 1;
    if (known.rows.length < listedRows) known.rows.push(row);
  }
}

/** A file that opts more people out of email than this was probably mapped the wrong way round. Percent. */
const mostEmailOptouts = 30;

/**
 * How many percent of a file's people it would opt out of email, when that is too many to be meant: of the whole file and of the
 * rows to be sent, so that a night on which only three members changed is not held because two of them unsubscribed.
 */
export function tooManyOptouts({ emailOptouts, consent, toSend }: CheckFacts): number | undefined {
  const percent = (100 * emailOptouts.rows) / Math.max(1, emailOptouts.of);
  const isMany = percent > mostEmailOptouts && 100 * consent.optoutYes > mostEmailOptouts * toSend;
  return isMany ? Math.round(percent) : undefined;
}
