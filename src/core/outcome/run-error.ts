/**
 * Why a whole run could not start or continue. Each cause has one code, and `exit-codes.ts` maps it to an exit code.
 * A finding about a single row is a `Problem`, which is data and never thrown.
 */
export type RunErrorCode =
  | 'usage' // a flag, setting or credential is wrong
  | 'mapping' // the mapping file is wrong, and `findings` lists everything
  | 'input' // the CSV as a whole can't be read
  | 'too_many_invalid' // more rows are invalid than --max-invalid allows
  | 'too_many_optouts' // the file opts more people out of email than is plausible
  | 'unreachable' // host not found or TLS refused before any success
  | 'credentials_refused'
  | 'server_refuses' // the server refuses everything, or does not respond like Gleantap
  | 'matches_otherwise' // the account matches people in another way than documented
  | 'outage' // the API did not respond for --max-outage
  | 'not_writable' // report, log or ledger can't be written
  | 'copy_changed' // the run's copy of the input is not the one that was checked
  | 'run_changed' // the run.json of a run is not the one that the run wrote
  | 'ledger_damaged' // the ledger is not as this program left it
  | 'still_being_written' // the input changed while it was copied
  | 'held' // the export differs too much from earlier ones
  | 'too_old' // the export is older than --max-age
  | 'deadline' // --deadline has passed
  | 'account_busy' // another run holds the account
  | 'try_later' // the API asks to wait longer than allowed
  | 'interrupted' // by Ctrl-C, before anything was sent
  | 'bug';

/** One thing wrong with a mapping file. */
export interface Finding {
  /** Where, as a JSON path like `fields.dob.format` or `rows.skip[0].in`; empty for the file as a whole. */
  readonly path: string;
  /** What is wrong, with the nearest known name where that helps. */
  readonly problem: string;
  /** `warning` does not stop anything. */
  readonly severity: 'error' | 'warning';
}

/** A failure of the whole run: what happened (`message`), what to do now (`hint`), and what caused it (`cause`). */
export class RunError extends Error {
  readonly code: RunErrorCode;
  readonly hint: string | undefined;
  /** Everything that is wrong with a mapping, including warnings. Empty for other errors. */
  readonly findings: readonly Finding[];

  constructor(
    code: RunErrorCode,
    message: string,
    options: { hint?: string; cause?: unknown; findings?: readonly Finding[] } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'RunError';
    this.code = code;
    this.hint = options.hint;
    this.findings = options.findings ?? [];
  }
}
