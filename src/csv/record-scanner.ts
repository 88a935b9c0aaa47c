import { carriageReturn, type Dialect, lineFeed } from './dialect.ts';

/** What the bytes at the start of a scan turned out to be. */
export type ScanResult =
  | 'whole' // a record, well-formed as far as quotes go
  | 'more' // undecided: the record continues beyond the bytes at hand
  | 'broken_quote' // text after a closing quote
  | 'unclosed_quote' // still inside quotes at the limit or at the end of the file
  | 'record_too_long'; // still outside quotes at the limit

// What a byte means. Anything that isn't structure is text.
const text = 0;
const delimiter = 1;
const lineEnd = 2;
const quote = 3;
const nothing = 4;

const blank = 0x20;

/**
 * Finds where one record ends and counts its cells, on bytes: neither cells nor strings are made, and the object is its own
 * result, so that a scan allocates nothing. Every structural character is ASCII, so UTF-8 text needs no decoding here.
 *
 * The rules: a cell that begins with a quote is quoted up to the next quote that isn't doubled, after which only a delimiter
 * or the record's end may come. Anywhere else a quote is text. LF, CRLF and CR each end a record, mixed or not.
 */
export class RecordScanner {
  /** Number of cells. */
  cells = 0;
  /** Where the record's content ends, or for a damaged one where the trouble is. */
  end = 0;
  /** Where the next record starts. */
  next = 0;
  /** Line ends inside the record. */
  breaks = 0;
  /** Whether any cell is in quotes. */
  isQuoted = false;
  /** Whether a bare cell holds a quote. */
  hasBareQuote = false;
  /** Whether a bare cell holds an odd number of quotes: one of them lacks its partner. */
  hasStrayQuote = false;
  /** Where the delimiter behind the last expected cell is, or -1. */
  surplusAt = -1;

  readonly #kinds = new Uint8Array(256);
  readonly #quote: number;
  readonly #limit: number;
  readonly #width: number;
  readonly #skipsBlanks: boolean;

  /** `limit` is the longest record in bytes, `width` the number of cells expected (0: any). */
  constructor(dialect: Dialect, limit: number, width = 0) {
    this.#quote = dialect.quote.charCodeAt(0);
    this.#limit = limit;
    this.#width = width;
    this.#skipsBlanks = dialect.skipsBlanks === true;
    this.#kinds[lineFeed] = lineEnd;
    this.#kinds[carriageReturn] = lineEnd;
    this.#kinds[this.#quote] = quote;
    this.#kinds[dialect.delimiter.charCodeAt(0)] = delimiter;
  }

  /** Scans the record at `start`. `isLast` says that no bytes will come after those of the buffer. */
  scan(bytes: Buffer, start: number, isLast: boolean): ScanResult {
    const kinds = this.#kinds;
    // One byte beyond the limit is looked at, for it may be the line end.
    const limit = Math.min(bytes.length, start + this.#limit + 1);
    const cut = limit > start + this.#limit;
    let at = start;
    let cells = 1;
    let kind = nothing;
    this.breaks = 0;
    this.isQuoted = false;
    this.hasBareQuote = false;
    this.hasStrayQuote = false;
    this.surplusAt = -1;

    for (;;) {
      if (this.#skipsBlanks) at = this.#openingQuote(bytes, at, limit);
      kind = at < limit ? (kinds[bytes[at] as number] as number) : nothing;
      if (kind === quote) {
        this.isQuoted = true;
        at = this.#closingQuote(bytes, at + 1, limit);
        if (at === limit) {
          this.end = at;
          return cut || isLast ? 'unclosed_quote' : 'more';
        }
        at += 1;
        if (this.#skipsBlanks) while (at < limit && bytes[at] === blank) at += 1;
        if (at === bytes.length && !isLast) return 'more'; // perhaps a doubled quote
        kind = at < limit ? (kinds[bytes[at] as number] as number) : nothing;
        if (kind === text || kind === quote) {
          this.end = at;
          return 'broken_quote';
        }
      } else {
        let quotes = 0;
        while (kind === text || kind === quote) {
          if (kind === quote) quotes += 1;
          at += 1;
          kind = at < limit ? (kinds[bytes[at] as number] as number) : nothing;
        }
        if (quotes > 0) {
          this.hasBareQuote = true;
          if (quotes % 2 === 1) this.hasStrayQuote = true;
        }
      }
      if (kind !== delimiter) break;
      if (cells === this.#width) this.surplusAt = at;
      cells += 1;
      at += 1;
    }

    this.cells = cells;
    this.end = at;
    if (kind === nothing) {
      if (cut) return 'record_too_long';
      if (!isLast) return 'more';
      this.next = at;
      return 'whole';
    }
    this.next = afterLineEnd(bytes, at, isLast);
    return this.next < 0 ? 'more' : 'whole';
  }

  /** The position of the quote behind the blanks at `at`, or `at` when something else follows them. */
  #openingQuote(bytes: Buffer, at: number, limit: number): number {
    let end = at;
    while (end < limit && bytes[end] === blank) end += 1;
    return bytes[end] === this.#quote ? end : at;
  }

  /** The position of the quote that closes the cell whose text starts at `at`, or `limit`. Counts line ends on the way. */
  #closingQuote(bytes: Buffer, at: number, limit: number): number {
    for (; at < limit; at += 1) {
      const kind = this.#kinds[bytes[at] as number];
      if (kind === text || kind === delimiter) continue;
      if (kind === quote) {
        if (bytes[at + 1] !== this.#quote) return at;
        at += 1;
      } else if (bytes[at] === carriageReturn || bytes[at - 1] !== carriageReturn) {
        this.breaks += 1;
      }
    }
    return limit;
  }
}

/** The position after the line end at `at`, or -1 when a CR is the last byte at hand and an LF may follow. */
export function afterLineEnd(bytes: Buffer, at: number, isLast: boolean): number {
  if (bytes[at] === lineFeed) return at + 1;
  if (at + 1 === bytes.length && !isLast) return -1;
  return bytes[at + 1] === lineFeed ? at + 2 : at + 1;
}

/** The position of the next line end at or after `at`, or the buffer's length. */
export function findLineEnd(bytes: Buffer, at: number): number {
  while (at < bytes.length && bytes[at] !== lineFeed && bytes[at] !== carriageReturn) at += 1;
  return at;
}
