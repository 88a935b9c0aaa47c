import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { writeAtomically } from '../../report/atomic-file.ts';
import { checkPrefix } from './places.ts';

/** What a check notes in its folder, so that the folder can be removed with the old runs of its feed. */
const checkFileSchema = z.object({
  version: z.literal(1),
  started: z.iso.datetime(),
  feed: z.string(),
  /** Absent where no credentials said it. */
  account: z.string().optional(),
  mappingFile: z.string(),
});

export type CheckFile = z.infer<typeof checkFileSchema>;

const fileName = 'check.json';

/** Written first, and once more when the reports are there. */
export async function writeCheckFile(folder: string, file: CheckFile): Promise<void> {
  await writeAtomically(path.join(folder, fileName), `${JSON.stringify(file, undefined, 2)}\n`);
}

/** The folders of checks in these places. Those of a batch are one level below. */
export async function* checksIn(places: Iterable<string>): AsyncGenerator<{ folder: string; file: CheckFile }> {
  for (const place of places) {
    for (const name of await foldersIn(place)) {
      if (!name.startsWith(checkPrefix)) continue;
      const outer = path.join(place, name);
      for (const folder of [outer, ...(await foldersIn(outer)).map((inner) => path.join(outer, inner))]) {
        const file = await readCheckFile(folder);
        if (file !== undefined) yield { folder, file };
      }
    }
  }
}

async function readCheckFile(folder: string): Promise<CheckFile | undefined> {
  return readFile(path.join(folder, fileName), 'utf8').then(
    (text) => checkFileSchema.safeParse(jsonOf(text)).data,
    () => undefined,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function foldersIn(place: string): Promise<string[]> {
  const entries = await readdir(place, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}
