import { RunError } from '../../core/outcome/run-error.ts';
import { openCsv } from '../../csv/reader.ts';
import type { Clock } from '../../flow/clock.ts';
import { csvSettings } from '../../csv/csv-settings.ts';
import type { FeedSnapshot, ImportSpec, InputCopy } from '../model.ts';
import type { ImportSetup, RunOptions } from '../setup.ts';

type OldInput = Pick<ImportSetup, 'input' | 'mapping'> & {
  readonly options: Pick<RunOptions, 'maxAge' | 'limit' | 'rows'>;
};

/**
 * Rejects an export that is older than --max-age: no new one has been written. Reports and pilots are not exports.
 *
 * @throws RunError `too_old`
 */
export async function rejectStaleExport(
  { input, mapping, options }: OldInput,
  copy: InputCopy,
  clock: Clock,
): Promise<void> {
  const { maxAge, limit, rows } = options;
  if (maxAge === undefined || copy.modified === undefined || limit !== undefined || rows !== undefined) return;
  const age = clock.now() - copy.modified;
  if (age <= maxAge) return;
  const { report } = await openCsv(copy.file, csvSettings(mapping), { name: input.name });
  if (report !== undefined) return;
  const hours = (ms: number): string => `${Math.round(ms / 360_000) / 10} h`;
  throw new RunError(
    'too_old',
    `Nothing was sent: ${input.name} is ${hours(age)} old, more than --max-age allows (${hours(maxAge)})`,
    {
      hint: 'Find out why no new export was written. To send this one anyway, set a longer --max-age.',
    },
  );
}

/** What is odd about an export, but does not hold it. */
export function warnAboutExport(
  { measures, isCut, sameAs }: FeedSnapshot,
  { input, onlyChanged }: ImportSpec,
  warn: (message: string) => void,
): void {
  if (measures.rows === 0) warn(`${input.name} has a header but no rows`);
  if (isCut) warn(`${input.name} ends in the middle of its last record: the export may have stopped while writing`);
  // The system that writes the export may have failed.
  if (sameAs !== undefined) {
    const what = onlyChanged ? 'only rows that failed then are sent' : 'a new run sends every row again';
    warn(`${input.name} is byte for byte the file of run ${sameAs}: ${what}`);
  }
}
