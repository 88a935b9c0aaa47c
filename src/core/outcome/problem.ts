import type { ProblemCode, ProblemDetails } from './messages.ts';

/** One finding about a row: data, never thrown. `messages.ts` turns it into sentences. */
export interface Problem extends ProblemDetails {
  readonly code: ProblemCode;
}

/**
 * A finding that did not stop the row: a value was omitted or repaired.
 * In reports it appears as `field:code`, without the value.
 */
export type Warning = Problem;
