import type { MappedRow } from '../../core/mapping/compile.ts';
import type { ProblemCode } from '../../core/outcome/messages.ts';
import { listedRows } from '../model.ts';
import type { CodeCount, TagCount } from '../model.ts';
import type { RowKind } from './row-kinds.ts';

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
  let tagged = 0;

  const countTag = (tag: string, action: 'add' | 'remove', by: number): void => {
    const key = `${action} ${tag}`;
    const known = tags.get(key);
    if (known !== undefined) known.count += by;
    else if (tags.size < listedTags) tags.set(key, { tag, action, count: by });
    else moreTags = true;
  };
  const emailOptouts = { rows: 0, of: 0 };
  return {
    /** Counts a valid row. */
    valid({ contact }: MappedRow): void {
      emailOptouts.of += 1;
      if (contact['optout_email'] === true) emailOptouts.rows += 1;
    },
    /** Counts what valid rows would change, once it is decided how many of them are sent. */
    decided({ contact, tags: { add, remove }, usesDefault }: RowKind, sent: number, notSent: number): void {
      if (sent > 0) countFields(filled, contact, sent);
      if (notSent > 0) countFields(filledOfOthers, contact, notSent);
      if (sent === 0) return;
      for (const tag of add) countTag(tag, 'add', sent);
      for (const tag of remove) countTag(tag, 'remove', sent);
      if (add.length + remove.length > 0) tagged += sent;
      if (usesDefault) defaultNames += sent;
    },
    problems: (row: number, found: readonly { readonly code: ProblemCode }[]) => countCodes(problems, row, found),
    warnings: (row: number, found: readonly { readonly code: ProblemCode }[]) => countCodes(warnings, row, found),
    stats: () => ({
      problems,
      warnings,
      filled,
      filledOfAll: sumOf(filled, filledOfOthers),
      tags: [...tags.values()],
      moreTags,
      tagged,
      emailOptouts,
      defaultNames,
    }),
  };
}

function countFields(counts: Record<string, number>, contact: RowKind['contact'], by: number): void {
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
