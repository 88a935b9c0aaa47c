import type { Outcome } from '../core/outcome/outcome.ts';
import type { Cell, Database } from './database.ts';
import type { Search } from './find-people.ts';
import type { RowTrace } from './records.ts';
import { storedPayload } from './payload-table.ts';
import { loadLastSeen } from './last-seen.ts';

/** A row of a run, as far as the memory of its feed is concerned. Without a trace it was never sent. */
interface SentRow {
  /** The first row of its person. */
  readonly person: number;
  readonly row: number;
  readonly outcome: Outcome;
  readonly id: string | undefined;
  readonly trace: RowTrace | undefined;
}

const pageSize = 2000;
const columns = 'row, outcome, contact_id, payload, user, email, phone, first, filled';

/**
 * Takes a run's outcomes over into the memory of its feed, person by person, in commits of some thousand rows. Nothing is lost
 * when it is killed half-way: the same people are simply taken over again.
 */
export function rememberRun(database: Database, feed: number, search: Search, run: number, isOver: boolean): void {
  const lastSeen = loadLastSeen(database, feed);
  const claimed = new Set<number>();
  /** Two people of this run may both have been one person before; each gets a memory of its own, or they would take turns. */
  const isFree = (number: number, rows: readonly SentRow[]): boolean => {
    const isSeen = lastSeen.runOf(number) === run;
    return !claimed.has(number) && (!isSeen || rows.some(({ row }) => row === lastSeen.rowOf(number)));
  };
  const store = createStore(database, feed, search, isFree);
  let people: SentRow[][] = [];
  const commit = (): void => {
    database.transaction(() => {
      for (const rows of people) {
        const number = store(rows);
        claimed.add(number);
        if (isOver) lastSeen.note(number, run, rows[0]?.row ?? 0);
      }
    });
    people = [];
  };
  for (const rows of peopleOf(database, run)) {
    // A person of whom nothing was sent is as it was.
    if (rows.every(({ trace }) => trace === undefined)) continue;
    people.push(rows);
    if (people.length >= pageSize) commit();
  }
  commit();
  database.transaction(() => {
    lastSeen.save();
    database.prepare('UPDATE runs SET remembered = 1 WHERE id = ?').run(run);
  });
}

/** The rows of a run that were sent or still wait, by person. */
function* peopleOf(database: Database, run: number): Generator<SentRow[]> {
  const singles = database.prepare(
    `SELECT row, ${columns} FROM rows WHERE run = ? AND person IS NULL AND payload IS NOT NULL AND row > ?
     ORDER BY row LIMIT ${pageSize}`,
  );
  let last = 0;
  for (let page = singles.all(run, last); page.length > 0; page = singles.all(run, last)) {
    for (const cells of page) yield [rowOf(cells)];
    last = Number(page.at(-1)?.[0] ?? 0);
  }
  const shared = database.prepare(
    `SELECT person, ${columns} FROM rows WHERE run = ? AND person IS NOT NULL
     AND (payload IS NOT NULL OR outcome = 'pending') AND (person, row) > (?, ?) ORDER BY person, row LIMIT ${pageSize}`,
  );
  let rows: SentRow[] = [];
  let before = { person: 0, row: 0 };
  for (;;) {
    const page = shared.all(run, before.person, before.row).map(rowOf);
    for (const row of page) {
      if (rows.length > 0 && rows[0]?.person !== row.person) {
        yield rows;
        rows = [];
      }
      rows.push(row);
    }
    const end = page.at(-1);
    if (end === undefined) break;
    before = end;
  }
  if (rows.length > 0) yield rows;
}

/** Returns what stores the outcome of one person and says its number. */
function createStore(
  database: Database,
  feed: number,
  search: Search,
  isFree: (number: number, rows: readonly SentRow[]) => boolean,
): (rows: readonly SentRow[]) => number {
  const highest = database.prepare('SELECT max(number) FROM people WHERE feed = ?').get(feed)?.[0];
  let next = typeof highest === 'number' ? highest + 1 : 0;
  const isNew = next === 0;
  const personOf = database.prepare('SELECT contact_id, user FROM people WHERE feed = ? AND number = ?');
  const rowsBefore = database.prepare(
    'SELECT user, email, phone FROM person_rows WHERE feed = ? AND number = ? ORDER BY nth',
  );
  const deletePerson = database.prepare('DELETE FROM people WHERE feed = ? AND number = ?');
  const deleteRows = database.prepare('DELETE FROM person_rows WHERE feed = ? AND number = ?');
  const forget = database.prepare('UPDATE person_rows SET payload = NULL WHERE feed = ? AND number = ?');
  const putPerson = database.prepare(
    'INSERT OR REPLACE INTO people (feed, number, user, contact_id, outcome) VALUES (?, ?, ?, ?, ?)',
  );
  const putRow = database.prepare(
    `INSERT INTO person_rows (feed, number, nth, payload, user, email, phone, first, filled)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return (rows) => {
    const traces = rows.flatMap(({ trace }) => trace ?? []);
    const user = traces.find((trace) => trace.user !== undefined)?.user;
    // A feed without people knows none of these; people of one run are distinguished already.
    const found = isNew ? [] : new Set(traces.flatMap((keys) => search(keys, user)));
    const known = [...found].filter((number) => isFree(number, rows));
    const [number = next, ...parts] = known;
    if (number === next) next += 1;
    for (const part of parts) {
      deletePerson.run(feed, part);
      deleteRows.run(feed, part);
    }
    const succeeded = rows.every(({ outcome }) => outcome === 'succeeded');
    const outcome = succeeded ? 'succeeded' : (rows.find((row) => row.outcome !== 'succeeded')?.outcome ?? 'pending');
    const [idBefore = null, userBefore = null] = known.length === 0 ? [] : (personOf.get(feed, number) ?? []);
    const id = rows.findLast((row) => row.id !== undefined)?.id ?? idBefore;
    if (succeeded || idBefore === null) {
      // An empty cell clears nothing: the contact still has what identified it the time before.
      const old = known.length === 0 ? [] : rowsBefore.all(feed, number);
      if (known.length > 0) deleteRows.run(feed, number);
      for (const [nth, trace] of traces.entries()) {
        const payload = succeeded ? storedPayload(number, trace.payload) : null;
        const [theirUser = null, theirEmail = null, theirPhone = null] = old[nth] ?? [];
        const keys = [trace.user ?? theirUser, trace.email ?? theirEmail, trace.phone ?? theirPhone] as const;
        putRow.run(feed, number, nth, payload, ...keys, trace.first ?? null, trace.filled);
      }
    } else forget.run(feed, number);
    putPerson.run(feed, number, user ?? userBefore, id, outcome);
    return number;
  };
}

function rowOf(cells: readonly Cell[]): SentRow {
  const [person, row, outcome, id, payload, user, email, phone, first, filled] = cells;
  const numberOf = (cell: Cell | undefined): number | undefined => (typeof cell === 'number' ? cell : undefined);
  return {
    person: Number(person),
    row: Number(row),
    outcome: outcome as Outcome,
    id: typeof id === 'string' ? id : undefined,
    trace:
      typeof payload === 'string'
        ? {
            payload,
            user: numberOf(user),
            email: numberOf(email),
            phone: numberOf(phone),
            first: numberOf(first),
            filled: String(filled),
          }
        : undefined,
  };
}
