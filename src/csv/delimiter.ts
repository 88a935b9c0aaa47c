import { plural } from '../core/reports/figures.ts';
import { RunError } from '../core/outcome/run-error.ts';
import { knownDelimiters } from './dialect.ts';
import { findHeader, type Head, type Header, type NoHeader } from './header.ts';
import { readAs, type Reading, type ReadingSearch } from './reading.ts';
import type { Place } from './records.ts';
import type { Sample } from './sample.ts';

/**
 * The delimiter of a file for which none is set, if it is certain: the only one that splits the header into several columns
 * and at least half of the first rows into as many (the others are damaged rows, which cost themselves only). A header without any
 * known delimiter is that of a file with one column.
 */
export function certainDelimiter(head: Head, from: Place, search: ReadingSearch, file: string): string {
  const candidates = splittingDelimiters(head, from, search);
  if (candidates.length === 0) return ',';
  const fitting = candidates.filter(({ sample: { rows, fitting: fit } }) => fit * 2 >= rows);
  // That all rows have another width than the header is for the reader to say.
  const steady =
    fitting.length > 0 ? fitting : candidates.filter(({ sample }) => usualOtherWidth(sample) !== undefined);
  const [only] = steady;
  if (only !== undefined && steady.length === 1) return only.dialect.delimiter;

  const widths = candidates.map(
    ({ dialect, header }) => `${shown(dialect.delimiter)} makes ${plural(header.cells.length, 'column')}`,
  );
  const [likely] = [...(fitting.length > 0 ? fitting : candidates)].sort(
    (a, b) => b.header.cells.length - a.header.cells.length,
  );
  throw new RunError(
    'input',
    fitting.length > 1
      ? `Several characters could separate the columns of ${file}: ${widths.join(', ')}.`
      : `Can't tell which character separates the columns of ${file}: none splits the header and the rows into the same number of cells.`,
    {
      hint: `Check the file, then add ${setting(likely?.dialect.delimiter ?? ',')} or another delimiter to the mapping.`,
    },
  );
}

/** Refuses a delimiter that finds one column where the header holds another known one. */
export function refuseWrongDelimiter(head: Head, from: Place, search: ReadingSearch, file: string): void {
  const [better] = splittingDelimiters(head, from, search).sort(
    (a, b) => b.header.cells.length - a.header.cells.length,
  );
  if (better === undefined) return;
  const { header } = better;
  const { delimiter } = better.dialect;
  throw new RunError(
    'input',
    `${file} has only one column with the delimiter ${shown(search.dialect.delimiter)}, but ${header.cells.length} with ${shown(delimiter)}.`,
    { hint: `Use ${setting(delimiter)} in the mapping.` },
  );
}

/** The ways to read a file whose delimiter is known, is not the quote, and splits the header. */
function splittingDelimiters(head: Head, from: Place, search: ReadingSearch): Reading[] {
  return knownDelimiters.flatMap((delimiter) => {
    if (delimiter === search.dialect.quote) return [];
    const asThis = { ...search, dialect: { ...search.dialect, delimiter } };
    if (isAbsent(findHeader(head, from, asThis), asThis)) return [];
    const reading = readAs(head, from, asThis);
    return typeof reading === 'object' && reading.header.cells.length > 1 ? [reading] : [];
  });
}

/** Whether no reading of the header holds the delimiter, so that the rows need no look. Most known delimiters are absent. */
function isAbsent(header: Header | NoHeader, { dialect, unnamed }: ReadingSearch): boolean {
  if (typeof header === 'string' || unnamed !== undefined) return false;
  const [only = '', ...others] = header.cells;
  return others.length === 0 && !only.includes(dialect.quote);
}

/** The number of cells that at least half of the rows have, and at least three, if it is not the header's. */
export function usualOtherWidth({ rows, otherWidths }: Sample): number | undefined {
  const [[width, count] = [0, 0]] = [...otherWidths].sort(([, a], [, b]) => b - a);
  return width > 1 && count >= 3 && count * 2 >= rows ? width : undefined;
}

function shown(delimiter: string): string {
  return delimiter === '\t' ? 'tab' : `"${delimiter}"`;
}

function setting(delimiter: string): string {
  return `"csv": { "delimiter": ${JSON.stringify(delimiter)} }`;
}
