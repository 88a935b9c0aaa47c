import type { DamageCode } from './csv-file.ts';
import { blankCells, carriageReturn, type Dialect, lineFeed } from './dialect.ts';
import { OpenGap } from './open-gap.ts';
import { afterLineEnd, findLineEnd, RecordScanner } from './record-scanner.ts';
import type { RecordBatch } from './record-batch.ts';

/** What a splitter has to know of a file. */
export interface Layout {
  readonly dialect: Dialect;
  /** Number of cells in the header. */
  readonly width: number;
  /** Fewest cells that a record may have; `width` but for reports. */
  readonly leastWidth: number;
  /**
   * Blank cells behind those of the header that every record has. Where only some have them, one may as well have been pushed
   * out by a delimiter too many further left. `any` for reports, which spreadsheets write, and for a first look at a file.
   */
  readonly surplus: number | 'any';
  readonly comment: string | undefined;
  readonly recordLimit: number;
}

/** A place at a record's start: spreadsheet row, physical line, byte. */
export interface Place {
  readonly row: number;
  readonly line: number;
  readonly offset: number;
}

/** In place of a position. */
const needsMore = -1;

/** Columns from which on a line of text is hardly ever as wide as the header by chance. */
const fewestForHiddenRows = 5;

/**
 * Splits the text after the header, given in chunks of any size, into records, and checks their quotes and width. The
 * result does not depend on where the chunks were cut. At most a few records are in memory at a time.
 *
 * What damage costs:
 * - A record on one line with the wrong number of cells, with text after a closing quote, or over the limit costs
 *   that line.
 * - Where quotes are involved a record's own end can't be believed: a quote opened by mistake swallows sound rows up to
 *   the next quote in the file, or to its end. So when a damaged record spans several lines (a quote that is still open
 *   at the limit or the end of the file always may), only its first line is given up at once. Reading resumes at the
 *   first line after it that, taken as the start of a record, is *sound*: its quotes are well-formed, no bare cell holds
 *   a quote (the tail of a quoted cell looks like that), and it has exactly the header's width. Lines before that line
 *   are one gap, and count as one spreadsheet row each: that is what they will be once the quote is mended. A record
 *   with the wrong width but no other fault ends the search at its own end: it is one row that lacks a cell.
 *
 * No line is looked at far beyond the next unpaired quote, so the search stays linear in practice.
 */
export class RecordSplitter {
  readonly #layout: Layout;
  readonly #scanner: RecordScanner;
  /** For looking into a record without forgetting it. */
  readonly #lineScanner: RecordScanner;
  readonly #comment: Buffer | undefined;
  readonly #blankCells: RegExp;
  #rest: Buffer = Buffer.alloc(0);
  #row: number;
  #line: number;
  /** Where `#rest` begins in the file. */
  #offset: number;
  #gap: OpenGap | undefined;

  constructor(layout: Layout, from: Place) {
    const { dialect, recordLimit, width, comment } = layout;
    this.#layout = layout;
    this.#scanner = new RecordScanner(dialect, recordLimit, width);
    this.#lineScanner = new RecordScanner(dialect, recordLimit, width);
    this.#comment = comment === undefined ? undefined : Buffer.from(comment);
    this.#blankCells = blankCells(dialect);
    this.#row = from.row;
    this.#line = from.line;
    this.#offset = from.offset;
  }

  /** Takes the next chunk and gives the records that are complete with it. */
  push(chunk: Buffer): RecordBatch {
    return this.#split(this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]), false);
  }

  /** Gives what is left when the text is at its end. */
  finish(): RecordBatch {
    return this.#split(this.#rest, true);
  }

