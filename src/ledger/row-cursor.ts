import { undecided } from './ledger.ts';
import type { Ledger, RowRecord } from './ledger.ts';

const pageSize = 1000;

/**
 * Looks up the records of a run's rows, which must be asked for in ascending order. It reads a page of the ledger at a time. A row
 * without a record of its own that lies among unchanged rows is unchanged too.
 */
export function createRowCursor(ledger: Ledger, run: number): (row: number) => RowRecord | undefined {
  const recordAt = createPager(
    (after) => ledger.rowsAfter(run, after, pageSize),
    ({ row }) => ({ first: row, last: row }),
  );
  const unchangedAt = createPager(
    (after) => ledger.unchangedAfter(run, after, pageSize),
    (rows) => rows,
  );
  return (row) => recordAt(row) ?? (unchangedAt(row) === undefined ? undefined : unchangedRow(row));
}

/** Walks through pages of spans, in ascending order, to the span that holds a row. */
function createPager<T>(
  read: (after: number) => T[],
  spanOf: (entry: T) => { readonly first: number; readonly last: number },
): (row: number) => T | undefined {
  let page: T[] = [];
  let position = 0;
  let isLast = false;
  let after = 0;
  return (row) => {
    for (;;) {
      const entry = page[position];
      if (entry === undefined) {
        if (isLast) return undefined;
        page = read(after);
        position = 0;
        isLast = page.length < pageSize;
        const end = page.at(-1);
        if (end !== undefined) after = spanOf(end).first;
        continue;
      }
      const { first, last } = spanOf(entry);
      if (last >= row) return first <= row ? entry : undefined;
      position += 1;
    }
  };
}

function unchangedRow(row: number): RowRecord {
  return { ...undecided, row, outcome: 'skipped', code: 'unchanged' };
}
