/** Formatting that several outputs share. */

import { count } from '../../core/reports/figures.ts';
import type { Screen, Style } from './screen.ts';
import { visible } from '../../core/reports/visible.ts';

export { count, plural } from '../../core/reports/figures.ts';

/** Aligned columns of text. Each line is indented. */
export function table(cells: readonly (readonly string[])[], indent = '  '): string[] {
  const widths: number[] = [];
  // A name with a line break must not look like a line of ours.
  const rows = cells.map((row) => row.map((cell) => visible(cell).replaceAll('\n', String.raw`\n`)));
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  return rows.map((row) =>
    (
      indent + row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0))).join('  ')
    ).trimEnd(),
  );
}

/** The first rows of many: `row 3`, `rows 3, 7, 9, ...` */
export function rowsAt(examples: readonly number[], all: number): string {
  return `${all === 1 ? 'row' : 'rows'} ${examples.join(', ')}${all > examples.length ? ', ...' : ''}`;
}

/** A text in a column of its own, right of a label. */
export function labeled(label: string, text: string, { width, paint }: Screen, style?: Style): string[] {
  const margin = ' '.repeat(labelWidth);
  const shown = wrap(margin + text, width).map((line) => line.slice(labelWidth));
  return shown.map(
    (line, index) =>
      paint('dim', (index === 0 ? label : '').padEnd(labelWidth)) + (style === undefined ? line : paint(style, line)),
  );
}

const labelWidth = 12;

/** The first of several things, as many as fit: `a, b, and 3 more`. */
export function shortList(items: readonly string[], most: number): string {
  const more = items.length - most;
  return more > 0 ? `${items.slice(0, most).join(', ')}, and ${count(more)} more` : items.join(', ');
}

/** Wraps a line at blanks to fit the width, keeping its indent. A word that is longer than the width is not split. */
export function wrap(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const indent = /^ */.exec(line)?.[0] ?? '';
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    let at = rest.lastIndexOf(' ', width);
    if (at <= indent.length) at = rest.indexOf(' ', width);
    if (at < 0) break;
    lines.push(rest.slice(0, at).trimEnd());
    rest = indent + rest.slice(at).trimStart();
  }
  return [...lines, rest];
}

/** Printed at the start and end of a run against the simulator. */
export const simulatorBanner = 'SIMULATOR: NOTHING REACHED GLEANTAP';
