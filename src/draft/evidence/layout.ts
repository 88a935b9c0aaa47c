import type { CsvSettings } from '../../csv/csv-file.ts';
import { usualOtherWidth } from '../../csv/delimiter.ts';
import { knownDelimiters } from '../../csv/dialect.ts';
import { findHeader, readHead, readSepLine } from '../../csv/header.ts';
import type { Head, HeaderSearch } from '../../csv/header.ts';
import { findEnclosure, readPlainText } from '../../csv/enclosure.ts';
import { readAs } from '../../csv/reading.ts';
import type { ReadingSearch } from '../../csv/reading.ts';
import type { Place } from '../../csv/records.ts';
import { isQuotePair, resolveEscapes } from '../../csv/rewritten-text.ts';
import { openText } from '../../csv/text-source.ts';
import type { TextSource } from '../../csv/text-source.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import { maskValue } from '../../core/reports/mask-value.ts';
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
  /** Other settings of `csv` that the file proves. */
  readonly settings: Pick<CsvSettings, 'quote' | 'escape' | 'unnamed'>;
  /** Rows with fewer cells than the header: whether the last ones are empty can't be known. */
  readonly shortRows:
    { readonly count: number; readonly of: number; readonly leastCells: number; readonly width: number } | undefined;
  /** Set when it is only likely which column the header lacks: the header, and a masked row that has one cell more. */
  readonly unsureUnnamed: { readonly header: readonly string[]; readonly example: readonly string[] } | undefined;
  /** What is said about all that, in sentences. */
  readonly remarks: readonly string[];
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
 * Finds delimiter, quotes and header row in the first rows of a file, and whether rows are as wide as the header.
 *
 * @param encoding One that Node knows.
 * @throws RunError `input` when no row looks like a header, or the rows have one more cell and nothing shows which.
 */
export async function proveLayout(path: string, encoding: string, name: string): Promise<LayoutProof> {
  const source = await openText(path, encoding, 256 * 1024, JSON.stringify(name));
  const found = await proveWith(source, '"', name);
  const quote = findEnclosure([found.header.cells, ...found.rows]);
  const { proof } = quote === undefined || quote === '"' ? found : await proveWith(source, quote, name);
  return proof;
}

interface Found {
  readonly proof: LayoutProof;
  readonly header: HeadRecord;
  /** Cells of the first rows after the header. */
  readonly rows: readonly (readonly string[])[];
}

