import { inspect } from 'node:util';
import yargs from 'yargs';
import type { Argv } from 'yargs';
import { exitCodeOf } from '../core/exit-codes.ts';
import { nearestName } from '../core/nearest.ts';
import { flagOf, optionNames } from '../core/options.ts';
import type { OptionName, OptionValues } from '../core/options.ts';
import { RunError } from '../core/run-error.ts';
import type { Summary } from '../report/summary.ts';
import { addFlags, outputOptions, paceOptions, selectionOptions } from './flags.ts';
import { printLine } from './io.ts';
import type { Io } from './io.ts';
import type { Typed } from './commands/command.ts';
import { packageVersion } from './version.ts';

/** The command line. Commands are loaded only when they are called. */
export async function runApp(argv: readonly string[], io: Io): Promise<number> {
  let exitCode = 0;
  const files = ['mapping', 'out', 'ledger', 'encoding'] as const;
  const runFlags: OptionName[] = [
    ...files,
    'envFile',
    'baseUrl',
    ...selectionOptions,
    'yes',
    'again',
    'maxInvalid',
    'tolerate',
    'preflight',
    'acceptRefusals',
    ...paceOptions,
    ...outputOptions,
  ];
  const resumeFlags: OptionName[] = ['ledger', 'envFile', ...paceOptions, ...outputOptions];
  const checkFlags: OptionName[] = [
    'mapping',
    'out',
    'encoding',
    ...selectionOptions,
    'maxInvalid',
    'tolerate',
    ...outputOptions,
  ];

  const csvArgument = <T>(command: Argv<T>) =>
    command.positional('csv', { type: 'string', demandOption: true, describe: 'The CSV file; - reads stdin' });
  const runArgument = <T>(command: Argv<T>) =>
    command.positional('run', { type: 'string', describe: 'A run folder, or a number from "runs"' });
  const plain = async (work: Promise<number>): Promise<void> => {
    exitCode = await work;
  };
  const summarized = async (typed: Typed<object>, work: () => Promise<Summary>): Promise<void> => {
    exitCode = await endWithSummary(io, typed.flags, work);
  };

  // yargs makes an empty text of a lone dash.
  const csvOf = <T extends string | undefined>(csv: T) => (csv === '' && argv.includes('-') ? '-' : csv);

  const parser = yargs(withoutDashes(argv))
    .scriptName('gleantap-import')
    .usage('$0 <command>\n\nMoves contacts from CSV files into Gleantap.')
    .command(
      'run <csv>',
      'Import a CSV file',
      (command) =>
        addFlags(csvArgument(command), runFlags)
          .example('$0 run members.csv', 'Check, show the plan, ask, send')
          .example('$0 run members.csv --limit 5', 'A pilot of five rows')
          .example('$0 run members.csv --yes --rate 10', 'Without a question, ten requests a second'),
      async (args) => {
        const typed = { csv: csvOf(args.csv), flags: typedFlags(args) };
        await summarized(typed, async () => (await import('./commands/run.ts')).run(typed, io));
      },
    )
    .command(
      'check [csv]',
      'Everything of "run" up to the first request; without a file only the mapping and its examples',
      (command) =>
        addFlags(command.positional('csv', { type: 'string', describe: 'The CSV file; - reads stdin' }), checkFlags)
          .example('$0 check members.csv', 'Lists what would not be sent, and why')
          .example('$0 check', "Runs the mapping's own examples"),
      async (args) => {
        const typed = { csv: csvOf(args.csv), flags: typedFlags(args) };
        await summarized(typed, async () => (await import('./commands/check.ts')).check(typed, io));
      },
    )
    .command(
      'resume [run]',
      'Go on with a stopped run (the last one if not named)',
      (command) =>
        addFlags(runArgument(command), resumeFlags)
          .example('$0 resume', 'Goes on with the last run')
          .example('$0 resume 12 --rate 2', 'Run 12, more slowly'),
      async (args) => {
        const typed = { run: args.run, flags: typedFlags(args) };
        await summarized(typed, async () => (await import('./commands/resume.ts')).resume(typed, io));
      },
    )
    .command(
      'explain <csv>',
      'Show one row: cells, fields, problems and what would be sent',
      (command) =>
        addFlags(csvArgument(command), ['mapping', 'encoding', 'addTags', 'removeTags'])
          .option('row', {
            type: 'number',
            demandOption: true,
            describe: 'The row as a spreadsheet numbers it',
            requiresArg: true,
          })
          .example('$0 explain members.csv --row 17', 'Why is row 17 invalid?'),
      async (args) => {
        const typed = { csv: csvOf(args.csv), row: args.row, flags: typedFlags(args) };
        await plain((await import('./commands/explain.ts')).explain(typed, io));
      },
    )
    .command(
      'report <run>',
      "Write a run's reports again, also while it is going or after it was killed",
      (command) =>
        addFlags(runArgument(command).demandOption('run'), ['ledger', 'json', 'summary']).example(
          '$0 report 12',
          'The reports of run 12, as of now',
        ),
      async (args) => {
        const typed = { run: args.run, flags: typedFlags(args) };
        await summarized(typed, async () => (await import('./commands/report.ts')).report(typed, io));
      },
    )
    .command(
      'runs',
      'List past runs',
      (command) =>
        addFlags(command, ['ledger', 'json']).example('$0 runs', 'What was imported, and what can be resumed'),
      async (args) => plain((await import('./commands/runs.ts')).runs({ flags: typedFlags(args) }, io)),
    )
    .command(
      'doctor',
      'Look at settings, files and the account without changing anything',
      (command) =>
        addFlags(command, ['mapping', 'ledger', 'envFile', 'baseUrl', 'timeout']).example(
          '$0 doctor',
          'Do the keys work? Which account is it?',
        ),
      async (args) => plain((await import('./commands/doctor.ts')).doctor({ flags: typedFlags(args) }, io)),
    )
    .command(
      'schema',
      'Print the JSON Schema of mapping files',
      (command) => command.example('$0 schema > mapping.schema.json', 'For completion in an editor'),
      async (args) => plain((await import('./commands/schema.ts')).schema({ flags: typedFlags(args) }, io)),
    )
    .command(
      'simulate',
      'A local stand-in for the Gleantap API, with faults on demand',
      async (command) =>
        command
          .options({
            port: { type: 'number', describe: 'Port on this machine; a free one if not given', requiresArg: true },
            latency: { type: 'number', describe: 'Milliseconds before each answer', requiresArg: true },
            jitter: { type: 'number', describe: 'Up to this many milliseconds more', requiresArg: true },
            'rate-limit': { type: 'number', describe: 'Requests a second; 429 beyond', requiresArg: true },
            seed: { type: 'number', describe: 'Fixes who meets which fault', requiresArg: true },
            faults: {
              type: 'string',
              describe: 'Shares of people that meet faults: reset_after=0.02,http_503=0.05',
              requiresArg: true,
            },
            'fault-times': {
              type: 'number',
              describe: 'How often each meets it before being served',
              requiresArg: true,
            },
          })
          .example('$0 simulate --port 8080', 'Then: $0 run members.csv --base-url http://127.0.0.1:8080')
          .epilogue(`Faults:\n${(await import('./commands/simulate.ts')).faultLines()}`),
      async (args) =>
        plain(
          (await import('./commands/simulate.ts')).simulate(
            { ...args, rateLimit: args.rateLimit, faultTimes: args.faultTimes },
            io,
          ),
        ),
    )
    .demandCommand(1, 'Name a command.')
    .strict()
    .recommendCommands()
    .parserConfiguration({ 'duplicate-arguments-array': false, 'parse-positional-numbers': false })
    .wrap(Math.min(120, io.stderr.columns || 100))
    .version(packageVersion())
    .alias({ help: 'h', version: 'V' })
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      // yargs answers nothing at all (its types notwithstanding) for what commands throw.
      throw (
        error ??
        new RunError('usage', explainUnknown(message ?? ''), { hint: 'gleantap-import --help lists the commands.' })
      );
    });

  try {
    await parser.parseAsync();
    return exitCode;
  } catch (error) {
    return printError(io, error);
  }
}

