import type { BatchSummary, CheckSummary, RunSummary, Summary } from '../src/report/summary.ts';

type Common = 'version' | 'exitCode' | 'sentence' | 'next' | 'simulator' | 'notifyError';

/** A summary as a test reads it from JSON: members that only some kinds have can be read from any. */
export type AnySummary = Pick<Summary, Common | 'kind'> &
  Partial<Omit<RunSummary, Common | 'kind'> & Pick<CheckSummary, 'health'> & Pick<BatchSummary, 'jobs'>>;
