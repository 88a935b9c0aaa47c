import type { OptionName } from '../core/settings/options.ts';
import { defineCommand } from './commands/command.ts';
import type { CommandEntry } from './commands/command.ts';
import { acceptOptions, outputOptions, paceOptions, selectionOptions } from './option-groups.ts';

const csvFile = 'The CSV file; - reads stdin';
const runReference = 'A run folder, or a number from "runs"';
const countryOption = {
  type: 'string',
  requiresArg: true,
  describe: 'Country of phone numbers without country code, such as US',
} as const;
const number = { type: 'number', requiresArg: true } as const;

const runFlags: readonly OptionName[] = [
  'mapping',
  'out',
  'ledger',
  'keepRuns',
  'envFile',
  'envPrefix',
  'baseUrl',
  'onlyChanged',
  ...selectionOptions,
  'yes',
  'again',
  'newLedger',
  'acceptChanges',
  'maxInvalid',
  'tolerate',
  'preflight',
  'respectOptouts',
  'acceptOptouts',
  'maxAge',
  'acceptRefusals',
  ...paceOptions,
  'listUnchanged',
  'listVanished',
  ...outputOptions,
];

/** Every command of the command line. What one does is loaded only when it is called. */
export const commandTable: readonly CommandEntry[] = [
  defineCommand({
    usage: 'init <csv>',
    describe: 'Draft a mapping file from what the CSV holds, and list what only you can know',
    argument: csvFile,
    flags: ['mapping', 'json'],
    own: {
      country: countryOption,
      encoding: {
        type: 'string',
        requiresArg: true,
        describe: 'Encoding of the file, instead of what its bytes prove; goes into the mapping',
      },
      force: { type: 'boolean', describe: 'Replace a mapping file that exists' },
    },
    examples: [
      ['init members.csv', 'Writes mapping.json'],
      ['init members.csv --country GB -m uk.json', 'Phone numbers are British; writes uk.json'],
    ],
    run: async ({ argument: csv, flags, own: { country, encoding, force } }, io) =>
      (await import('./commands/init.ts')).init({ csv, flags, country, encoding, force: force === true }, io),
  }),
  defineCommand({
    usage: 'run <csv>',
    describe: 'Import a CSV file',
    argument: csvFile,
    flags: runFlags,
    examples: [
      ['run members.csv', 'Check, show the plan, ask, send'],
      ['run members.csv --limit 5', 'A pilot of five rows'],
      ['run members.csv --only-changed --yes', 'Every night: only who is new or changed'],
      ['run members.csv --yes --rate 10', 'Without a question, ten requests a second'],
    ],
    summarize: async ({ argument: csv, flags }, io) => (await import('./commands/run.ts')).run({ csv, flags }, io),
  }),
  defineCommand({
    usage: 'tags <csv>',
    describe: 'Put tags on people of a list, or take them off; creates nobody and changes no name',
    argument: 'A list of people by user id, or by email or phone with first name, and tags',
    flags: [
      'mapping',
      'out',
      'ledger',
      'envFile',
      'envPrefix',
      'baseUrl',
      'limit',
      'rows',
      'addTags',
      'removeTags',
      'yes',
      'again',
      'tolerate',
      'acceptRefusals',
      ...paceOptions,
      ...outputOptions,
    ],
    own: { country: countryOption },
    examples: [
      ['tags list.csv', 'Columns "Add tags" and "Remove tags"; looks people up, shows the plan, asks'],
      ['tags list.csv --remove-tags "June Promo" --country US', 'One tag off everybody on the list'],
    ],
    summarize: async ({ argument: csv, flags, own: { country } }, io) =>
      (await import('./commands/tags.ts')).tags({ csv, country, flags }, io),
  }),
  defineCommand({
    usage: 'check [csv]',
    describe: 'Everything of "run" up to the first request; without a file only the mapping and its examples',
    argument: csvFile,
    flags: [
      'mapping',
      'out',
      'ledger',
      'envFile',
      'envPrefix',
      'baseUrl',
      'onlyChanged',
      ...selectionOptions,
      'maxInvalid',
      'tolerate',
      'maxAge',
      'acceptChanges',
      'acceptOptouts',
      'listUnchanged',
      'listVanished',
      ...outputOptions,
    ],
    own: { show: { ...number, describe: 'Print what would be sent for the first rows, values and all' } },
    examples: [
      ['check members.csv', 'Lists what would not be sent, and why'],
      ['check members.csv --show 3', 'Also what would be sent for the first three rows'],
      ['check', "Runs the mapping's own examples"],
    ],
    summarize: async ({ argument: csv, flags, own: { show } }, io) =>
      (await import('./commands/check.ts')).check({ csv, show, flags }, io),
  }),
  defineCommand({
    usage: 'batch <jobs>',
    describe: 'Import many feeds in one night, as a jobs file lists them',
    argument: 'The jobs file; "schema jobs" prints its JSON Schema',
    flags: ['out', 'yes', 'newLedger', ...acceptOptions, 'deadline', ...outputOptions],
    own: {
      only: { type: 'string', requiresArg: true, describe: 'Only the jobs of these names (comma list)' },
      'dry-run': { type: 'boolean', describe: 'Check each job and send nothing: no network' },
    },
    examples: [
      ['batch jobs.json --dry-run', 'Are all files, mappings and credentials in order?'],
      ['batch jobs.json --yes', 'Every night'],
      ['batch jobs.json --yes --only downtown', 'One of them once more'],
    ],
    summarize: async ({ argument: jobs, flags, own: { only, 'dry-run': dryRun } }, io) =>
      (await import('./commands/batch.ts')).batch(
        { jobs, flags, only: only?.split(',').map((name) => name.trim()), dryRun: dryRun === true },
        io,
      ),
  }),
  defineCommand({
    usage: 'resume [run]',
    describe: 'Go on with a stopped run (the last one if not named)',
    argument: runReference,
    flags: ['ledger', 'envFile', 'envPrefix', ...paceOptions, ...outputOptions],
    examples: [
      ['resume', 'Goes on with the last run'],
      ['resume 12 --rate 2', 'Run 12, more slowly'],
    ],
    summarize: async ({ argument: run, flags }, io) =>
      (await import('./commands/resume.ts')).resume({ run, flags }, io),
  }),
  defineCommand({
    usage: 'explain <csv>',
    describe: 'Show one row: cells, fields, problems and what would be sent',
    argument: csvFile,
    flags: ['mapping', 'addTags', 'removeTags', 'json'],
    own: { row: { ...number, demandOption: true, describe: 'The row as a spreadsheet numbers it' } },
    examples: [['explain members.csv --row 17', 'Why is row 17 invalid?']],
    run: async ({ argument: csv, flags, own: { row } }, io) =>
      (await import('./commands/explain.ts')).explain({ csv, row, flags }, io),
  }),
  defineCommand({
    usage: 'report <run>',
    describe: "Write a run's reports again, also while it is going or after it was killed",
    argument: runReference,
    flags: ['ledger', 'json', 'summary', 'reportValues'],
    examples: [['report 12', 'The reports of run 12, as of now']],
    summarize: async ({ argument: run, flags }, io) =>
      (await import('./commands/report.ts')).report({ run, flags }, io),
  }),
  defineCommand({
    usage: 'runs',
    describe: 'List past runs',
    flags: ['ledger', 'json'],
    examples: [['runs', 'What was imported, and what can be resumed']],
    run: async ({ flags }, io) => (await import('./commands/runs.ts')).runs({ flags }, io),
  }),
  defineCommand({
    usage: 'doctor',
    describe: 'Look at settings, files and the account without changing anything',
    flags: ['mapping', 'ledger', 'envFile', 'envPrefix', 'baseUrl', 'timeout'],
    examples: [['doctor', 'Do the keys work? Which account is it?']],
    run: async ({ flags }, io) => (await import('./commands/doctor.ts')).doctor({ flags }, io),
  }),
  defineCommand({
    usage: 'schema [file]',
    describe: 'Print the JSON Schema of mapping files, or of jobs files',
    argument: '"mapping" (the default) or "jobs"',
    examples: [
      ['schema > mapping.schema.json', 'For completion in an editor'],
      ['schema jobs > jobs.schema.json', 'The same for the jobs of "batch"'],
    ],
    run: async ({ argument: file, flags }, io) => (await import('./commands/schema.ts')).schema({ file, flags }, io),
  }),
  defineCommand({
    usage: 'simulate',
    describe: 'A local stand-in for the Gleantap API, with faults on demand',
    own: {
      port: { ...number, describe: 'Port on this machine; a free one if not given' },
      latency: { ...number, describe: 'Milliseconds before each answer' },
      jitter: { ...number, describe: 'Up to this many milliseconds more' },
      'rate-limit': { ...number, describe: 'Requests a second; 429 beyond' },
      seed: { ...number, describe: 'Fixes who meets which fault' },
      faults: {
        type: 'string',
        requiresArg: true,
        describe: 'Shares of people that meet faults: reset_after=0.02,http_503=0.05',
      },
      'fault-times': { ...number, describe: 'How often each meets it before being served' },
    },
    examples: [['simulate --port 8080', 'Then: gleantap-import run members.csv --base-url http://127.0.0.1:8080']],
    epilogue: async () => `Faults:\n${(await import('./commands/simulate.ts')).faultLines()}`,
    run: async ({ own }, io) =>
      (await import('./commands/simulate.ts')).simulate(
        { ...own, rateLimit: own['rate-limit'], faultTimes: own['fault-times'] },
        io,
      ),
  }),
];
