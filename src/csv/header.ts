import { type BadByte, findBadByte, showBadBytes } from './bad-bytes.ts';
import { areBlank, cutCells, splitCells } from './cells.ts';
import type { Dialect } from './dialect.ts';
import { afterLineEnd, findLineEnd, RecordScanner, type ScanResult } from './record-scanner.ts';
import type { Place } from './records.ts';
import type { TextSource } from './text-source.ts';

/** The first bytes of a file's text, enough for the header and a sample of rows. */
export interface Head {
  readonly bytes: Buffer;
  /** Whether that is the whole file. */
  readonly isWhole: boolean;
}

/** Bytes read as a head: room for a header of the greatest length and much more. */
const headBytes = 4 * 1024 * 1024;

export async function readHead(source: TextSource): Promise<Head> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of source.chunks()) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= headBytes) return { bytes: Buffer.concat(chunks), isWhole: false };
  }
  return { bytes: Buffer.concat(chunks), isWhole: true };
}

export interface Header {
  readonly cells: readonly string[];
  readonly row: number;
  /** Columns without a name that were left out behind the last one. */
  readonly emptyColumns?: number;
  /** A byte in it that is not text in the file's encoding, or NUL. */
  readonly badByte: BadByte | undefined;
  /** Where the record after it starts. */
  readonly next: Place;
}

/** Why there is no header: all rows are blank or before it, or its record is damaged. */
export type NoHeader = 'missing' | Exclude<ScanResult, 'whole' | 'more'>;

export interface HeaderSearch {
  readonly dialect: Dialect;
  /** The first row that can be the header. */
  readonly headerRow: number;
  readonly comment: string | undefined;
  readonly recordLimit: number;
  readonly isTranscoded: boolean;
}

/** The name of a column: white space, line breaks and byte order marks collapsed to one space and trimmed. */
export function normalName(cell: string): string {
  return cell.replaceAll(/\s+/g, ' ').trim();
}

/**
 * Finds the header: the first record at or after `headerRow` that is neither blank nor a comment. What comes before is
 * skipped whatever its width. A damaged record there counts as one row a line.
 */
export function findHeader({ bytes, isWhole }: Head, from: Place, search: HeaderSearch): Header | NoHeader {
  const scanner = new RecordScanner(search.dialect, search.recordLimit);
  let { row, line, offset: at } = from;
  while (at < bytes.length) {
    const isComment = search.comment !== undefined && startsWith(bytes, at, search.comment);
    const result = isComment ? 'broken_quote' : scanner.scan(bytes, at, isWhole);
    if (result === 'more') return 'missing';
    if (result !== 'whole') {
      if (!isComment && row >= search.headerRow) return result;
      const end = findLineEnd(bytes, at);
      at = end === bytes.length ? end : afterLineEnd(bytes, end, true);
      row += 1;
      line += 1;
      continue;
    }
    const { end, cells: width, next, breaks } = scanner;
    if (row >= search.headerRow && end > at) {
      const record = bytes.subarray(at, end);
      const badByte = findBadByte(record, search.isTranscoded);
      const [cells = splitCells(showBadBytes(record).toString(), search.dialect, width)] =
        !scanner.hasBareQuote && badByte === undefined
          ? cutCells([{ bytes, start: at, end, cells: width }], search.dialect)
          : [];
      if (!areBlank(cells)) {
        return {
          cells: cells.map(normalName),
          row,
          badByte,
          next: { row: row + 1, line: line + breaks + 1, offset: next },
        };
      }
    }
    row += 1;
    line += breaks + 1;
    at = next;
  }
  return 'missing';
}

/** The delimiter that a first line `sep=;` names, and where the file really begins. This line does not count as a row. */
export function readSepLine({ bytes }: Head): { delimiter: string | undefined; start: Place } {
  const match = /^"?sep=([\t\x20!\x23-\x7e])"?(?:\r\n|\n|\r)/i.exec(bytes.toString('latin1', 0, 16));
  if (match === null) return { delimiter: undefined, start: { row: 1, line: 1, offset: 0 } };
  return { delimiter: match[1], start: { row: 1, line: 2, offset: match[0].length } };
}

function startsWith(bytes: Buffer, at: number, prefix: string): boolean {
  return bytes.toString('utf8', at, at + Buffer.byteLength(prefix)) === prefix;
}
