import type { CsvSettings } from '../../csv/csv-file.ts';
import { knownDelimiters } from '../../csv/dialect.ts';
import { findHeader, readHead, readSepLine } from '../../csv/header.ts';
import type { Head, HeaderSearch } from '../../csv/header.ts';
import type { Place } from '../../csv/records.ts';
import { openText } from '../../csv/text-source.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import { bitOf, shapesOf } from './cell-shape.ts';
import { candidateOf } from '../words/header-words.ts';

/** Where the header is, what separates cells, and how that is known. */
export interface LayoutProof {
  readonly delimiter: NonNullable<CsvSettings['delimiter']>;
  readonly delimiterProof: string;
  /** Several delimiters fit as well: the one above is the likeliest. */
  readonly otherDelimiters: readonly string[];
  readonly headerRow: number;
  readonly headerProof: string;
  /** Rows before the header that hold something. */
  readonly preamble: readonly { readonly row: number; readonly text: string }[];
}

interface HeadRecord {
  readonly row: number;
  readonly cells: readonly string[];
}

const sampleRecords = 300;
/** Titles and filters above a header are seldom longer. */
const latestHeader = 40;
const recordLimit = 1024 * 1024;

/**
 * Finds delimiter and header row in the first rows of a file.
 *
 * @param encoding One that Node knows.
 * @throws RunError `input` when no row looks like a header.
 */
export async function proveLayout(path: string, encoding: string, name: string): Promise<LayoutProof> {
  const source = await openText(path, encoding, 256 * 1024, JSON.stringify(name));
  const head = await readHead(source);
  const { delimiter: stated, start } = readSepLine(head);
  const search = { headerRow: 1, comment: undefined, recordLimit, isTranscoded: source.isTranscoded };
  const judged = knownDelimiters
    .filter((delimiter) => stated === undefined || delimiter === stated)
    .map((delimiter) => judge(delimiter, readRecords(head, start, { ...search, dialect: { delimiter, quote: '"' } })))
    .sort((a, b) => b.score - a.score);
  const [best, second] = judged;
  if (best === undefined || best.header === undefined) {
    const row = judged.find(({ damagedRow }) => damagedRow !== undefined)?.damagedRow;
    throw new RunError('input', `${name} has no row that names its columns`, {
      hint:
        row === undefined
          ? 'Add a first line with the names of the columns, like First Name,Last Name,Email, and run init again.'
          : `Row ${row} was passed over, as a quote in it is not closed or stands in the wrong place: if it names the columns, correct it and run init again.`,
    });
  }
  const { delimiter, header, records, width } = best;
  const rivals =
    second?.header !== undefined && second.width > 1 && second.score >= best.score * 0.8 ? [second.delimiter] : [];
  const shown = delimiter === '\t' ? 'tab' : `"${delimiter}"`;
  const same = Math.round(best.share * records.length);
  return {
    delimiter,
    delimiterProof:
      stated === undefined
        ? `${shown} makes ${width === 1 ? '1 column' : `${width} columns`} in ${same} of the first ${records.length} rows`
        : `the file's first line says sep=${stated}`,
    otherDelimiters: rivals,
    headerRow: header.row,
    headerProof: `row ${header.row} names ${header.known} of ${width} columns in words that are known`,
    preamble: records
      .filter(({ row }) => row < header.row)
      .map(({ row, cells }) => ({ row, text: cells.filter((cell) => cell !== '').join(' ') })),
  };
}

interface Judged {
  readonly delimiter: NonNullable<CsvSettings['delimiter']>;
  readonly records: readonly HeadRecord[];
  /** The usual number of cells. */
  readonly width: number;
  /** The share of records that have it. */
  readonly share: number;
  readonly header: { readonly row: number; readonly known: number } | undefined;
  readonly damagedRow: number | undefined;
  readonly score: number;
}

function judge(delimiter: Judged['delimiter'], { records, damagedRow }: HeadRecords): Judged {
  const counts = new Map<number, number>();
  for (const { cells } of records) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  const [[width, many] = [0, 0]] = [...counts].sort(([a, countOfA], [b, countOfB]) => countOfB - countOfA || b - a);
  const share = records.length === 0 ? 0 : many / records.length;
  const header = findBestHeader(records, width);
  return {
    delimiter,
    records,
    width,
    share,
    header,
    damagedRow,
    score: width < 2 ? 0.001 * (header?.known ?? 0) : share * (1 + (header?.known ?? 0)),
  };
}

/**
 * The header is the row that names most columns in known words and holds nothing that looks like data; without known words the
 * first row that is full of texts.
 */
function findBestHeader(records: readonly HeadRecord[], width: number): Judged['header'] {
  let best: { row: number; known: number } | undefined;
  for (const { row, cells } of records.slice(0, latestHeader)) {
    const named = cells.filter((cell) => cell !== '');
    if (cells.length !== width || named.length * 2 < width || (width > 1 && named.length < 2) || named.some(isData))
      continue;
    const known = named.filter((cell) => candidateOf(cell)?.match === 'known').length;
    if (best === undefined || known > best.known) best = { row, known };
  }
  return best;
}

const dataShapes = [
  'email',
  'emailLike',
  'dateLike',
  'phone',
  'money',
  'decimalPoint',
  'decimalComma',
  'zip5',
  'leadingZero',
  'scientific',
  'card',
  'private',
] as const;
const dataBits = dataShapes.reduce((bits, shape) => bits | bitOf(shape), 0);

function isData(cell: string): boolean {
  return (shapesOf(cell) & dataBits) !== 0 || /^\d{3,}$/.test(cell) || cell.length > 120;
}

interface HeadRecords {
  readonly records: readonly HeadRecord[];
  /** The first of those that were passed over. */
  readonly damagedRow: number | undefined;
}

/** The first records of a file that are not blank; damaged ones are passed over. */
function readRecords(head: Head, start: Place, search: HeaderSearch): HeadRecords {
  const records: HeadRecord[] = [];
  let damagedRow: number | undefined;
  let from = start;
  // A damaged record is passed over by asking for a header below it.
  for (let skip = 0; records.length < sampleRecords && skip < latestHeader;) {
    const found = findHeader(head, from, { ...search, headerRow: from.row + skip });
    if (typeof found === 'object') {
      records.push({ row: found.row, cells: found.cells });
      from = found.next;
      skip = 0;
    } else if (found === 'missing') break;
    else {
      damagedRow ??= from.row + skip;
      skip += 1;
    }
  }
  return { records, damagedRow };
}
