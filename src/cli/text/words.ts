/** Formatting that several outputs share. */

import { count } from '../../core/reports/figures.ts';
import type { Screen, Style } from './screen.ts';
import { visible } from '../../core/reports/visible.ts';

export { count, plural } from '../../core/reports/figures.ts';

/** A text in a table, in color where its meaning has one. */
export type Cell = string | { readonly text: string; readonly style: Style };

/** Fewer columns are too narrow for sentences. */
const narrowest = 24;

/**
 * Aligned columns, the most important ones first. The last one is wrapped in its place. Where it has no room, it goes below its
 * row, and so does each column before it that does not fit the screen.
 *
 * @param below For each row, more lines that go below it.
 */
export function table(
  cells: readonly (readonly Cell[])[],
  screen: Screen,
  { indent = '  ', below = [] }: { readonly indent?: string; readonly below?: readonly (readonly string[])[] } = {},
): string[] {
  const rows = cells.map((row) =>
    row.map((cell) => (typeof cell === 'string' ? { text: cell, style: undefined } : cell)),
  );
  // A name with a line break must not look like a line of ours.
  const texts = rows.map((row) => row.map(({ text }) => visible(text).replaceAll('\n', String.raw`\n`)));
  const widths: number[] = [];
  for (const row of texts) row.forEach((text, index) => (widths[index] = Math.max(widths[index] ?? 0, text.length)));
  /** The columns in front of one, with the gaps between them. */
  const before = (column: number): number =>
    widths.slice(0, column).reduce((sum, width) => sum + width + 2, indent.length);
  const last = widths.length - 1;
  const fitsAll = last === 0 || before(last) + Math.min(narrowest, widths[last] ?? 0) <= screen.width;
  let beside = fitsAll ? widths.length : last;
  while (!fitsAll && beside > 1 && before(beside) - 2 > screen.width) beside -= 1;
  return texts.flatMap((row, at) => {
    const paint = (column: number, text: string, style = rows[at]?.[column]?.style): string =>
      style === undefined ? text : screen.paint(style, text);
    const first = row
      .slice(0, beside - 1)
      .map((text, column) => paint(column, text) + ' '.repeat((widths[column] ?? 0) - text.length + 2));
    // The last cell of the line is wrapped in its place, unless there are more below.
    const margin = ' '.repeat(before(beside - 1));
    const width = fitsAll ? screen.width : Infinity;
    const [end = '', ...more] = wrap(margin + (row[beside - 1] ?? ''), width).map((line) => line.slice(margin.length));
    const stacked = (text: string, style: Style): string[] =>
      text === '' ? [] : wrap(`${indent}    ${visible(text)}`, screen.width).map((line) => screen.paint(style, line));
    return [
      (indent + first.join('') + paint(beside - 1, end)).trimEnd(),
      ...more.map((line) => margin + paint(beside - 1, line)),
      ...row.slice(beside).flatMap((text, column) => stacked(text, rows[at]?.[beside + column]?.style ?? 'dim')),
      ...(below[at] ?? []).flatMap((text) => stacked(text, 'dim')),
    ];
  });
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

/** Wraps each line of a text. */
export function wrapAll(text: string, width: number): string[] {
  return text
    .trimEnd()
    .split('\n')
    .flatMap((line) => wrap(visible(line), width));
}

/** Wraps a line at blanks to fit the width, keeping its indent, or that of an item of a list. A word that is longer than the width is not split. */
export function wrap(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const indent = ' '.repeat(/^ *(?:- )?/.exec(line)?.[0].length ?? 0);
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