/** `-- -odd.csv` as `./-odd.csv`: yargs does not give what follows a double dash to a command's own arguments. */
function withoutDashes(argv: readonly string[]): string[] {
  const at = argv.indexOf('--');
  if (at < 0) return [...argv];
  const names = argv.slice(at + 1).map((name) => (name.length > 1 && name.startsWith('-') ? `./${name}` : name));
  return [...argv.slice(0, at), ...names];
}

/** The flags that were typed, by option name; yargs has put every spelling of them into its result. */
function typedFlags(args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(optionNames.flatMap((name) => (args[name] === undefined ? [] : [[name, args[name]]])));
}

/** Prints a summary, or what went wrong; and writes it where --summary says, at every exit. */
async function endWithSummary(
  io: Io,
  flags: Readonly<Record<string, unknown>>,
  work: () => Promise<Summary>,
): Promise<number> {
  const { printSummary } = await import('./session.ts');
  let isTold = false;
  const { json, summary: file } = await outputOf(flags, io);
  let canSave = false;
  const { createAtomicFile } = await import('../report/atomic-file.ts');
  const tried = async (): Promise<Summary> => {
    // What can't be written must be known before anything is sent.
    if (typeof file === 'string') await (await createAtomicFile(file)).discard();
    canSave = true;
    return work();
  };
  const summary = await tried().catch((error: unknown): Summary => {
    const exitCode = printError(io, error);
    isTold = true;
    const { code, message, hint } = error instanceof RunError ? error : new RunError('bug', String(error));
    return {
      version: 1,
      exitCode,
      sentence: message,
      next: undefined,
      simulator: false,
      error: { code, message, hint },
    };
  });
  if (json || !isTold) printSummary(io, { json }, summary);
  if (typeof file !== 'string' || !canSave) return summary.exitCode;
  try {
    const { writeAtomically } = await import('../report/atomic-file.ts');
    await writeAtomically(file, (await import('../report/summary.ts')).summaryText(summary));
    return summary.exitCode;
  } catch (error) {
    const exitCode = printError(io, error);
    return summary.exitCode === exitCodeOf('bug') ? summary.exitCode : exitCode;
  }
}

