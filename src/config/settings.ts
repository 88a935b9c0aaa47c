import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { flagOf, optionMeta, optionNames, options, variableOf } from '../core/settings/options.ts';
import { issueText } from '../core/settings/issue-text.ts';
import type { OptionName, OptionValues } from '../core/settings/options.ts';
import { didYouMean, nearestName } from '../core/settings/nearest.ts';
import { pathFault } from '../core/outcome/path-fault.ts';
import { RunError } from '../core/outcome/run-error.ts';
import { parseJsonc } from './jsonc.ts';

export type Environment = Readonly<Record<string, string | undefined>>;
export type SettingSource = 'flag' | 'run folder' | 'environment' | 'config file' | 'program' | 'default';

/** The resolved options, and where each came from. */
export interface Settings {
  readonly values: OptionValues;
  readonly sources: Readonly<Record<OptionName, SettingSource>>;
}

/** The config file's name. It lies next to the mapping. */
export const configFileName = 'gleantap-import.config.json';

/** Where options are set: what was typed, by option name, the environment, and what the folder of a report knows of its run. */
type Given = [
  flags: Readonly<Record<string, unknown>>,
  environment: Environment,
  kept?: Readonly<Record<string, unknown>>,
];

/**
 * Merges the options: flag > run folder > environment > config file > default. An empty variable counts as not set.
 *
 * @throws RunError `usage` naming everything that is wrong, each with its source.
 */
export async function resolveSettings(...given: Given): Promise<Settings> {
  const { problems, ...settings } = await gatherSettings(given, readConfigFile);
  if (problems.length > 0)
    throw new RunError('usage', problems.join('\n'), { hint: '"gleantap-import run --help" lists the options.' });
  return settings;
}

/** The same for telling how a command ended, which works although other settings are wrong. Those that are wrong are undefined. */
export async function validSettings(
  ...given: Given
): Promise<Pick<Settings, 'sources'> & { readonly values: Partial<OptionValues> }> {
  return gatherSettings(given, async (file) => readConfigFile(file).catch(() => ({})));
}

async function gatherSettings(
  [flags, environment, kept = {}]: Given,
  read: typeof readConfigFile,
): Promise<Settings & { problems: string[] }> {
  const fromEnvironment = (name: OptionName): unknown => environment[variableOf(name)] || undefined;
  const mapping =
    flags['mapping'] ?? kept['mapping'] ?? fromEnvironment('mapping') ?? options.mapping.schema.parse(undefined);
  const configFile = path.join(path.dirname(path.resolve(typeof mapping === 'string' ? mapping : '')), configFileName);
  const config = await read(configFile);

  const { problems, ...settings } = judge((name) => {
    const { scope } = optionMeta(name);
    const candidates: Candidate[] = [
      ['flag', flagOf(name), flags[name]],
      ['run folder', `${flagOf(name)} in run.json`, kept[name]],
    ];
    if (scope === undefined || scope === 'environment')
      candidates.push(['environment', variableOf(name), fromEnvironment(name)]);
    if (inConfigFile(name)) candidates.push(['config file', `"${name}" in ${configFileName}`, config[name]]);
    return candidates;
  });
  problems.push(...configProblems(config), ...railsInEnvironment(environment), ...unknownVariables(environment));
  return { problems, ...settings };
}

/**
 * The options as a program gives them, and defaults for the rest. Neither environment nor config file counts.
 *
 * @throws RunError `usage` naming everything that is wrong.
 */
export function programSettings(given: Readonly<Record<string, unknown>>): Settings {
  const { problems, ...settings } = judge((name) => [['program', name, given[name]]]);
  if (problems.length > 0)
    throw new RunError('usage', problems.join('\n'), { hint: 'docs/options.md lists the options and their values.' });
  return settings;
}

/** One place where an option may be set: the source, what it is called there, and its value. */
type Candidate = [SettingSource, string, unknown];

