import type { Contact } from '../../core/api/contact.ts';
import type { MappedRow } from '../../core/mapping/compile.ts';
import type { ProblemCode } from '../../core/outcome/messages.ts';
import type { CodeCount, TagCount } from '../model.ts';

/** Rows that are named with a code. */
export const listedRows = 3;
const listedTags = 200;

/** Counts row by row. */
export function createStatsCollector() {
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
    stats: () => ({
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
