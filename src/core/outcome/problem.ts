import type { ProblemCode } from './messages.ts';

/** One finding about a row: data, never thrown. `messages.ts` turns it into sentences. */
export interface Problem {
  readonly code: ProblemCode;
  /** The affected API field or attribute. */
  readonly field?: string;
  /** The affected CSV column, by its name in the header. */
  readonly column?: string;
  /** The text of the cell as in the file. */
  readonly value?: string;
  /** Other data for the sentence: counts, other rows. */
  readonly detail?: Readonly<Record<string, string | number>>;
}

/**
 * A finding that did not stop the row: a value was omitted or repaired.
 * In reports it appears as `field:code`, without the value.
 */
export type Warning = Problem;
