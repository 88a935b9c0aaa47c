import { RunError } from '../core/outcome/run-error.ts';
import { flagOf } from '../core/settings/options.ts';
import { nearestName } from '../core/settings/nearest.ts';
import type { CommandEntry } from './commands/command.ts';
import { choicesOf } from './flags.ts';

/** What is wrong with a command line, as our own sentences. Each pattern is a message of yargs. */
const sentences: readonly (readonly [RegExp, (typed: Typed, ...found: string[]) => string])[] = [
  [
    /^Not enough non-option arguments/,
    ({ entry: { usage, argument = '' } }) =>
      `"${nameOf(usage)}" needs ${usage.slice(nameOf(usage).length + 1)}: ${lowerFirst(argument)}`,
  ],
  [
    /^Missing required arguments?: (.*)$/,
    ({ entry }, missing) =>
      `"${nameOf(entry.usage)}" needs ${missing
        .split(', ')
        .map((name) => `--${name}`)
        .join(' and ')}`,
  ],
  [/^Not enough arguments following: (.*)$/, (_, option) => `${dashed(option)} needs a value`],
  [/^Unknown arguments?: (.*)$/s, (typed, unknown) => unknownSentences(typed, unknown)],
  [
    /^Invalid values:\s+Argument: ([\w-]+), Given: (.*), Choices: (.*)$/s,
    ({ entry: { flags = [] } }, option, given) => {
      const choices = flags.flatMap((flag) => (dashed(option) === flagOf(flag) ? (choicesOf(flag) ?? []) : []));
      return `${dashed(option)} ${given} is not one of ${choices.join(', ')}`;
    },
  ],
];

interface Typed {
  readonly entry: CommandEntry;
  readonly argv: readonly string[];
}

/** @param message What yargs says is wrong. */
export function usageError(message: string, typed: Typed | undefined): RunError {
  if (typed === undefined)
    return new RunError('usage', 'The command comes first, as in "gleantap-import check members.csv"', {
      hint: '"gleantap-import --help" lists the commands.',
    });
  const { usage, examples } = typed.entry;
  const found = sentences.flatMap(([pattern, sentence]) => {
    const match = pattern.exec(message);
    return match === null ? [] : [sentence(typed, ...match.slice(1))];
  });
  const example = message.startsWith('Unknown') ? '' : `For example: "gleantap-import ${examples[0]?.[0] ?? usage}"\n`;
  return new RunError('usage', found[0] ?? message, {
    hint: `${example}"gleantap-import ${nameOf(usage)} --help" shows the arguments and options.`,
  });
}

/** @throws RunError `usage` for an option that takes a number and got something else. */
export function refuseBadNumbers({ usage, own = {} }: CommandEntry, args: Readonly<Record<string, unknown>>): void {
  for (const [name, { type }] of Object.entries(own))
    if (type === 'number' && Number.isNaN(args[name]))
      throw new RunError('usage', `--${name} must be a number`, {
        hint: `"gleantap-import ${nameOf(usage)} --help" shows the arguments and options.`,
      });
}

function unknownSentences({ entry, argv }: Typed, unknown: string): string {
  const known = [...(entry.flags ?? []).map((flag) => flagOf(flag).slice(2)), ...Object.keys(entry.own ?? {})];
  const names = unknown.split(', ').map((name) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
  const name = nameOf(entry.usage);
  return [...new Set(names)]
    .map((word) => {
      if (argv.includes(word))
        return `"${word}" is one argument too many for "${name}". Put names that have spaces in quotes`;
      const nearest = nearestName(word, known);
      return `"${name}" has no option ${dashed(word)}${nearest === undefined ? '' : `, did you mean --${nearest}?`}`;
    })
    .join('\n');
}

/** A command's name: `run` of `run <csv>`. */
function nameOf(usage: string): string {
  return usage.split(' ')[0] ?? '';
}

function dashed(option: string): string {
  return option.length === 1 ? `-${option}` : `--${option}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
