import type { OptionValues } from '../core/settings/options.ts';
import { summaryText } from '../report/summary.ts';
import type { Summary } from '../report/summary.ts';
import { printLine } from './io.ts';
import type { Io } from './io.ts';
import { summaryLines } from './text/summary.ts';

/** Prints how a run ended: JSON alone, or words. */
export function printSummary(io: Io, { json }: Pick<OptionValues, 'json'>, summary: Summary): void {
  if (json) io.stdout.write(summaryText(summary));
  else printLine(io.stdout, summaryLines(summary));
}
