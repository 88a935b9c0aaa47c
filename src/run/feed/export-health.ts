import { RunError } from '../../core/outcome/run-error.ts';
import { openCsv } from '../../csv/reader.ts';
import type { Clock } from '../../flow/clock.ts';
import { csvSettings } from '../context.ts';
import type { RunContext } from '../context.ts';
import type { Emit } from '../events.ts';
import type { InputCopy } from '../files/input-copy.ts';
import type { Night } from './night.ts';
import type { RunFile } from '../files/run-folder.ts';
import { feedOf } from '../setup.ts';
import type { ImportSetup, RunOptions } from '../setup.ts';

type OldInput = Pick<ImportSetup, 'input' | 'mapping'> & {
  readonly options: Pick<RunOptions, 'maxAge' | 'limit' | 'rows'>;
};

/**
 * An export that is older than it may be is last night's: nothing has been written since. Reports and pilots are no exports.
 *
 * @throws RunError `too_old`
 */
export async function refuseOld({ input, mapping, options }: OldInput, copy: InputCopy, clock: Clock): Promise<void> {
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
      hint: 'Look why no new export was written. To send this one all the same, give a longer --max-age.',
    },
  );
}

/** What is odd about tonight's export, but no reason to hold it. */
export function sayAloud({ measures, isCut, sameAs }: Night, { input, onlyChanged }: RunFile, emit: Emit): void {
  const warn = (message: string): void => emit({ type: 'warning', message });
  if (measures.rows === 0) warn(`${input.name} has a header and no rows`);
  if (isCut)
    warn(`${input.name} ends in the middle of its last record: the export may have been stopped while it wrote`);
  // The system that writes the export may have failed.
  if (sameAs !== undefined) {
    const what = onlyChanged ? 'only who failed then is sent' : 'everybody is sent again';
    warn(`${input.name} is byte for byte the file of run ${sameAs}: ${what}`);
  }
}

/** The feed's finished run before, when its file was the same. */
export function sameAsBefore({ file, ledger }: RunContext): number | undefined {
  const { account, feed } = feedOf(file);
  const last = ledger
    .listRuns({ account })
    .find((run) => run.id !== file.run && run.feed === feed && run.kind === 'full' && run.state === 'finished');
  return last?.inputSha === file.input.sha256 ? last.id : undefined;
}
