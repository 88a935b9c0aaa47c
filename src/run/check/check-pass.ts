import { mapRow } from '../../core/mapping/compile.ts';
import type { MappedRow, RowMapper } from '../../core/mapping/compile.ts';
import type { DamageDetectors } from '../../core/quality/column-damage.ts';
import type { Outcome } from '../../core/outcome/outcome.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import { fold } from '../../core/values/text.ts';
import type { CsvFile, CsvRow } from '../../csv/reader.ts';
import { undecided } from '../../ledger/ledger.ts';
import type { Ledger, UnchangedRows } from '../../ledger/ledger.ts';
import { createStatsCollector } from './check-stats.ts';
import { consentsOf, createConsentCounter, createConsentList } from './consent-count.ts';
import type { CheckStats, FeedComparison, Selection } from '../model.ts';
import { createPeople } from './people.ts';
import type { PilotPicker } from './pilot.ts';
import { createRowCursor } from '../../ledger/row-cursor.ts';
import { decidePeople } from './verdicts.ts';

export interface CheckInput {
  readonly csv: CsvFile;
  readonly map: RowMapper;
  readonly detectors: DamageDetectors;
  /** Makes what picks a pilot. */
  readonly newPilot: () => PilotPicker;
  readonly ledger: Ledger;
  readonly run: number;
  readonly selection: Selection;
  /** The feed's memory; undefined where the file is not compared with it. */
  readonly known: FeedComparison | undefined;
  /** Whether people who were last sent just like this are skipped. */
  readonly onlyChanged: boolean;
  /** Rows that go first. */
  readonly waited: ReadonlySet<number>;
  onProgress(rows: number): void;
  /** How many rows to be sent are listed as a sample. */
  readonly sampleSize: number;
  /** Ends the pass early; what it returns is then worth nothing. */
  readonly signal: AbortSignal;
}

const progressEvery = 20_000;

/**
 * The first pass: reads, maps and validates every row, groups valid rows into people, and stores once and for all which rows
 * are failed or skipped. Rows without a stored decision are to be sent.
 *
 * @throws RunError `input` when a date column contradicts its day/month order: then no date of it can be believed.
 */
export async function checkPass(input: CheckInput): Promise<CheckStats> {
  const { csv, map, detectors, ledger, run, known, onProgress } = input;
  const pilot = input.newPilot();
  const collector = createStatsCollector();
  const people = createPeople();
  const consents = createConsentList();
  const twoRequests: number[] = [];
  const opposite: { row: number; column: string; value: string }[] = [];
  const selector = createSelector(input.selection);
  let endsDamaged = false;
  const counts = { read: 0, blank: 0, repeatedHeaders: 0, footer: 0, invalid: 0, failed: 0, skipped: 0 };

  /** A report is no whole file; but what was held for its new name is not let through by importing it as it is. */
  const isCompared = (row: CsvRow): boolean => csv.report === undefined || row.code === 'held_new_first_name';
  const decide = (row: number, outcome: Outcome, code: string, otherRow?: number): void => {
    ledger.decide(run, { ...undecided, row, outcome, code, otherRow });
    if (outcome === 'failed') counts.failed += 1;
    if (outcome === 'skipped') counts.skipped += 1;
  };
  /** The whole file is checked for a pilot too, but only the pilot's own rows fail. */
  const refuse = (row: number, code: string): void => {
    counts.invalid += 1;
    if (selector.isOpenFor(row)) decide(row, 'failed', code);
    else decide(row, 'skipped', 'filtered');
  };
  const checkRow = (row: CsvRow): void => {
    if (row.damage !== undefined) {
      collector.problems(row.row, [row.damage]);
      refuse(row.row, row.damage.code);
      return;
    }
    if (row.code === 'superseded') {
      decide(row.row, 'skipped', 'superseded');
      return;
    }
    const mapped = mapRow(map, row);
    if (mapped.filtered) {
      decide(row.row, 'skipped', 'filtered');
      return;
    }
    detectors.note(row.row, row.cells);
    collector.warnings(row.row, mapped.warnings);
    if (mapped.problems.length > 0) {
      collector.problems(row.row, mapped.problems);
      for (const { code, column = '', value = '' } of mapped.problems) {
        if (code === 'date_opposite_order' && opposite.length < 3) opposite.push({ row: row.row, column, value });
      }
      refuse(row.row, 'invalid');
      return;
    }
    consents.set(people.size, consentsOf(mapped.contact));
    // Until its person is decided about, a row that was last sent like this counts as unchanged.
    const isKnown = isCompared(row) && known?.add(people.size, row.row, mapped) === true;
    const isSent = selector.take(row.row) && !(isKnown && input.onlyChanged);
    collector.valid(mapped, isSent);
    if (isSent) pilot.offer(row.row, mapped);
    if (mapped.tags.add.length > 0 && mapped.tags.remove.length > 0) twoRequests.push(row.row);
    people.add(row.row, mapped.keys, identityOf(mapped));
  };

  for await (const { rows, blank, repeatedHeaders, footer } of csv.batches()) {
    if (input.signal.aborted) break;
    counts.blank += blank;
    counts.repeatedHeaders += repeatedHeaders;
    counts.footer += footer;
    for (const row of rows) {
      counts.read += 1;
      endsDamaged = row.damage !== undefined;
      checkRow(row);
      if (counts.read % progressEvery === 0) onProgress(counts.read);
    }
  }
  refuseOppositeOrder(opposite);

  if (known?.needsSecondLook(csv.report === undefined ? counts.read - people.size : 0) === true) {
    for await (const { rows } of csv.batches()) {
      for (const { row, cells, damage } of rows) if (damage === undefined) known.lookAgain(row, map(cells));
    }
  }
  const verdicts = decidePeople(people, input.selection, known, input.onlyChanged);
  const sent = { rows: 0, requests: 0, waited: 0, sample: [] as number[] };
  const consent = createConsentCounter();
  let nextOfTwo = 0;
  const takenBack = new Set<number>();
  const sentAfterAll = new Set<number>();
  const unchanged = createSpan((rows) => ledger.decideUnchanged(run, rows));
  // Asked about the same rows in the same order, it says the same as above.
  const sameSelector = createSelector(input.selection);
  for (let index = 0; index < people.size; index += 1) {
    const row = people.rowAt(index);
    const verdict = verdicts.at(index);
    const isCounted = !(input.onlyChanged && known?.isKnown(index) === true);
    if (!sameSelector.take(row)) decide(row, 'skipped', 'filtered');
    else if (verdict?.code === 'unchanged') {
      unchanged.add(row);
      counts.skipped += 1;
    } else if (verdict?.outcome === 'failed' || verdict?.outcome === 'skipped') {
      if (verdict.outcome === 'failed') {
        collector.problems(row, [verdict]);
        counts.invalid += 1;
      }
      decide(row, verdict.outcome, verdict.code, verdict.other);
      if (isCounted) takenBack.add(row);
    } else {
      unchanged.end();
      sent.rows += 1;
      consent.add(consents.at(index), verdict?.person);
      while ((twoRequests[nextOfTwo] ?? Infinity) < row) nextOfTwo += 1;
      sent.requests += twoRequests[nextOfTwo] === row ? 2 : 1;
      if (sent.sample.length < input.sampleSize) sent.sample.push(row);
      if (!isCounted) sentAfterAll.add(row);
      const goesFirst = input.waited.has(row);
      if (goesFirst) sent.waited += 1;
      if (verdict !== undefined || goesFirst)
        ledger.decide(run, { ...undecided, row, goesFirst, person: verdict?.person });
    }
  }
  unchanged.end();
  for (const mapped of await mapRows(csv, map, takenBack)) collector.recount(mapped, false);
  for (const mapped of await mapRows(csv, map, sentAfterAll)) collector.recount(mapped, true);
  const found = collector.stats();
  ledger.flush();
  const picked = pilot.rows();
  const pilotRows = picked.some((row) => takenBack.has(row)) ? await pickAmongSent(input) : picked;
  ledger.updateRun(run, { read: counts.read, blank: counts.blank });
  return {
    ...counts,
    ...found,
    consent: consent.counts,
    columns: detectors.found(),
    pilotRows,
    toSend: sent.rows,
    requests: sent.requests,
    sharing: verdicts.sharing,
    sampleRows: sent.sample,
    valid: people.size,
    endsDamaged,
    waited: sent.waited,
    strangers: people.strangers,
    people: known === undefined || csv.report !== undefined ? undefined : { ...known.stats(), held: verdicts.held },
  };
}

