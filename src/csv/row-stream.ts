import type { CsvBatch } from './csv-file.ts';
import type { Place } from './record-splitter.ts';
import { RecordSplitter } from './record-splitter.ts';
import { buildRows, type RowFormat } from './row-builder.ts';
import type { TextSource } from './text-source.ts';

/** Reads the rows of a file from `start`, a place in its text, to its end. */
export async function* streamRows(
  source: TextSource,
  start: Place,
  format: RowFormat,
): AsyncGenerator<Pick<CsvBatch, 'rows' | 'blank'>, void, undefined> {
  // Places are stated in bytes of the file, so a byte order mark counts.
  const splitter = new RecordSplitter(format.layout, { ...start, offset: source.skipped + start.offset });
  for await (const chunk of source.chunks(start.offset)) {
    const batch = buildRows(splitter.push(chunk), format);
    if (batch.rows.length > 0 || batch.blank > 0) yield batch;
  }
  const last = buildRows(splitter.finish(), format);
  if (last.rows.length > 0 || last.blank > 0) yield last;
}