  #split(bytes: Buffer, isLast: boolean): RecordBatch {
    const batch: RecordBatch = { items: [], blank: 0, bytes, length: 0 };
    let at = 0;
    while (at < bytes.length) {
      const gap = this.#gap;
      const next =
        gap === undefined ? this.#read(batch, bytes, at, isLast) : this.#leaveOut(gap, batch, bytes, at, isLast);
      if (next === needsMore) break;
      at = next;
    }
    if (isLast && this.#gap !== undefined) {
      if (this.#gap.inLine) this.#gap.endLine();
      this.#resume(this.#gap, batch, this.#offset + at);
    }
    batch.length = at;
    this.#rest = bytes.subarray(at);
    this.#offset += at;
    return batch;
  }

  /** Reads the record at `at`. */
  #read(batch: RecordBatch, bytes: Buffer, at: number, isLast: boolean): number {
    if (this.#isComment(bytes, at)) return this.#openGap('comment', at, at);
    const scanner = this.#scanner;
    const result = scanner.scan(bytes, at, isLast);
    if (result === 'more') return needsMore;
    const { end, breaks } = scanner;
    if (result !== 'whole') return this.#openGap(result, at, end);
    const fits = this.#fits(bytes);
    if (end === at || (!fits && this.#blankCells.test(bytes.toString('latin1', at, end)))) {
      batch.blank += 1;
    } else if (!fits && breaks > 0) {
      return this.#openGap('wrong_width', at, scanner.next, Buffer.from(bytes.subarray(at, end)));
    } else if (fits && scanner.isQuoted && scanner.hasStrayQuote) {
      return this.#openGap('broken_quote', at, scanner.next);
    } else if (fits && breaks > 0 && this.#hidesRows(bytes, at)) {
      return this.#openGap('unclosed_quote', at, scanner.next);
    } else {
      const { cells, isQuoted, hasStrayQuote } = scanner;
      const place = { row: this.#row, line: this.#line, offset: this.#offset + at };
      batch.items.push({
        kind: 'record',
        ...place,
        bytes,
        start: at,
        end,
        cells,
        isQuoted,
        hasStrayQuote,
        fits,
      });
    }
    this.#row += 1;
    this.#line += breaks + 1;
    return scanner.next;
  }

  /** Whether the scanned record has the header's width, with no more blank cells beyond it than all records have. */
  #fits(bytes: Buffer): boolean {
    const { cells, surplusAt, end } = this.#scanner;
    const { width, leastWidth, surplus } = this.#layout;
    if (surplus !== 'any' && cells !== width + surplus) return false;
    if (cells <= width) return cells >= leastWidth;
    return this.#blankCells.test(bytes.toString('latin1', surplusAt, end));
  }

  /**
   * Whether the scanned record, which spans several lines, looks like rows of which the first lost a quote: a line in its
   * middle is a sound row, or the two ends of a cell have as many delimiters as they need to be two rows. With few columns that
   * is too often so by chance.
   */
  #hidesRows(bytes: Buffer, start: number): boolean {
    const { end } = this.#scanner;
    const { width, dialect, surplus } = this.#layout;
    if (width < fewestForHiddenRows) return false;
    const [delimiter, quote] = [dialect.delimiter.charCodeAt(0), dialect.quote.charCodeAt(0)];
    let isInside = false;
    let cell = 1;
    let delimiters = 0; // on this line of the cell
    let firstLine: number | undefined; // delimiters on the cell's first line, once there is a second
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at];
      if (byte === quote) {
        if (isInside && bytes[at + 1] === quote) at += 1;
        else if (isInside && firstLine === width - cell && delimiters === cell - 1) return true;
        else isInside = !isInside;
        if (isInside && firstLine === undefined) delimiters = 0;
      } else if (byte === delimiter) {
        if (isInside) delimiters += 1;
        else {
          cell += 1;
          firstLine = undefined;
        }
      } else if (isInside && (byte === lineFeed || byte === carriageReturn)) {
        firstLine ??= delimiters;
        delimiters = 0;
        at = afterLineEnd(bytes, at, true) - 1;
        const line = this.#lineScanner;
        const isRow = line.scan(bytes, at + 1, true) === 'whole' && line.isClean && line.breaks === 0 && line.end < end;
        if (isRow && line.cells === width + (surplus === 'any' ? 0 : surplus)) return true;
      }
    }
    return false;
  }

  /** Begins to leave out the lines from `at` on. */
  #openGap(code: DamageCode | 'comment', at: number, troubleAt: number, record?: Buffer): number {
    const { breaks, cells, isClean, isQuoted, hasStrayQuote } = this.#scanner;
    this.#gap = new OpenGap(
      {
        code,
        row: this.#row,
        line: this.#line,
        offset: this.#offset + at,
        goesOn: code !== 'comment' && (code === 'unclosed_quote' || breaks > 0),
        troubleAt: this.#offset + troubleAt,
        held: record === undefined ? undefined : { bytes: record, cells, isClean, isQuoted, hasStrayQuote },
      },
      this.#layout.dialect,
    );
    return at;
  }

  /** Leaves out the line at `at`, or resumes there. */
  #leaveOut(gap: OpenGap, batch: RecordBatch, bytes: Buffer, at: number, isLast: boolean): number {
    if (!gap.inLine) {
      const mayResume = this.#isEndOfHeld(gap, at) || (!gap.endsInLoneCell && this.#isSound(bytes, at, isLast));
      if (mayResume === undefined) return needsMore;
      if (mayResume) this.#resume(gap, batch, this.#offset + at);
      else gap.inLine = true;
      return at;
    }
    const end = findLineEnd(bytes, at);
    const next = end === bytes.length ? needsMore : afterLineEnd(bytes, end, isLast);
    if (next === needsMore) {
      gap.keep(bytes.subarray(at, end));
      return end === at ? needsMore : end;
    }
    gap.keep(bytes.subarray(at, next));
    gap.endLine();
    if (!gap.start.goesOn) this.#resume(gap, batch, this.#offset + next);
    return next;
  }

  #isComment(bytes: Buffer, at: number): boolean {
    const comment = this.#comment;
    if (comment === undefined) return false;
    return comment.compare(bytes, at, Math.min(at + comment.length, bytes.length)) === 0;
  }

  /** Whether what was left out is a record with the wrong width but no other fault, and ends here. */
  #isEndOfHeld({ start: { held, troubleAt } }: OpenGap, at: number): boolean {
    return held?.isClean === true && troubleAt === this.#offset + at;
  }

  /** Whether a sound record starts at `at`; undefined when more bytes are needed to tell. */
  #isSound(bytes: Buffer, at: number, isLast: boolean): boolean | undefined {
    if (this.#isComment(bytes, at)) return false;
    const scanner = this.#scanner;
    const result = scanner.scan(bytes, at, isLast);
    if (result === 'more') return undefined;
    if (result !== 'whole' || !scanner.isClean || scanner.end === at) return false;
    if (scanner.cells < this.#layout.width || !this.#fits(bytes)) return false;
    return scanner.breaks === 0 || !this.#hidesRows(bytes, at);
  }

  /** Ends what is left out before the byte `at` of the file. */
  #resume(gap: OpenGap, batch: RecordBatch, at: number): void {
    const { code, row, line, offset, held, troubleAt } = gap.start;
    this.#gap = undefined;
    this.#line += gap.lines;
    if (held !== undefined && at === troubleAt) {
      const { bytes, cells, isQuoted, hasStrayQuote } = held;
      const record = { bytes, start: 0, end: bytes.length, cells, isQuoted, hasStrayQuote, fits: false };
      batch.items.push({ kind: 'record', row, line, offset, ...record });
      this.#row += 1;
      return;
    }
    this.#row += gap.lines;
    if (code === 'comment') return;
    const isEarly = at < troubleAt;
    batch.items.push({
      kind: 'gap',
      code: isEarly ? 'unclosed_quote' : code,
      row,
      lastRow: this.#row - 1,
      line,
      raw: gap.raw,
      ...(held === undefined || isEarly ? {} : { found: held.cells }),
    });
  }
}
