import type { OutcomeCounts } from './outcome.ts';
import type { RunErrorCode } from './run-error.ts';

/** The exit codes of DESIGN.md section 4, with their meaning. */
export const exitCodes = {
  0: 'every row succeeded or was skipped (or within --tolerate), or there was nothing to do',
  1: 'finished, but some rows failed or are unknown',
  2: 'the command, settings, mapping or input is wrong. Nothing was sent',
  3: 'stopped early with rows pending. Continue with "resume"',
  4: 'a report, log or ledger could not be written, or the ledger or the files of a run were changed or damaged',
  5: 'held: the export looks wrong. Nothing was sent',
  70: 'a bug in this program',
  75: 'try again later: another run is using the account, or the API asks for a longer wait than allowed',
  130: 'interrupted by Ctrl-C. Continue with "resume"',
  143: 'terminated. Continue with "resume"',
} as const;

export type ExitCode = keyof typeof exitCodes;

const ofRunError: Record<RunErrorCode, ExitCode> = {
  usage: 2,
  mapping: 2,
  input: 2,
  too_many_invalid: 2,
  too_many_optouts: 2,
  unreachable: 2,
  credentials_refused: 3,
  server_refuses: 3,
  matches_otherwise: 3,
  outage: 3,
  not_writable: 4,
  copy_changed: 4,
  run_changed: 4,
  ledger_damaged: 4,
  still_being_written: 5,
  held: 5,
  too_old: 5,
  deadline: 3,
  account_busy: 75,
  try_later: 75,
  interrupted: 130,
  bug: 70,
};

export function exitCodeOf(code: RunErrorCode): ExitCode {
  return ofRunError[code];
}

/** The exit code of a run that finished. */
export function exitCodeOfCounts(counts: OutcomeCounts, isTolerated: boolean): ExitCode {
  if (counts.pending > 0) return 3;
  return counts.failed + counts.unknown === 0 || isTolerated ? 0 : 1;
}

/** 128 plus the number of the signal, as in shells. SIGHUP counts as SIGTERM. */
export function exitCodeOfSignal(signal: 'SIGINT' | 'SIGTERM'): ExitCode {
  return signal === 'SIGINT' ? 130 : 143;
}

/** Interrupted comes before the codes that say how far a run got: after an interrupt you know that the rest is not done. */
const worstFirst: readonly ExitCode[] = [70, 4, 143, 130, 2, 5, 3, 75, 1, 0];

/** The exit code of several runs: the worst (DESIGN.md section 4). */
export function worstOf(codes: readonly number[]): ExitCode {
  return worstFirst.find((code) => codes.includes(code)) ?? 0;
}

/** The place of an exit code from worst (0) to best. */
export function rankOf(exitCode: number): number {
  return worstFirst.findIndex((code) => code === exitCode);
}