/** Where the result goes, from wherever that is set; when settings are wrong, from the flags, so that this can be said there. */
async function outputOf(flags: Typed<object>['flags'], io: Io): Promise<Pick<OptionValues, 'json' | 'summary'>> {
  const { resolveSettings } = await import('../config/settings.ts');
  return resolveSettings(flags, io.environment).then(
    ({ values }) => values,
    () => ({
      json: flags['json'] === true,
      summary: typeof flags['summary'] === 'string' ? flags['summary'] : undefined,
    }),
  );
}

/** A known error in two lines; anything else is a bug and shows its stack. */
export function printError(io: Pick<Io, 'stderr'>, error: unknown): number {
  if (error instanceof RunError && error.code !== 'bug') {
    printLine(io.stderr, `Error: ${error.message}`);
    if (error.hint !== undefined) printLine(io.stderr, error.hint);
    return exitCodeOf(error.code);
  }
  printLine(
    io.stderr,
    'This is a bug in gleantap-import; nothing you did is wrong. "resume" goes on with a run that had begun.',
  );
  for (let at: unknown = error; at !== undefined; at = at instanceof Error ? at.cause : undefined) {
    printLine(io.stderr, at instanceof Error ? (at.stack ?? at.message) : inspect(at));
  }
  return 70;
}

/** yargs' own message about unknown flags, with the nearest known one. */
function explainUnknown(message: string): string {
  const unknown = /^Unknown arguments?: (.*)$/.exec(message)?.[1];
  if (unknown === undefined) return message;
  const known = optionNames.map((name) => flagOf(name).slice(2));
  const names = [
    ...new Set(unknown.split(', ').map((name) => name.replaceAll(/[A-Z]/g, (letter) => '-' + letter.toLowerCase()))),
  ];
  return names
    .map((name) => {
      const nearest = nearestName(name, known);
      return `Unknown argument "${name}"${nearest === undefined ? '' : `, did you mean --${nearest}?`}`;
    })
    .join('\n');
}
