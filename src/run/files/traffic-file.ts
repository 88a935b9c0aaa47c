import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Timeline } from '../../flow/timeline.ts';
import { writeAtomically } from '../../report/atomic-file.ts';

/** The run's traffic over time, kept in its folder. A resumed run continues it, and `report` draws it again. */
const fileName = 'traffic.json';

const counts = z.record(z.string(), z.number());
const timelineSchema = z.object({
  sliceMs: z.number().positive(),
  slices: z.array(z.object({ answers: counts, latencies: counts })),
});

export async function writeTraffic(folder: string, timeline: Timeline): Promise<void> {
  await writeAtomically(path.join(folder, fileName), JSON.stringify(timeline));
}

/** Undefined when the file is missing or damaged: no result depends on it. */
export async function readTraffic(folder: string): Promise<Timeline | undefined> {
  try {
    return timelineSchema.parse(JSON.parse(await readFile(path.join(folder, fileName), 'utf8')));
  } catch {
    return undefined;
  }
}
