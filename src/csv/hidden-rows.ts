import { carriageReturn, lineFeed } from './dialect.ts';
import { afterLineEnd, type RecordScanner } from './record-scanner.ts';
import type { Layout } from './records.ts';

/** With fewer columns a line of text is too often as wide as the header by chance. */
const fewestColumns = 5;

/**
 * Whether a record over several lines looks like rows of which the first lost a quote: a line in its middle is a sound row,
 * or the two ends of a cell have as many delimiters as they need to be two rows.
 *
 * @param scanner Scans single lines of the record. What it holds is lost.
 */
export function hidesRows(bytes: Buffer, start: number, end: number, layout: Layout, scanner: RecordScanner): boolean {
  const { width, dialect, surplus } = layout;
  if (width < fewestColumns) return false;
  const rowCells = width + (surplus === 'any' ? 0 : surplus);
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
      const isRecord = scanner.scan(bytes, at + 1, true) === 'whole' && !scanner.hasBareQuote && scanner.breaks === 0;
      if (isRecord && scanner.end < end && scanner.cells === rowCells) return true;
    }
  }
  return false;
}
