import { exitCodeOf } from '../core/outcome/exit-codes.ts';
import type { OptionValues } from '../core/settings/options.ts';
import type { RunError } from '../core/outcome/run-error.ts';
import type { CheckSummary, ImportSummary } from '../report/summary.ts';
import { createStop } from '../run/events.ts';
import type { RunEvent } from '../run/events.ts';
import type { Ports } from '../run/ports.ts';
import { createConfirm } from './ask.ts';
import type { Io } from './io.ts';
import type { Time } from './launch.ts';
import { createRunLog } from './log.ts';
import { createProgress } from './progress.ts';
import type { Progress } from './progress.ts';
import { hearSignals } from './signals.ts';
import { screenOf } from './text/screen.ts';
import type { Screen } from './text/screen.ts';
import { simulatorBanner, wrapAll } from './text/words.ts';

type OutputOptions = Pick<OptionValues, 'json' | 'quiet' | 'verbose' | 'progress' | 'logLevel' | 'logFormat' | 'yes'>;

/**
 * Runs an import with the process around it: signals, bar, log, question. The bar and log lines share stderr; the summary goes
 * to stdout.
 */
export async function inSession<Ended extends ImportSummary | CheckSummary>(
  io: Io,
  options: OutputOptions,
  time: Time,
  work: (ports: Ports) => Promise<Ended>,
): Promise<Ended> {
  const stop = createStop();
  const progress = progressOn(io, options);
  const screen = screenOf(io.stderr, io.environment);
  let logError: RunError | undefined;
  const log = createRunLog({
    level: options.quiet ? 'error' : options.logLevel,
    format: options.logFormat,
    screen,
    write: (line) => progress.write(line),
    onError: (error) => {
      logError = error;
      stop.request({ kind: 'error', error });
    },
  });
  const emit = (event: RunEvent): void => {
    if (event.type === 'run_started' && !options.quiet) progress.write(announcement(event, screen));
    log.note(event);
    progress.note(event);
  };
  const unhear = hearSignals(stop);
  try {
    const ask = createConfirm(io, options, stop);
    const confirm: typeof ask = async (plan) => {
      progress.stop();
      return ask(plan);
    };
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
function withError<Ended extends ImportSummary | CheckSummary>(
  summary: Ended,
  { code, message, hint }: RunError,
): Ended {
  if (summary.error !== undefined) return summary;
  return { ...summary, exitCode: exitCodeOf(code), sentence: message, error: { code, message, hint } };
}

/** Progress on the terminal of a command. */
export function progressOn(io: Io, { quiet, progress }: Pick<OptionValues, 'quiet' | 'progress'>): Progress {
  const isTerminal = io.stderr.isTTY && io.environment['TERM'] !== 'dumb';
  const style = quiet || !progress ? 'none' : isTerminal ? 'bar' : 'lines';
  return createProgress({ stderr: io.stderr, terminal: io.terminal, style });
}

/** The first lines of a run: the simulator banner, and which run is continued. */
function announcement(
  { simulator, resumed, run, input }: Extract<RunEvent, { type: 'run_started' }>,
  { paint, sentenceWidth }: Screen,
): string {
  const lines = simulator ? [paint('strong', simulatorBanner), ''] : [];
  if (resumed) lines.push(...wrapAll(`Continuing run ${run} (${input}) where it stopped.`, sentenceWidth));
  return lines.map((line) => `${line}\n`).join('');
}
