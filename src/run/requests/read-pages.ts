import { RunError } from '../../core/outcome/run-error.ts';

/** The most that one call returns (API page "Customers"). */
export const pageSize = 1000;
/** How far a reading goes back at first when people were removed before its place. */
const stepBack = 100;
/** Pages that may hold only known people after a step back, and steps back: a list that changes faster can't be read. */
const mostIdle = 10;
const mostSteps = 1000;

export interface Page {
  readonly limit: number;
  readonly offset: number;
}

/**
 * Reads a list to its end, page by page. A server may return fewer people than it was asked for, so only a page without anyone
 * after the last person is the end. Each page begins with the last person of the one before: if it does not, people were removed
 * meanwhile and those behind them have moved forward, so it goes back until it finds someone whom it knows.
 *
 * @param read Undefined when the run was asked to stop.
 * @param onPeople Gets everyone once, page by page.
 * @param what The list, as part of a sentence.
 * @returns Whether it got to the end.
 * @throws RunError `server_refuses` when a page repeats people: without an end, it is unknown who else is on the list.
 */
export async function readPages<T extends { readonly id: string }>(
  read: (page: Page) => Promise<readonly T[] | undefined>,
  onPeople: (people: readonly T[]) => Promise<void> | void,
  what: string,
): Promise<boolean> {
  const seen = new Set<string>();
  let offset = 0;
  let isJoint = false;
  let back = 0;
  let idle = 0;
  let steps = 0;
  for (;;) {
    const page = await read({ limit: pageSize, offset });
    if (page === undefined) return false;
    const [first] = page;
    if (isJoint && (first === undefined || !seen.has(first.id))) {
      if (++idle > mostIdle || ++steps > mostSteps) throw repeats(what);
      back = Math.max(stepBack, 2 * back);
      offset = Math.max(0, offset - back);
      isJoint = offset > 0;
      continue;
    }
    if (page.length <= (isJoint ? 1 : 0)) return true;
    const fresh = page.filter(({ id }) => !seen.has(id));
    if (fresh.length > 0) idle = 0;
    else if (back === 0 || ++idle > mostIdle) throw repeats(what);
    for (const { id } of fresh) seen.add(id);
    if (fresh.length > 0) await onPeople(fresh);
    back = 0;
    // A page of one person would never get any further with the one before in it.
    isJoint = page.length > 1;
    offset += page.length - (isJoint ? 1 : 0);
  }
}

function repeats(what: string): RunError {
  return new RunError('server_refuses', `Gleantap keeps returning the same people of ${what}`);
}
