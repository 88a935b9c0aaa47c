import type { OptionValues } from '../core/options.ts';
import type { Summary } from '../report/summary.ts';
import { summaryText } from '../report/summary.ts';
import { createStop } from '../run/events.ts';
import type { RunEvent } from '../run/events.ts';
import type { Ports } from '../run/ports.ts';
import { createConfirm } from './ask.ts';
import type { Io } from './io.ts';
import { printLine } from './io.ts';
import type { Time } from './launch.ts';
import { createRunLog } from './log.ts';
import { createProgress } from './progress.ts';
import { summaryLines } from './text/summary.ts';
import { simulatorBanner } from './text/words.ts';

type OutputOptions = Pick<OptionValues, 'json' | 'quiet' | 'progress' | 'logLevel' | 'logFormat' | 'yes'>;

/**
 * Runs an import with the process around it: signals, bar, log, question. The bar and log lines share stderr; the summary goes
 * to stdout.
 */
export async function inSession(
  io: Io,
  options: OutputOptions,
  time: Time,
  work: (ports: Ports) => Promise<Summary>,
): Promise<Summary> {
  const stop = createStop();
  const isTerminal = io.stderr.isTTY && io.environment['TERM'] !== 'dumb';
  const isSilent = options.quiet || !options.progress;
  const progress = createProgress({ stream: io.stderr, style: isSilent ? 'none' : isTerminal ? 'bar' : 'lines' });
  const log = createRunLog({
    level: options.quiet ? 'error' : options.logLevel,
    format: options.logFormat,
    write: (line) => progress.write(line),
  });
  const emit = (event: RunEvent): void => {
    if (event.type === 'run_started' && !options.quiet) announce(io, event);
    log.note(event);
    progress.note(event);
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stop.signal.aborted) stop.hurry();
    stop.request({ kind: 'signal', signal: signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM' });
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  try {
    const confirm = createConfirm(io, options, stop);
    return await work({ clock: time.clock, waits: time.waits, random: Math.random, emit, stop, confirm });
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
    progress.stop();
    log.close();
  }
}

/** The first lines of a run: that nothing is real, if so, and what is gone on with. */
function announce(io: Io, { simulator, resumed, run, input }: Extract<RunEvent, { type: 'run_started' }>): void {
  if (simulator) printLine(io.stderr, `${simulatorBanner}\n`);
  if (resumed) printLine(io.stderr, `Going on with run ${run} (${input}) where it stopped.`);
}

/** Prints how a run ended: JSON alone, or words. */
export function printSummary(io: Io, { json }: Pick<OptionValues, 'json'>, summary: Summary): void {
  if (json) io.stdout.write(summaryText(summary));
  else printLine(io.stdout, summaryLines(summary));
}
