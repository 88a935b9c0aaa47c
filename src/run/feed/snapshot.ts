import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { findMovements, movementSentence } from '../../core/quality/nightly-gate.ts';
import type { GateLimits, Measures, Movement } from '../../core/quality/nightly-gate.ts';
import type { Mapping } from '../../core/mapping/schema.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import type { CheckStats, FeedSnapshot, RunContext } from '../model.ts';
import { sameAsBefore } from './export-health.ts';
import { inputCopyOf } from '../files/run-folder.ts';

/** @param baselines Measures of the feed's earlier files, newest first; without any there is no drift. */
export async function checkDrift(
  context: RunContext,
  stats: CheckStats,
  baselines: readonly Measures[],
  limits: GateLimits,
): Promise<FeedSnapshot> {
  const { folder, csv, file } = context;
  const measures: Measures = {
    rows: stats.read,
    valid: stats.valid,
    invalid: stats.invalid,
    filled: stats.filledOfAll,
    people: peopleOf(stats),
    columns: [...csv.header],
    endsInLineBreak: await endsInLineBreak(inputCopyOf(folder)),
    mapping: digestOf(file.mapping),
  };
  return {
    measures,
    drift: findMovements(baselines, measures, limits, stats.endsDamaged),
    isCut: stats.endsDamaged && !measures.endsInLineBreak,
    sameAs: sameAsBefore(context),
  };
}

/**
 * What holds a file whose mapped columns are gone: an error when the same mapping found them in the feed's last file, since then
 * the export is broken, not the mapping.
 *
 * @param cause The finding that the mapping does not fit the header.
 */
export function lostColumnsError(
  header: readonly string[],
  mapping: Mapping,
  [latest]: readonly Measures[],
  cause: RunError,
): RunError | undefined {
  const isSameMapping = latest?.mapping === digestOf(mapping);
  const lost = isSameMapping ? latest.columns.filter((name) => !header.includes(name)) : [];
  if (lost.length === 0) return undefined;
  const list = lost.map((name) => `"${name}"`).join(', ');
  return new RunError(
    'held',
    `Nothing was sent: tonight's file has lost columns that it had the nights before: ${list}`,
    { hint: 'Look at the export. If it is to stay like this, correct the mapping.', cause },
  );
}

/** Nothing is sent: what moved, in numbers. */
export function heldError(drift: readonly Movement[]): RunError {
  const list = drift.map(movementSentence).join('; ');
  return new RunError('held', `Nothing was sent: tonight's file is not like those of earlier nights: ${list}`, {
    hint: 'Look at the export. If it is right, the same command with --accept-changes sends it, and later nights are compared with it.',
  });
}

function peopleOf({ people }: CheckStats): Measures['people'] {
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
