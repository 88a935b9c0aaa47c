import { RunError } from '../core/outcome/run-error.ts';
import { knownDelimiters } from './dialect.ts';
import { findHeader, type Head, type Header, type HeaderSearch } from './header.ts';
import type { Place } from './records.ts';
import { sampleRows } from './sample.ts';

/** A delimiter with the header that it makes. */
interface Candidate {
  readonly delimiter: string;
  readonly header: Header;
}

/**
 * The delimiter of a file for which none is set, if it is certain: the only one that splits the header into several columns
 * and at least half of the first rows into as many (the others are damaged rows, which cost themselves only). A header without any
 * known delimiter is that of a file with one column.
 */
export function certainDelimiter(head: Head, from: Place, search: HeaderSearch, file: string): string {
  const candidates = splittingDelimiters(head, from, search);
  if (candidates.length === 0) return ',';
  const fitting = candidates.filter((candidate) => fitsRows(head, candidate, search));
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only.delimiter;

  const widths = candidates.map(({ delimiter, header }) => `${shown(delimiter)} makes ${header.cells.length} columns`);
  const [likely] = [...(fitting.length > 0 ? fitting : candidates)].sort(
    (a, b) => b.header.cells.length - a.header.cells.length,
  );
  throw new RunError(
    'input',
    fitting.length > 1
      ? `Several characters could separate the columns of ${file}: ${widths.join(', ')}.`
      : `Can't tell which character separates the columns of ${file}: none splits the header and the rows into equally many.`,
    { hint: `Check the file, then add ${setting(likely?.delimiter ?? ',')} or another delimiter to the mapping.` },
  );
}

/** Refuses a delimiter that finds one column where the header holds another known one. */
export function refuseWrongDelimiter(head: Head, from: Place, search: HeaderSearch, file: string): void {
  const [better] = splittingDelimiters(head, from, search).sort(
    (a, b) => b.header.cells.length - a.header.cells.length,
  );
  if (better === undefined) return;
  const { delimiter, header } = better;
  throw new RunError(
    'input',
    `${file} has only one column with the delimiter ${shown(search.dialect.delimiter)}, but ${header.cells.length} with ${shown(delimiter)}.`,
    { hint: `Use ${setting(delimiter)} in the mapping.` },
  );
}

/** The known delimiters that split the header and are not the quote. */
function splittingDelimiters(head: Head, from: Place, search: HeaderSearch): Candidate[] {
  const candidates: Candidate[] = [];
  for (const delimiter of knownDelimiters) {
    if (delimiter === search.dialect.quote) continue;
    const header = findHeader(head, from, { ...search, dialect: { ...search.dialect, delimiter } });
    if (typeof header === 'object' && header.cells.length > 1) candidates.push({ delimiter, header });
  }
  return candidates;
}

function fitsRows(head: Head, { delimiter, header }: Candidate, search: HeaderSearch): boolean {
  const width = header.cells.length;
  const layout = {
    ...search,
    dialect: { ...search.dialect, delimiter },
    width,
    leastWidth: width,
    surplus: 'any',
  } as const;
  const { rows, fitting } = sampleRows(head, header, layout);
  return fitting * 2 >= rows;
}

function shown(delimiter: string): string {
  return delimiter === '\t' ? 'tab' : `"${delimiter}"`;
}

function setting(delimiter: string): string {
  return `"csv": { "delimiter": ${JSON.stringify(delimiter)} }`;
}
