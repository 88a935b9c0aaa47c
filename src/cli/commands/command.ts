import type { InferredOptionTypes, Options } from 'yargs';
import type { OptionName } from '../../core/settings/options.ts';
import type { Summary } from '../../report/summary.ts';
import type { Io } from '../io.ts';

/** What was typed: a command's own arguments, and the flags by option name. */
export type Typed<Arguments> = Arguments & { readonly flags: Readonly<Record<string, unknown>> };

/** A command that has printed its result and ends with its own exit code. */
export type PlainCommand<Arguments> = (typed: Typed<Arguments>, io: Io) => Promise<number>;

/** A command that ends with a summary, which its caller prints. */
export type Command<Arguments, Ended extends Summary = Summary> = (typed: Typed<Arguments>, io: Io) => Promise<Ended>;

type OwnOptions = Readonly<Record<string, Options>>;

/** What a command of the table gets: its one argument, the flags of settings that were typed, and its own options. */
interface Given<Usage extends string, Own extends OwnOptions> {
  readonly argument: Usage extends `${string}<${string}>` ? string : string | undefined;
  readonly flags: Readonly<Record<string, unknown>>;
  readonly own: InferredOptionTypes<Own>;
}

interface Description<Own extends OwnOptions> {
  readonly describe: string;
  /** What the argument is. */
  readonly argument?: string;
  /** Words that the argument can be; absent where it is a file. */
  readonly words?: readonly string[];
  /** Options that are settings: they can come from environment and config file too. */
  readonly flags?: readonly OptionName[];
  /** Options that can only be typed. */
  readonly own?: Own;
  /** What to type after `gleantap-import`, and what it does. */
  readonly examples: readonly (readonly [string, string])[];
  readonly epilogue?: () => Promise<string>;
}

/** Loads and carries out a command that ends with an exit code, or one that ends with a summary. */
type Work<Input> =
  | { readonly run: (given: Input, io: Io) => Promise<number> }
  | { readonly summarize: (given: Input, io: Io) => Promise<Summary> };

/** A command as the parser of the command line sees it. */
export type CommandEntry = Description<OwnOptions> & { readonly usage: string } & Work<CommandArguments>;

export type CommandArguments = Given<string, OwnOptions>;

/**
 * Checks a command's types against what its own usage and options say.
 *
 * @param definition `usage` is as help shows it: `run <csv>`, or `check [csv]` where the argument may be left out.
 */
export function defineCommand<const Usage extends string, const Own extends OwnOptions = OwnOptions>(
  definition: Description<Own> & { readonly usage: Usage } & Work<Given<Usage, Own>>,
): CommandEntry {
  // The parser sees to it that argument and options are of the types that the definition says.
  return definition as unknown as CommandEntry;
}