/** Takes each option from the first place that has it, or its default. */
function judge(candidatesFor: (name: OptionName) => readonly Candidate[]): Settings & { problems: string[] } {
  const values: Record<string, unknown> = {};
  const sources: Partial<Record<OptionName, SettingSource>> = {};
  const problems: string[] = [];
  for (const name of optionNames) {
    const found = candidatesFor(name).find(([, , value]) => value !== undefined);
    const [source, label, given] = found ?? ['default', flagOf(name), undefined];
    const parsed = options[name].schema.safeParse(given, { error: issueText });
    sources[name] = source;
    if (parsed.success) values[name] = parsed.data;
    else {
      const not = optionMeta(name).secret === true ? '' : ` (not ${JSON.stringify(given)})`;
      problems.push(`${label}: ${parsed.error.issues[0]?.message ?? ''}${not}`);
    }
  }
  return { values: values as OptionValues, sources: sources as Record<OptionName, SettingSource>, problems };
}

async function readConfigFile(file: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw new RunError('usage', `${file} cannot be read: ${pathFault(file, error).reason}`, {
      hint: 'Check whether you may read the config file, or remove it.',
      cause: error,
    });
  }
  const json = parseJsonc(text, file);
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new RunError('usage', `${file} must hold one JSON object`);
  return { ...json };
}

function configProblems(config: Readonly<Record<string, unknown>>): string[] {
  const allowed = optionNames.filter(inConfigFile);
  return Object.keys(config).flatMap((key) => {
    if (allowed.some((name) => name === key)) return [];
    const isOption = optionNames.some((name) => name === key);
    return [
      isOption
        ? `"${key}" can't be set in ${configFileName}: type it as a flag`
        : `unknown key "${key}" in ${configFileName}${didYouMean(key, allowed)}`,
    ];
  });
}

function inConfigFile(name: OptionName): boolean {
  const { scope } = optionMeta(name);
  return scope === undefined || scope === 'config file';
}

/** A rail in the environment would lift a safeguard for good. */
function railsInEnvironment(environment: Environment): string[] {
  return optionNames
    .filter((name) => optionMeta(name).scope === 'rail' && (environment[variableOf(name)] ?? '') !== '')
    .map((name) => `${variableOf(name)} is not allowed: ${flagOf(name)} lifts a safeguard and must be typed`);
}

const variablePrefix = 'GLEANTAP_IMPORT_';

/** For tests only; described in CONTRIBUTING.md. */
const testVariables = ['TEST_NOW', 'TEST_TIME_SCALE'];

/** A misspelt variable would leave its option at the default, and the user unaware. */
function unknownVariables(environment: Environment): string[] {
  const settable = optionNames.filter((name) => optionMeta(name).scope !== 'config file');
  const known = [...settable.map((name) => variableOf(name).slice(variablePrefix.length)), ...testVariables];
  return Object.keys(environment).flatMap((variable) => {
    const name = variable.slice(variablePrefix.length);
    const isSet = variable.startsWith(variablePrefix) && (environment[variable] ?? '') !== '';
    if (!isSet || known.includes(name)) return [];
    const nearest = nearestName(name, known);
    return [
      `unknown environment variable ${variable}${nearest === undefined ? '' : `, did you mean ${variablePrefix}${nearest}?`}`,
    ];
  });
}

/** Options that are not the default, with their source: what the start lists. */
export function changedSettings({ values, sources }: Settings): Record<string, unknown> {
  const changed: Record<string, unknown> = {};
  for (const name of optionNames) {
    if (sources[name] === 'default' || quietOptions.has(name)) continue;
    const label = optionMeta(name).scope === 'config file' ? name : flagOf(name);
    changed[label] = { value: values[name], source: sources[name] };
  }
  return changed;
}

const quietOptions = new Set<OptionName>([
  'yes',
  'json',
  'summary',
  'notify',
  'notifyOn',
  'quiet',
  'verbose',
  'progress',
  'logLevel',
  'logFormat',
  'mapping',
  'out',
]);
