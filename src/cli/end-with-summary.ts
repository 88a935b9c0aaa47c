import { validSettings } from '../config/settings.ts';
import { exitCodeOf } from '../core/outcome/exit-codes.ts';
import { createAtomicFile, writeAtomically } from '../report/atomic-file.ts';
import { failedSummary, summaryText } from '../report/summary.ts';
import type { Summary } from '../report/summary.ts';
import { createStop } from '../run/events.ts';
import { printError, warningText } from './errors.ts';
import { keptFor } from './file-settings.ts';
import { printLine } from './io.ts';
import type { Io } from './io.ts';
import { notify } from './notify.ts';
import { hearSignals } from './signals.ts';
import { quietNightLines } from './text/night.ts';
import { screenOf } from './text/screen.ts';
import { summaryLines } from './text/summary.ts';

/** A command that was typed, as far as its end depends on it. */
interface Ending {
  /** What was typed, by option name. */
  readonly flags: Readonly<Record<string, unknown>>;
  /** Its CSV file, if it has one. */
  readonly csv?: string | undefined;
  /** Whether it is one that --notify tells of. */
  readonly isNotified: boolean;
}

/** Prints a summary, or what went wrong; writes it where --summary says, and tells --notify, at every exit. Returns the exit code. */
export async function endWithSummary(
  io: Io,
  { flags, csv, isNotified }: Ending,
  work: () => Promise<Summary>,
): Promise<number> {
  let isTold = false;
  const { kept } = csv === undefined ? {} : await keptFor(csv, flags).catch(() => ({ kept: {} }));
  // When settings are wrong, this must still be said where the others lead.
  const { values } = await validSettings(flags, io.environment, kept);
  const { json = false, quiet = false, summary: file } = values;
  let canSave = false;
  const tried = async (): Promise<Summary> => {
    // What can't be written must be known before anything is sent.
    if (file !== undefined) await (await createAtomicFile(file)).discard();
    canSave = true;
    return work();
  };
  let summary = await tried().catch((error: unknown): Summary => {
    printError(io, error);
    isTold = true;
    return failedSummary(error);
  });
  if (!json && !isTold) printSummary(io, summary, quiet);
  const save = async (): Promise<void> => {
    if (file !== undefined && canSave) await writeAtomically(file, summaryText(summary));
  };
  await save().catch((error: unknown) => {
    const exitCode = printError(io, error);
    if (summary.exitCode !== exitCodeOf('bug')) summary = { ...summary, exitCode };
  });
  if (isNotified) {
    // A signal ends the telling, not the process: what came of the command is decided.
    const stop = createStop();
    const unhear = hearSignals(stop);
    const notifyError = await notify(summary, values, io, stop.signal).finally(unhear);
    if (notifyError !== undefined) {
      io.stderr.write(warningText(io, notifyError));
      summary = { ...summary, notifyError };
      await save().catch(() => undefined);
    }
  }
  if (json) io.stdout.write(summaryText(summary));
  return summary.exitCode;
}

function printSummary(io: Io, summary: Summary, quiet: boolean): void {
  const screen = screenOf(io.stdout, io.environment);
  const text = quiet && summary.kind === 'batch' ? quietNightLines(summary, screen) : summaryLines(summary, screen);
  if (text !== undefined) printLine(io.stdout, text);
}
