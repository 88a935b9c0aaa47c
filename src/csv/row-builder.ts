import { isAscii } from 'node:buffer';
import { type BadByte, findBadRecords, showBadBytes } from './bad-bytes.ts';
import { areBlank, splitCells } from './cells.ts';
import type { CsvBatch, CsvRow, Damage } from './csv-file.ts';
import type { RecordBatch, SplitGap, SplitRecord } from './record-batch.ts';
import type { Layout } from './record-splitter.ts';
import { readReportRow, type ReportLayout } from './report-input.ts';

/** What turns split records into rows. */
export interface RowFormat {
  readonly layout: Layout;
  /** Whether the bytes are those of the file; otherwise they were transcoded, and places in them mean nothing. */
  readonly isTranscoded: boolean;
  readonly report: ReportLayout | undefined;
}

/** Longest `raw` text: with a guard it still fits the 32,767 characters of a spreadsheet's cell. */
const rawLength = 32_000;

/** Makes rows of a batch: cells split, bad bytes found and shown, blank rows counted and left out. */
export function buildRows(batch: RecordBatch, format: RowFormat): Pick<CsvBatch, 'rows' | 'blank'> {
  const { layout, report } = format;
  const bad = findBadRecords(batch, format.isTranscoded);
  // ASCII is Latin-1 too, which is decoded faster.
  const encoding = isAscii(batch.bytes.subarray(0, batch.length)) ? 'latin1' : 'utf8';

  const rows: CsvRow[] = [];
  let { blank } = batch;
  for (const item of batch.items) {
    if (item.kind === 'gap') {
      rows.push(gapRow(item, format));
      continue;
    }
    const badByte = bad.size === 0 ? undefined : bad.get(item);
    const { bytes, start, end } = item;
    const text =
      badByte === undefined
        ? bytes.toString(bytes === batch.bytes ? encoding : 'utf8', start, end)
        : showBadBytes(bytes.subarray(start, end)).toString();
    const found = splitCells(text, layout.dialect, item.isQuoted, item.cells);
    if (areBlank(found)) {
      blank += 1;
      continue;
    }
    const cells = fitted(found, layout.width);
    const damage = item.fits && badByte === undefined ? undefined : damageOf(item, badByte, found, format);
    const { row } = item;
    if (report === undefined && damage === undefined && !item.hasStrayQuote) rows.push({ row, sourceRow: row, cells });
    else
      rows.push({
        row,
        ...(report === undefined ? { sourceRow: row, cells } : readReportRow(report, row, cells)),
        ...(damage === undefined ? {} : { damage }),
        ...(item.hasStrayQuote ? { hasStrayQuote: true } : {}),
      });
  }
  return { rows, blank };
}

function fitted(cells: string[], width: number): string[] {
  if (cells.length === width) return cells;
  return cells.length > width ? cells.slice(0, width) : [...cells, ...Array<string>(width - cells.length).fill('')];
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
