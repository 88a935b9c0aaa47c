import { z } from 'zod';
import { rounded, plural } from '../reports/figures.ts';

/**
 * The gate: whether a feed's current file is like its earlier ones, the baselines. What it measures is kept with every finished run
 * of a whole file. A file that drifts too far is held, so that a broken export of an unattended run sends nothing.
 */
const percent = z.number().min(0);

/** By how much each measure may move (DESIGN.md section 5). `rows` is percent of their usual number; the others are percentage points. */
export const gateLimitsSchema = z.strictObject({
  rows: percent.default(20),
  fillRate: percent.default(10),
  newPeople: percent.default(20),
  changedPeople: percent.default(30),
  invalid: percent.default(5),
});
export type GateLimits = z.output<typeof gateLimitsSchema>;

/** What is remembered of a file: counts of rows and people, and the names of columns. No data of people. */
export const measuresSchema = z.object({
  rows: z.number(),
  valid: z.number(),
  invalid: z.number(),
  /** How many of the valid rows fill each field. */
  filled: z.record(z.string(), z.number()),
  /** Undefined where the feed knew no one yet. */
  people: z.object({ all: z.number(), new: z.number(), changed: z.number() }).optional(),
  columns: z.array(z.string()),
  /** Whether the file ends with a line break. */
  endsInLineBreak: z.boolean(),
  /** A digest of the mapping: what depends on it is compared only with baselines of the same one. */
  mapping: z.string(),
});
export type Measures = z.output<typeof measuresSchema>;

/** One way in which the current file (`tonight`) drifts too far from what is usual: percentages with one decimal, rows as counts. */
export interface Movement {
  readonly measure: keyof GateLimits | 'columnGone' | 'columnNew' | 'lastRecordCut';
  /** A field or column. */
  readonly name?: string;
  readonly usual?: number;
  readonly tonight?: number;
  readonly limit?: number;
}

/** So few rows or people are not a sign of a broken export, whatever share they are. */
const few = 5;

/**
 * Compares a file with the feed's earlier ones; without any there is no drift.
 *
 * @param baselines Newest first.
 * @param endsDamaged Whether the last record of the current file is broken or too short.
 */
export function checkDrift(
  baselines: readonly Measures[],
  current: Measures,
  limits: GateLimits,
  endsDamaged: boolean,
): Movement[] {
  const [latest] = baselines;
  if (latest === undefined) return [];
  const alike = baselines.filter(({ mapping }) => mapping === current.mapping);
  const drift = columnMovements(latest.columns, current.columns);
  const usualRows = median(baselines.map(({ rows }) => rows));
  const difference = Math.abs(current.rows - usualRows);
  const isMoved = current.rows === 0 ? usualRows > 0 : difference > few && shareOf(difference, usualRows) > limits.rows;
  if (isMoved) drift.push({ measure: 'rows', usual: usualRows, tonight: current.rows, limit: limits.rows });
  if (isCut(baselines, current, endsDamaged)) drift.push({ measure: 'lastRecordCut' });
  if (current.rows === 0) return drift;

  const compare = (
    measure: keyof GateLimits,
    usual: number,
    [some, all]: readonly [number, number],
    more: { readonly name?: string; readonly alsoLess?: boolean } = {},
  ): void => {
    const now = shareOf(some, all);
    const by = more.alsoLess === true ? Math.abs(now - usual) : now - usual;
    if (by <= limits[measure] || (by * all) / 100 <= few) return;
    const name = more.name === undefined ? {} : { name: more.name };
    drift.push({ measure, ...name, usual: rounded(usual, 1), tonight: rounded(now, 1), limit: limits[measure] });
  };
  if (alike.length > 0) {
    compare('invalid', median(alike.map(({ invalid, rows }) => shareOf(invalid, rows))), [
      current.invalid,
      current.rows,
    ]);
    const fields = new Set([current, ...alike].flatMap(({ filled }) => Object.keys(filled)));
    for (const name of fields) {
      const usual = median(alike.map(({ filled, valid }) => shareOf(filled[name] ?? 0, valid)));
      compare('fillRate', usual, [current.filled[name] ?? 0, current.valid], { name, alsoLess: true });
    }
  }
  if (current.people !== undefined) {
    const { all, changed } = current.people;
    const shares = (files: readonly Measures[], kind: 'new' | 'changed'): number[] =>
      files.flatMap(({ people }) => (people === undefined ? [] : [shareOf(people[kind], people.all)]));
    compare('newPeople', median(shares(baselines, 'new')), [current.people.new, all]);
    if (alike.length > 0) compare('changedPeople', median(shares(alike, 'changed')), [changed, all]);
  }
  return drift;
}

function columnMovements(before: readonly string[], now: readonly string[]): Movement[] {
  const gone = before.filter((name) => !now.includes(name));
  const added = now.filter((name) => !before.includes(name));
  return [
    ...gone.map((name) => ({ measure: 'columnGone', name }) as const),
    ...added.map((name) => ({ measure: 'columnNew', name }) as const),
  ];
}

/**
 * A file that ends without a line break is cut when its last record is broken, or when all earlier files ended with one. Some
 * products never write one: there, only a broken record shows it.
 */
function isCut(baselines: readonly Measures[], current: Measures, endsDamaged: boolean): boolean {
  return !current.endsInLineBreak && (endsDamaged || baselines.every(({ endsInLineBreak }) => endsInLineBreak));
}

/** One movement in words, with its numbers. */
export function movementSentence({ measure, name, usual = 0, tonight = 0, limit = 0 }: Movement): string {
  const points = `${tonight}%, usually ${usual}% (it may move by ${limit} points)`;
  switch (measure) {
    case 'rows': {
      const by = usual === 0 ? 100 : Math.round((Math.abs(tonight - usual) / usual) * 100);
      return `${plural(tonight, 'row')}, usually ${usual}: ${by}% ${tonight < usual ? 'fewer' : 'more'} (it may be ${limit}%)`;
    }
    case 'fillRate':
      return `${name ?? ''} is filled in ${points}`;
    case 'newPeople':
      return `new people: ${points}`;
    case 'changedPeople':
      return `changed people: ${points}`;
    case 'invalid':
      return `invalid rows: ${points}`;
    case 'columnGone':
      return `column "${name ?? ''}" is gone`;
    case 'columnNew':
      return `column "${name ?? ''}" is new`;
    case 'lastRecordCut':
      return 'the file ends in the middle of its last record';
  }
}

function shareOf(some: number, all: number): number {
  return all === 0 ? 0 : (some / all) * 100;
}

/** 0 for nothing. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
