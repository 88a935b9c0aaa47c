import { requestsOf } from '../../core/mapping/compile.ts';
import type { MappedRow, RowMapper } from '../../core/mapping/compile.ts';
import { listKeys } from '../../core/api/match-keys.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import { mapRow } from '../files/map-row.ts';
import type { CsvFile } from '../../csv/reader.ts';
import { createLanes } from '../../flow/lanes.ts';
import { createWindow } from '../../flow/window.ts';
import { undecided } from '../../ledger/ledger.ts';
import type { Ledger, RowRecord } from '../../ledger/ledger.ts';
import type { Deliver, Delivery, Parcel } from './deliver.ts';
import type { Emit, Stop } from '../events.ts';
import type { FeedMatcher } from '../model.ts';
import { createRefusals } from './refusals.ts';
import { createRowCursor } from '../files/row-cursor.ts';
import { withoutWithheld } from '../consent/withhold.ts';

export interface SendInput {
  readonly csv: CsvFile;
  readonly map: RowMapper;
  readonly ledger: Ledger;
  readonly run: number;
  /** Where outcomes enter the memory of the feed. */
  readonly matcher: FeedMatcher | undefined;
  readonly deliver: Deliver;
  readonly concurrency: number;
  readonly acceptRefusals: boolean;
  /** Whether some rows go first. */
  readonly hasWaited: boolean;
  /** Put what was sent into the events. */
  readonly logValues: boolean;
  readonly stop: Stop;
  readonly emit: Emit;
  /** Resolves when those who listen to the events have kept up. */
  readonly keptUp?: (() => Promise<void>) | undefined;
}

/** Rows on their way (waiting for a turn, a lane or a backoff, or in flight) for each slot of concurrency. */
const rowsPerSlot = 4;

/**
 * The second pass: sends every row that has no outcome yet and books what became of it. Rows go one at a time until the first
 * success, then the window opens. Returns when all are through, or when the run stopped and the answers in flight have come.
 *
 * @returns Whether every row has its outcome.
 */
export async function sendPass(input: SendInput): Promise<boolean> {
  const { csv, map, ledger, run, deliver, concurrency, stop, emit } = input;
  const before = ledger.countRows(run);
  const refusals = createRefusals(
    { succeeded: before.succeeded, refused: ledger.countProvisional(run) },
    input.acceptRefusals,
  );
  const window = createWindow(before.succeeded > 0 ? concurrency * rowsPerSlot : 1);
  const lanes = createLanes();
  let isThrough = true;
  stop.signal.addEventListener('abort', () => window.close(), { once: true });

  /** @param sent The mapped row without what is withheld; the memory of the feed knows what the file said. */
  const book = (
    row: number,
    stored: RowRecord | undefined,
    mapped: MappedRow,
    sent: MappedRow,
    delivery: Delivery,
  ): void => {
    if (delivery.kind === 'stopped') {
      isThrough = false;
      return;
    }
    const isRefusal = delivery.kind === 'failed' && delivery.isRefusal;
    const wasOpen = refusals.isOpen;
    if (delivery.kind === 'succeeded') {
      refusals.succeeded();
      window.resize(concurrency * rowsPerSlot);
    }
    const mustStop = isRefusal && refusals.refused();
    const failure = delivery.kind === 'succeeded' ? undefined : delivery;
    ledger.book(run, {
      row,
      outcome: delivery.kind,
      code: failure?.code,
      person: stored?.person,
      provisional: isRefusal && wasOpen,
      id: delivery.kind === 'succeeded' ? delivery.value : undefined,
      attempts: (stored?.attempts ?? 0) + delivery.attempts,
      status: delivery.status,
      detail: failure?.detail,
      warnings:
        sent.warnings.length === 0
          ? undefined
          : sent.warnings.map(({ field, code }) => (field === undefined ? code : `${field}:${code}`)).join(' | '),
      // A refusal may yet turn back into a row that waits.
      withheld: stored?.withheld ?? undecided.withheld,
      otherRow: undefined,
      goesFirst: stored?.goesFirst ?? false,
      applied: stored?.applied ?? 0,
      trace: input.matcher?.traceOf(mapped),
    });
    emit({
      type: 'row_ended',
      row,
      outcome: delivery.kind,
      code: failure?.code,
      attempts: delivery.attempts,
      ...(input.logValues ? { contact: sent.contact } : {}),
    });
    if (mustStop) stop.request({ kind: 'error', error: refusesEverything(failure?.detail) });
    else if (wasOpen && !refusals.isOpen) ledger.settleProvisional(run, 'failed');
  };

  /** A row whose tags are off and whose others are still to be put on: should the run end here, only that is left of it. */
  const bookApplied = (row: number, stored: RowRecord | undefined, attempts: number): void => {
    ledger.book(run, { ...(stored ?? undecided), row, applied: 1, attempts });
  };

  /** Delivers a row that has its place in the window, and books what became of it. Never throws. */
  const send = async (row: number, stored: RowRecord | undefined, mapped: MappedRow): Promise<void> => {
    try {
      const sent = withoutWithheld(mapped, stored);
      const parcel: Parcel = {
        row,
        requests: requestsOf(sent),
        applied: stored?.applied ?? 0,
        onApplied: (attempts) => bookApplied(row, stored, attempts),
      };
      book(row, stored, mapped, sent, await lanes.run(listKeys(mapped.keys), () => deliver(parcel)));
    } catch (error) {
      const cause =
        error instanceof RunError ? error : new RunError('bug', 'A row could not be delivered', { cause: error });
      stop.request({ kind: 'error', error: cause });
    } finally {
      window.leave();
    }
  };

  /** Rows of the first sweep, which may be on their way still when the second comes to them. */
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
        void send(row.row, stored, mapRow(map, row));
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

function refusesEverything(reason: string | undefined): RunError {
  const last = reason === undefined ? '' : `; the last answer: ${reason}`;
  return new RunError(
    'server_refuses',
    `Gleantap refuses nearly every row, so mapping, keys or account are probably wrong${last}`,
    {
      hint: 'Look at one row with "explain"; correct the cause; the refused rows are pending again. --accept-refusals goes on regardless.',
    },
  );
}
