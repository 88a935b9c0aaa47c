import { expect, it } from 'vitest';
import { exitCodeOf, exitCodeOfCounts, exitCodeOfSignal, exitCodes } from '../../../src/core/outcome/exit-codes.ts';
import { isAccounted, noCounts } from '../../../src/core/outcome/outcome.ts';
import type { RunErrorCode } from '../../../src/core/outcome/run-error.ts';

it.each<[RunErrorCode, number]>([
  ['usage', 2],
  ['mapping', 2],
  ['input', 2],
  ['too_many_invalid', 2],
  ['unreachable', 2],
  ['credentials_refused', 3],
  ['server_refuses', 3],
  ['outage', 3],
  ['not_writable', 4],
  ['still_being_written', 5],
  ['account_busy', 75],
  ['try_later', 75],
  ['bug', 70],
])('%s exits %i', (code, exit) => {
  expect(exitCodeOf(code)).toBe(exit);
  expect(exitCodes).toHaveProperty(String(exit));
});

it.each([
  [{ succeeded: 9, skipped: 1 }, false, 0],
  [{}, false, 0],
  [{ failed: 1 }, false, 1],
  [{ unknown: 1 }, false, 1],
  [{ failed: 1, unknown: 1 }, true, 0],
  [{ pending: 1 }, true, 3],
  [{ pending: 1, failed: 1 }, false, 3],
])('%j, tolerated %j, exits %i', (counts, isTolerated, exit) => {
  expect(exitCodeOfCounts({ ...noCounts, ...counts }, isTolerated)).toBe(exit);
});

it('a signal exits with the code that shells use', () => {
  expect([exitCodeOfSignal('SIGINT'), exitCodeOfSignal('SIGTERM')]).toEqual([130, 143]);
});

it('every row is accounted for exactly once', () => {
  const counts = { succeeded: 1, failed: 2, unknown: 3, skipped: 4, pending: 5 };
  expect([14, 15, 16].map((read) => isAccounted(read, counts))).toEqual([false, true, false]);
});
