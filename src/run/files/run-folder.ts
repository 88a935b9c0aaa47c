import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { mappingSchema } from '../../core/mapping/schema.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import { notWritable, writeAtomically } from '../../report/atomic-file.ts';
import type { CheckFacts } from '../check/check-facts.ts';
import type { Night } from '../feed/night.ts';

const share = z.union([z.object({ percent: z.number() }), z.object({ rows: z.number() })]);

/** Everything that decides what is sent; kept in `run.json`, so that a resumed run decides nothing anew. */
const runFileSchema = z.object({
  version: z.literal(1),
  run: z.int(),
  identity: z.string(),
  /** Absolute path. */
  ledger: z.string(),
  /** ISO time of the start, and the calendar day there and then. */
  started: z.string(),
  today: z.string(),
  input: z.object({ name: z.string(), sha256: z.string(), bytes: z.int() }),
  account: z.object({ origin: z.string(), appId: z.string(), name: z.string().optional() }),
  mappingFile: z.string(),
  mapping: mappingSchema,
  /** Earlier versions had an option `--encoding`. It is read into the mapping. */
  encoding: z.string().optional(),
  selection: z.object({
    limit: z.int().optional(),
    rows: z.array(z.tuple([z.int(), z.int()])).optional(),
    duplicates: z.enum(['send', 'first', 'last', 'fail']),
  }),
  tags: z.object({ add: z.array(z.string()), remove: z.array(z.string()) }),
  tolerate: share,
  acceptRefusals: z.boolean(),
  /** Set for a clean-up of tags: then only identity, names as the account has them, and tags are sent. */
  tagList: z
    .object({
      /** The column of the tags that people have. */
      currentTags: z.string().optional(),
      /** Whether a mapping file says which column is which; else the header does. */
      hasMapping: z.boolean(),
    })
    .optional(),
  /** Whether people who were last sent just like this were skipped. */
  onlyChanged: z.boolean().default(false),
  acceptChanges: z.boolean().default(false),
  /** Reports that are written on request. */
  lists: z.object({ unchanged: z.boolean(), vanished: z.boolean() }).default({ unchanged: false, vanished: false }),
  /** Kept by a resumed run unless it is told otherwise. */
  pace: z.object({
    rate: z.number(),
    concurrency: z.int(),
    timeout: z.number(),
    attempts: z.int(),
    maxOutage: z.number(),
  }),
  settings: z.record(z.string(), z.unknown()),
  /** Absent until the check is done. */
  check: z.custom<CheckFacts>((value) => typeof value === 'object' && value !== null).optional(),
  /** The file beside those of earlier nights, where it is a whole one of a feed. */
  night: z.custom<Night>((value) => typeof value === 'object' && value !== null).optional(),
  keepRuns: z.int().optional(),
});

export type RunFile = Omit<z.output<typeof runFileSchema>, 'encoding'>;

const fileName = 'run.json';

export function inputCopyOf(folder: string): string {
  return path.join(folder, 'input.csv');
}

/**
 * Where the input is copied to before it is known which run it belongs to. One place for each account, which its lock keeps for
 * one process: what a killed run has left there goes with the next.
 */
export function incomingCopyOf(ledgerFile: string, account: string): string {
  const name = createHash('sha256').update(account).digest('hex').slice(0, 16);
  return path.join(path.dirname(ledgerFile), `.incoming-${name}.csv`);
}

export async function writeRunFile(folder: string, file: RunFile): Promise<void> {
  await writeAtomically(path.join(folder, fileName), `${JSON.stringify(file, undefined, 2)}\n`);
}

/** @throws RunError `usage` when the folder holds no run of this program. */
export async function readRunFile(folder: string): Promise<RunFile> {
  const file = path.join(folder, fileName);
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new RunError('usage', `${folder} is no run folder: ${file} cannot be read`, {
      hint: '"gleantap-import runs" lists the runs and their folders.',
      cause: error,
    });
  }
  const parsed = runFileSchema.safeParse(json);
  if (parsed.success) {
    const { encoding, ...run } = parsed.data;
    if (encoding === undefined) return run;
    return { ...run, mapping: { ...run.mapping, csv: { ...run.mapping.csv, encoding } } };
  }
  throw new RunError('usage', `${file} is damaged or comes from another version of this program`, {
    cause: parsed.error,
  });
}

/**
 * Makes the folder of a run. One with something in it is refused, unless that is what a run left that may begin again.
 *
 * @throws RunError `usage`, `not_writable`
 */
export async function claimRunFolder(folder: string, mayBeginAgain: (file: RunFile) => boolean): Promise<void> {
  let entries: string[];
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    entries = await readdir(folder);
  } catch (error) {
    throw notWritable(folder, error);
  }
  // `run.json` is written first: a run that was killed meanwhile has left its temporary file and nothing else.
  if (entries.every((entry) => entry.startsWith(`${fileName}.`))) return;
  const existing = entries.includes(fileName) ? await readRunFile(folder).catch(() => undefined) : undefined;
  if (existing !== undefined && mayBeginAgain(existing)) return;
  throw new RunError('usage', `The folder ${folder} is not empty and belongs to something else`, {
    hint: 'Choose another folder with --out, or leave --out away.',
  });
}