async function proveWith(source: TextSource, quote: string, name: string): Promise<Found> {
  const { text, head, isWrapped } = await readPlainText(source, { quote });
  const { delimiter: stated, start } = readSepLine(head);
  const ascii = isQuotePair(quote) ? '"' : quote;
  const search = { headerRow: 1, comment: undefined, recordLimit, isTranscoded: text.isTranscoded };
  const judged = knownDelimiters
    .filter((delimiter) => stated === undefined || delimiter === stated)
    .flatMap((delimiter) =>
      [false, true].map((skipsBlanks) =>
        judge(delimiter, readRecords(head, start, { ...search, dialect: { delimiter, quote: ascii, skipsBlanks } })),
      ),
    )
    .sort((a, b) => b.score - a.score);
  const [best] = judged;
  if (best === undefined || best.header === undefined) {
    const row = judged.find(({ damagedRow }) => damagedRow !== undefined)?.damagedRow;
    throw new RunError('input', `${name} has no row that names its columns`, {
      hint:
        row === undefined
          ? 'Add a first line with the names of the columns, like First Name,Last Name,Email, and run init again.'
          : `Row ${row} was skipped because a quote in it is not closed or is in the wrong place. If it names the columns, correct it and run init again.`,
    });
  }
  const { delimiter, header, records, width } = best;
  const second = judged.find((other) => other.delimiter !== delimiter);
  const rivals =
    second?.header !== undefined && second.width > 1 && second.score >= best.score * 0.8 ? [second.delimiter] : [];
  const shown = delimiter === '\t' ? 'tab' : `"${delimiter}"`;
  const same = Math.round(best.share * records.length);
  const rows = records.filter(({ row }) => row > header.row).map(({ cells }) => cells);
  const isEscaped = usesBackslashes(head, delimiter);
  const widths = await proveWidths(isEscaped ? resolveEscapes(text, delimiter, ascii) : text, start, {
    ...search,
    dialect: { delimiter, quote: ascii },
    headerRow: header.row,
    leastCells: undefined,
    unnamed: undefined,
    isTranscoded: isEscaped || text.isTranscoded,
  });
  if (widths.shortRows !== undefined) refuseShifted(header.cells, rows, name);
  const unnamed = widths.isWider ? findUnnamed(header.cells, rows, name) : undefined;
  const proof: LayoutProof = {
    delimiter,
    delimiterProof:
      stated === undefined
        ? `${shown} makes ${width === 1 ? '1 column' : `${width} columns`} in ${same} of the first ${records.length} rows`
        : `the file's first line says sep=${stated}`,
    otherDelimiters: rivals,
    headerRow: header.row,
    headerProof: `row ${header.row} has known names for ${header.known} of ${namesOf(header)} columns`,
    preamble: records
      .filter(({ row }) => row < header.row)
      .map(({ row, cells }) => ({ row, text: cells.filter((cell) => cell !== '').join(' ') })),
    settings: {
      ...(quote === '"' ? {} : { quote }),
      ...(isEscaped ? { escape: '\\' } : {}),
      ...(unnamed === undefined ? {} : { unnamed: unnamed.column }),
    },
    shortRows: widths.shortRows,
    unsureUnnamed:
      unnamed?.isSure === false ? { header: header.cells, example: unnamed.example.map(maskValue) } : undefined,
    remarks: [
      ...(isWrapped ? ['Whole lines are in quotes. The quotes around each line are removed.'] : []),
      ...(quote === '"' ? [] : [`Cells are enclosed in ${quote} (csv.quote).`]),
      ...(widths.skipsBlanks ? ['Blanks between delimiters and quotes are ignored.'] : []),
      ...(isEscaped ? ['A backslash makes the character after it text, as in files of MySQL (csv.escape).'] : []),
      ...(unnamed?.isSure === true
        ? ['The first column has no cell in the header. It counts the rows (csv.unnamed).']
        : []),
      ...(widths.emptyColumns > 0
        ? [`${widths.emptyColumns} empty columns without a name follow the last one. They are ignored.`]
        : []),
    ],
  };
  return { proof, header, rows };
}

/** Columns up to the last one with a name. */
function namesOf({ cells }: Pick<HeadRecord, 'cells'>): number {
  return cells.findLastIndex((cell) => cell !== '') + 1;
}

/** Whether the file has NULL or quotes as MySQL writes them. */
function usesBackslashes({ bytes }: Head, delimiter: string): boolean {
  const d = delimiter === '|' ? String.raw`\|` : delimiter;
  const text = bytes.toString('utf8', 0, 256 * 1024);
  return (
    new RegExp(String.raw`(?:^|[${d}"])\\N(?=[${d}"\r\n]|$)`, 'm').test(text) ||
    new RegExp(String.raw`[^${d}\r\n\\]\\"(?![${d}\r\n]|$)`, 'm').test(text)
  );
}

interface Widths {
  readonly skipsBlanks: boolean;
  /** Columns without a name behind the last name. */
  readonly emptyColumns: number;
  /** Whether most rows have one cell more than the header. */
  readonly isWider: boolean;
  readonly shortRows: LayoutProof['shortRows'];
}

/** Compares the first rows with the header. */
async function proveWidths(text: TextSource, start: Place, search: ReadingSearch): Promise<Widths> {
  const head = await readHead(text);
  const reading = readAs(head, start, search);
  const none = { skipsBlanks: false, emptyColumns: 0, isWider: false, shortRows: undefined };
  if (typeof reading === 'string') return none;
  const { dialect, header, sample } = reading;
  const width = header.cells.length;
  const isShort = ([cells, count]: readonly [number, number]): boolean => cells > 1 && cells < width && count > 1;
  const short = [...sample.otherWidths].filter(isShort);
  const count = short.reduce((sum, [, rows]) => sum + rows, 0);
  const whole = findHeader(head, start, search);
  return {
    skipsBlanks: dialect.skipsBlanks === true,
    emptyColumns: Math.max(typeof whole === 'object' ? whole.cells.length - width : 0, sample.surplus),
    isWider: usualOtherWidth(sample) === width + 1,
    shortRows:
      count >= 3 && count * 20 >= sample.rows
        ? { count, of: sample.rows, leastCells: Math.min(...short.map(([cells]) => cells)), width }
        : undefined,
  };
}

