import { mapRow } from '../../core/mapping/compile.ts';
import { allConsents, consentsOf, createConsentCounter } from '../../core/people/consents.ts';
import type { MarkReader } from '../../core/people/opt-outs.ts';
import { createRowMarks } from '../../core/people/row-marks.ts';
import type { MappedRow, RowMapper } from '../../core/mapping/compile.ts';
import type { DamageDetectors } from '../../core/quality/column-damage.ts';
import type { Outcome } from '../../core/outcome/outcome.ts';
import { isContradiction } from '../../core/outcome/problem.ts';
import type { ContradictionCode } from '../../core/outcome/problem.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import { fold } from '../../core/values/text.ts';
import type { CsvFile, CsvRow } from '../../csv/reader.ts';
import { undecided } from '../../ledger/ledger.ts';
import type { Ledger, UnchangedRows } from '../../ledger/ledger.ts';
import { createStatsCollector } from './check-stats.ts';
import type { Checked, CheckStats, FeedComparison, SampleRow, Selection, SentRow, SentRows } from '../model.ts';
import { createPeople } from './people.ts';
import type { People } from './people.ts';
import type { PilotPicker } from './pilot.ts';
import { createRowBytes } from './row-bytes.ts';
import { kindOfRow } from './row-kinds.ts';
import type { RowKinds } from './row-kinds.ts';
import { decidePeople } from './person-decisions.ts';

export interface CheckInput {
  readonly csv: CsvFile;
  readonly map: RowMapper;
  readonly detectors: DamageDetectors;
  readonly kinds: RowKinds;
  readonly pilot: PilotPicker;
  readonly ledger: Ledger;
  readonly run: number;
  readonly selection: Selection;
  /** The feed's memory; undefined where the file is not compared with it. */
  readonly known: FeedComparison | undefined;
  /** Whether people who were last sent just like this are skipped. */
  readonly onlyChanged: boolean;
  /** Finds the rows that go first, by their index among the valid ones. */
  readonly goesFirst: (people: People) => (index: number) => boolean;
  /** Notes whom the rows to be sent are about; undefined where no opt-outs are asked for. */
  readonly marks: Pick<MarkReader, 'ofContact'> | undefined;
  onProgress(rows: number): void;
  /** How many rows to be sent are kept as a sample. */
  readonly sampleSize: number;
  /** Ends the pass early; what it returns is then worth nothing. */
  readonly signal: AbortSignal;
}

const progressEvery = 20_000;

/** What else is known of a row, above the bits of its consents. */
const bits = {
  /** It removes tags and adds others. */
  twoRequests: allConsents + 1,
  sent: 2 * (allConsents + 1),
  /** What it changes was counted by its kind. */
  counted: 4 * (allConsents + 1),
  marked: 8 * (allConsents + 1),
} as const;

/**
 * The first pass: reads, maps and validates every row, groups valid rows into people, and stores once and for all which rows
 * are failed or skipped. Rows without a stored decision are to be sent.
 *
 * @throws RunError `input` when a column contradicts the order of its days and months or its decimal separator: then no value of it can be believed.
 */
