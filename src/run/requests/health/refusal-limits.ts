/** Detects a server that refuses almost every row: then the mapping, the keys or the account are wrong, not the rows. */
export interface RefusalLimits {
  succeeded(): void;
  /** Counts a refused row. Returns whether the run must stop. */
  refused(): boolean;
  /** Whether the limits can still stop the run. Until they can't, a refusal is provisional. */
  readonly areOpen: boolean;
}

/** Rows of a run, or of its part before a resume, that the server accepted or refused. */
export interface AnsweredRows {
  readonly succeeded: number;
  readonly refused: number;
}

const refusedWithoutSuccess = 20;
const refusedEarly = 25;
const earlyRows = 100;

/**
 * 20 rows refused with no success yet, or 25 of the first 100 answered, stop the run (DESIGN.md section 6).
 *
 * @param before What a resumed run has counted already.
 * @param isOff The user accepts refusals.
 */
export function createRefusalLimits(before: AnsweredRows, isOff: boolean): RefusalLimits {
  let { succeeded, refused } = before;
  const areOpen = (): boolean => !isOff && succeeded + refused < earlyRows;
  return {
    succeeded() {
      succeeded += 1;
    },
    refused() {
      const wereOpen = areOpen();
      refused += 1;
      return wereOpen && (refused >= refusedEarly || (succeeded === 0 && refused >= refusedWithoutSuccess));
    },
    get areOpen() {
      return areOpen();
    },
  };
}
