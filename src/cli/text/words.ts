/** Wording that several outputs share. */

export { count, plural } from '../../core/reports/figures.ts';

/** Two or more columns of text with aligned edges, each line indented. */
export function table(rows: readonly (readonly string[])[], indent = '  '): string[] {
  const widths: number[] = [];
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

/** Breaks a line at blanks so that it fits; what follows stands below its first word. A longer word stays whole. */
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

/** Says aloud, on both ends of a run, that nothing was real. */
export const simulatorBanner = 'SIMULATOR: NOTHING REACHED GLEANTAP';
