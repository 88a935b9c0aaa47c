import { knownDelimiters } from './dialect.ts';
import { type Head, readHead, readSepLine } from './header.ts';
import { isQuotePair, quotePairs, straightenQuotes, unwrapLine, unwrapLines } from './rewritten-text.ts';
import type { TextSource } from './text-source.ts';

const sampleBytes = 64 * 1024;
/** The share of lines or cells that has to agree, since some may be damaged. */
const most = 0.8;

/** A text whose lines are not quoted as a whole and whose quotes are ASCII, with its first bytes. */
export async function readPlainText(
  source: TextSource,
  { quote = '"', delimiter, headerRow = 1 }: { quote?: string; delimiter?: string; headerRow?: number },
): Promise<{ readonly text: TextSource; readonly head: Head; readonly isWrapped: boolean }> {
  const head = await readHead(source);
  const isWrapped = hasWrappedLines(head, headerRow);
  let text = isWrapped ? unwrapLines(source) : source;
  if (isQuotePair(quote)) text = straightenQuotes(text, quote, delimiter ?? knownDelimiters.join(''));
  return { text, head: text === source ? head : await readHead(text), isWrapped };
}

/**
 * Whether lines are quoted as a whole, as in `"1001,Ana,""Diaz, Jr."""`: with these quotes off, nearly all lines have as many
 * cells as the header, at least three.
 */
function hasWrappedLines(head: Head, headerRow: number): boolean {
  const { start } = readSepLine(head);
  const lines = head.bytes
    .toString('utf8', start.offset, sampleBytes)
    .split(/\r\n|\n|\r/)
    .slice(headerRow - 1)
    .filter((line) => line.trim() !== '');
  if (!head.isWhole || head.bytes.length > sampleBytes) lines.pop();
  const wrapped = lines.filter((line) => unwrapLine(line) !== undefined);
  if (wrapped.length === 0) return false;
  return knownDelimiters.some((delimiter) => {
    const [width = 0, ...widths] = lines.map((line) => countCells(unwrapLine(line) ?? line, delimiter));
    if (width < 3 || widths.length === 0) return false;
    const isWhole = (line: string): boolean => countCells(unwrapLine(line) ?? '', delimiter) === width;
    return (
      widths.filter((cells) => cells === width).length >= widths.length * most &&
      wrapped.filter(isWhole).length >= wrapped.length * most
    );
  });
}

/** Delimiters outside quotes, and one. */
function countCells(line: string, delimiter: string): number {
  return line.replaceAll(/"(?:[^"]|"")*"/g, '').split(delimiter).length;
}

/**
 * What encloses cells although it is not the quote they were read with: an apostrophe, or a pair like `“”`. Undefined unless
 * that is so in at least two columns, or in all that hold something. It is `"` where cells were quoted twice.
 *
 * @param rows Cells of the header and the first rows.
 */
export function findEnclosure(rows: readonly (readonly string[])[]): string | undefined {
  return ['"', "'", '`', ...quotePairs].find((pair) => {
    const [open = '', close = open] = pair;
    const columns = new Map<number, { filled: number; enclosed: number }>();
    for (const cells of rows) {
      for (const [index, cell] of cells.entries()) {
        const text = cell.trim();
        if (text === '') continue;
        const column = columns.get(index) ?? { filled: 0, enclosed: 0 };
        columns.set(index, column);
        column.filled += 1;
        if (text.length > 1 && text.startsWith(open) && text.endsWith(close)) column.enclosed += 1;
      }
    }
    const enclosed = [...columns.values()].filter(
      (column) => column.enclosed >= 2 && column.enclosed >= column.filled * most,
    ).length;
    return enclosed >= Math.min(2, Math.max(1, columns.size));
  });
}
