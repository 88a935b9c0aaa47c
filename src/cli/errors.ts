import { inspect } from 'node:util';
import { exitCodeOf } from '../core/outcome/exit-codes.ts';
import { RunError } from '../core/outcome/run-error.ts';
import { printLine } from './io.ts';
import type { Io } from './io.ts';
import { screenOf } from './text/screen.ts';
import type { Style } from './text/screen.ts';
import { wrapAll } from './text/words.ts';

/** Prints a known error in two lines; anything else is a bug and shows its stack. Returns the exit code. */
export function printError(io: ErrorIo, error: unknown): number {
  if (error instanceof RunError && error.code !== 'bug') {
    io.stderr.write(labeledText(io, 'failed', 'Error:', `${error.message}\n${error.hint ?? ''}`));
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

/** A warning with its label, and a line feed. */
export function warningText(io: ErrorIo, message: string): string {
  return labeledText(io, 'warning', 'Warning:', message);
}

type ErrorIo = Pick<Io, 'stderr' | 'environment'>;

function labeledText({ stderr, environment }: ErrorIo, style: Style, label: string, text: string): string {
  const { paint, sentenceWidth } = screenOf(stderr, environment);
  const lines = wrapAll(`${label} ${text}`, sentenceWidth).join('\n');
  return `${paint(style, label)}${lines.slice(label.length)}\n`;
}
