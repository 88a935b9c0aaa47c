import { carriageReturn, lineFeed } from './dialect.ts';
import type { Head, Header } from './header.ts';
import { RecordSplitter } from './record-splitter.ts';
import type { Layout } from './records.ts';

/** Lines after the header that a sample looks at. */
const sampleLines = 1000;

/** What the first rows of a file look like when it is read in one way. */
export interface Sample {
  readonly rows: number;
  /** Rows with the header's width. */
  readonly fitting: number;
  /** Rows with bytes that are no text in the file's encoding. */
  readonly undecodable: number;
  /** Cells beyond the header's width, all blank, that most of the fitting rows have. */
  readonly surplus: number;
}

/** Reads the first rows after the header, for what they tell of the whole file. */
export function sampleRows({ bytes, isWhole }: Head, header: Header, layout: Layout): Sample {
  const start = header.next.offset;
  const end = endOfLines(bytes, start, sampleLines);
  const splitter = new RecordSplitter(layout, header.next);
  const batches = [splitter.push(bytes.subarray(start, end))];
  if (isWhole && end === bytes.length) batches.push(splitter.finish());

  let rows = 0;
  let fitting = 0;
  let undecodable = 0;
  const surpluses = new Map<number, number>();
  for (const batch of batches) {
    rows += batch.items.length;
    for (const item of batch.items) {
      if (item.kind !== 'record') continue;
      if (item.badByte?.code === 'invalid_bytes') undecodable += 1;
      if (!item.fits) continue;
      fitting += 1;
      const surplus = Math.max(0, item.cells - layout.width);
      surpluses.set(surplus, (surpluses.get(surplus) ?? 0) + 1);
    }
  }
  const [[surplus] = [0]] = [...surpluses].sort(([, a], [, b]) => b - a);
  return { rows, fitting, undecodable, surplus };
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
