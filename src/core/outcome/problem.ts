import type { ProblemCode } from './messages.ts';

/** One finding about a row: data, never thrown. `messages.ts` turns it into sentences. */
export interface Problem {
  readonly code: ProblemCode;
  /** The API field or attribute concerned. */
  readonly field?: string;
  /** The CSV column concerned, by its name in the header. */
  readonly column?: string;
  /** The cell's text as it stood in the file. */
  readonly value?: string;
  /** What else the sentence needs: counts, other rows. */
  readonly detail?: Readonly<Record<string, string | number>>;
}

/**
 * A finding that did not stop the row: a value was left out or repaired.
 * In reports it stands as `field:code`, without the value.
 */
export type Warning = Problem;
