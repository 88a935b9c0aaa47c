import type { DamageCode } from './csv-file.ts';
import { carriageReturn, type Dialect, lineFeed } from './dialect.ts';
import type { SplitRecord } from './records.ts';

/** Where and why lines began to be left out. */
interface GapStart {
  readonly row: number;
  readonly line: number;
  readonly code: DamageCode | 'comment';
  /** Whether lines after the first may belong to it too. */
  readonly goesOn: boolean;
  /** Where the trouble showed. Reading that resumes before it proves that a quote was opened by mistake. */
  readonly troubleAt: number;
  /** For a record of several lines with the wrong number of cells: the record, in case nothing else is wrong with it. */
  readonly held: SplitRecord | undefined;
}

/** Bytes that are kept of a gap: enough for the longest text shown of it. */
const keptBytes = 128 * 1024;

/** Lines that are being left out, a comment or damage, while their end is not known. Keeps their first bytes only. */
export class OpenGap {
  readonly start: GapStart;
  /** Lines left out so far. */
  lines = 0;
  /** Whether another line will be left out, or is being left out. */
  inLine = true;
  /**
   * Whether the last line left out is a single cell: it may be the first piece of the row after it. A quote without partner
   * shows that it is the last piece of one before.
   */
  endsInLoneCell = false;
  readonly #dialect: Dialect;
  #isLineEmpty = true;
  #isLoneCell = true;
  #quotes = 0;
  readonly #kept: Buffer[] = [];
  #room = keptBytes;

  constructor(start: GapStart, dialect: Dialect) {
    this.start = start;
    this.#dialect = dialect;
  }

  get raw(): Buffer {
    return Buffer.concat(this.#kept);
  }

  /** Takes a piece of a line, with its line end if it has one. */
  keep(bytes: Buffer): void {
    if (bytes.length > 0 && bytes[0] !== lineFeed && bytes[0] !== carriageReturn) this.#isLineEmpty = false;
    const { delimiter, quote } = this.#dialect;
    if (bytes.includes(delimiter)) this.#isLoneCell = false;
    for (let at = bytes.indexOf(quote); at >= 0; at = bytes.indexOf(quote, at + 1)) this.#quotes += 1;
    if (this.#room === 0) return;
    const kept = Buffer.from(bytes.subarray(0, this.#room));
    this.#kept.push(kept);
    this.#room -= kept.length;
  }

  endLine(): void {
    this.lines += 1;
    this.endsInLoneCell = !this.#isLineEmpty && this.#isLoneCell && this.#quotes % 2 === 0;
    this.#isLineEmpty = true;
    this.#isLoneCell = true;
    this.#quotes = 0;
    this.inLine = false;
  }
}
