import yargs from 'yargs';
import type { Arguments, Argv } from 'yargs';
import { exitCodeOf } from '../core/outcome/exit-codes.ts';
import { nearestName } from '../core/settings/nearest.ts';
import { RunError } from '../core/outcome/run-error.ts';
import { commandTable } from './command-table.ts';
import type { CommandArguments, CommandEntry } from './commands/command.ts';
import { printError } from './errors.ts';
import { guarded, printLine } from './io.ts';
import type { Io, ProcessIo } from './io.ts';
import { refuseBadNumbers, usageError } from './usage-errors.ts';
import { packageVersion } from '../gleantap/version.ts';

const programName = 'gleantap-import';

/** Reads the command line, runs the command and returns the exit code of the process. */
export async function runApp(argv: readonly string[], real: ProcessIo): Promise<number> {
  const io = guarded(real);
  if (argv.length === 0) {
    printLine(io.stderr, howToStart);
    return exitCodeOf('usage');
  }
  if (argv[0] === '--completions') {
    const { completionLines } = await import('./completions.ts');
    for (const line of completionLines(argv[1] ?? '', argv.slice(2))) printLine(real.stdout, line);
    return 0;
  }
  let exitCode = 0;
  let typed: CommandEntry | undefined;
  const named = commandTable.find((entry) => commandOf(entry) === argv[0]);
  const refused = (message: string): RunError => {
    const entry = typed ?? commandTable.find((known) => argv.includes(commandOf(known)));
    return usageError(message, entry === undefined ? undefined : { entry, argv });
  };
  // A command that comes first gets its own parser: yargs lays out the help of all that is below a parser,
  // even when no help was asked for, which takes some 20 ms.
  const parser = named === undefined ? parserOfAll(argv) : parserOf(named, argv);
  parser
    .strict()
    .parserConfiguration({ 'duplicate-arguments-array': false, 'parse-positional-numbers': false })
    .wrap(Math.min(120, io.stderr.columns || 100))
    .version(packageVersion())
    .alias({ help: 'h', version: 'V' })
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      // yargs answers nothing at all (its types notwithstanding) for what commands throw.
      throw error ?? refused(message ?? '');
    });
  for (const entry of named === undefined ? commandTable : [named]) {
    parser.command(
      named === undefined ? entry.usage : entry.usage.replace(commandOf(entry), '$0'),
      entry.describe,
      async (command) => {
        typed = entry;
        await describeCommand(command, entry);
        return command;
      },
      async (args) => {
        exitCode = await runCommand(entry, args, argv, io);
      },
    );
  }

  try {
    refuseUnknownCommand(argv[0] ?? '');
    await parser.parseAsync();
    return exitCode;
  } catch (thrown) {
    // An option without its value does not come to `fail`.
    const error = thrown instanceof Error && thrown.name === 'YError' ? refused(thrown.message) : thrown;
    if (named === undefined || !('summarize' in named)) return printError(io, error);
    const { endWithSummary } = await import('./end-with-summary.ts');
    const ending = { flags: outputFlagsIn(argv), isNotified: isNotified(named, argv.includes('--dry-run')) };
    return endWithSummary(io, ending, async () => Promise.reject(error));
  }
}

function parserOfAll(argv: readonly string[]): Argv {
  return yargs(withoutDashes(argv))
    .scriptName(programName)
    .usage('$0 <command>\n\nImport contacts from CSV files and Excel workbooks into Gleantap.')
    .demandCommand(1, 'Enter a command');
}

function parserOf(entry: CommandEntry, [, ...rest]: readonly string[]): Argv {
  return yargs(withoutDashes(rest)).scriptName(`${programName} ${commandOf(entry)}`);
}

/** Where the result goes, from a command line that could not be read: an alert waits for its summary all the same. */
function outputFlagsIn(argv: readonly string[]): Record<string, unknown> {
  const valueOf = (flag: string): string | undefined => {
    const at = argv.findIndex((word) => word === flag || word.startsWith(`${flag}=`));
    const word = argv[at];
    return (word?.includes('=') === true ? word.slice(word.indexOf('=') + 1) : word && argv[at + 1]) || undefined;
  };
  return {
    json: argv.includes('--json') || undefined,
    summary: valueOf('--summary'),
    notify: valueOf('--notify'),
    notifyOn: valueOf('--notify-on'),
  };
}

