import path from 'node:path';
import { writeAtomically } from './atomic-file.ts';
import { nightPage } from './html/night-page.ts';
import { nightOf } from './night.ts';
import { nightText } from './night-text.ts';
import type { BatchSummary } from './summary.ts';

/** Writes `night.html` and `night.md` next to the summary of a batch. @throws RunError `not_writable` */
export async function writeNight(summary: BatchSummary): Promise<void> {
  const night = nightOf(summary);
  await writeAtomically(path.join(summary.out, 'night.html'), nightPage(night));
  await writeAtomically(path.join(summary.out, 'night.md'), nightText(night));
}
