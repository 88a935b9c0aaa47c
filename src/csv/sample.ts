import { showBadBytes } from './bad-bytes.ts';
import { splitCells } from './cells.ts';
import { carriageReturn, lineFeed } from './dialect.ts';
import type { Head, Header } from './header.ts';
import { RecordSplitter } from './record-splitter.ts';
import type { Layout, RecordBatch } from './records.ts';

/** Lines after the header that a sample looks at. */
const sampleLines = 1000;

/** What the first rows of a file look like when it is read in one way. */
export interface Sample {
  readonly rows: number;
  /** Rows with the header's width. */
  readonly fitting: number;
  /** Rows with bytes that are not text in the file's encoding. */
  readonly undecodable: number;
  /** Cells beyond the header's width, all blank, that most of the fitting rows have. */
  readonly surplus: number;
  /**
   * Other numbers of these cells. One cell more or less than most rows may have been lost or added further left, so they differ
   * by at least two.
   */
  readonly otherSurpluses: readonly number[];
  /** Rows with quotes that are text: in a cell without quotes around it, or behind a closing quote. */
  readonly textQuotes: number;
  /** Rows that don't fit, by their number of cells. */
  readonly otherWidths: ReadonlyMap<number, number>;
}

/** Reads the first rows after the header, for what they show about the whole file. */
export function sampleRows(head: Head, header: Header, layout: Layout): Sample {
  const batches = splitFirst(head, header, layout, sampleLines);
  let rows = 0;
  let fitting = 0;
  let undecodable = 0;
  let textQuotes = 0;
  const otherWidths = new Map<number, number>();
  const surpluses = new Map<number, number>();
  for (const batch of batches) {
    rows += batch.items.length;
    for (const item of batch.items) {
      if (item.kind === 'gap' ? item.code === 'broken_quote' : item.hasBareQuote) textQuotes += 1;
      if (item.kind !== 'record') continue;
      if (item.badByte?.code === 'invalid_bytes') undecodable += 1;
      if (!item.fits) {
        otherWidths.set(item.cells, (otherWidths.get(item.cells) ?? 0) + 1);
        continue;
      }
      fitting += 1;
      surpluses.set(item.surplus, (surpluses.get(item.surplus) ?? 0) + 1);
    }
  }
  const [[surplus] = [0]] = [...surpluses].sort(([, a], [, b]) => b - a);
  const otherSurpluses = [...surpluses].flatMap(([other, count]) =>
    count > 1 && Math.abs(other - surplus) > 1 ? [other] : [],
  );
  return { rows, fitting, undecodable, surplus, otherSurpluses, textQuotes, otherWidths };
}

/** The cells of the header and of the first records after it. */
export function sampleCells(head: Head, header: Header, layout: Layout, lines: number): (readonly string[])[] {
  const records = splitFirst(head, header, layout, lines)
    .flatMap(({ items }) => items)
    .filter((item) => item.kind === 'record');
  return [
    header.cells,
    ...records.map(({ bytes, start, end, cells }) =>
      splitCells(showBadBytes(bytes.subarray(start, end)).toString(), layout.dialect, cells),
    ),
  ];
}

function splitFirst({ bytes, isWhole }: Head, header: Header, layout: Layout, lines: number): RecordBatch[] {
  const start = header.next.offset;
  const end = endOfLines(bytes, start, lines);
  const splitter = new RecordSplitter(layout, header.next);
  const batches = [splitter.push(bytes.subarray(start, end))];
  if (isWhole && end === bytes.length) batches.push(splitter.finish());
  return batches;
}

function endOfLines(bytes: Buffer, from: number, lines: number): number {
  let left = lines;
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte !== lineFeed && (byte !== carriageReturn || bytes[at + 1] === lineFeed)) continue;
    left -= 1;
    if (left === 0) return at + 1;
  }
  return bytes.length;
}
