/** How a row ended, or `pending` if the run stopped before it. Every data row has exactly one (promise P1). */
export type Outcome = 'succeeded' | 'failed' | 'unknown' | 'skipped' | 'pending';

export type OutcomeCounts = Readonly<Record<Outcome, number>>;

export const noCounts: OutcomeCounts = { succeeded: 0, failed: 0, unknown: 0, skipped: 0, pending: 0 };

/** The accounting equation of promise P1: whether every row that was read has exactly one outcome. */
export function isAccounted(read: number, counts: OutcomeCounts): boolean {
  return read === counts.succeeded + counts.failed + counts.unknown + counts.skipped + counts.pending;
}
