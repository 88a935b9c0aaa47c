import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { findMovements, movementSentence } from '../../core/quality/nightly-gate.ts';
import type { GateLimits, Measures, Movement } from '../../core/quality/nightly-gate.ts';
import type { Finding } from '../../core/mapping/finding.ts';
import type { Mapping } from '../../core/mapping/schema.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import type { CheckFacts } from '../check/check-facts.ts';
import { compileContext } from '../context.ts';
import type { RunContext } from '../context.ts';
import type { Emit } from '../events.ts';
import { sameAsBefore } from './export-health.ts';
import { inputCopyOf } from '../files/run-folder.ts';

/** Tonight's file beside those of earlier nights. Kept with the run, so that a resumed one still enters the history. */
export interface Night {
  readonly measures: Measures;
  /** What moved too far. */
  readonly moved: readonly Movement[];
  /** Whether the last record is broken and the file does not end with a line break. */
  readonly isCut: boolean;
  /** The finished run before, when its file was the same byte for byte. */
  readonly sameAs?: number | undefined;
}

/** @param history Measures of earlier nights, newest first; without any nothing has moved. */
export async function judgeNight(
  context: RunContext,
  facts: CheckFacts,
  history: readonly Measures[],
  limits: GateLimits,
): Promise<Night> {
  const { folder, csv, file } = context;
  const measures: Measures = {
    rows: facts.read,
    valid: facts.valid,
    invalid: facts.invalid,
    filled: facts.filledOfAll,
    people: peopleOf(facts),
    columns: [...csv.header],
    endsInLineBreak: await endsInLineBreak(inputCopyOf(folder)),
    mapping: digestOf(file.mapping),
  };
  return {
    measures,
    moved: findMovements(history, measures, limits, facts.endsDamaged),
    isCut: facts.endsDamaged && !measures.endsInLineBreak,
    sameAs: sameAsBefore(context),
  };
}

/**
 * Compiles the mapping against tonight's header. A mapped column that the file lacks is a mistake of the mapping, unless the same
 * mapping found it last night: then it is the export that is broken.
 *
 * @throws RunError `held`, and as `compileContext`
 */
export function compileOrHold(
  laidOut: Omit<RunContext, 'map'>,
  emit: Emit,
  findings: readonly Finding[],
  history: readonly Measures[],
): RunContext {
  try {
    return compileContext(laidOut, emit, findings);
  } catch (error) {
    const [latest] = history;
    const isSameMapping = latest?.mapping === digestOf(laidOut.file.mapping);
    const lost = isSameMapping ? latest.columns.filter((name) => !laidOut.csv.header.includes(name)) : [];
    if (!(error instanceof RunError) || error.code !== 'mapping' || lost.length === 0) throw error;
    const list = lost.map((name) => `"${name}"`).join(', ');
    throw new RunError(
      'held',
      `Nothing was sent: tonight's file has lost columns that it had the nights before: ${list}`,
      {
        hint: 'Look at the export. If it is to stay like this, correct the mapping.',
        cause: error,
      },
    );
  }
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
