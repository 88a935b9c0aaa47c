import { z } from 'zod';
import { gateLimitsSchema } from '../quality/nightly-gate.ts';
import {
  clockOrDuration,
  count,
  duration,
  flag,
  holds,
  list,
  notifyUrl,
  number,
  rows,
  shareOption,
} from './option-values.ts';

/**
 * Every command-line option, defined once: its type and default (zod), description and scope. Help, the options page in
 * the docs, environment variables, the config file and validation all use this table.
 */
export interface OptionMeta {
  readonly describe: string;
  readonly alias?: string;
  /** The name of the value in help: `--out <folder>`. Booleans have none. */
  readonly value?: string;
  readonly group: 'Files' | 'Account' | 'What is sent' | 'Safety' | 'Pace' | 'Output' | 'Simulator';
  /**
   * Where it can be set other than by the flag. `rail`: nowhere, because it turns off a safeguard for one run only.
   * `environment`: not in the config file, because it locates that file. `config file`: only there, not even as a flag.
   */
  readonly scope?: 'rail' | 'environment' | 'config file';
  /** Can change when a run is resumed: it affects how rows are sent, not what is sent. */
  readonly pace?: true;
  /** Its value is never shown. */
  readonly secret?: true;
}

interface Option<Schema extends z.ZodType> {
  readonly schema: Schema;
  readonly meta: OptionMeta;
}

function option<Schema extends z.ZodType>(schema: Schema, meta: OptionMeta): Option<Schema> {
  return { schema, meta };
}

