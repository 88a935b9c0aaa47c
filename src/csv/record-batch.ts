import type { DamageCode } from './csv-file.ts';

/** A record with sound quotes; its bytes stand in the batch from `start` to `end`. */
export interface SplitRecord {
  readonly kind: 'record';
  readonly row: number;
  readonly line: number;
  /** Where it starts in the file, in bytes of UTF-8 text. */
  readonly offset: number;
  readonly start: number;
  readonly end: number;
  readonly cells: number;
  /** Whether it has as many cells as the header, not counting blank ones beyond it. */
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

/**
 * Whole records and gaps in file order, and how many blank records were left out. `bytes` holds the records one after
 * the other, each ended by one LF whatever ended it in the file.
 */
export class RecordBatch {
  readonly items: SplitItem[] = [];
  blank = 0;
  #bytes: Buffer;
  #length = 0;

  /** `capacity` is the number of bytes that records are taken from. */
  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafe(capacity + 1);
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Adds the record that stands in `source` from `from` to `to`, without its line end. */
  addRecord(place: Omit<SplitRecord, 'kind' | 'start' | 'end'>, source: Buffer, from: number, to: number): void {
    this.#makeRoomFor(to - from + 1);
    const start = this.#length;
    const end = start + source.copy(this.#bytes, start, from, to);
    this.#bytes[end] = 0x0a;
    this.#length = end + 1;
    const { row, line, offset, cells, fits } = place;
    this.items.push({ kind: 'record', row, line, offset, start, end, cells, fits });
  }

  /** Only a record that was held back while damage was open can exceed the capacity. */
  #makeRoomFor(count: number): void {
    if (this.#length + count > this.#bytes.length)
      this.#bytes = Buffer.concat([this.bytes, Buffer.allocUnsafe(count * 2)]);
  }
}
