import type { Argv, Options } from 'yargs';
import { z } from 'zod';
import { flagOf, optionMeta, options } from '../core/settings/options.ts';
import type { OptionName } from '../core/settings/options.ts';

/**
 * Declares some of the options to yargs. yargs only reads and documents them. Values and defaults belong to the schema,
 * so that flag > environment > config file > default holds.
 */
export function addFlags<T>(yargs: Argv<T>, names: readonly OptionName[]): Argv<T> {
  for (const name of names) {
    const { describe, alias, group } = optionMeta(name);
    const definition: Options = {
      describe,
      group: `${group}:`,
      requiresArg: !isBoolean(name),
      ...(isBoolean(name) ? { type: 'boolean' } : { type: 'string' }),
      ...(alias === undefined ? {} : { alias }),
      ...describeDefault(name),
      ...describeChoices(name),
    };
    yargs.option(flagOf(name).slice(2), definition);
  }
  return yargs;
}

export function isBoolean(name: OptionName): boolean {
  return optionMeta(name).value === undefined;
}

/** The default as help shows it; undefined where there is none or the description says it. */
export function defaultOf(name: OptionName): string | undefined {
  const parsed = options[name].schema.safeParse(undefined);
  const value: unknown = parsed.success ? parsed.data : undefined;
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  return optionMeta(name).describe.includes('(default ') ? undefined : String(value);
}

/** The words that an option takes; undefined where it takes any value. */
export function choicesOf(name: OptionName): readonly string[] | undefined {
  const { schema } = options[name];
  const inner = schema instanceof z.ZodDefault ? schema.def.innerType : schema;
  return inner instanceof z.ZodEnum ? inner.options.map(String) : undefined;
}

function describeDefault(name: OptionName): Options {
  const text = defaultOf(name);
  return text === undefined ? {} : { defaultDescription: text };
}

function describeChoices(name: OptionName): Options {
  const choices = choicesOf(name);
  return choices === undefined ? {} : { choices };
}
