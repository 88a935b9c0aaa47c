import { mapRow, requestsOf } from '../../core/mapping/compile.ts';
import type { MappedRow, RowMapper } from '../../core/mapping/compile.ts';
import { listKeys } from '../../core/api/match-keys.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import type { CsvFile, CsvRow } from '../../csv/reader.ts';
import { createKeyedQueue } from '../../flow/keyed-queue.ts';
import { createWindow } from '../../flow/window.ts';
import { undecided } from '../../ledger/ledger.ts';
import type { Ledger, RowRecord, RowTrace } from '../../ledger/ledger.ts';
import { createRowCursor } from '../../ledger/row-cursor.ts';
import { withoutWithheld } from '../../core/people/opt-outs.ts';
import type { Emit, Stop } from '../events.ts';
import type { AccountView } from '../model.ts';
import type { RunHealth } from '../requests/health/run-health.ts';
import type { RowResult, SendRow } from './send-row.ts';

export interface SendInput {
  readonly csv: CsvFile;
  readonly map: RowMapper;
  readonly ledger: Ledger;
  readonly run: number;
  /** What the memory of the feed keeps of a row; undefined when it keeps nothing of this run. */
  readonly traceOf: ((mapped: MappedRow) => RowTrace) | undefined;
  /** The account as it was before the run, where it was read. */
  readonly account?: Pick<AccountView, 'has' | 'isUnexpected'> | undefined;
  /** Whether the run stops when answers are other than the documentation lets expect. */
  readonly expectsDocumented: boolean;
  readonly sendRow: SendRow;
  readonly health: RunHealth;
  readonly concurrency: number;
  /** Whether some rows go first. */
  readonly hasWaited: boolean;
  /** Put what was sent into the events. */
  readonly logValues: boolean;
  readonly stop: Stop;
  readonly emit: Emit;
  /** Resolves when the listeners have caught up with the events. */
  readonly keptUp?: (() => Promise<void>) | undefined;
}

/** Rows in progress (in flight, or waiting for another row of their person or to be sent again) per slot of concurrency. */
const rowsPerSlot = 4;

/** Rows that take turns as probes in an outage, in addition to those in progress. */
const rowsThatProbe = 4;

/** Answers that are compared with what the account had, and how many of them may be unexpected. */
const firstAnswers = 50;
const mostUnexpected = 5;

/** A row in progress. */
interface RowInProgress {
  readonly row: number;
  readonly stored: RowRecord | undefined;
  /** What the file says. The memory of the feed keeps this. */
  readonly mapped: MappedRow;
  /** The same without what is withheld. */
  readonly sent: MappedRow;
}

/**
 * The second pass: sends every row that has no outcome yet and stores the result. Rows go one at a time until the first success.
 * From then on a window of rows is in progress: wide enough to keep all slots busy, and bounded whatever the size of the file.
 * Returns when all rows are done, or when the run has stopped and the answers in flight have come.
 *
 * @returns Whether every row has its outcome.
 */
