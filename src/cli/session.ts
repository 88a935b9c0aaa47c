import { exitCodeOf } from '../core/outcome/exit-codes.ts';
import type { OptionValues } from '../core/settings/options.ts';
import type { RunError } from '../core/outcome/run-error.ts';
import type { ImportSummary } from '../report/summary.ts';
import { createStop } from '../run/events.ts';
import type { RunEvent } from '../run/events.ts';
import type { Ports } from '../run/ports.ts';
import { createConfirm } from './ask.ts';
import type { Io } from './io.ts';
import { printLine } from './io.ts';
import type { Time } from './launch.ts';
import { createRunLog } from './log.ts';
import { createProgress } from './progress.ts';
import { hearSignals } from './signals.ts';
import { simulatorBanner } from './text/words.ts';

type OutputOptions = Pick<OptionValues, 'json' | 'quiet' | 'verbose' | 'progress' | 'logLevel' | 'logFormat' | 'yes'>;

/**
 * Runs an import with the process around it: signals, bar, log, question. The bar and log lines share stderr; the summary goes
 * to stdout.
 */
export async function inSession(
  io: Io,
  options: OutputOptions,
  time: Time,
  work: (ports: Ports) => Promise<ImportSummary>,
): Promise<ImportSummary> {
  const stop = createStop();
  const isTerminal = io.stderr.isTTY && io.environment['TERM'] !== 'dumb';
  const isSilent = options.quiet || !options.progress;
  const progress = createProgress({
    stream: isTerminal ? io.terminal : io.stderr,
    style: isSilent ? 'none' : isTerminal ? 'bar' : 'lines',
  });
  let logError: RunError | undefined;
  const log = createRunLog({
    level: options.quiet ? 'error' : options.logLevel,
    format: options.logFormat,
    write: (line) => progress.write(line),
    onError: (error) => {
      logError = error;
      stop.request({ kind: 'error', error });
    },
  });
  const emit = (event: RunEvent): void => {
    if (event.type === 'run_started' && !options.quiet) announce(io, event);
    log.note(event);
    progress.note(event);
  };
  const unhear = hearSignals(stop);
  try {
    const confirm = createConfirm(io, options, stop);
    const ports = { clock: time.clock, waits: time.waits, random: Math.random, emit, stop, confirm };
    const summary = await work(ports);
    return logError === undefined ? summary : withError(summary, logError);
  } finally {
    unhear();
    progress.stop();
    log.close();
  }
}

/** The log may have failed when everything else was done. */
function withError(summary: ImportSummary, { code, message, hint }: RunError): ImportSummary {
  if (summary.error !== undefined) return summary;
  return { ...summary, exitCode: exitCodeOf(code), sentence: message, error: { code, message, hint } };
}

/** The first lines of a run: the simulator banner, and which run is continued. */
function announce(io: Io, { simulator, resumed, run, input }: Extract<RunEvent, { type: 'run_started' }>): void {
  if (simulator) printLine(io.stderr, `${simulatorBanner}\n`);
  if (resumed) printLine(io.stderr, `Continuing run ${run} (${input}) where it stopped.`);
}
