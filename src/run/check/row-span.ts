import type { UnchangedRows } from '../../ledger/ledger.ts';

/** Joins rows that follow each other to spans. */
export function createRowSpan(store: (span: UnchangedRows) => void): { add(row: number): void; end(): void } {
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
