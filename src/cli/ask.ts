import { createInterface } from 'node:readline/promises';
import { RunError } from '../core/outcome/run-error.ts';
import type { Stop } from '../run/events.ts';
import type { Confirmation, Plan } from '../run/plan.ts';
import { isInteractive, printLine } from './io.ts';
import type { Io } from './io.ts';
import { planText } from './text/plan.ts';
import { screenOf } from './text/screen.ts';
import { plural, wrap } from './text/words.ts';

/** Shows the plan and asks on a terminal; elsewhere --yes must have been typed. */
export function createConfirm(
  io: Io,
  options: { readonly yes: boolean; readonly quiet: boolean; readonly verbose: boolean },
  stop: Stop,
) {
  return async (plan: Plan): Promise<Confirmation> => {
    if (!options.quiet || !options.yes)
      printLine(io.stderr, planText(plan, screenOf(io.stderr, io.environment), options.verbose));
    if (options.yes) return { kind: 'all' };
    if (!isInteractive(io)) {
      throw new RunError('usage', 'Nothing was sent: there is no terminal to ask on', {
        hint: 'Look at the plan above, then run the same command with --yes.',
      });
    }
    return askOnTerminal(io, plan, stop);
  };
}

async function askOnTerminal(
  io: Io,
  { stats, pilotRows, compared, holdsSecondPeople }: Plan,
  stop: Stop,
): Promise<Confirmation> {
  const { width } = screenOf(io.stderr, io.environment);
  if (pilotRows.length > 0) {
    const pilot = `A good pilot: rows ${pilotRows.join(', ')}. Together they use every field, word, and tag. Look at them in Gleantap before you send the rest.`;
    for (const line of wrap(pilot, width)) printLine(io.stderr, line);
  }
  const canHold = (compared?.otherName ?? 0) > 0 && !holdsSecondPeople;
  if (canHold)
    printLine(
      io.stderr,
      'To keep back the rows that would make a second person, type "hold". failure.csv lists them with whom Gleantap has.',
    );
  const terminal = createInterface({ input: io.stdin, output: io.terminal });
  // While it reads a line, the terminal hands Ctrl-C to us as a key.
  terminal.once('SIGINT', () => stop.request({ kind: 'signal', signal: 'SIGINT' }));
  try {
    for (;;) {
      const choices = pilotRows.length > 0 ? '"all", "pilot", or a number' : '"all" or a number';
      const question = `\nSend ${plural(stats.toSend, 'row')}? Type ${choices}. Enter sends nothing: `;
      const answer = (await terminal.question(question, { signal: stop.signal }).catch(() => '')).trim().toLowerCase();
      if (answer === '') return { kind: 'nothing' };
      if (answer === 'all') return { kind: 'all' };
      if (answer === 'hold' && canHold) return { kind: 'hold' };
      if (answer === 'pilot' && pilotRows.length > 0) return { kind: 'pilot', rows: pilotRows };
      const rows = /^\d+$/.test(answer) ? Number(answer) : 0;
      if (rows > 0) return rows >= stats.toSend ? { kind: 'all' } : { kind: 'pilot', rows };
      printLine(io.stderr, `"${answer}" is not one of these answers.`);
    }
  } finally {
    terminal.close();
  }
}
