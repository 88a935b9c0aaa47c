import { plural } from '../core/reports/figures.ts';
import { RunError } from '../core/outcome/run-error.ts';
import type { CsvBatch, CsvFile, CsvSettings } from './csv-file.ts';
import { dataRows } from './data-rows.ts';
import { certainDelimiter, refuseWrongDelimiter, usualOtherWidth } from './delimiter.ts';
import { findEnclosure, readPlainText } from './enclosure.ts';
import { type Header, type NoHeader, readHead, readSepLine } from './header.ts';
import { layoutOf, readAs, type Reading, type ReadingSearch } from './reading.ts';
import type { Layout } from './records.ts';
import { isQuotePair, resolveEscapes } from './rewritten-text.ts';
import { streamRows } from './rows.ts';
import { type Sample, sampleCells } from './sample.ts';
import type { TextSource } from './text-source.ts';

const mostColumns = 20_000;

/** Rows that show whether cells are enclosed in something else than quotes. */
const enclosureLines = 100;

/** Opens a file that is not one of our reports, by the mapping's settings and by what is certain. */
export async function openPlain(
  source: TextSource,
  settings: CsvSettings,
  recordLimit: number,
  file: string,
): Promise<CsvFile> {
  const plain = await readPlainText(source, settings);
  let { text, head } = plain;
  const { delimiter: stated, start } = readSepLine(head);
  const pinned = stated ?? settings.delimiter;
  const search: ReadingSearch = {
    dialect: { delimiter: pinned ?? ',', quote: asciiQuote(settings) },
    headerRow: settings.headerRow ?? 1,
    comment: settings.comment,
    leastCells: settings.leastCells,
    unnamed: settings.unnamed,
    recordLimit,
    isTranscoded: text.isTranscoded,
  };
  const delimiter = pinned ?? certainDelimiter(head, start, search, file);
  const { quote } = search.dialect;
  if (delimiter === quote) {
    throw new RunError('usage', `"csv.quote" is ${JSON.stringify(quote)}, which is also the delimiter of ${file}.`, {
      hint: 'Set "csv.delimiter" or another "csv.quote" in the mapping.',
    });
  }
  if (settings.escape !== undefined) {
    text = resolveEscapes(text, delimiter, quote);
    head = await readHead(text);
  }

  const reading = readAs(head, start, { ...search, dialect: { delimiter, quote }, isTranscoded: text.isTranscoded });
  if (typeof reading === 'string') throw noHeader(reading, search.headerRow, file);
  const { header, sample } = reading;
  const width = header.cells.length;
  if (width > mostColumns) {
    throw new RunError('input', `The header of ${file} has ${width} columns, more than ${mostColumns}.`, {
      hint: 'Check that the file has line ends, and that "csv.quote" and "csv.headerRow" are right.',
    });
  }
  if (width === 1 && pinned !== undefined) refuseWrongDelimiter(head, start, search, file);

  const anyLayout = layoutOf(reading, { ...search, isTranscoded: text.isTranscoded });
  refuseWrongEncoding(header, sample, source, file);
  if (settings.leastCells === undefined) refuseOtherWidth(reading, file);
  if (settings.quote === undefined) refuseEnclosure(sampleCells(head, header, anyLayout, enclosureLines), file);
  const layout: Layout = { ...anyLayout, surplus: sample.surplus, otherSurpluses: otherSurplusesOf(reading) };
  return {
    header: header.cells,
    headerRow: header.row,
    report: undefined,
    settings: { encoding: source.encoding, delimiter, quote: settings.quote ?? quote },
    batches() {
      const rows = dataRows(streamRows(text, header.next, layout), header.cells, settings.footer, file);
      const isPinned = source.isMarked || settings.encoding !== undefined;
      return isPinned ? rows : refuseBadBytes(rows, file);
    },
  };
}

/** What rows beyond the sample may have too: none of the empty columns, or all that the header has. */
function otherSurplusesOf({ header, sample: { surplus, otherSurpluses } }: Reading): number[] {
  const tail = header.emptyColumns ?? 0;
  return [...new Set([...otherSurpluses, ...(tail > 1 ? [0, tail] : [])])].filter((other) => other !== surplus);
}

function asciiQuote({ quote = '"' }: CsvSettings): string {
  return isQuotePair(quote) ? '"' : quote;
}

/** Refuses a file most of whose rows have equally many cells, but not as many as the header. */
function refuseOtherWidth({ header, sample, dialect }: Reading, file: string): void {
  const found = usualOtherWidth(sample);
  if (found === undefined) return;
  const width = header.cells.length;
  const count = sample.otherWidths.get(found) ?? 0;
  const shown = dialect.delimiter === '\t' ? 'tab' : `"${dialect.delimiter}"`;
  throw new RunError(
    'input',
    `The header of ${file} has ${plural(width, 'cell')}, but ${count} of the first ${plural(sample.rows, 'row')} ${count === 1 ? 'has' : 'have'} ${found}, with the delimiter ${shown}.`,
    {
      hint:
        found < width
          ? `If the last cells of these rows are empty, as in files that Excel writes, add "csv": { "leastCells": ${found} } to the mapping. Otherwise export the list again.`
          : found === width + 1
            ? 'If the first column (row numbers, for example) has no name in the header, add "csv": { "unnamed": "first" } to the mapping, or "last" if it is the last column.'
            : 'Give every column a name in the header, or set "csv.headerRow" if another row is the header.',
    },
  );
}

/** Refuses cells in quotes of another kind, which would become part of names and ids. */
function refuseEnclosure(rows: readonly (readonly string[])[], file: string): void {
  const quote = findEnclosure(rows);
  if (quote === undefined) return;
  if (quote === '"') {
    throw new RunError('input', `The cells of ${file} were put in quotes twice, as in """Ana""".`, {
      hint: 'Export the list again, or replace """ by " in a text editor.',
    });
  }
  throw new RunError('input', `The cells of ${file} are enclosed in ${quote} instead of double quotes.`, {
    hint: `Add "csv": { "quote": ${JSON.stringify(quote)} } to the mapping.`,
  });
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
    header.badByte === undefined
      ? `${undecodable} of the first ${plural(rows, 'row')} ${undecodable === 1 ? 'contains' : 'contain'}`
      : 'the header contains';
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
