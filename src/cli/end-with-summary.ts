import { resolveSettings } from '../config/settings.ts';
import { exitCodeOf } from '../core/outcome/exit-codes.ts';
import type { OptionValues } from '../core/settings/options.ts';
import { createAtomicFile, writeAtomically } from '../report/atomic-file.ts';
import { failedSummary, summaryText } from '../report/summary.ts';
import type { Summary } from '../report/summary.ts';
import { printError } from './errors.ts';
import { printLine } from './io.ts';
import type { Io } from './io.ts';
import { screenOf } from './text/screen.ts';
import { summaryLines } from './text/summary.ts';

/** Prints a summary, or what went wrong; and writes it where --summary says, at every exit. Returns the exit code. */
export async function endWithSummary(
  io: Io,
  flags: Readonly<Record<string, unknown>>,
  work: () => Promise<Summary>,
): Promise<number> {
  let isTold = false;
  const { json, summary: file } = await outputOf(flags, io);
  let canSave = false;
  const tried = async (): Promise<Summary> => {
    // What can't be written must be known before anything is sent.
    if (typeof file === 'string') await (await createAtomicFile(file)).discard();
    canSave = true;
    return work();
  };
  const summary = await tried().catch((error: unknown): Summary => {
    printError(io, error);
    isTold = true;
    return failedSummary(error);
  });
  if (json) io.stdout.write(summaryText(summary));
  else if (!isTold) printLine(io.stdout, summaryLines(summary, screenOf(io.stdout, io.environment)));
  if (typeof file !== 'string' || !canSave) return summary.exitCode;
  try {
    await writeAtomically(file, summaryText(summary));
    return summary.exitCode;
  } catch (error) {
    const exitCode = printError(io, error);
    return summary.exitCode === exitCodeOf('bug') ? summary.exitCode : exitCode;
  }
}

/** Where the result goes, from wherever that is set; when settings are wrong, from the flags, so that this can be said there. */
async function outputOf(
  flags: Readonly<Record<string, unknown>>,
  io: Io,
): Promise<Pick<OptionValues, 'json' | 'summary'>> {
  return resolveSettings(flags, io.environment).then(
    ({ values }) => values,
    () => ({
      json: flags['json'] === true,
      summary: typeof flags['summary'] === 'string' ? flags['summary'] : undefined,
    }),
  );
}
