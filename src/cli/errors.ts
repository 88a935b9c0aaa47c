import { inspect } from 'node:util';
import { exitCodeOf } from '../core/outcome/exit-codes.ts';
import { RunError } from '../core/outcome/run-error.ts';
import { printLine } from './io.ts';
import type { Io } from './io.ts';

/** Prints a known error in two lines; anything else is a bug and shows its stack. Returns the exit code. */
export function printError(io: Pick<Io, 'stderr'>, error: unknown): number {
  if (error instanceof RunError && error.code !== 'bug') {
    printLine(io.stderr, `Error: ${error.message}`);
    if (error.hint !== undefined) printLine(io.stderr, error.hint);
    return exitCodeOf(error.code);
  }
  printLine(
    io.stderr,
    'This is a bug in gleantap-import, not a mistake of yours. "resume" continues a run that had started.',
  );
  for (let at: unknown = error; at !== undefined; at = at instanceof Error ? at.cause : undefined) {
    printLine(io.stderr, at instanceof Error ? (at.stack ?? at.message) : inspect(at));
  }
  return exitCodeOf('bug');
}