/** Refuses rows that end early if their addresses are not below their name: then it is not the last cells that are missing. */
function refuseShifted(header: readonly string[], rows: readonly (readonly string[])[], name: string): void {
  const email = header.findIndex((cell) => candidateOf(cell)?.meaning === 'email');
  const short = rows.filter(
    (cells) => cells.length < namesOf({ cells: header }) && cells.some((cell) => cell.includes('@')),
  );
  const right = short.filter((cells) => cells[email]?.includes('@') === true);
  if (email < 0 || short.length === 0 || right.length * 2 > short.length) return;
  throw new RunError(
    'input',
    `Rows of ${name} have fewer cells than the header, and their emails are not in its column`,
    {
      hint: 'The header may name a column that the rows lack. Correct the header, or export the list again.',
    },
  );
}

/**
 * Which column the header lacks. Row numbers that count up in the first column prove it. Addresses below or next to their name
 * only make it likely, because the column may also be in the middle.
 */
function findUnnamed(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  name: string,
): { readonly column: 'first' | 'last'; readonly isSure: boolean; readonly example: readonly string[] } {
  const wider = rows.filter((cells) => cells.length === header.length + 1);
  const [example = []] = wider;
  const first = Number(example[0]);
  const isCounted = wider.length > 2 && wider.every(([cell], index) => cell !== '' && Number(cell) === first + index);
  const email = header.findIndex((cell) => candidateOf(cell)?.meaning === 'email');
  const addressesAt = (column: number): number =>
    wider.filter((cells) => email >= 0 && cells[column]?.includes('@') === true).length;
  const [here, after] = [addressesAt(email), addressesAt(email + 1)];
  if (isCounted && here <= after) return { column: 'first', isSure: true, example };
  if (Math.max(here, after) * 2 > wider.length && here !== after)
    return { column: here > after ? 'last' : 'first', isSure: false, example };
  throw new RunError('input', `The rows of ${name} have ${header.length + 1} cells, its header has ${header.length}`, {
    hint: 'Name the column that has no name in the header, often the first, and run init again.',
  });
}

interface Judged {
  readonly delimiter: NonNullable<CsvSettings['delimiter']>;
  readonly records: readonly HeadRecord[];
  /** The usual number of cells. */
  readonly width: number;
  /** The share of records that have it. */
  readonly share: number;
  readonly header: (HeadRecord & { readonly known: number }) | undefined;
  readonly damagedRow: number | undefined;
  readonly score: number;
}

function judge(delimiter: Judged['delimiter'], { records, damagedRow }: HeadRecords): Judged {
  const counts = new Map<number, number>();
  for (const { cells } of records) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  const [[width, many] = [0, 0]] = [...counts].sort(([a, countOfA], [b, countOfB]) => countOfB - countOfA || b - a);
  const share = records.length === 0 ? 0 : many / records.length;
  const header = findBestHeader(records, width, true) ?? findBestHeader(records, width, false);
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
 * first row that is full of texts. A row that is not as wide as most needs known words, and more than half of its own.
 */
function findBestHeader(records: readonly HeadRecord[], width: number, hasUsualWidth: boolean): Judged['header'] {
  let best: Judged['header'];
  const used = Math.max(...records.map(({ cells }) => cells.findLastIndex((cell) => cell !== '') + 1));
  for (const { row, cells } of records.slice(0, latestHeader)) {
    const named = cells.filter((cell) => cell !== '');
    if (hasUsualWidth ? cells.length !== width : cells.length < 2) continue;
    if (named.length * 2 < Math.min(width, used) || (width > 1 && named.length < 2) || named.some(isData)) continue;
    const known = named.filter((cell) => candidateOf(cell)?.match === 'known').length;
    if (!hasUsualWidth && known * 2 <= named.length) continue;
    if (best === undefined || known > best.known) best = { row, cells, known };
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
  /** The first of those that were skipped. */
  readonly damagedRow: number | undefined;
}

/** The first records of a file that are not blank; damaged ones are skipped. */
function readRecords(head: Head, start: Place, search: HeaderSearch): HeadRecords {
  const records: HeadRecord[] = [];
  let damagedRow: number | undefined;
  let from = start;
  // A damaged record is skipped by asking for a header below it.
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
