import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { findMovements, movementSentence } from '../core/nightly-gate.ts';
import type { GateLimits, Measures, Movement } from '../core/nightly-gate.ts';
import type { Mapping } from '../core/mapping/schema.ts';
import { RunError } from '../core/run-error.ts';
import type { CheckFacts } from './check-facts.ts';
import type { RunContext } from './context.ts';
import { inputCopyOf } from './run-folder.ts';

/** Tonight's file beside those of earlier nights. Kept with the run, so that a resumed one still enters the history. */
export interface Night {
  readonly measures: Measures;
  /** What moved too far. */
  readonly moved: readonly Movement[];
}

/** @param history Measures of earlier nights, newest first; without any nothing has moved. */
export async function judgeNight(
  { folder, csv, file: { mapping } }: Pick<RunContext, 'folder' | 'csv' | 'file'>,
  facts: CheckFacts,
  history: readonly Measures[],
  limits: GateLimits,
): Promise<Night> {
  const measures: Measures = {
    rows: facts.read,
    valid: facts.valid,
    invalid: facts.invalid,
    filled: facts.filledOfAll,
    people: peopleOf(facts),
    columns: [...csv.header],
    endsInLineBreak: await endsInLineBreak(inputCopyOf(folder)),
    mapping: digestOf(mapping),
  };
  return { measures, moved: findMovements(history, measures, limits, facts.endsDamaged) };
}

/**
 * A mapped column that the file lacks is a mistake of the mapping, unless the same mapping found it last night: then it is the
 * export that is broken.
 *
 * @throws RunError `held`
 */
export function refuseLostColumns(history: readonly Measures[], mapping: Mapping, header: readonly string[]): void {
  const [latest] = history;
  if (latest?.mapping !== digestOf(mapping)) return;
  const lost = latest.columns.filter((name) => !header.includes(name));
  if (lost.length > 0) throw heldError(lost.map((name) => ({ measure: 'columnGone', name })));
}

/** Nothing is sent: what moved, in numbers. */
export function heldError(moved: readonly Movement[]): RunError {
  const list = moved.map(movementSentence).join('; ');
  return new RunError('held', `Nothing was sent: tonight's file is not like those of earlier nights: ${list}`, {
    hint: 'Look at the export. If it is right, the same command with --accept-changes sends it, and later nights are compared with it.',
  });
}

function peopleOf({ people }: CheckFacts): Measures['people'] {
  if (people === undefined) return undefined;
  const all = people.new + people.changed + people.unsettled + people.unchanged;
  return people.new === all ? undefined : { all, new: people.new, changed: people.changed };
}

function digestOf(mapping: Mapping): string {
  return createHash('sha256').update(JSON.stringify(mapping)).digest('hex').slice(0, 16);
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Looks at the last two bytes: in UTF-16 one of them is 0. */
async function endsInLineBreak(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const bytes = Buffer.alloc(Math.min(2, size));
    await handle.read(bytes, 0, bytes.length, size - bytes.length);
    return [bytes.at(-1), bytes.at(-1) === 0 ? bytes.at(-2) : undefined].some(
      (byte) => byte === lineFeed || byte === carriageReturn,
    );
  } finally {
    await handle.close();
  }
}
