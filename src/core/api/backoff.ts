/** All delays are milliseconds, `tries` counts from 1, `chance` is drawn by the caller for each delay: 0 up to 1. */

/**
 * For rows that the server did not take: full jitter (Marc Brooker, "Exponential Backoff And Jitter"), a random time up to a
 * cap that doubles from 1 s to 30 s.
 */
export function retryDelay(tries: number, chance: number): number {
  return Math.max(50, chance * Math.min(30_000, 1000 * growth(tries)));
}

/**
 * For rows that the server may have taken: 2 s at least and growing, so that a late first answer is not overtaken, and up
 * to half as much again by chance.
 */
export function retryLaterDelay(tries: number, chance: number): number {
  return Math.min(30_000, 2000 * growth(tries)) * (1 + chance / 2);
}

/** The wait after a 429 that doesn't say how long: 30 s, doubling up to 5 minutes. */
export function silentPause(throttledInARow: number): number {
  return Math.min(300_000, 30_000 * growth(throttledInARow));
}

function growth(tries: number): number {
  return 2 ** Math.min(Math.max(0, tries - 1), 20);
}
