import { collapseSpaces } from '../values/text.ts';

/**
 * A short text that shows whether a damaged row of a failure report was changed since the report was written. It consists of
 * letters, so that a spreadsheet does not take it for a number.
 *
 * What a spreadsheet changes by itself does not count: line ends in a cell, capital letters (`true` becomes `TRUE`),
 * apostrophes and zeros in front, and blanks at the edges. FNV-1a with 64 bits: a row that someone edits has one chance in 2^64 to look unchanged.
 */
export function sealCells(cells: readonly string[]): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(
    cells
      .map((cell) =>
        collapseSpaces(cell.trim())
          .replace(/^['0]+/, '')
          .toLowerCase(),
      )
      .join('\0'),
  ))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash
    .toString(16)
    .padStart(16, '0')
    .replaceAll(/\d/g, (digit) => 'ghijklmnop'.charAt(Number(digit)));
}
