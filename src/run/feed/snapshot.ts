import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { checkDrift } from '../../core/quality/nightly-gate.ts';
import type { GateLimits, Measures } from '../../core/quality/nightly-gate.ts';
import type { Mapping } from '../../core/mapping/schema.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import type { CheckStats, FeedSnapshot, ImportContext } from '../model.ts';
import type { FeedHistory } from './history.ts';
import { inputCopyOf } from '../files/run-folder.ts';

/** Measures a whole file of a feed and compares it with the feed's earlier files. */
export async function takeSnapshot(
  { folder, csv, file }: ImportContext,
  stats: CheckStats,
  { baselines, last }: FeedHistory,
  limits: GateLimits,
): Promise<FeedSnapshot> {
  const measures = measure(stats, csv.header, {
    endsInLineBreak: await endsInLineBreak(inputCopyOf(folder)),
    mapping: digestOf(file.mapping),
  });
  return {
    measures,
    drift: checkDrift(baselines, measures, limits, stats.endsDamaged),
    isCut: stats.endsDamaged && !measures.endsInLineBreak,
    sameAs: last?.inputSha === file.input.sha256 ? last.id : undefined,
  };
}

function measure(
  stats: CheckStats,
  header: readonly string[],
  more: Pick<Measures, 'endsInLineBreak' | 'mapping'>,
): Measures {
  return {
    rows: stats.read,
    valid: stats.valid,
    invalid: stats.invalid,
    filled: stats.filledOfAll,
    people: peopleOf(stats),
    columns: [...header],
    ...more,
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
  return new RunError('held', `Nothing was sent: this file lacks columns that the feed's last file had: ${list}`, {
    hint: 'Check the export. If the columns are gone for good, correct the mapping.',
    cause,
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
