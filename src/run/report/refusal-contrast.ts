import { createContrast } from '../../core/quality/contrast.ts';
import type { Difference } from '../../core/quality/contrast.ts';
import type { RunContext } from '../model.ts';
import { createRowCursor } from '../../ledger/row-cursor.ts';

/**
 * What rows that the server refused without a reason have in common and accepted ones have not. Reads the input once more, and
 * only when there are such rows. To be called while refusals are still told apart from rows that wait.
 */
export async function contrastRefusals({ ledger, file, csv, map }: RunContext): Promise<Difference | undefined> {
  if (!ledger.hasSilentRefusals(file.run)) return undefined;
  const contrast = createContrast();
  const recordAt = createRowCursor(ledger, file.run);
  for await (const { rows } of csv.batches()) {
    for (const { row, cells } of rows) {
      const record = recordAt(row);
      if (record?.outcome === 'succeeded') contrast.add(map(cells).contact, false);
      else if (record?.code === 'refused' && record.detail === undefined) contrast.add(map(cells).contact, true);
    }
  }
  return contrast.strongest();
}
