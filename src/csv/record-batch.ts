import type { DamageCode } from './csv-file.ts';

/** A record with sound quotes; it stands in `bytes` from `start` to `end`, without its line end. */
export interface SplitRecord {
  readonly kind: 'record';
  readonly row: number;
  readonly line: number;
  /** Where it starts in the file, in bytes of UTF-8 text. */
  readonly offset: number;
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly cells: number;
  /** Whether any cell stands in quotes. */
  readonly isQuoted: boolean;
  /** Whether a quote without a partner stands in a bare cell. */
  readonly hasStrayQuote: boolean;
  /** Whether it has as many cells as the header, not counting blank ones that regularly follow. */
  readonly fits: boolean;
}

/** A stretch of the file that could not be split into cells. */
export interface SplitGap {
  readonly kind: 'gap';
  readonly code: DamageCode;
  readonly row: number;
  readonly lastRow: number;
  readonly line: number;
  /** Its first bytes. */
  readonly raw: Buffer;
  readonly found?: number;
}

export type SplitItem = SplitRecord | SplitGap;

/** Whole records and gaps in file order, and how many blank records were left out. */
export interface RecordBatch {
  readonly items: SplitItem[];
  blank: number;
  /** Where they were read from; only a record that was held back before has bytes of its own. */
  readonly bytes: Buffer;
  /** How many of these bytes were read to their end. */
  length: number;
}