/** Picks a pilot anew among the rows without decision: a row that is not sent after all can't show what it was picked for. */
async function pickAmongSent({ csv, map, ledger, run, newPilot }: CheckInput): Promise<number[]> {
  const pilot = newPilot();
  const decisionOn = createRowCursor(ledger, run);
  for await (const { rows } of csv.batches()) {
    for (const row of rows) {
      if ((decisionOn(row.row)?.outcome ?? 'pending') === 'pending') pilot.offer(row.row, mapRow(map, row));
    }
  }
  return pilot.rows();
}

/** Maps some rows again; none, without reading, when none are wanted. */
export async function mapRows(csv: CsvFile, map: RowMapper, wanted: ReadonlySet<number>): Promise<MappedRow[]> {
  const mapped: MappedRow[] = [];
  if (wanted.size === 0) return mapped;
  for await (const { rows } of csv.batches()) {
    for (const row of rows) if (wanted.has(row.row)) mapped.push(mapRow(map, row));
    if (mapped.length === wanted.size) break;
  }
  return mapped;
}

/** What two rows of one person may not disagree on, unless a user_id tells them apart. */
function identityOf({ contact }: MappedRow): string {
  return `${fold(String(contact['last_name'] ?? ''))}\0${String(contact['dob'] ?? '')}`;
}

/** Joins rows that follow each other to spans. */
function createSpan(store: (span: UnchangedRows) => void): { add(row: number): void; end(): void } {
  let span: { first: number; last: number; rows: number } | undefined;
  return {
    add(row) {
      span ??= { first: row, last: row, rows: 0 };
      span.last = row;
      span.rows += 1;
    },
    end() {
      if (span !== undefined) store(span);
      span = undefined;
    },
  };
}

/** Says of rows, asked in ascending order, whether a pilot includes them. */
interface Selector {
  /** Whether the pilot is not over before this row. */
  isOpenFor(row: number): boolean;
  /** Whether this valid row is one of the pilot's; it counts towards the limit. */
  take(row: number): boolean;
}

function createSelector({ limit = Infinity, rows }: Selection): Selector {
  let taken = 0;
  const isOpenFor = (row: number): boolean =>
    taken < limit && (rows === undefined || rows.some(([first, last]) => first <= row && row <= last));
  return {
    isOpenFor,
    take(row) {
      if (!isOpenFor(row)) return false;
      taken += 1;
      return true;
    },
  };
}

function refuseOppositeOrder(cells: readonly { row: number; column: string; value: string }[]): void {
  const [first] = cells;
  if (first === undefined) return;
  const list = cells.map(({ row, value }) => `row ${row} "${value}"`).join(', ');
  throw new RunError(
    'input',
    `Column "${first.column}" holds dates with day and month the other way round than its format: ${list}`,
    {
      hint: 'Correct "format" in the mapping (M/D/YYYY or D/M/YYYY), or these cells. Until then no date of this column can be believed.',
    },
  );
}