export async function sendPass(input: SendInput): Promise<boolean> {
  const { csv, map, ledger, run, sendRow, health, concurrency, stop, emit } = input;
  let hasSuccess = ledger.countRows(run).succeeded > 0;
  const window = createWindow(hasSuccess ? concurrency * rowsPerSlot : 1);
  const people = createKeyedQueue();
  const { account } = input;
  const answers = { all: ledger.countRows(run).succeeded, unexpected: 0 };
  let isThrough = true;
  stop.signal.addEventListener('abort', () => window.close(), { once: true });
  // The rows in progress may be the only ones that the server can't answer. In an outage all rows go one at a time.
  health.onOutage(() => window.resize((hasSuccess ? concurrency * rowsPerSlot : 0) + rowsThatProbe));

  const store = ({ row, stored, mapped, sent }: RowInProgress, result: RowResult): void => {
    if (result.kind === 'stopped') {
      isThrough = false;
      return;
    }
    const succeeded = result.kind === 'succeeded' ? result : undefined;
    const failed = result.kind === 'succeeded' ? undefined : result;
    const isRefusal = failed?.isRefusal === true;
    const wereProvisional = health.refusalsAreProvisional;
    if (succeeded !== undefined) {
      health.rowSucceeded();
      hasSuccess = true;
      window.resize(concurrency * rowsPerSlot);
    }
    const decision = isRefusal ? health.rowRefused(failed?.detail) : undefined;
    ledger.book(run, {
      row,
      outcome: result.kind,
      code: failed?.code,
      person: stored?.person,
      provisional: isRefusal && wereProvisional,
      id: succeeded?.value,
      effect:
        succeeded === undefined || account === undefined
          ? undefined
          : account.has(succeeded.value)
            ? 'updated'
            : 'created',
      attempts: (stored?.attempts ?? 0) + result.attempts,
      status: result.status,
      detail: failed?.detail,
      warnings: warningsOf(sent, stored),
      // A refusal may yet turn back into a row that waits.
      withheld: stored?.withheld ?? undecided.withheld,
      otherRow: stored?.otherRow,
      goesFirst: stored?.goesFirst ?? false,
      applied: stored?.applied ?? 0,
      trace: input.traceOf?.(mapped),
    });
    emit({
      type: 'row_ended',
      row,
      outcome: result.kind,
      code: failed?.code,
      attempts: result.attempts,
      ...(input.logValues ? { contact: sent.contact } : {}),
    });
    if (succeeded !== undefined && account !== undefined && input.expectsDocumented)
      noteAnswer(mapped, succeeded.value);
    if (decision?.kind === 'stop') stop.request({ kind: 'error', error: decision.error });
    else if (wereProvisional && !health.refusalsAreProvisional) ledger.finalizeProvisional(run, 'failed');
  };

  /** The cheapest test of how this account matches people: the first answers, compared with what it had. */
  const noteAnswer = (mapped: MappedRow, id: string): void => {
    answers.all += 1;
    if (answers.all > firstAnswers || account?.isUnexpected(mapped, id) !== true) return;
    answers.unexpected += 1;
    if (answers.unexpected > mostUnexpected) stop.request({ kind: 'error', error: matchesOtherwise(answers) });
  };

  /** The tags that the row removes are removed, those that it adds are not added yet. If the run ends here, only that is left. */
  const storeApplied = ({ row, stored }: RowInProgress, attempts: number): void => {
    ledger.book(run, { ...(stored ?? undecided), row, applied: 1, attempts });
  };

  /** Sends a row that has its place in the window, and stores the result. Never throws. */
  const sendEntry = async (row: CsvRow, stored: RowRecord | undefined): Promise<void> => {
    try {
      const mapped = mapRow(map, row);
      const entry: RowInProgress = { row: row.row, stored, mapped, sent: withoutWithheld(mapped, stored?.withheld) };
      const request = {
        row: entry.row,
        contacts: requestsOf(entry.sent),
        applied: stored?.applied ?? 0,
        onApplied: (attempts: number) => storeApplied(entry, attempts),
      };
      store(entry, await people.run(listKeys(mapped.keys), () => sendRow(request)));
    } catch (error) {
      const cause =
        error instanceof RunError ? error : new RunError('bug', 'A row could not be sent', { cause: error });
      stop.request({ kind: 'error', error: cause });
    } finally {
      window.leave();
    }
  };

  /** Rows of the first sweep, which may still be in progress when the second comes to them. */
  const begun = new Set<number>();
  const sweep = async (ofWaited: boolean): Promise<void> => {
    const storedAt = createRowCursor(ledger, run);
    for await (const { rows } of csv.batches()) {
      for (const row of rows) {
        const stored = storedAt(row.row);
        if (stored !== undefined && stored.outcome !== 'pending') continue;
        if (ofWaited ? stored?.goesFirst !== true : begun.has(row.row)) continue;
        if (ofWaited) begun.add(row.row);
        if (input.keptUp !== undefined) await input.keptUp();
        if (!(await window.enter())) {
          isThrough = false;
          return;
        }
        void sendEntry(row, stored);
      }
    }
  };
  try {
    if (input.hasWaited) await sweep(true);
    await sweep(false);
  } finally {
    await window.empty();
  }
  return isThrough;
}

/** What was left out or repaired, and what the check found about other people's rows. A row that waits again has both already. */
function warningsOf({ warnings }: MappedRow, stored: RowRecord | undefined): string | undefined {
  const own = warnings.map(({ field, code }) => (field === undefined ? code : `${field}:${code}`));
  const all = new Set([...own, ...(stored?.warnings?.split(' | ') ?? [])]);
  return all.size === 0 ? undefined : [...all].join(' | ');
}

function matchesOtherwise({ all, unexpected }: { readonly all: number; readonly unexpected: number }): RunError {
  return new RunError(
    'matches_otherwise',
    `Stopped: ${unexpected} of the first ${all} rows created or updated other contacts than the documentation of Gleantap says`,
    {
      hint: 'Look at these rows: "_effect" in success.csv, next to "_verdict" in compare.csv. This account may match people in another way. If the contacts are right, "resume" sends the rest without this check.',
    },
  );
}
