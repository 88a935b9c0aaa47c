import * as fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { openLedger, undecided } from '../../src/ledger/ledger.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { createRowCursor } from '../../src/ledger/row-cursor.ts';
import { newFile } from './folder.ts';

async function fresh(): Promise<Ledger> {
  const ledger = openLedger(await newFile());
  onTestFinished(() => ledger.close());
  return ledger;
}

it('finds each row across many pages of the ledger, and returns nothing for a row that is not in it', async () => {
  const ledger = await fresh();
  for (let row = 2; row < 5000; row += 2) ledger.decide(1, { ...undecided, row, attempts: row });
  ledger.decide(2, { ...undecided, row: 3 });
  ledger.flush();
  const storedAt = createRowCursor(ledger, 1);
  for (let row = 1; row < 5010; row += 1) {
    expect(storedAt(row)?.attempts).toBe(row % 2 === 0 && row < 5000 ? row : undefined);
  }
});

it('a row can be requested twice, and rows can be skipped', async () => {
  const ledger = await fresh();
  for (const row of [2, 5, 9]) ledger.decide(1, { ...undecided, row });
  ledger.flush();
  const storedAt = createRowCursor(ledger, 1);
  expect([5, 5, 6, 9, 9, 10].map((row) => storedAt(row)?.row)).toEqual([5, 5, undefined, 9, 9, undefined]);
});

it('rows among unchanged ones are unchanged, unless they have their own record', async () => {
  const ledger = await fresh();
  const stretch = fc.record({ gap: fc.integer({ min: 1, max: 5 }), length: fc.integer({ min: 1, max: 8 }) });
  let run = 0;
  fc.assert(
    fc.property(
      fc.array(stretch, { maxLength: 30 }),
      fc.uniqueArray(fc.integer({ min: 2, max: 200 })),
      (stretches, own) => {
        run += 1;
        const expected = new Map<number, string>();
        let first = 2;
        for (const { gap, length } of stretches) {
          first += gap;
          const last = first + length - 1;
          for (let row = first; row <= last; row += 1) expected.set(row, 'unchanged');
          ledger.decideUnchanged(run, { first, last, rows: length });
          first = last + 1;
        }
        for (const row of own) {
          expected.set(row, 'filtered');
          ledger.decide(run, { ...undecided, row, outcome: 'skipped', code: 'filtered' });
        }
        ledger.flush();
        const storedAt = createRowCursor(ledger, run);
        for (let row = 1; row < 500; row += 1) expect([row, storedAt(row)?.code]).toEqual([row, expected.get(row)]);
      },
    ),
    { numRuns: 40 },
  );
});
