import type { ReportKind } from '../core/reports/report-columns.ts';

/** The mapping's `csv` settings; what is left out is detected, and only accepted when it is certain. */
export interface CsvSettings {
  /** Any name that the Encoding Standard knows. A byte order mark in the file wins over it. */
  encoding?: string;
  delimiter?: ',' | ';' | '\t' | '|';
  /** One ASCII character, `"` by default, or a pair like `“”`. */
  quote?: string;
  /** The character before a quote or delimiter that is text, where quotes are not doubled. */
  escape?: '\\';
  /** The fewest cells of a row whose last cells are empty and left out, as Excel writes it. As many as the header by default. */
  leastCells?: number;
  /** Which column the header has no cell for, when every row has one cell more. */
  unnamed?: 'first' | 'last';
  /** The header's row as a spreadsheet numbers it, 1 by default. */
  headerRow?: number;
  /** Lines that start with this are comments. They count as rows of the spreadsheet. */
  comment?: string;
  /**
   * Rows that are not data, like totals and page footers: so many at the end of the file, or a regular expression (without
   * case) for the first cell of a row that isn't blank, wherever that row is.
   */
  footer?: number | string;
}

/** A CSV file whose header has been read and whose dialect is known. */
export interface CsvFile {
  /** The header's cells, white space collapsed and trimmed. For a report the original columns only. */
  readonly header: readonly string[];
  readonly headerRow: number;
  /** Set when the file is one of our own reports: then the settings were ignored. */
  readonly report: ReportKind | undefined;
  /** What was really used. */
  readonly settings: { readonly encoding: string; readonly delimiter: string; readonly quote: string };
  /** The rows after the header. Each call reads the file again. */
  batches(): AsyncGenerator<CsvBatch, void, undefined>;
}

/** How messages call the file; for tests, smaller limits than the real ones. */
export interface CsvOptions {
  /** The path by default. */
  readonly name?: string;
  /** Bytes read at a time, 64 KiB by default. */
  readonly chunkBytes?: number;
  /** Longest record, in bytes of UTF-8 text, 1 MiB by default. */
  readonly recordLimit?: number;
}

/** One row of a CSV file: a record that was read whole, or a damaged stretch of the file that takes the place of a row. */
export interface CsvRow {
  /** Its number as a spreadsheet shows it: the header of a plain file is 1, preamble and blank lines are counted. */
  readonly row: number;
  /** The number it had in the first file: for a report its `_source_row` (or `_row`), otherwise `row`. */
  readonly sourceRow: number;
  /** As many as the header has. For a report the original columns only, without the guarding apostrophe. */
  readonly cells: readonly string[];
  /** The `_code` cell of a failure or unknown report. */
  readonly code?: string;
  /** Set when the record can't be trusted; its cells are then only for a report. */
  readonly damage?: Damage;
  /** Whether a bare cell holds a quote without partner. It is taken as text, as in `5'10"`. */
  readonly hasStrayQuote?: true;
}

const damageCodes = [
  'wrong_width', // more or fewer cells than the header
  'torn_row', // next to a damaged line that may be a piece of it
  'broken_quote', // text after a closing quote
  'unclosed_quote', // a quote that swallows the lines after it
  'record_too_long', // over the limit of 1 MiB
  'nul_byte',
  'invalid_bytes', // bytes that are not text in the file's encoding
] as const;

export type DamageCode = (typeof damageCodes)[number];

export function isDamageCode(code: string): code is DamageCode {
  return (damageCodes as readonly string[]).includes(code);
}

/** What is wrong with a record, and where. */
export interface Damage {
  readonly code: DamageCode;
  /** The rows that the damage costs, as a spreadsheet will number them once you fix it. */
  readonly firstRow: number;
  readonly lastRow: number;
  /** The physical line on which the damaged record starts, counted from 1. Unknown for a split row. */
  readonly line?: number;
  /** Cells found and expected, for `wrong_width`. */
  readonly found?: number;
  readonly expected?: number;
  /** Where in the file the first bad byte is. Unknown for files that were transcoded. */
  readonly byteOffset?: number;
  /** Cells beyond the header's width. */
  readonly extra?: readonly string[];
  /** The text of a stretch that could not be split into cells, cut to fit a spreadsheet cell; bad bytes as `\xNN`. */
  readonly raw?: string;
}

/** Some rows in file order, and how many were left out among them. */
export interface CsvBatch {
  readonly rows: readonly CsvRow[];
  /** Rows without content, or only blank cells. */
  readonly blank: number;
  /** Rows that repeat the header, as reports do at page breaks. */
  readonly repeatedHeaders: number;
  /** Rows that `csv.footer` leaves off. */
  readonly footer: number;
}
