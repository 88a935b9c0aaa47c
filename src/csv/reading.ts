import type { CsvSettings } from './csv-file.ts';
import type { Dialect } from './dialect.ts';
import { findHeader, type Head, type Header, type HeaderSearch, type NoHeader } from './header.ts';
import type { Layout, Place } from './records.ts';
import { type Sample, sampleRows } from './sample.ts';

/** What to read a file by, as far as it is known. */
export interface ReadingSearch extends HeaderSearch {
  readonly leastCells: CsvSettings['leastCells'] | undefined;
  readonly unnamed: CsvSettings['unnamed'] | undefined;
}

/** One way to read a file: a dialect, with the header and the first rows that it makes. */
export interface Reading {
  readonly dialect: Dialect;
  readonly header: Header;
  readonly sample: Sample;
}

/**
 * Reads the header and the first rows with a delimiter and a quote. Blanks next to quotes are ignored if that explains
 * all quotes that would otherwise be text. Columns without a name after the last named one are left out if they are empty.
 */
export function readAs(head: Head, from: Place, search: ReadingSearch): Reading | NoHeader {
  const strict = readStrictly(head, from, search);
  if (typeof strict === 'object' && strict.sample.textQuotes === 0) return withoutBlankTail(head, strict, search);
  const skipping = readStrictly(head, from, { ...search, dialect: { ...search.dialect, skipsBlanks: true } });
  const isBetter =
    typeof skipping === 'object' &&
    (typeof strict === 'string' || skipping.sample.textQuotes * 5 <= strict.sample.textQuotes) &&
    (typeof strict === 'string' || skipping.sample.fitting >= strict.sample.fitting);
  const chosen = isBetter ? skipping : strict;
  return typeof chosen === 'string' ? chosen : withoutBlankTail(head, chosen, search);
}

/** How rows are judged before it is known how many blank cells follow each. */
export function layoutOf({ dialect, header }: Pick<Reading, 'dialect' | 'header'>, search: ReadingSearch): Layout {
  const width = header.cells.length;
  const leastWidth = Math.min(width, search.leastCells ?? width);
  const { comment, recordLimit, isTranscoded } = search;
  return { dialect, width, leastWidth, surplus: 'any', comment, recordLimit, isTranscoded };
}

function readStrictly(head: Head, from: Place, search: ReadingSearch): Reading | NoHeader {
  const { dialect, unnamed } = search;
  const found = findHeader(head, from, search);
  if (typeof found === 'string') return found;
  const cells = unnamed === 'first' ? ['', ...found.cells] : unnamed === 'last' ? [...found.cells, ''] : found.cells;
  const header = { ...found, cells };
  return { dialect, header, sample: sampleRows(head, header, layoutOf({ dialect, header }, search)) };
}

/** A spreadsheet whose columns were once formatted writes empty cells without names, up to 16,384 a row. */
function withoutBlankTail(head: Head, reading: Reading, search: ReadingSearch): Reading {
  const { dialect, header, sample } = reading;
  const named = header.cells.findLastIndex((name) => name !== '') + 1;
  if (named === header.cells.length || search.unnamed === 'last') return reading;
  const shorter = {
    dialect,
    header: { ...header, cells: header.cells.slice(0, named), emptyColumns: header.cells.length - named },
  };
  const shorterSample = sampleRows(head, shorter.header, layoutOf(shorter, search));
  return shorterSample.fitting < sample.fitting ? reading : { ...shorter, sample: shorterSample };
}