/** Whether --notify tells of a command. A rehearsal of a batch would count as its success. */
function isNotified({ flags = [] }: CommandEntry, isDryRun: boolean): boolean {
  return flags.includes('notify') && !isDryRun;
}

/** A command's name: `run` of `run <csv>`. */
function commandOf({ usage }: CommandEntry): string {
  return usage.split(' ')[0] ?? '';
}

/** Printed when the program is started without a command. */
const howToStart = `Import contacts from CSV files and Excel workbooks into Gleantap.

  gleantap-import init members.csv    reads your file and drafts mapping.json
  gleantap-import check members.csv   shows what would be sent, and what is wrong
  gleantap-import run members.csv     shows the plan, asks, and sends

To rehearse, start a simulator of Gleantap in a second terminal: gleantap-import simulate --port 8080
Then add this to the run command: --base-url http://127.0.0.1:8080

For all commands, type: gleantap-import --help
For the options of a command, type: gleantap-import run --help`;

/** @throws RunError `usage` with the nearest command. */
function refuseUnknownCommand(word: string): void {
  const names = commandTable.map(commandOf);
  if (word.startsWith('-') || names.includes(word)) return;
  const nearest = nearestName(word, names);
  throw new RunError(
    'usage',
    `There is no command "${word}"${nearest === undefined ? '' : `; did you mean ${nearest}?`}`,
    {
      hint: '"gleantap-import --help" lists the commands.',
    },
  );
}

/** Declares a command's options to yargs. */
async function describeCommand(command: Argv, entry: CommandEntry): Promise<void> {
  const { addFlags } = await import('./flags.ts');
  const { usage, argument, flags = [], own = {}, examples, epilogue } = entry;
  const name = argumentOf(entry);
  if (name !== undefined && argument !== undefined)
    command.positional(name, { type: 'string', describe: argument, demandOption: usage.includes('<') });
  addFlags(command, flags);
  command.options(own);
  for (const [text, does] of examples) command.example(`${programName} ${text}`, does);
  if (epilogue !== undefined) command.epilogue(await epilogue());
}

async function runCommand(entry: CommandEntry, args: Arguments, argv: readonly string[], io: Io): Promise<number> {
  const { optionNames } = await import('../core/settings/options.ts');
  const typed = args[argumentOf(entry) ?? ''];
  // yargs makes an empty text of a lone dash.
  const argument = typed === '' && argv.includes('-') ? '-' : typeof typed === 'string' ? typed : undefined;
  // yargs has put every spelling of the flags that were typed into its result.
  const flags = Object.fromEntries(
    optionNames.flatMap((option) => (args[option] === undefined ? [] : [[option, args[option]]])),
  );
  refuseBadNumbers(entry, args);
  const given = { argument, flags, own: args } as CommandArguments;
  if ('run' in entry) return entry.run(given, io);
  const { endWithSummary } = await import('./end-with-summary.ts');
  const csv = argumentOf(entry) === 'csv' ? argument : undefined;
  const ending = { flags, csv, isNotified: isNotified(entry, args['dry-run'] === true) };
  return endWithSummary(io, ending, async () => entry.summarize(given, io));
}

/** The name of a command's argument: `csv` of `run <csv>`. */
function argumentOf({ usage }: CommandEntry): string | undefined {
  return /[<[](.*)[>\]]/.exec(usage)?.[1];
}

/** `-- -odd.csv` as `./-odd.csv`: yargs does not give what follows a double dash to a command's own arguments. */
function withoutDashes(argv: readonly string[]): string[] {
  const at = argv.indexOf('--');
  if (at < 0) return [...argv];
  const names = argv.slice(at + 1).map((name) => (name.length > 1 && name.startsWith('-') ? `./${name}` : name));
  return [...argv.slice(0, at), ...names];
}