export async function checkPass(input: CheckInput): Promise<Omit<Checked, 'expected'>> {
  const { csv, map, detectors, kinds, pilot, ledger, run, known, onProgress } = input;
  const collector = createStatsCollector();
  const people = createPeople();
  /** What is known of each valid row, as bits. */
  const flags = createRowBytes();
  const rowMarks = createRowMarks();
  const candidates: (SampleRow & { readonly index: number })[] = [];
  const contradictions: Contradiction[] = [];
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
    if (mapped.filtered || mapped.problems.length > 0) known?.leaveOut(row.row, mapped);
    if (mapped.filtered) {
      decide(row.row, 'skipped', 'filtered');
      return;
    }
    detectors.note(row.row, row.cells);
    collector.warnings(row.row, mapped.warnings);
    if (mapped.problems.length > 0) {
      collector.problems(row.row, mapped.problems);
      for (const { code, column = '', value = '' } of mapped.problems) {
        if (isContradiction(code) && contradictions.length < 3)
          contradictions.push({ code, row: row.row, column, value });
      }
      refuse(row.row, 'invalid');
      return;
    }
    const needsTwo = mapped.tags.add.length > 0 && mapped.tags.remove.length > 0;
    kinds.note(people.size, mapped);
    // Until its person is decided about, a row that was last sent like this counts as unchanged.
    const isKnown = isCompared(row) && known?.add(people.size, row.row, mapped) === true;
    if (!isCompared(row)) known?.recognize(people.size, row.row, mapped);
    const isSent = selector.take(row.row) && !(isKnown && input.onlyChanged);
    const isMarked = isSent && input.marks !== undefined;
    if (isMarked) rowMarks.set(people.size, input.marks.ofContact(mapped.contact));
    flags.set(
      people.size,
      consentsOf(mapped.contact) | (needsTwo ? bits.twoRequests : 0) | (isMarked ? bits.marked : 0),
    );
    collector.valid(mapped);
    if (isSent && candidates.length < 2 * input.sampleSize)
      candidates.push({ index: people.size, row: row.row, mapped });
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
  refuseContradictions(contradictions);

  known?.complete();
  const decisions = decidePeople(people, input.selection, known, input.onlyChanged);
  const goesFirst = input.goesFirst(people);
  const sent = { rows: 0, requests: 0, waited: 0 };
  const consent = createConsentCounter();
  let hasForgotten = false;
  const unchanged = createSpan((rows) => ledger.decideUnchanged(run, rows));
  // Asked about the same rows in the same order, it says the same as above.
  const sameSelector = createSelector(input.selection);
  for (let index = 0; index < people.size; index += 1) {
    const row = people.rowAt(index);
    const decision = decisions.at(index);
    let isSent = false;
    if (!sameSelector.take(row)) decide(row, 'skipped', 'filtered');
    else if (decision?.code === 'unchanged') {
      unchanged.add(row);
      counts.skipped += 1;
    } else if (decision?.outcome === 'failed' || decision?.outcome === 'skipped') {
      if (decision.outcome === 'failed') {
        collector.problems(row, [decision]);
        counts.invalid += 1;
      }
      decide(row, decision.outcome, decision.code, decision.other);
    } else {
      isSent = true;
      unchanged.end();
      sent.rows += 1;
      consent.add(flags.at(index) & allConsents, decision?.person);
      sent.requests += (flags.at(index) & bits.twoRequests) === 0 ? 1 : 2;
      const isFirst = goesFirst(index);
      if (isFirst) sent.waited += 1;
      if (decision !== undefined || isFirst)
        ledger.decide(run, { ...undecided, row, goesFirst: isFirst, person: decision?.person });
    }
    const isCounted = kinds.decide(index, row, isSent);
    hasForgotten ||= !isCounted;
    flags.set(index, flags.at(index) | (isSent ? bits.sent : 0) | (isCounted ? bits.counted : 0));
  }
  const isSent = (index: number): boolean => (flags.at(index) & bits.sent) !== 0;
  unchanged.end();
  for (const kind of kinds.counted()) {
    collector.decided(kind, kind.sent, kind.notSent);
    if (kind.sent > 0) pilot.offer(kind.firstSent, kind);
  }
  if (hasForgotten) {
    let index = 0;
    for await (const { rows } of csv.batches()) {
      for (const row of rows) {
        if (people.rowAt(index) !== row.row || index === people.size) continue;
        if ((flags.at(index) & bits.counted) === 0)
          collector.decided(kindOfRow(mapRow(map, row)), isSent(index) ? 1 : 0, isSent(index) ? 0 : 1);
        index += 1;
      }
    }
  }
  const found = collector.stats();
  ledger.flush();
  ledger.updateRun(run, { read: counts.read, blank: counts.blank });
  const stats: CheckStats = {
    ...counts,
    ...found,
    consent: consent.counts,
    columns: detectors.found(),
    pilotRows: pilot.rows(),
    toSend: sent.rows,
    requests: sent.requests,
    sharing: decisions.sharing,
    valid: people.size,
    endsDamaged,
    waited: sent.waited,
    strangers: people.keyCollisions,
    people: known === undefined || csv.report !== undefined ? undefined : { ...known.stats(), held: decisions.held },
  };
  const readSent = function* (): Generator<SentRow> {
    for (let index = 0; index < people.size; index += 1) {
      if (!isSent(index)) continue;
      yield {
        row: people.rowAt(index),
        person: decisions.at(index)?.person,
        goesFirst: goesFirst(index),
        consents: flags.at(index) & allConsents,
        marks: (flags.at(index) & bits.marked) === 0 ? undefined : rowMarks.at(index),
        people: () => known?.peopleAt(index) ?? [],
      };
    }
  };
  const samples = candidates.filter(({ index }) => isSent(index)).slice(0, input.sampleSize);
  return { stats, samples, sentRows: createSentRows(readSent) };
}

/** In a function of its own, so that nothing else of the check is kept by what it returns. */
function createSentRows(read: () => Iterator<SentRow>): SentRows {
  let current: typeof read | undefined = read;
  return {
    [Symbol.iterator]: () => current?.() ?? [][Symbol.iterator](),
    release() {
      current = undefined;
    },
  };
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

/** A cell that says that its whole column is not as the mapping says. */
interface Contradiction {
  readonly code: ContradictionCode;
  readonly row: number;
  readonly column: string;
  readonly value: string;
}

const contradictionTexts: Record<ContradictionCode, { readonly holds: string; readonly hint: string }> = {
  date_opposite_order: {
    holds: 'dates with day and month the other way round than its format',
    hint: 'Correct "format" in the mapping (M/D/YYYY or D/M/YYYY), or these cells. Until then no date of this column can be believed.',
  },
  number_decimal_comma: {
    holds: 'numbers with a decimal comma, and the mapping does not set its decimal separator',
    hint: 'Set "decimal" to "," or "." in the mapping. "." makes these cells invalid. Until then no number of this column can be believed.',
  },
};

function refuseContradictions(cells: readonly Contradiction[]): void {
  const [first] = cells;
  if (first === undefined) return;
  const { holds, hint } = contradictionTexts[first.code];
  const list = cells
    .filter(({ code, column }) => code === first.code && column === first.column)
    .map(({ row, value }) => `row ${row} "${value}"`)
    .join(', ');
  throw new RunError('input', `Column "${first.column}" holds ${holds}: ${list}`, { hint });
}
