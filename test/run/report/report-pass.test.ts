import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { compileMapping } from '../../../src/core/mapping/compile.ts';
import type { CsvFile } from '../../../src/csv/reader.ts';
import type { RowRecord } from '../../../src/ledger/ledger.ts';
import { openLedger, undecided } from '../../../src/ledger/ledger.ts';
import { reportPass } from '../../../src/run/report/report-pass.ts';
import { newFile } from '../../ledger/folder.ts';

it('the file is read again only when there is something to list', async () => {
  const file = await newFile();
  const ledger = openLedger(file);
  onTestFinished(() => ledger.close());
  const header = ['First', 'Last'];
  let readings = 0;
  let heard = 0;
  const csv: CsvFile = {
    header,
    headerRow: 1,
    report: undefined,
    settings: { encoding: 'utf-8', delimiter: ',', quote: '"' },
    async *batches() {
      readings += 1;
      const rows = [2, 3, 4].map((row) => ({ row, sourceRow: row, cells: ['', 'Diaz'] }));
      yield await Promise.resolve({ rows, blank: 0, repeatedHeaders: 0, footer: 0 });
    },
  };
  const fields = { first_name: 'First', last_name: 'Last' };
  const context = { today: '2026-11-27', extraTags: { add: [], remove: [] } };
  const map = compileMapping({ version: 1, name: 'people', fields }, header, context);
  const folder = path.dirname(file);
  const input = {
    csv,
    map,
    ledger,
    run: 1,
    folder,
    dateColumns: new Set<number>(),
    hasDamage: false,
    mustRead: false,
    onRow: (_row: unknown, { outcome }: Pick<RowRecord, 'outcome'>) => {
      if (outcome === 'failed' || outcome === 'unknown') heard += 1;
    },
  };

  const clean = await reportPass({ ...input, read: 3, listUnchanged: false });
  expect(clean).toMatchObject({ counts: { pending: 3, failed: 0 }, files: { 'failure.csv': 0 } });
  expect(readings).toBe(0);

  // The number of rows is not known yet, so they are counted.
  const uncounted = await reportPass({ ...input, read: undefined, listUnchanged: false });
  expect(uncounted).toMatchObject({ counts: { pending: 3 } });
  expect(readings).toBe(1);

  ledger.decide(1, { ...undecided, row: 3, outcome: 'failed', code: 'invalid' });
  ledger.flush();
  const listed = await reportPass({ ...input, read: 3, listUnchanged: false });
  expect(listed).toMatchObject({ counts: { pending: 2, failed: 1 }, files: { 'failure.csv': 1 } });
  expect([readings, heard]).toEqual([2, 1]);
});
