/** Watches for a server that refuses nearly everything: then mapping, keys or account are wrong, not the rows. */
export interface Refusals {
  succeeded(): void;
  /** Returns whether the run must stop now. */
  refused(): boolean;
  /** Whether refusals still may turn out to be the run's fault rather than the rows'. */
  readonly isOpen: boolean;
}

const refusedAtStart = 20;
const refusedEarly = 25;
const early = 100;

/**
 * 20 rows refused with no success yet, or 25 of the first 100 answered, stop the run (DESIGN.md section 6).
 *
 * @param earlier What a resumed run had counted already.
 */
export function createRefusals(
  earlier: { readonly succeeded: number; readonly refused: number },
  isOff: boolean,
): Refusals {
  let { succeeded, refused } = earlier;
  const isOpen = (): boolean => !isOff && succeeded + refused < early;
  return {
    succeeded() {
      succeeded += 1;
    },
    refused() {
      const wasOpen = isOpen();
      refused += 1;
      return wasOpen && (refused >= refusedEarly || (succeeded === 0 && refused >= refusedAtStart));
    },
    get isOpen() {
      return isOpen();
    },
  };
}
