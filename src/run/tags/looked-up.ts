import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Contact } from '../../core/api/contact.ts';
import { matchKeysOf } from '../../core/api/match-keys.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import { fold } from '../../core/values/text.ts';
import { writeAtomically } from '../../report/atomic-file.ts';

/** Why a person of the list is not sent: codes of `messages.ts`. */
const refusals = [
  'person_not_found',
  'person_ambiguous',
  'person_contradicts',
  'person_without_name',
  'lookup_failed',
] as const;

const lookUpSchema = z.union([
  z.object({
    /** `_id` of the one contact. */
    id: z.string(),
    /** By what it is found again, and its names, all as the server returned them. */
    identity: z.record(z.string(), z.string()),
  }),
  z.object({ code: z.enum(refusals), detail: z.string().optional() }),
]);

/** What the account knows of a person of the list. */
export type LookUp = z.output<typeof lookUpSchema>;
/** By `personKey`. */
export type LookedUp = ReadonlyMap<string, LookUp>;

const fileName = 'looked-up.json';
const fileSchema = z.array(z.tuple([z.string(), lookUpSchema]));

/** Rows with the same key are looked up once. */
export function personKey(contact: Contact): string {
  const { userId, email, phone } = matchKeysOf(contact);
  return JSON.stringify([userId, email, phone, fold(String(contact['first_name'] ?? ''))]);
}

/** Keeps what was found with the run, so that a resumed one makes no new decisions. @throws RunError `not_writable` */
export async function writeLookedUp(folder: string, lookedUp: LookedUp): Promise<void> {
  await writeAtomically(path.join(folder, fileName), `${JSON.stringify([...lookedUp])}\n`);
}

/** @throws RunError `usage` when the file is lost or damaged: without it, it is unknown whom the run may write to. */
export async function readLookedUp(folder: string): Promise<LookedUp> {
  const file = path.join(folder, fileName);
  try {
    return new Map(fileSchema.parse(JSON.parse(await readFile(file, 'utf8'))));
  } catch (cause) {
    throw new RunError('usage', `${file} is lost or damaged. It records which people this run may write to`, {
      hint: 'Restore it, or run the command for the list again with --again.',
      cause,
    });
  }
}
