import type { OptionName } from '../core/settings/options.ts';
import { defineCommand } from './commands/command.ts';
import type { CommandEntry } from './commands/command.ts';
import {
  acceptOptions,
  fileOptions,
  notifyOptions,
  outputOptions,
  paceOptions,
  selectionOptions,
} from './option-groups.ts';

const csvFile = 'The CSV file or Excel workbook (.xlsx), or - for CSV from stdin';
const runReference = 'A run folder, or a run number from "runs"';
const countryOption = {
  type: 'string',
  requiresArg: true,
  describe: 'Country of phone numbers without a country code, for example US',
} as const;
const number = { type: 'number', requiresArg: true } as const;

const runFlags: readonly OptionName[] = [
  'mapping',
  'sheet',
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
  'compare',
  'hold',
  'snapshotAge',
  'respectOptouts',
  'acceptOptouts',
  'maxAge',
  'acceptRefusals',
  ...paceOptions,
  'verbose',
  'listUnchanged',
  'listVanished',
  'excel',
  ...outputOptions,
  ...notifyOptions,
];

/** Every command. Its implementation is loaded only when the command runs. */
export const commandTable: readonly CommandEntry[] = [
  defineCommand({
    usage: 'init <csv>',
    describe: 'Draft a mapping file from a CSV file or Excel workbook, and list the questions that only you can answer',
    argument: csvFile,
    flags: ['mapping', 'sheet', 'json'],
    own: {
      country: countryOption,
      encoding: {
        type: 'string',
        requiresArg: true,
        describe: 'Encoding of the file, instead of the detected one. It is written to the mapping',
      },
      force: { type: 'boolean', describe: 'Replace a mapping file that exists' },
      mask: { type: 'boolean', describe: 'Mask the examples, for example when you share your screen' },
      words: {
        type: 'string',
        requiresArg: true,
        describe: 'Only list the different words of this column with their counts, and write nothing',
      },
    },
    examples: [
      ['init members.csv', 'Write mapping.json'],
      ['init members.csv --country GB -m uk.json', 'Treat phone numbers as British, and write uk.json'],
      ['init members.csv --words Status', 'List the words of the column "Status"'],
    ],
    run: async ({ argument: csv, flags, own: { country, encoding, force, mask, words } }, io) =>
      (await import('./commands/init.ts')).init(
        { csv, flags, country, encoding, force: force === true, mask: mask === true, words },
        io,
      ),
  }),
  defineCommand({
    usage: 'run <csv>',
    describe: 'Import a CSV file or Excel workbook',
    argument: csvFile,
    flags: runFlags,
    examples: [
      ['run members.csv', 'Check the file, show the plan, ask, and send'],
      ['run members.csv --limit 5', 'Send a pilot of five rows'],
      ['run members.csv --hold second-person', 'Keep back rows that would make a second contact of a person'],
      ['run members.csv --only-changed --yes', 'Every night: send only people who are new or changed'],
      ['run members.csv --yes --rate 10', 'Do not ask, and send ten requests a second'],
    ],
    summarize: async ({ argument: csv, flags }, io) => (await import('./commands/run.ts')).run({ csv, flags }, io),
  }),
  defineCommand({
    usage: 'tags <csv>',
    describe: 'Add or remove tags for a list of people, without creating contacts or changing names',
    argument: 'A list of people (user ID, or email or phone with first name) and their tags',
    flags: [
      ...fileOptions,
      'limit',
      'rows',
      'addTags',
      'removeTags',
      'yes',
      'again',
      'tolerate',
      'acceptRefusals',
      ...paceOptions,
      'verbose',
      'excel',
      ...outputOptions,
      ...notifyOptions,
    ],
    own: { country: countryOption },
    examples: [
      ['tags list.csv', 'Read the columns "Add tags" and "Remove tags", look people up, show the plan, and ask'],
      ['tags list.csv --remove-tags "June Promo" --country US', 'Remove one tag from everyone on the list'],
    ],
    summarize: async ({ argument: csv, flags, own: { country } }, io) =>
      (await import('./commands/tags.ts')).tags({ csv, country, flags }, io),
  }),
  defineCommand({
    usage: 'check [csv]',
    describe:
      'Check a file like "run" does, without sending anything. Without a file, check only the mapping and its examples',
    argument: csvFile,
    flags: [
      ...fileOptions,
      'onlyChanged',
      ...selectionOptions,
      'maxInvalid',
      'tolerate',
      'maxAge',
      'acceptChanges',
      'acceptOptouts',
      'listUnchanged',
      'listVanished',
      'excel',
      ...outputOptions,
    ],
    own: { show: { ...number, describe: 'Print what would be sent for the first rows, including all values' } },
    examples: [
      ['check members.csv', 'List the rows that would not be sent, and why'],
      ['check members.csv --show 3', 'Also print what would be sent for the first three rows'],
      ['check', 'Run the examples in the mapping'],
    ],
    summarize: async ({ argument: csv, flags, own: { show } }, io) =>
      (await import('./commands/check.ts')).check({ csv, show, flags }, io),
  }),
  defineCommand({
    usage: 'compare <csv>',
    describe: 'Compare a file with the account without sending anything: who is new, who is known, what would change',
    argument: csvFile,
    flags: [
      ...fileOptions,
      'onlyChanged',
      ...selectionOptions,
      'maxInvalid',
      'snapshotAge',
      'acceptChanges',
      'acceptOptouts',
      'rate',
      'timeout',
      'attempts',
      'maxOutage',
      ...outputOptions,
    ],
    examples: [['compare members.csv', 'Read the account, and write compare.csv']],
    summarize: async ({ argument: csv, flags }, io) =>
      (await import('./commands/compare.ts')).compare({ csv, flags }, io),
  }),
  defineCommand({
    usage: 'batch <jobs>',
    describe: 'Run several imports that a jobs file lists',
    argument: 'The jobs file. "schema jobs" prints its JSON Schema',
    flags: ['out', 'yes', 'newLedger', ...acceptOptions, 'deadline', ...outputOptions, ...notifyOptions],
    own: {
      only: { type: 'string', requiresArg: true, describe: 'Run only the jobs with these names (comma-separated)' },
      'dry-run': { type: 'boolean', describe: 'Check each job without sending anything or using the network' },
    },
    examples: [
      ['batch jobs.json --dry-run', 'Check all files, mappings and credentials'],
      ['batch jobs.json --yes', 'Every night'],
      ['batch jobs.json --yes --only downtown', 'Run one of the jobs again'],
    ],
    summarize: async ({ argument: jobs, flags, own: { only, 'dry-run': dryRun } }, io) =>
      (await import('./commands/batch.ts')).batch(
        { jobs, flags, only: only?.split(',').map((name) => name.trim()), dryRun: dryRun === true },
        io,
      ),
  }),
  defineCommand({
    usage: 'resume [run]',
    describe: 'Continue a stopped run (by default the last one)',
    argument: runReference,
    flags: ['ledger', 'envFile', 'envPrefix', 'acceptRefusals', ...paceOptions, ...outputOptions, ...notifyOptions],
    examples: [
      ['resume', 'Continue the last run'],
      ['resume 12 --rate 2', 'Continue run 12 at a lower rate'],
    ],
    summarize: async ({ argument: run, flags }, io) =>
      (await import('./commands/resume.ts')).resume({ run, flags }, io),
  }),
  defineCommand({
    usage: 'undo <run>',
    describe: 'Remove the contacts that a run created, if they have not changed since. Only for runs with --compare',
    argument: runReference,
    flags: ['out', 'ledger', 'envFile', 'envPrefix', 'limit', 'rows', 'yes', 'again', ...paceOptions, ...outputOptions],
    own: {
      restore: { type: 'boolean', describe: 'Also put back names, email and phone of contacts that the run changed' },
      'yes-remove': {
        type: 'boolean',
        describe: 'Confirm that contacts are removed for good. Required for a real account',
      },
    },
    examples: [
      ['undo 12', 'Show the plan, ask, and remove what run 12 created'],
      ['undo 12 --restore --yes-remove', 'Also put back what it changed'],
    ],
    summarize: async ({ argument: run, flags, own: { restore, 'yes-remove': yesRemove } }, io) =>
      (await import('./commands/undo.ts')).undo(
        { run, flags, restore: restore === true, yesRemove: yesRemove === true },
        io,
      ),
  }),
  defineCommand({
    usage: 'explain <csv>',
    describe: 'Show one row: its cells, fields, problems and what would be sent',
    argument: csvFile,
    flags: ['mapping', 'sheet', 'addTags', 'removeTags', 'json'],
    own: { row: { ...number, demandOption: true, describe: 'The row as a spreadsheet numbers it' } },
    examples: [['explain members.csv --row 17', 'Why is row 17 invalid?']],
    run: async ({ argument: csv, flags, own: { row } }, io) =>
      (await import('./commands/explain.ts')).explain({ csv, row, flags }, io),
  }),
  defineCommand({
    usage: 'report <run>',
    describe: 'Write the reports of a run again, even if it is still running or was killed',
    argument: runReference,
    flags: ['ledger', 'json', 'summary', 'reportValues'],
    examples: [['report 12', 'Write the reports of run 12 as of now']],
    summarize: async ({ argument: run, flags }, io) =>
      (await import('./commands/report.ts')).report({ run, flags }, io),
  }),
  defineCommand({
    usage: 'runs',
    describe: 'List past runs',
    flags: ['ledger', 'json'],
    examples: [['runs', 'Show what was imported and what you can resume']],
    run: async ({ flags }, io) => (await import('./commands/runs.ts')).runs({ flags }, io),
  }),
  defineCommand({
    usage: 'doctor',
    describe: 'Check settings, files and the account without changing anything',
    flags: ['mapping', 'ledger', 'envFile', 'envPrefix', 'baseUrl', 'timeout'],
    examples: [['doctor', 'Check that the keys work and which account they belong to']],
    run: async ({ flags }, io) => (await import('./commands/doctor.ts')).doctor({ flags }, io),
  }),
  defineCommand({
    usage: 'schema [file]',
    describe: 'Print the JSON Schema of mapping files or jobs files',
    argument: '"mapping" (the default) or "jobs"',
    words: ['mapping', 'jobs'],
    examples: [
      ['schema > mapping.schema.json', 'For completion in your editor'],
      ['schema jobs > jobs.schema.json', 'The same for jobs files'],
    ],
    run: async ({ argument: file, flags }, io) => (await import('./commands/schema.ts')).schema({ file, flags }, io),
  }),
  defineCommand({
    usage: 'completion [shell]',
    describe: 'Print a script that completes commands and options in bash, zsh or fish',
    argument: '"bash", "zsh" or "fish" (default: the shell in $SHELL)',
    words: ['bash', 'zsh', 'fish'],
    examples: [
      ['completion bash >> ~/.bashrc', 'For bash. For zsh, write "zsh" and ~/.zshrc'],
      ['completion fish > ~/.config/fish/completions/gleantap-import.fish', 'For fish'],
    ],
    run: async ({ argument: shell, flags }, io) =>
      (await import('./commands/completion.ts')).completion({ shell, flags }, io),
  }),
  defineCommand({
    usage: 'simulate',
    describe: 'Start a local simulator of the Gleantap API, with optional faults',
    own: {
      port: { ...number, describe: 'Port on this machine (default: any free port)' },
      latency: { ...number, describe: 'Delay of each response in milliseconds' },
      jitter: { ...number, describe: 'Random extra delay, up to this many milliseconds' },
      'rate-limit': { ...number, describe: 'Requests a second before the simulator returns 429' },
      'page-cap': { ...number, describe: 'The most people that a read call returns at once (default: 1000)' },
      churn: {
        ...number,
        describe: 'How many people are added, edited and removed after every fourth page of people (default: 0)',
      },
      seed: { ...number, describe: 'Seed that decides which people get which fault' },
      faults: {
        type: 'string',
        requiresArg: true,
        describe: 'Share of people that get each fault: reset_after=0.02,http_503=0.05',
      },
      'fault-times': { ...number, describe: 'How many times each person gets the fault before a request succeeds' },
    },
    examples: [['simulate --port 8080', 'Then: gleantap-import run members.csv --base-url http://127.0.0.1:8080']],
    epilogue: async () => `Faults:\n${(await import('./commands/simulate.ts')).faultLines()}`,
    run: async ({ own }, io) =>
      (await import('./commands/simulate.ts')).simulate(
        { ...own, rateLimit: own['rate-limit'], pageCap: own['page-cap'], faultTimes: own['fault-times'] },
        io,
      ),
  }),
];
