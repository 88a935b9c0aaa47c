import { z } from 'zod';
import { optionMeta, optionNames, options } from '../core/settings/options.ts';
import type { OptionName } from '../core/settings/options.ts';
import { strict } from '../core/settings/strict.ts';

/**
 * `jobs.json`: the feeds of a night. Structure only; what spans several jobs is in `read-jobs.ts`. No transforms here: the JSON
 * Schema for editors is generated from this.
 */

/** What each job sets by its own keys, and what the command decides for all jobs. */
const decidedElsewhere: ReadonlySet<OptionName> = new Set<OptionName>([
  'mapping',
  'envFile',
  'envPrefix',
  'out',
  'json',
  'summary',
  'quiet',
  'verbose',
  'progress',
  'logLevel',
  'logFormat',
]);
const jobOptionNames = optionNames.filter(
  (name) => optionMeta(name).scope === undefined && !decidedElsewhere.has(name),
);

const jobOptions = strict(
  Object.fromEntries(
    jobOptionNames.map((name) => [
      name,
      withoutDefault(options[name].schema).optional().describe(optionMeta(name).describe),
    ]),
  ),
  (key) => {
    const name = optionNames.find((option) => option === key);
    if (name === undefined) return undefined;
    return optionMeta(name).scope === 'rail'
      ? `"${key}" lifts a safeguard, so it can't be set in a file: type it on the command line`
      : `"${key}" is not an option of a job`;
  },
);

/** A default would override the environment and the config file although the user did not set it. */
function withoutDefault(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodDefault ? (schema.def.innerType as z.ZodType) : schema;
}

const job = strict({
  name: z
    .string()
    .regex(
      /^[\p{L}\p{N}]([\p{L}\p{N} ._-]{0,58}[\p{L}\p{N}])?$/u,
      'must consist of letters, digits, blanks, dots, - and _, because it names a folder',
    )
    .describe('Name of this job in output, summary and folders.'),
  app_id: z.string().min(1).describe('The account. The credentials must belong to it.'),
  csv: z
    .string()
    .min(1)
    .describe('The export. In the file name, * and ? match any characters, and the newest matching file is used.'),
  mapping: z.string().min(1).describe('The mapping file. Paths are relative to this file.'),
  envFile: z.string().min(1).describe('File with the three GLEANTAP_ credentials of this account.').optional(),
  envPrefix: z
    .string()
    .min(1)
    .describe('Prefix of the three environment variables, for example DOWNTOWN_ for DOWNTOWN_GLEANTAP_API_KEY.')
    .optional(),
  sharedAccount: z
    .boolean()
    .describe('Several jobs send to this account, one after the other. Required in each of these jobs.')
    .optional(),
  options: jobOptions.describe('Options of "run".').optional(),
});

export const jobsSchema = strict({
  $schema: z.string().optional(),
  version: z.literal(1),
  parallel: z.int().min(1).max(50).default(4).describe('Number of accounts to send to at the same time.'),
  rate: z
    .number()
    .min(0)
    .default(0)
    .describe(
      'Maximum requests a second for all accounts together. 0 means no limit. The option "rate" of a job limits its account.',
    ),
  jobs: z.array(job).min(1),
});

export type Job = z.output<typeof job>;
export type Jobs = z.output<typeof jobsSchema>;

/** The JSON Schema of jobs files, for editors: committed as `jobs.schema.json`. */
export function jobsJsonSchema(): string {
  const schema = { title: 'gleantap-import jobs', ...z.toJSONSchema(jobsSchema, { io: 'input' }) };
  return JSON.stringify(schema, undefined, 2);
}
