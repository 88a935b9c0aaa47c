import { RunError } from '../core/outcome/run-error.ts';
import type { CsvBatch, CsvFile, CsvSettings } from './csv-file.ts';
import { dataRows } from './data-rows.ts';
import { certainDelimiter, refuseWrongDelimiter } from './delimiter.ts';
import { findHeader, type Header, type NoHeader, readHead, readSepLine } from './header.ts';
import type { Layout } from './records.ts';
import { streamRows } from './rows.ts';
import { type Sample, sampleRows } from './sample.ts';
import type { TextSource } from './text-source.ts';

const mostColumns = 20_000;

/** Opens a file that is not one of our reports, by the mapping's settings and by what is certain. */
export async function openPlain(
  source: TextSource,
  settings: CsvSettings,
  recordLimit: number,
  file: string,
): Promise<CsvFile> {
  const head = await readHead(source);
  const { delimiter: stated, start } = readSepLine(head);
  const pinned = stated ?? settings.delimiter;
  const search = {
    dialect: { delimiter: pinned ?? ',', quote: settings.quote ?? '"' },
    headerRow: settings.headerRow ?? 1,
    comment: settings.comment,
    recordLimit,
    isTranscoded: source.isTranscoded,
  };
  const dialect = { ...search.dialect, delimiter: pinned ?? certainDelimiter(head, start, search, file) };

  if (dialect.delimiter === dialect.quote) {
    throw new RunError(
      'usage',
      `"csv.quote" is ${JSON.stringify(dialect.quote)}, which is also the delimiter of ${file}.`,
      {
        hint: 'Set "csv.delimiter" or another "csv.quote" in the mapping.',
      },
    );
  }

  const header = findHeader(head, start, { ...search, dialect });
  if (typeof header === 'string') throw noHeader(header, search.headerRow, file);
  const width = header.cells.length;
  if (width > mostColumns) {
    throw new RunError('input', `The header of ${file} has ${width} columns, more than ${mostColumns}.`, {
      hint: 'Check that the file has line ends, and that "csv.quote" and "csv.headerRow" are right.',
    });
  }
  if (width === 1 && pinned !== undefined) refuseWrongDelimiter(head, start, search, file);

  const anyLayout: Layout = { ...search, dialect, width, leastWidth: width, surplus: 'any' };
  const sample = sampleRows(head, header, anyLayout);
  refuseWrongEncoding(header, sample, source, file);
  const layout: Layout = { ...anyLayout, surplus: sample.surplus };
  return {
    header: header.cells,
    headerRow: header.row,
    report: undefined,
    settings: { encoding: source.encoding, ...dialect },
    batches() {
      const rows = dataRows(streamRows(source, header.next, layout), header.cells, settings.footer);
      const isPinned = source.isMarked || settings.encoding !== undefined;
      return isPinned ? rows : refuseBadBytes(rows, file);
    },
  };
}

/** Without a setting only what is certain is accepted: a file that is UTF-8 throughout. */
async function* refuseBadBytes(
  batches: AsyncGenerator<CsvBatch, void, undefined>,
  file: string,
): AsyncGenerator<CsvBatch, void, undefined> {
  for await (const batch of batches) {
    const bad = batch.rows.find(({ damage }) => damage?.code === 'invalid_bytes');
    if (bad !== undefined) {
      throw new RunError('input', `${file} is not valid UTF-8: row ${bad.row} contains other bytes.`, {
        hint:
          'If Excel saved the file as plain "CSV", add "csv": { "encoding": "windows-1252" } to the mapping. If only ' +
          'a few rows are damaged, add "encoding": "utf-8" instead. Then only those rows fail.',
      });
    }
    yield batch;
  }
}

/** If one row in five has bytes that are not text, the encoding is wrong rather than those rows. */
function refuseWrongEncoding(header: Header, { rows, undecodable }: Sample, source: TextSource, file: string): void {
  if (header.badByte?.code === 'nul_byte') {
    throw new RunError('input', `The header of ${file} contains a NUL byte.`, { hint: 'Export the list again.' });
  }
  if (header.badByte === undefined && undecodable * 5 <= rows) return;
  const where =
    header.badByte === undefined ? `${undecodable} of the first ${rows} rows contain` : 'the header contains';
  throw new RunError('input', `${file} is not valid ${source.encoding}: ${where} bytes that it does not allow.`, {
    hint:
      'If Excel saved the file as plain "CSV", add "csv": { "encoding": "windows-1252" } to the mapping. Otherwise ' +
      'save it again as "CSV UTF-8", or set "csv.encoding" to the encoding of the program that wrote it.',
  });
}

function noHeader(reason: NoHeader, headerRow: number, file: string): RunError {
  const hint = 'Check "csv.headerRow" and "csv.quote" in the mapping, or correct that row.';
  switch (reason) {
    case 'missing':
      return headerRow === 1
        ? new RunError('input', `${file} has no header: it contains no text.`, { hint: 'Export the list again.' })
        : new RunError('input', `${file} has no header at row ${headerRow} or after it.`, { hint });
    case 'broken_quote':
      return new RunError('input', `The header of ${file} has text after a closing quote.`, { hint });
    case 'unclosed_quote':
      return new RunError('input', `The header of ${file} has a quote that is never closed.`, { hint });
    case 'record_too_long':
      return new RunError('input', `The header of ${file} is longer than 1 MiB.`, { hint });
  }
}
