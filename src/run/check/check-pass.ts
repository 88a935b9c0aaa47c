import { mapRow } from '../../core/mapping/compile.ts';
import { allConsents, consentsOf, contactOfConsents, createConsentCounter } from '../../core/people/consents.ts';
import type { MarkReader, WithheldName } from '../../core/people/opt-outs.ts';
import { keyNumbers } from '../../core/people/key-hashes.ts';
import { withoutConsents, withoutWithheld } from '../../core/people/opt-outs.ts';
import { createRowMarks } from '../../core/people/row-marks.ts';
import type { RowMapper } from '../../core/mapping/compile.ts';
import type { DamageDetectors } from '../../core/quality/column-damage.ts';
import type { Outcome } from '../../core/outcome/outcome.ts';
import type { CsvFile, CsvRow } from '../../csv/reader.ts';
import { undecided } from '../../ledger/ledger.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { createStatsCollector } from './check-stats.ts';
import { listedRows } from '../model.ts';
import type {
  Checked,
  CheckStats,
  CollidingRows,
  FeedComparison,
  SampleRow,
  Selection,
  SentRow,
  SentRows,
} from '../model.ts';
import { createContradictions } from './contradictions.ts';
import { createPeople, identityOf } from './people.ts';
import type { KeyCollision, People } from './people.ts';
import type { FieldGallery } from './field-gallery.ts';
import type { PilotPicker } from './pilot.ts';
import { createRowBytes } from './row-bytes.ts';
import { createRowSpan } from './row-span.ts';
import { kindOfRow } from './row-kinds.ts';
import type { RowKinds } from './row-kinds.ts';
import { createSelector } from './selector.ts';
import { decidePeople } from './person-decisions.ts';
import { createOptInGuard } from './opt-in-guard.ts';

export interface CheckInput {
  readonly csv: CsvFile;
  readonly map: RowMapper;
  readonly detectors: DamageDetectors;
  readonly kinds: RowKinds;
  readonly pilot: PilotPicker;
  /** Rows that earlier pilots of the same file sent. */
  readonly piloted: ReadonlySet<number>;
  readonly ledger: Ledger;
  readonly run: number;
  readonly selection: Selection;
  /** The feed's memory; undefined where the file is not compared with it. */
  readonly known: FeedComparison | undefined;
  /** Whether people who were last sent just like this are skipped. */
  readonly onlyChanged: boolean;
  /** Finds the rows that go first, by their index among the valid ones. */
  readonly goesFirst: (people: People) => (index: number) => boolean;
  /** Notes the people of the rows to be sent. Undefined where no opt-outs are needed. */
  readonly marks: Pick<MarkReader, 'ofContact'> | undefined;
  /** Notes what is shown of the fields. Undefined where no one looks at it. */
  readonly gallery?: Pick<FieldGallery, 'note'> | undefined;
  onProgress(rows: number): void;
  /** How many rows to be sent are kept as a sample. */
  readonly sampleSize: number;
  /** Ends the pass early; what it returns is then worth nothing. */
  readonly signal: AbortSignal;
}

const progressEvery = 20_000;
const minor: readonly WithheldName[] = ['minor'];

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
 * @throws RunError `input` when a column contradicts the order of its days and months or its decimal separator: then none of its values can be trusted.
 */
