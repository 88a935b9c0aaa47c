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

const contradictions = ['date_opposite_order', 'number_decimal_comma'] as const satisfies readonly ProblemCode[];
/** A problem of one cell that casts doubt on its whole column, so that it stops the run whatever "onInvalid" says. */
export type ContradictionCode = (typeof contradictions)[number];

export function isContradiction(code: string): code is ContradictionCode {
  return (contradictions as readonly string[]).includes(code);
}
