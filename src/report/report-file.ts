import { stringify } from 'csv-stringify/sync';
import { createAtomicFile } from './atomic-file.ts';

/** A report CSV on its way to the disk. */
export interface ReportFile {
  add(cells: readonly string[]): Promise<void>;
  /** Puts the file in its place and returns how many rows it has. */
  commit(): Promise<number>;
  discard(): Promise<void>;
}

/** csv-stringify costs a third less in batches than row by row. */
const batchSize = 500;

/**
 * UTF-8 with BOM, comma, CRLF, so that Excel opens it right. Cells are written as they come: guarding them is the caller's.
 *
 * @throws RunError `not_writable`
 */
export async function createReportFile(file: string, header: readonly string[]): Promise<ReportFile> {
  const target = await createAtomicFile(file);
  let batch: (readonly string[])[] = [header];
  let rows = 0;
  await target.write('\uFEFF');
  const flush = async (): Promise<void> => {
    // A lone line feed or carriage return in a cell is none of csv-stringify's record delimiters, but readers split at it.
    const text = stringify(batch, { record_delimiter: '\r\n', quoted_match: /[\r\n]/ });
    batch = [];
    await target.write(text);
  };
  return {
    async add(cells) {
      batch.push(cells);
      rows += 1;
      if (batch.length >= batchSize) await flush();
    },
    async commit() {
      await flush();
      await target.commit();
      return rows;
    },
    discard: async () => target.discard(),
  };
}
