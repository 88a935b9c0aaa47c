import path from 'node:path';
import { guardFormula } from '../../core/reports/spreadsheet-guard.ts';
import type { Vanished } from '../../ledger/ledger.ts';
import { createReportFile } from '../../report/report-file.ts';

/** Lists people of earlier files who are not in this one, with the row and the run where each was last seen. @throws RunError `not_writable` */
export async function writeVanished(folder: string, vanished: Iterable<Vanished>): Promise<void> {
  const file = await createReportFile(path.join(folder, 'vanished.csv'), ['_id', '_last_row', '_last_run']);
  for (const { id, row, run } of vanished) await file.add([guardFormula(id), String(row), String(run)]);
  await file.commit();
}
