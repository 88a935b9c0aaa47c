import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileMapping } from '../../../src/core/mapping/compile.ts';
import { mappingSchema } from '../../../src/core/mapping/schema.ts';
import { openLedger, undecided } from '../../../src/ledger/ledger.ts';
import type { Ledger, RowRecord } from '../../../src/ledger/ledger.ts';
import { createComparison } from '../../../src/run/feed/comparison.ts';
import { createPeople } from '../../../src/run/check/people.ts';
import { openMatcher } from '../../../src/run/feed/matcher.ts';
import { decidePeople } from '../../../src/run/check/person-decisions.ts';
import { newFile } from '../../ledger/folder.ts';

const header = ['Id', 'First', 'Last', 'Email', 'Phone', 'Plan'];
const mapping = mappingSchema.parse({
  version: 1,
  name: 'members',
  country: 'US',
  fields: { user_id: 'Id', first_name: 'First', last_name: 'Last', email: 'Email', phone: 'Phone' },
  attributes: { plan: 'Plan' },
});
const map = compileMapping(mapping, header, { today: '2026-12-01', extraTags: { add: [], remove: [] } });
type Row = readonly string[];

/** What happens to a row that is to be sent. `lost`: it was sent, and the process was killed before it was recorded. */
type Fate = 'succeeded' | 'failed' | 'unknown' | 'lost' | 'not begun';

/** One night with --only-changed: returns the rows that were sent. */
function night(ledger: Ledger, rows: readonly Row[], fateOf: (row: Row) => Fate, isKilled: boolean): Row[] {
  const run = ledger.createRun({
    started: '2026-12-01T00:00:00.000Z',
    identity: '',
    account: 'here app',
    feed: mapping.name,
    inputName: 'members.csv',
    inputSha: '',
    out: '/runs',
  }).id;
  const matcher = openMatcher(ledger, 'here app', mapping);
  const known = createComparison(matcher, false);
  const people = createPeople();
  const mapped = rows.map((cells) => map(cells));
  mapped.forEach((row, index) => {
    known.add(index, index + 2, row);
    people.add(index + 2, row.keys, {
      writtenId: undefined,
      lastAndBirth: '',
      firstName: '',
      lastName: '',
      writtenFirstName: '',
    });
  });
  const verdicts = decidePeople(
    people,
    { limit: undefined, rows: undefined, duplicates: 'send' },
    known,
    true,
    () => 0,
  );
  const { toSend, seen } = known.expected();
  matcher.memory.begin(run, toSend, seen);
  ledger.updateRun(run, { state: 'sending' });
  const out: Row[] = [];
  mapped.forEach((row, index) => {
    const verdict = verdicts.at(index);
    if (verdict?.outcome === 'skipped') return;
    const record: RowRecord = { ...undecided, row: index + 2, person: verdict?.person };
    if (verdict !== undefined) ledger.decide(run, record);
    const cells = rows[index] ?? [];
    const fate = fateOf(cells);
    if (fate === 'not begun') return;
    out.push(cells);
    if (fate === 'lost') return;
    const id = fate === 'succeeded' ? `id${index}` : undefined;
    ledger.book(run, { ...record, outcome: fate, id, trace: matcher.traceOf(row) });
  });
  ledger.flush();
  if (!isKilled) matcher.memory.remember(run, true);
  return out;
}

async function withLedger(work: (ledger: Ledger) => void): Promise<void> {
  const ledger = openLedger(await newFile());
  try {
    work(ledger);
  } finally {
    ledger.close();
  }
}

const few = (values: readonly string[]) => fc.constantFrom(...values);
/** Rows that share user_id, email or phone, in every combination, and many of one person. */
const tangled = fc
  .tuple(
    few(['', '', '1', '2']),
    few(['Ana', 'Bob']),
    few(['', 'a@example.com', 'b@example.com']),
    few(['', '202-555-0101', '202-555-0102']),
    few(['Gold', 'Silver']),
  )
  .map(([id, first, email, phone, plan]) => [id, first, 'Lee', email, phone, plan])
  .filter(([id, , email, phone]) => `${id}${email}${phone}` !== '');

it('an identical second night sends nothing, whatever happened before (promise P6)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(tangled, { maxLength: 7 }), { minLength: 1, maxLength: 4 }), async (nights) => {
      await withLedger((ledger) => {
        for (const rows of nights) night(ledger, rows, () => 'succeeded', false);
        expect(night(ledger, nights.at(-1) ?? [], () => 'succeeded', false)).toEqual([]);
      });
    }),
    { numRuns: 30 },
  );
});

it('skips only people whose last request succeeded with exactly this content', async () => {
  const fates = fc.array(
    fc.constantFrom<Fate>('succeeded', 'succeeded', 'succeeded', 'failed', 'unknown', 'lost', 'not begun'),
    { minLength: 1, maxLength: 12 },
  );
  const row = fc
    .tuple(few(['1', '2', '3']), few(['Gold', 'Silver']))
    .map(([id, plan]) => [id, 'Ana', 'Lee', '', '', plan]);
  const nights = fc.array(fc.record({ rows: fc.array(row, { maxLength: 5 }), fates, isKilled: fc.boolean() }), {
    minLength: 2,
    maxLength: 5,
  });
  const plan = (name: string) => [['1', 'Ana', 'Lee', '', '', name]];
  /** Sent, changed and lost in a kill, and back to what it was: Gleantap may hold the change. */
  const thereAndBack = [
    { rows: plan('Gold'), fates: ['succeeded' as const], isKilled: false },
    { rows: plan('Silver'), fates: ['lost' as const], isKilled: true },
    { rows: plan('Gold'), fates: ['succeeded' as const], isKilled: false },
  ];
  await fc.assert(
    fc.asyncProperty(nights, async (list) => {
      await withLedger((ledger) => {
        /** By user_id: the plans that were sent last, and whether all of them were accepted. */
        const last = new Map<string, { plans: string[]; good: boolean }>();
        for (const { rows, fates: deals, isKilled } of list) {
          const told = new Map<Row, Fate>();
          rows.forEach((cells, index) => {
            const fate = deals[index % deals.length] ?? 'succeeded';
            // Only a killed run leaves rows without an outcome.
            told.set(cells, isKilled || (fate !== 'lost' && fate !== 'not begun') ? fate : 'failed');
          });
          const out = night(ledger, rows, (cells) => told.get(cells) ?? 'succeeded', isKilled);
          for (const id of ['1', '2', '3']) {
            const theirs = rows.filter(([user]) => user === id);
            const sent = out.filter(([user]) => user === id);
            const plans = theirs.map((cells) => cells[5] ?? '');
            if (theirs.length === 0) continue;
            const isSkipped = sent.length === 0 && theirs.every((cells) => told.get(cells) !== 'not begun');
            if (isSkipped) expect(last.get(id)).toEqual({ plans, good: true });
            else if (sent.length > 0)
              last.set(id, { plans, good: theirs.every((cells) => told.get(cells) === 'succeeded') });
          }
        }
      });
    }),
    { numRuns: 30, examples: [[thereAndBack]] },
  );
});
