import type { BadByte } from './bad-bytes.ts';
import type { DamageCode } from './csv-file.ts';
import type { Dialect } from './dialect.ts';

/** What you must know of a file to find its records and to judge them. */
export interface Layout {
  readonly dialect: Dialect;
  /** Number of cells in the header. */
  readonly width: number;
  /** Fewest cells that a record may have. It is `width` but for reports and files whose rows may end early. */
  readonly leastWidth: number;
  /**
   * Blank cells behind those of the header that every record has. Where only some have them, one may as well have been pushed
   * out by a delimiter too many further left. `any` for reports, which spreadsheets write, and for a first look at a file.
   */
  readonly surplus: number | 'any';
  /** Other numbers of blank cells that whole stretches of rows have, as Excel leaves them out of later rows. */
  readonly otherSurpluses?: readonly number[];
  readonly comment: string | undefined;
  /** Bytes of the longest record. */
  readonly recordLimit: number;
  /** Whether the bytes are not those of the file. Then positions in them mean nothing to a reader of the file. */
  readonly isTranscoded: boolean;
}

/** A place at a record's start: spreadsheet row, physical line, byte. */
export interface Place {
  readonly row: number;
  readonly line: number;
  readonly offset: number;
}

/** The bytes of a record without its line end: those of `bytes` from `start` to `end`. */
export interface RecordBytes {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  /** Number of cells. */
  readonly cells: number;
}

/** A record whose quotes are well-formed. */
export interface SplitRecord extends Place, RecordBytes {
  readonly kind: 'record';
  /** Whether it has as many cells as the header, not counting blank ones that regularly follow. */
  readonly fits: boolean;
  /** Blank cells beyond the header's width, which are not part of it. */
  readonly surplus: number;
  /** Whether a bare cell, one without quotes around it, holds a quote. */
  readonly hasBareQuote: boolean;
  /** Whether one of these quotes lacks its partner. */
  readonly hasStrayQuote: boolean;
  /** The first byte that can't be part of a cell. */
  badByte: BadByte | undefined;
}

/** A part of the file that could not be split into cells. */
export interface SplitGap {
  readonly kind: 'gap';
  readonly code: DamageCode;
  readonly row: number;
  readonly lastRow: number;
  readonly line: number;
  /** Its first bytes. */
  readonly raw: Buffer;
  /** Number of cells, for a record with the wrong width. */
  readonly found?: number;
}

export type SplitItem = SplitRecord | SplitGap;

/** Whole records and gaps in file order. */
export interface RecordBatch {
  readonly items: readonly SplitItem[];
  /** Blank records that were left out. */
  readonly blank: number;
  /** Bytes read to their end. */
  readonly length: number;
}
