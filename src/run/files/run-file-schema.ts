import { z } from 'zod';
import { mappingSchema } from '../../core/mapping/schema.ts';
import { columnMessages } from '../../core/outcome/column-messages.ts';
import type { ColumnDamageCode } from '../../core/outcome/column-messages.ts';
import { gateLimitsSchema, measuresSchema } from '../../core/quality/nightly-gate.ts';
import type { Movement } from '../../core/quality/nightly-gate.ts';
import { holds } from '../../core/settings/option-values.ts';
import type { ComparedPeople } from '../../core/compare/compared-people.ts';
import type { CheckStats, FeedSnapshot, RunFile } from '../model.ts';

const count = z.int().min(0);
const counts = z.record(z.string(), count);
const rowNumber = z.int().min(1);
const codeCounts = z.record(z.string(), z.object({ count, rows: z.array(rowNumber) }));
const share = z.union([z.object({ percent: z.number().min(0).max(100) }), z.object({ rows: count })]);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day like 2026-11-27');

const checkSchema = z.object({
  read: count,
  blank: count,
  repeatedHeaders: count,
  footer: count,
  toSend: count,
  peopleToSend: count.optional(),
  requests: count,
  invalid: count,
  failed: count,
  skipped: count,
  sharing: z.object({ people: count, rows: count, leftOut: count.optional() }),
  strangers: count,
  collisions: z
    .array(
      z.object({
        code: z.enum(['same_keys_other_user_id', 'user_id_case_differs']),
        rows: z.tuple([rowNumber, rowNumber]),
      }),
    )
    .optional(),
  people: z
    .object({
      new: count,
      changed: count,
      unsettled: count,
      unchanged: count,
      emptied: count,
      held: count,
      vanished: count,
    })
    .optional(),
  problems: codeCounts,
  warnings: codeCounts,
  filled: counts,
  valid: count,
  filledOfAll: counts,
  endsDamaged: z.boolean(),
  waited: count,
  tags: z.array(z.object({ tag: z.string(), action: z.enum(['add', 'remove']), count })),
  moreTags: z.boolean(),
  tagged: count.optional(),
  consent: z.object({ optinYes: count, optinNo: count, optoutYes: count, optoutNo: count }),
  unsentConsent: z.array(z.string()).optional(),
  emailOptouts: z.object({ rows: count, of: count }),
  defaultNames: count,
  columns: z.array(
    z.object({
      code: z.enum(Object.keys(columnMessages) as ColumnDamageCode[]),
      column: z.string(),
      count,
      of: count,
      rows: z.array(rowNumber),
      detail: z.string().exactOptional(),
    }),
  ),
  pilotRows: z.array(rowNumber),
} satisfies Record<keyof CheckStats, z.ZodType>);

const movementSchema = z.object({
  measure: z.enum([...gateLimitsSchema.keyof().options, 'columnGone', 'columnNew', 'lastRecordCut']),
  name: z.string().exactOptional(),
  usual: z.number().exactOptional(),
  tonight: z.number().exactOptional(),
  limit: z.number().exactOptional(),
} satisfies Record<keyof Movement, z.ZodType>);

const snapshotSchema = z.object({
  measures: measuresSchema,
  drift: z.array(movementSchema),
  isCut: z.boolean(),
  sameAs: z.int().optional(),
} satisfies Record<keyof FeedSnapshot, z.ZodType>);

/** A field of the model that is missing here would be lost with `resume`: `satisfies` finds it. */
const currentSchema: z.ZodType<RunFile> = z.object({
  version: z.literal(1),
  run: rowNumber,
  identity: z.string(),
  ledger: z.string().min(1),
  started: z.iso.datetime(),
  today: day,
  input: z.object({ name: z.string(), sha256: z.string(), bytes: count }),
  account: z.object({ origin: z.url(), appId: z.string(), name: z.string().optional() }),
  mappingFile: z.string(),
  mapping: mappingSchema,
  selection: z.object({
    limit: rowNumber.optional(),
    rows: z.array(z.tuple([rowNumber, rowNumber])).optional(),
    duplicates: z.enum(['send', 'first', 'last', 'fail']),
  }),
  tags: z.object({ add: z.array(z.string()), remove: z.array(z.string()) }),
  tolerate: share,
  acceptRefusals: z.boolean(),
  tagList: z.object({ currentTags: z.string().optional(), hasMapping: z.boolean() }).optional(),
  onlyChanged: z.boolean().default(false),
  acceptChanges: z.boolean().default(false),
  lists: z
    .object({ unchanged: z.boolean(), vanished: z.boolean(), excel: z.boolean().default(false) })
    .default({ unchanged: false, vanished: false, excel: false }),
  pace: z.object({
    rate: z.number().min(0),
    concurrency: z.int().min(1),
    timeout: z.number().min(1),
    attempts: z.int().min(1),
    maxOutage: z.number().min(0),
  }),
  settings: z.record(z.string(), z.unknown()),
  check: checkSchema.optional(),
  snapshot: snapshotSchema.optional(),
  keepRuns: z.int().min(1).optional(),
  compared: z
    .object({
      taken: z.iso.datetime(),
      account: count,
      shared: count,
      people: count,
      new: count,
      known: count,
      changed: count,
      otherName: count,
      twoCandidates: count,
    } satisfies Record<keyof ComparedPeople, z.ZodType>)
    .optional(),
  undo: z
    .object({
      run: rowNumber,
      since: z.iso.datetime(),
      remove: count,
      restore: count,
      changedSince: count,
      couldRestore: count,
    })
    .optional(),
  contradicted: z.literal(true).optional(),
  ended: z.iso.datetime().optional(),
  hold: z.array(z.enum(holds)).optional(),
} satisfies Record<keyof RunFile, z.ZodType>);

/** Version 0.1.0 called the snapshot `night` and its drift `moved`, and had an option `--encoding` that the mapping has now. */
function fromEarlier(json: unknown): unknown {
  if (!isObject(json)) return json;
  const { night, encoding, mapping, ...rest } = json;
  const csv = isObject(mapping) && isObject(mapping['csv']) ? mapping['csv'] : {};
  const current = {
    ...rest,
    mapping: isObject(mapping) && encoding !== undefined ? { ...mapping, csv: { ...csv, encoding } } : mapping,
  };
  if (!isObject(night)) return night === undefined ? current : { ...current, snapshot: night };
  const { moved, ...snapshot } = night;
  return { ...current, snapshot: { ...snapshot, drift: moved } };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const runFileSchema = z.preprocess(fromEarlier, currentSchema);
