import { Readable } from 'node:stream';
import type { z } from 'zod';
import { programSettings } from '../config/settings.ts';
import type { Settings } from '../config/settings.ts';
import { didYouMean } from '../core/settings/nearest.ts';
import { optionMeta, optionNames } from '../core/settings/options.ts';
import type { OptionName, options } from '../core/settings/options.ts';
import { RunError } from '../core/outcome/run-error.ts';
import type { CreateTransport } from '../gleantap/http/transport.ts';
import type { InputSource } from '../run/model.ts';
import type { Plan } from '../run/plan.ts';
import type { AccountCredentials } from './credentials.ts';
import type { Logger } from './logger.ts';
import type { LoadedMapping } from './mapping.ts';

/** Options of the command line that concern its terminal, or have a form of their own here. */
const notHere = [
  'mapping',
  'envFile',
  'envPrefix',
  'yes',
  'json',
  'summary',
  'notify',
  'notifyOn',
  'quiet',
  'progress',
  'logLevel',
  'logFormat',
] as const satisfies OptionName[];

/** As you give them: `maxInvalid: '5%'`, `timeout: '30s'`, `rows: '2-500,812'`. */
export type OptionInputs<Name extends OptionName> = {
  readonly [Each in Name]?: z.input<(typeof options)[Each]['schema']> | undefined;
};

/** Options of the command line, by the same names, with the same values and defaults (docs/options.md). */
export type CommandOptions = OptionInputs<Exclude<OptionName, (typeof notHere)[number]>>;

/** Those of them that a resumed run may change. */
export type ResumableOptions = OptionInputs<
  'rate' | 'concurrency' | 'timeout' | 'attempts' | 'maxOutage' | 'deadline' | 'logValues' | 'reportValues'
>;

/** All of the plan, a pilot of so many rows, or nothing. */
export type ConfirmAnswer = 'all' | 'nothing' | number;

/** How a program follows a run and ends it. */
export interface RunControl {
  /** Ends the run as Ctrl-C does: answers in flight are awaited, and `resumeImport` continues with the rest. */
  readonly signal?: AbortSignal | undefined;
  /** Gets the log. Default: no log. */
  readonly logger?: Logger | undefined;
}

/** How requests get to Gleantap. */
export interface Access {
  readonly credentials: AccountCredentials;
  /** Makes the transport that carries the requests. Default: `createTransport`. The run closes it when it ends. */
  readonly transport?: CreateTransport | undefined;
  /** The address of an HTTP proxy on the way to the API. */
  readonly proxy?: string | URL | undefined;
}

/** What is imported. */
export interface ImportSource {
  /** A path, or a stream of bytes. */
  readonly csv: string | Readable;
  /** From `loadMapping`. */
  readonly mapping: LoadedMapping;
}

/** The options of `runImport`. */
export interface ImportOptions extends ImportSource, Access, RunControl, CommandOptions {
  /**
   * Says yes: asked once, after everything was checked and before the first write. There is no undo, so there is no default:
   * `'all'` sends without asking, as `--yes` does.
   */
  readonly confirm: 'all' | ((plan: Plan) => ConfirmAnswer | Promise<ConfirmAnswer>);
}

/** The options of `checkImport`: those of `runImport`, of which it needs less. */
export interface CheckOptions extends ImportSource, Partial<Omit<ImportOptions, keyof ImportSource>> {
  /** How many rows to show with what would be sent. Default: 0. */
  readonly show?: number | undefined;
}

/** The options of `resumeImport`: the pace may differ, everything else is as the run was started. */
export interface ResumeOptions extends Access, RunControl, ResumableOptions {}

const ownKeys = ['credentials', 'transport', 'proxy', 'signal', 'logger'];
const sourceKeys = ['csv', 'mapping', 'confirm', 'show'];
const here = optionNames.filter((name) => !notHere.some((other) => other === name));

/** @throws RunError `usage` naming all that is wrong. */
export function settingsOf(given: ImportOptions | CheckOptions): Settings {
  return chosen(given, here, sourceKeys);
}

/** @throws RunError `usage` naming all that is wrong. */
export function paceSettingsOf(given: ResumeOptions): Settings {
  return chosen(
    given,
    here.filter((name) => optionMeta(name).pace === true),
    [],
  );
}

function chosen(given: object, names: readonly OptionName[], more: readonly string[]): Settings {
  const known = [...names, ...more, ...ownKeys];
  // A misspelt `limit` would send the whole file.
  const unknown = Object.keys(given).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    const list = unknown.map((key) => `unknown option "${key}"${didYouMean(key, known)}`);
    throw new RunError('usage', list.join('\n'), { hint: 'docs/library.md and docs/options.md list the options.' });
  }
  return programSettings(
    Object.fromEntries(Object.entries(given).filter(([key]) => names.some((name) => name === key))),
  );
}

/** @throws RunError `usage` */
export function proxyOf(proxy: string | URL | undefined): URL | undefined {
  if (proxy === undefined || proxy instanceof URL) return proxy;
  if (URL.canParse(proxy)) return new URL(proxy);
  throw new RunError('usage', `The proxy "${proxy}" is not a valid URL`, { hint: 'It looks like http://proxy:3128.' });
}

/** @throws RunError `usage` */
export function inputOf(csv: string | Readable): InputSource {
  if (typeof csv === 'string' && csv !== '') return { name: csv };
  if (csv instanceof Readable) return { name: '-', stream: csv };
  throw new RunError('usage', 'csv must be the path of a file or a stream');
}