export const options = {
  mapping: option(z.string().min(1).default('mapping.json'), {
    describe: 'The mapping file',
    alias: 'm',
    value: 'file',
    group: 'Files',
    scope: 'environment',
  }),
  sheet: option(z.string().min(1).optional(), {
    describe: 'The sheet to read, if the file is an Excel workbook with several lists',
    value: 'name',
    group: 'Files',
  }),
  out: option(z.string().min(1).optional(), {
    describe: 'Folder for this run (default: a new one under gleantap-import/)',
    alias: 'o',
    value: 'folder',
    group: 'Files',
  }),
  ledger: option(z.string().min(1).optional(), {
    describe: 'The file that remembers past runs (default: gleantap-import/ledger.db next to the mapping)',
    value: 'file',
    group: 'Files',
  }),
  keepRuns: option(count.optional(), {
    describe: 'After a finished run, keep only this many run folders of the feed. People stay remembered',
    value: 'n',
    group: 'Files',
  }),
  envFile: option(z.string().min(1).optional(), {
    describe: 'File with the three GLEANTAP_ credentials',
    value: 'file',
    group: 'Account',
  }),
  envPrefix: option(z.string().min(1).optional(), {
    describe: 'Prefix of the three variables, like DOWNTOWN_ for DOWNTOWN_GLEANTAP_API_KEY',
    value: 'prefix',
    group: 'Account',
  }),
  baseUrl: option(z.string().min(1).default('https://api.gleantap.com'), {
    describe: 'Address of the API. Only this machine may use http',
    value: 'url',
    group: 'Account',
  }),
  limit: option(count.optional(), {
    describe: 'Pilot: send only the first rows',
    value: 'rows',
    group: 'What is sent',
  }),
  rows: option(rows.optional(), {
    describe: 'Pilot: send only these rows, like 2-500,812',
    value: 'list',
    group: 'What is sent',
  }),
  onlyChanged: option(flag.default(false), {
    describe: 'Send only people who are new, who changed since they were last sent, or who failed last time',
    group: 'What is sent',
  }),
  duplicates: option(z.enum(['send', 'first', 'last', 'fail']).default('send'), {
    describe:
      'What to do when one person has several rows: send all in file order, send only the first or last, or fail them',
    value: 'choice',
    group: 'What is sent',
  }),
  addTags: option(list.default([]), {
    describe: 'Tags to add to every contact that is sent',
    value: 'tags',
    group: 'What is sent',
  }),
  removeTags: option(list.default([]), {
    describe: 'Tags to remove from every contact that is sent',
    value: 'tags',
    group: 'What is sent',
  }),
  yes: option(flag.default(false), {
    describe: 'Send without asking. Required without a terminal',
    alias: 'y',
    group: 'Safety',
    scope: 'rail',
  }),
  again: option(flag.default(false), {
    describe: 'Send a file again that a finished run has already sent',
    group: 'Safety',
    scope: 'rail',
  }),
  maxInvalid: option(shareOption.default({ percent: 10 }), {
    describe: 'Send nothing when more rows than this are invalid. A percentage always allows 20 rows (default 10%)',
    value: 'n|%',
    group: 'Safety',
  }),
  tolerate: option(shareOption.default({ rows: 0 }), {
    describe: 'Exit with 0 if at most this many rows failed or are unknown (default 0)',
    value: 'n|%',
    group: 'Safety',
  }),
  preflight: option(flag.default(true), {
    describe: 'Read some contacts of the account before the first write. Turn it off with --no-preflight',
    group: 'Safety',
  }),
  compare: option(flag.optional(), {
    describe:
      'Read the account first, and show who is new, who is known and what would change (default on a terminal). Skip it with --no-compare',
    group: 'Safety',
  }),
  hold: option(list.pipe(z.array(z.enum(holds, `must be a list of ${holds.join(', ')}`))).default([]), {
    describe:
      'Compare, and keep back rows that would make a second person (second-person), are new, or match several contacts (two-candidates)',
    value: 'list',
    group: 'Safety',
  }),
  snapshotAge: option(duration.optional(), {
    describe: 'When comparing, use what an earlier run read of the account if it is not older than this, like 1h',
    value: 'time',
    group: 'Safety',
  }),
  newLedger: option(flag.default(false), {
    describe: 'Create the ledger for the first --only-changed run of a feed',
    group: 'Safety',
    scope: 'rail',
  }),
  acceptChanges: option(flag.default(false), {
    describe: 'Accept the changes of this file: send it although it was held, with rows held for a new first name',
    group: 'Safety',
    scope: 'rail',
  }),
  respectOptouts: option(flag.optional(), {
    describe:
      'Keep people opted out who opted out in Gleantap (default when the mapping sends consent). Skip the lookup with --no-respect-optouts',
    group: 'Safety',
  }),
  acceptOptouts: option(flag.default(false), {
    describe: 'Let this file opt more than 30 % of its people out of email',
    group: 'Safety',
    scope: 'rail',
  }),
  maxAge: option(duration.optional(), {
    describe: 'Hold a file that is older than this, like 20h, because the new export is missing',
    value: 'time',
    group: 'Safety',
  }),
  gate: option(gateLimitsSchema.prefault({}), {
    describe: 'How many percent the file may differ from earlier ones before it is held',
    value: 'limits',
    group: 'Safety',
    scope: 'config file',
  }),
  acceptRefusals: option(flag.default(false), {
    describe: 'Continue although the server refuses nearly every row',
    group: 'Safety',
    scope: 'rail',
  }),
  rate: option(number.pipe(z.number().min(0)).default(5), {
    describe: 'Maximum requests per second. 0 means no limit',
    value: 'n',
    group: 'Pace',
    pace: true,
  }),
  concurrency: option(count.default(8), {
    describe: 'Maximum requests in flight',
    alias: 'c',
    value: 'n',
    group: 'Pace',
    pace: true,
  }),
  timeout: option(duration.pipe(z.number().min(1).max(3_600_000, 'must be 1h at most')).default(30_000), {
    describe: 'Timeout of one attempt (default 30s)',
    value: 'time',
    group: 'Pace',
    pace: true,
  }),
  attempts: option(count.default(6), {
    describe: 'Attempts per row before it counts as failed or unknown',
    value: 'n',
    group: 'Pace',
    pace: true,
  }),
  maxOutage: option(duration.default(600_000), {
    describe: 'Stop when the API has not responded for this long (default 10m)',
    value: 'time',
    group: 'Pace',
    pace: true,
  }),
  deadline: option(clockOrDuration.optional(), {
    describe: 'Send nothing new after this local time, like 05:30, or after this long, like 2h',
    value: 'time',
    group: 'Pace',
    pace: true,
  }),
  json: option(flag.default(false), {
    describe: 'Print only the summary to stdout, as JSON',
    group: 'Output',
    pace: true,
  }),
  summary: option(z.string().min(1).optional(), {
    describe: 'Also write the summary to this file, however the command ends',
    value: 'file',
    group: 'Output',
    pace: true,
  }),
  notify: option(notifyUrl.optional(), {
    describe:
      'Send one message to this https URL when the command has ended, however it ended. {status} in it becomes the exit code',
    value: 'url',
    group: 'Output',
    pace: true,
    secret: true,
  }),
  notifyOn: option(z.enum(['always', 'failure']).default('always'), {
    describe: 'When to use --notify: always, or only if the exit code is not 0',
    value: 'choice',
    group: 'Output',
    pace: true,
  }),
  quiet: option(flag.default(false), {
    describe: 'Print only errors and the result',
    alias: 'q',
    group: 'Output',
    pace: true,
  }),
  verbose: option(flag.default(false), {
    describe: 'Show the whole plan before sending: all reasons, warnings, tags and paths',
    group: 'Output',
    pace: true,
  }),
  listUnchanged: option(flag.default(false), {
    describe: 'List unchanged rows in skipped.csv instead of only counting them',
    group: 'Output',
  }),
  listVanished: option(flag.default(false), {
    describe: 'List people in vanished.csv who were in earlier files and are not in this one',
    group: 'Output',
  }),
  excel: option(flag.default(false), {
    describe: 'Also write rows to correct as failure.xlsx and unknown.xlsx. Always done for an Excel workbook',
    group: 'Output',
  }),
  progress: option(flag.default(true), {
    describe: 'Show progress. Turn it off with --no-progress',
    group: 'Output',
    pace: true,
  }),
  logLevel: option(z.enum(['error', 'warn', 'info', 'debug']).default('warn'), {
    describe: 'What to log on stderr. run.log always has info and above',
    value: 'level',
    group: 'Output',
    pace: true,
  }),
  logValues: option(flag.default(false), {
    describe: 'Also log what was sent for each row, with names, emails and phones',
    group: 'Output',
    pace: true,
  }),
  reportValues: option(flag.default(false), {
    describe: 'Show cell values in report.html instead of masking them',
    group: 'Output',
    pace: true,
  }),
  logFormat: option(z.enum(['pretty', 'json']).default('pretty'), {
    describe: 'Log format on stderr',
    value: 'format',
    group: 'Output',
    pace: true,
  }),
} as const satisfies Record<string, Option<z.ZodType>>;

export type OptionName = keyof typeof options;

/** The value of each option, validated and with defaults. */
export type OptionValues = { readonly [Name in OptionName]: z.output<(typeof options)[Name]['schema']> };

/** The metadata of an option, with all optional members visible. */
export function optionMeta(name: OptionName): OptionMeta {
  return options[name].meta;
}

export const optionNames = Object.keys(options) as readonly OptionName[];

/** `maxInvalid` as a flag: `--max-invalid`. */
export function flagOf(name: OptionName): string {
  return '--' + name.replaceAll(/[A-Z]/g, (letter) => '-' + letter.toLowerCase());
}

/** `maxInvalid` as an environment variable: `GLEANTAP_IMPORT_MAX_INVALID`. */
export function variableOf(name: OptionName): string {
  return 'GLEANTAP_IMPORT_' + name.replaceAll(/[A-Z]/g, (letter) => '_' + letter).toUpperCase();
}
