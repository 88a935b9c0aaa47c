import type { RowMapper } from '../../core/mapping/compile.ts';
import { listKeys } from '../../core/api/match-keys.ts';
import type { CsvRow } from '../../csv/reader.ts';
import type { RowRecord } from '../../ledger/ledger.ts';

/** Distinguishes rows that failed for the first time from those whose people also failed in the feed's last file. */
export interface FailureNews {
  /** Failed rows are listed anyway. */
  readonly mustRead: false;
  note(row: CsvRow, record: Pick<RowRecord, 'outcome'>): void;
  /** Pseudonyms of what failed, for the feed's next file. */
  readonly marks: ReadonlySet<string>;
  facts(): FailureFacts;
}

export interface FailureFacts {
  readonly new: number;
  /** Failed or unknown in the last file as well. */
  readonly again: number;
  /** The first row numbers of the new ones. */
  readonly newRows: readonly number[];
}

const listedRows = 20;

/** @param digest Makes a pseudonym of a text. A row is recognised by its person, or by its cells where nothing identifies one. */
export function createFailureNews(
  before: ReadonlySet<string>,
  map: RowMapper,
  digest: (text: string) => string,
): FailureNews {
  const marks = new Set<string>();
  const newRows: number[] = [];
  const count = { new: 0, again: 0 };
  return {
    mustRead: false,
    marks,
    note(row, { outcome }) {
      if (outcome !== 'failed' && outcome !== 'unknown') return;
      const [key] = row.damage === undefined ? listKeys(map(row.cells).keys) : [];
      const mark = digest(`failure\0${key ?? row.damage?.raw ?? row.cells.join('\0')}`);
      marks.add(mark);
      if (before.has(mark)) count.again += 1;
      else {
        count.new += 1;
        if (newRows.length < listedRows) newRows.push(row.row);
      }
    },
    facts: () => ({ ...count, newRows }),
  };
}
