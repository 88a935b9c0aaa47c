import { findBadByte } from './bad-bytes.ts';
import type { DamageCode } from './csv-file.ts';
import { blankCells } from './dialect.ts';
import { hidesRows } from './hidden-rows.ts';
import { OpenGap } from './open-gap.ts';
import { afterLineEnd, findLineEnd, RecordScanner } from './record-scanner.ts';
import type { Layout, Place, RecordBatch, SplitItem, SplitRecord } from './records.ts';

/** In place of a position. */
const needsMore = -1;

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
 *   are one gap, and count as one spreadsheet row each: that is what they will be once you fix the quote. A record
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
  readonly #quote: number;
  #rest: Buffer = Buffer.alloc(0);
  #row: number;
  #line: number;
  /** Where `#rest` starts in the file. */
  #offset: number;
  #gap: OpenGap | undefined;
  #items: SplitItem[] = [];
  #blank = 0;

  constructor(layout: Layout, from: Place) {
    const { dialect, recordLimit, width, comment } = layout;
    this.#layout = layout;
    this.#scanner = new RecordScanner(dialect, recordLimit, width);
    this.#lineScanner = new RecordScanner(dialect, recordLimit, width);
    this.#comment = comment === undefined ? undefined : Buffer.from(comment);
    this.#quote = dialect.quote.charCodeAt(0);
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
    this.#items = [];
    this.#blank = 0;
    let at = 0;
    while (at < bytes.length) {
      const gap = this.#gap;
      const next = gap === undefined ? this.#read(bytes, at, isLast) : this.#leaveOut(gap, bytes, at, isLast);
      if (next === needsMore) break;
      at = next;
    }
    if (isLast && this.#gap !== undefined) {
      if (this.#gap.inLine) this.#gap.endLine();
      this.#resume(this.#gap, this.#offset + at);
    }
    this.#rest = bytes.subarray(at);
    this.#offset += at;
    this.#findBadBytes(bytes, at);
    return { items: this.#items, blank: this.#blank, length: at };
  }

  /** Looks at single records only where the bytes as a whole are not sound. */
  #findBadBytes(bytes: Buffer, length: number): void {
    const { isTranscoded } = this.#layout;
    const isSound = findBadByte(bytes.subarray(0, length), isTranscoded) === undefined;
    for (const item of this.#items) {
      if (item.kind !== 'record' || (isSound && item.bytes === bytes)) continue;
      item.badByte = findBadByte(item.bytes.subarray(item.start, item.end), isTranscoded);
    }
  }

  /** Reads the record at `at`. */
  #read(bytes: Buffer, recordStart: number, isLast: boolean): number {
    const at = this.#pastMark(bytes, recordStart, isLast);
    if (at === needsMore) return needsMore;
    if (this.#isComment(bytes, at)) return this.#openGap('comment', at, at);
    const scanner = this.#scanner;
    const result = scanner.scan(bytes, at, isLast);
    if (result === 'more') return needsMore;
    const { end, breaks } = scanner;
    if (result !== 'whole') return this.#openGap(result, at, end);
    const fits = this.#fits(bytes);
    if (end === at || (!fits && this.#blankCells.test(bytes.toString('latin1', at, end)))) {
      this.#blank += 1;
    } else if (!fits && breaks > 0) {
      const copy = Buffer.from(bytes.subarray(at, end));
      const held = { ...this.#scanned(bytes, at, fits), bytes: copy, start: 0, end: copy.length };
      return this.#openGap('wrong_width', at, scanner.next, held);
    } else if (fits && scanner.isQuoted && scanner.hasStrayQuote) {
      return this.#openGap('broken_quote', at, scanner.next);
    } else if (fits && breaks > 0 && this.#hidesRows(bytes, at)) {
      return this.#openGap('unclosed_quote', at, scanner.next);
    } else {
      this.#items.push(this.#scanned(bytes, at, fits));
    }
    this.#row += 1;
    this.#line += breaks + 1;
    return scanner.next;
  }

  /** The record that was just scanned. */
  #scanned(bytes: Buffer, start: number, fits: boolean): SplitRecord {
    const { cells, surplusAt, hasBareQuote, hasStrayQuote } = this.#scanner;
    const { width } = this.#layout;
    // Blank cells that regularly follow need not be cut: there may be 16,000 of them.
    const surplus = fits ? Math.max(0, cells - width) : 0;
    const end = surplus > 0 ? surplusAt : this.#scanner.end;
    return {
      kind: 'record',
      row: this.#row,
      line: this.#line,
      offset: this.#offset + start,
      bytes,
      start,
      end,
      cells: cells - surplus,
      surplus,
      fits,
      hasBareQuote,
      hasStrayQuote,
      badByte: undefined,
    };
  }

  /** Whether the scanned record has the header's width, with no more blank cells beyond it than all records have. */
  #fits(bytes: Buffer): boolean {
    const { cells, surplusAt, end } = this.#scanner;
    const { width, leastWidth, surplus, otherSurpluses = [] } = this.#layout;
    if (otherSurpluses.includes(cells - width))
      return cells === width || this.#blankCells.test(bytes.toString('latin1', surplusAt, end));
    if (surplus !== 'any' && (leastWidth < width ? cells > width + surplus : cells !== width + surplus)) return false;
    if (cells <= width) return cells >= leastWidth;
    return this.#blankCells.test(bytes.toString('latin1', surplusAt, end));
  }

  /** Whether the scanned record, which spans several lines, looks like rows of which the first lost a quote. */
  #hidesRows(bytes: Buffer, start: number): boolean {
    return hidesRows(bytes, start, this.#scanner.end, this.#layout, this.#lineScanner);
  }

  /** Starts to leave out the lines from `at` on. */
  #openGap(code: DamageCode | 'comment', at: number, troubleAt: number, held?: SplitRecord): number {
    const start = {
      code,
      row: this.#row,
      line: this.#line,
      goesOn: code !== 'comment' && (code === 'unclosed_quote' || this.#scanner.breaks > 0),
      troubleAt: this.#offset + troubleAt,
      held,
    };
    this.#gap = new OpenGap(start, this.#layout.dialect);
    return at;
  }

  /** Leaves out the line at `at`, or resumes there. */
  #leaveOut(gap: OpenGap, bytes: Buffer, at: number, isLast: boolean): number {
    if (!gap.inLine) {
      const mayResume = this.#isEndOfHeld(gap, at) || (!gap.endsInLoneCell && this.#isSound(bytes, at, isLast));
      if (mayResume === undefined) return needsMore;
      if (mayResume) this.#resume(gap, this.#offset + at);
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
    if (!gap.start.goesOn) this.#resume(gap, this.#offset + next);
    return next;
  }

  /**
   * The position of the quote behind a byte order mark at `at`, with which a file begins that was joined to another one; `at`
   * itself for anything else, and `needsMore` when more bytes are needed to tell. Before text the mark is text that does not show.
   */
  #pastMark(bytes: Buffer, at: number, isLast: boolean): number {
    if (bytes[at] !== 0xef) return at;
    if (bytes.length < at + 4) return isLast ? at : needsMore;
    const isMark = bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf;
    return isMark && bytes[at + 3] === this.#quote ? at + 3 : at;
  }

  #isComment(bytes: Buffer, at: number): boolean {
    const comment = this.#comment;
    if (comment === undefined) return false;
    return comment.compare(bytes, at, Math.min(at + comment.length, bytes.length)) === 0;
  }

  /** Whether what was left out is a record with the wrong width but no other fault, and ends here. */
  #isEndOfHeld({ start: { held, troubleAt } }: OpenGap, at: number): boolean {
    return held?.hasBareQuote === false && troubleAt === this.#offset + at;
  }

  /** Whether a sound record starts at `at`; undefined when more bytes are needed to decide. */
  #isSound(bytes: Buffer, recordStart: number, isLast: boolean): boolean | undefined {
    const at = this.#pastMark(bytes, recordStart, isLast);
    if (at === needsMore) return undefined;
    if (this.#isComment(bytes, at)) return false;
    const scanner = this.#scanner;
    const result = scanner.scan(bytes, at, isLast);
    if (result === 'more') return undefined;
    if (result !== 'whole' || scanner.hasBareQuote || scanner.end === at) return false;
    if (scanner.cells < this.#layout.width || !this.#fits(bytes)) return false;
    return scanner.breaks === 0 || !this.#hidesRows(bytes, at);
  }

  /** Ends what is left out before the byte `at` of the file. */
  #resume(gap: OpenGap, at: number): void {
    const { code, row, line, held, troubleAt } = gap.start;
    this.#gap = undefined;
    this.#line += gap.lines;
    if (held !== undefined && at === troubleAt) {
      this.#items.push(held);
      this.#row += 1;
      return;
    }
    this.#row += gap.lines;
    if (code === 'comment') return;
    const isEarly = at < troubleAt;
    this.#items.push({
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
