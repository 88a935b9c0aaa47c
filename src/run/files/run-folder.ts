import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { mappingSchema } from '../../core/mapping/schema.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import { notWritable, writeAtomically } from '../../report/atomic-file.ts';
import type { CheckStats, FeedSnapshot, RunFile } from '../model.ts';

const share = z.union([z.object({ percent: z.number() }), z.object({ rows: z.number() })]);

/** A field of the model that is missing here would be lost with `resume`: `satisfies` finds it. */
const runFileSchema = z.object({
  version: z.literal(1),
  run: z.int(),
  identity: z.string(),
  ledger: z.string(),
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
  tagList: z
    .object({
      currentTags: z.string().optional(),
      hasMapping: z.boolean(),
    })
    .optional(),
  onlyChanged: z.boolean().default(false),
  acceptChanges: z.boolean().default(false),
  lists: z.object({ unchanged: z.boolean(), vanished: z.boolean() }).default({ unchanged: false, vanished: false }),
  pace: z.object({
    rate: z.number(),
    concurrency: z.int(),
    timeout: z.number(),
    attempts: z.int(),
    maxOutage: z.number(),
  }),
  settings: z.record(z.string(), z.unknown()),
  check: z.custom<CheckStats>((value) => typeof value === 'object' && value !== null).optional(),
  snapshot: z.custom<FeedSnapshot>((value) => typeof value === 'object' && value !== null).optional(),
  keepRuns: z.int().optional(),
} satisfies Record<keyof RunFile | 'encoding', z.ZodType>);

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
