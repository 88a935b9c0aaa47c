import type { Ledger, RowRecord } from '../ledger/ledger.ts';

const pageSize = 1000;

/** Looks up the records of a run's rows while rows come in ascending order, a page of the ledger at a time. */
export function createRowCursor(ledger: Ledger, run: number): (row: number) => RowRecord | undefined {
  let page: RowRecord[] = [];
  let position = 0;
  let isLast = false;
  return (row) => {
    for (;;) {
      const record = page[position];
      if (record === undefined) {
        if (isLast) return undefined;
        page = ledger.rowsAfter(run, page.at(-1)?.row ?? 0, pageSize);
        position = 0;
        isLast = page.length < pageSize;
      } else if (record.row < row) position += 1;
      else return record.row === row ? record : undefined;
    }
  };
}
