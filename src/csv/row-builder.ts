import { type BadByte, findBadRecords, showBadBytes } from './bad-bytes.ts';
import { areBlank, splitCells } from './cells.ts';
import type { CsvBatch, CsvRow, Damage } from './csv-file.ts';
import { normalName } from './header.ts';
import type { RecordBatch, SplitGap, SplitRecord } from './record-batch.ts';
import type { Layout } from './record-splitter.ts';
import { readReportRow, type ReportLayout } from './report-input.ts';

/** What turns split records into rows. */
export interface RowFormat {
  readonly layout: Layout;
  /** The whole header, a report's own columns included. */
  readonly header: readonly string[];
  /** Whether the bytes are those of the file; otherwise they were transcoded, and places in them mean nothing. */
  readonly isTranscoded: boolean;
  readonly report: ReportLayout | undefined;
}

/** Longest `raw` text: with a guard it still fits the 32,767 characters of a spreadsheet's cell. */
const rawLength = 32_000;

/** Makes rows of a batch: cells by csv-parse, bad bytes found and shown, blank rows counted and left out. */
export function buildRows(batch: RecordBatch, format: RowFormat): CsvBatch {
  const { layout, report, header } = format;
  const bad = findBadRecords(batch, format.isTranscoded);
  const records = batch.items.filter((item) => item.kind === 'record');
  const bytes = bad.size === 0 ? batch.bytes : repaired(batch.bytes, records, bad);
  const split = splitCells(
    bytes,
    layout.dialect,
    records.map(({ cells }) => cells),
  );

  const rows: CsvRow[] = [];
  let blank = batch.blank;
  let next = 0;
  for (const item of batch.items) {
    if (item.kind === 'gap') {
      rows.push(gapRow(item, format));
      continue;
    }
    const found = split[next++] as string[];
    if (areBlank(found)) {
      blank += 1;
      continue;
    }
    const cells = fitted(found, layout.width);
    if (cells[0]?.startsWith('\uFEFF') === true) cells[0] = withoutRepeatedBom(cells[0], header);
    const damage = damageOf(item, bad.get(item), found, format);
    const { row } = item;
    rows.push({
      row,
      ...(report === undefined ? { sourceRow: row, cells } : readReportRow(report, row, cells)),
      ...(damage === undefined ? {} : { damage }),
    });
  }
  return { rows, blank };
}

/** The records' bytes with the bad ones made visible. */
function repaired(bytes: Buffer, records: readonly SplitRecord[], bad: ReadonlyMap<SplitRecord, BadByte>): Buffer {
  return Buffer.concat(
    records.map((record) => {
      const own = bytes.subarray(record.start, record.end + 1);
      return bad.has(record) ? showBadBytes(own) : own;
    }),
  );
}

function fitted(cells: string[], width: number): string[] {
  if (cells.length === width) return cells;
  return cells.length > width ? cells.slice(0, width) : [...cells, ...Array<string>(width - cells.length).fill('')];
}

/** Concatenated exports repeat header and byte order mark: there the mark isn't text. */
function withoutRepeatedBom(cell: string, header: readonly string[]): string {
  return normalName(cell) === header[0] ? cell.slice(1) : cell;
}

/** What is wrong with a record that could be split; undefined when nothing is. */
function damageOf(
  record: SplitRecord,
  bad: BadByte | undefined,
  found: string[],
  format: RowFormat,
): Damage | undefined {
  const { row, line, fits } = record;
  const span = { firstRow: row, lastRow: row, line };
  if (!fits) {
    const { width } = format.layout;
    const counts = { found: found.length, expected: width };
    return { code: 'wrong_width', ...span, ...counts, ...(found.length > width ? { extra: found.slice(width) } : {}) };
  }
  if (bad === undefined) return undefined;
  return { code: bad.code, ...span, ...(format.isTranscoded ? {} : { byteOffset: record.offset + bad.at }) };
}

function gapRow({ code, row, lastRow, line, raw, found }: SplitGap, { layout, report }: RowFormat): CsvRow {
  const counts = found === undefined ? {} : { found, expected: layout.width };
  const width = report === undefined ? layout.width : report.to - report.from;
  return {
    row,
    sourceRow: row,
    cells: Array<string>(width).fill(''),
    damage: { code, firstRow: row, lastRow, line, ...counts, raw: shownText(raw) },
  };
}

/** Readable text of a gap, without its last line end and without half a character where it is cut. */
function shownText(raw: Buffer): string {
  const text = showBadBytes(raw).toString();
  return text.length > rawLength
    ? text.slice(0, rawLength).replace(/[\uD800-\uDBFF]$/, '')
    : text.replace(/(?:\r\n|\n|\r)$/, '');
}