export async function checkPass(input: CheckInput): Promise<Omit<Checked, 'expected'>> {
  const { csv, map, detectors, kinds, pilot, ledger, run, known, onProgress } = input;
  const collector = createStatsCollector();
  const people = createPeople();
  /** What is known of each valid row, as bits. */
  const flags = createRowBytes();
  const rowMarks = createRowMarks();
  const optIns = createOptInGuard(people);
  const candidates: (SampleRow & { readonly index: number })[] = [];
  const contradictions = createContradictions();
  const selector = createSelector(input.selection);
  let endsDamaged = false;
  const counts = { read: 0, blank: 0, repeatedHeaders: 0, footer: 0, invalid: 0, failed: 0, skipped: 0 };

  /** A report is not a whole file. But importing it unchanged must not let rows through that were held for a new name. */
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
    if (mapped.filtered || mapped.problems.length > 0) {
      known?.leaveOut(row.row, mapped);
      if (mapped.withholdsOptIn) optIns.noteLeftOut(keyNumbers(mapped.keys));
    } else if (mapped.withholdsOptIn) optIns.note(people.size);
    if (mapped.filtered) {
      decide(row.row, 'skipped', 'filtered');
      return;
    }
    detectors.note(row.row, row.cells);
    input.gallery?.note(row.cells, mapped);
    collector.warnings(row.row, mapped.warnings);
    if (mapped.problems.length > 0) {
      collector.problems(row.row, mapped.problems);
      contradictions.note(row.row, mapped.problems);
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
  contradictions.refuse();

  known?.complete();
  const decisions = decidePeople(
    people,
    input.selection,
    known,
    input.onlyChanged,
    (index) => flags.at(index) & allConsents,
  );
  const goesFirst = input.goesFirst(people);
  optIns.complete();
  const collisions: CollidingRows[] = [];
  const sent = { rows: 0, people: 0, requests: 0, waited: 0, withheld: 0 };
  /** People with several rows who are sent. */
  const sharing = new Set<number>();
  const consent = createConsentCounter();
  let hasForgotten = false;
  /** Takes an opt-in out of what is known of a row. */
  const withholdOptIn = (index: number): boolean => {
    const consents = flags.at(index) & allConsents;
    if (!optIns.withholds(index) || contactOfConsents(consents).optin_sms !== true) return false;
    const rest = consentsOf(withoutConsents(contactOfConsents(consents), ['optin_sms']));
    flags.set(index, (flags.at(index) & ~allConsents) | rest);
    optIns.markWithheld(index);
    return true;
  };
  const collisionOf = (index: number): Collision | undefined => {
    const found = people.collisionAt(index);
    if (found === undefined) return undefined;
    const { code, other } = found;
    // One row of a person makes one contact, however its name is written.
    if (code === 'first_name_spelling_differs' && (decisions.at(other)?.outcome ?? 'pending') !== 'pending')
      return undefined;
    return { code, rows: [people.rowAt(index), people.rowAt(other)] };
  };
  const noteCollision = ({ code, rows: [row, other] }: Collision): void => {
    collector.warnings(row, [{ code }]);
    if (code === 'first_name_spelling_differs') return;
    const isListed = collisions.some(({ rows }) => rows[0] === other && rows[1] === row);
    if (!isListed && collisions.length < listedRows) collisions.push({ code, rows: [row, other] });
  };
  const unchanged = createRowSpan((rows) => ledger.decideUnchanged(run, rows));
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
      const withheld = withholdOptIn(index) ? minor : undecided.withheld;
      if (withheld === minor) {
        sent.withheld += 1;
        collector.warnings(row, [{ code: 'minor_not_opted_in' }]);
      }
      consent.add(flags.at(index) & allConsents, decision?.person);
      if (decision?.person === undefined) sent.people += 1;
      else sharing.add(decision.person);
      const collision = collisionOf(index);
      if (collision !== undefined) noteCollision(collision);
      sent.requests += (flags.at(index) & bits.twoRequests) === 0 ? 1 : 2;
      const isFirst = goesFirst(index);
      if (isFirst) sent.waited += 1;
      const warnings = warningOf(collision);
      if (decision !== undefined || isFirst || withheld === minor || warnings !== undefined)
        ledger.decide(run, {
          ...undecided,
          row,
          goesFirst: isFirst,
          person: decision?.person,
          otherRow: collision?.rows[1],
          withheld,
          warnings,
        });
    }
    const isCounted = kinds.decide(index, row, isSent, input.piloted.has(row));
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
    filled:
      sent.withheld === 0
        ? found.filled
        : { ...found.filled, optin_sms: (found.filled['optin_sms'] ?? 0) - sent.withheld },
    consent: consent.counts,
    columns: detectors.found(),
    pilotRows: pilot.rows(),
    toSend: sent.rows,
    peopleToSend: sent.people + sharing.size,
    requests: sent.requests,
    sharing: decisions.sharing,
    valid: people.size,
    endsDamaged,
    waited: sent.waited,
    strangers: people.keyCollisions,
    collisions,
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
        withheld: optIns.isWithheld(index) ? minor : undecided.withheld,
        otherRow: collisionOf(index)?.rows[1],
        warnings: warningOf(collisionOf(index)),
        marks: (flags.at(index) & bits.marked) === 0 ? undefined : rowMarks.at(index),
        people: () => known?.peopleAt(index) ?? [],
      };
    }
  };
  const samples = candidates
    .filter(({ index }) => isSent(index))
    .slice(0, input.sampleSize)
    .map(({ index, row, mapped }) => ({
      row,
      mapped: optIns.isWithheld(index) ? withoutWithheld(mapped, minor) : mapped,
    }));
  return { stats, samples, sentRows: createSentRows(readSent) };
}

/** A separate function, so that its result keeps nothing else of the check in memory. */
function createSentRows(read: () => Iterator<SentRow>): SentRows {
  let current: typeof read | undefined = read;
  return {
    [Symbol.iterator]: () => current?.() ?? [][Symbol.iterator](),
    release() {
      current = undefined;
    },
  };
}

interface Collision {
  readonly code: KeyCollision['code'];
  readonly rows: CollidingRows['rows'];
}

/** For the `_warnings` of the row: `same_keys_other_user_id (row 7)`. */
function warningOf(collision: Collision | undefined): string | undefined {
  return collision === undefined ? undefined : `${collision.code} (row ${collision.rows[1]})`;
}
