import { RunError } from '../core/run-error.ts';
import { openCsv } from '../csv/reader.ts';
import type { Clock } from '../flow/clock.ts';
import type { Ledger, RunRecord } from '../ledger/ledger.ts';
import { csvSettings } from './context.ts';
import type { Emit } from './events.ts';
import type { InputCopy } from './input-copy.ts';
import type { ImportSetup, RunOptions } from './setup.ts';

type OldInput = Pick<ImportSetup, 'input' | 'mapping'> & {
  readonly options: Pick<RunOptions, 'maxAge' | 'limit' | 'rows' | 'encoding'>;
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
  const { report } = await openCsv(copy.file, csvSettings(mapping, options.encoding), { name: input.name });
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

/** Last night's export once more: the system that writes it may have failed. */
export function warnIfSame(
  ledger: Ledger,
  { id, account, feed, inputSha }: RunRecord,
  { onlyChanged }: RunOptions,
  emit: Emit,
): void {
  const last = ledger
    .listRuns({ account })
    .find((run) => run.id !== id && run.feed === feed && run.kind === 'full' && run.state === 'finished');
  if (last?.inputSha !== inputSha) return;
  const what = onlyChanged ? 'only who failed then is sent' : 'everybody is sent again';
  emit({
    type: 'warning',
    message: `The file is byte for byte that of run ${last.id} (${last.started.slice(0, 16).replace('T', ' ')} UTC): ${what}`,
  });
}
