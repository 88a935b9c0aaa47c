import { showBadBytes } from './bad-bytes.ts';
import { areBlank, cutCells, splitCells } from './cells.ts';
import type { CsvBatch, CsvRow, Damage } from './csv-file.ts';
import { RecordSplitter } from './record-splitter.ts';
import type { Layout, Place, RecordBatch, SplitGap, SplitItem, SplitRecord } from './records.ts';
import type { TextSource } from './text-source.ts';

type Rows = Pick<CsvBatch, 'rows' | 'blank'>;

/** Records that are gathered before their cells are cut, so that csv-parse gets long stretches... */
const fewestRecords = 500;
/** ...unless they are so long that memory matters more. */
const mostBytes = 4 * 1024 * 1024;

/** Longest `raw` text: with a guard it still fits the 32,767 characters of a spreadsheet's cell. */
const rawLength = 32_000;

/** Reads the rows of a file from `start`, a place in its text, to its end. */
export async function* streamRows(
  source: TextSource,
  start: Place,
  layout: Layout,
): AsyncGenerator<Rows, void, undefined> {
  // Places are stated in bytes of the file, so a byte order mark counts.
  const splitter = new RecordSplitter(layout, { ...start, offset: source.skipped + start.offset });
  let items: readonly SplitItem[] = [];
  let blank = 0;
  let length = 0;
  for await (const chunk of source.chunks(start.offset)) {
    const batch = splitter.push(chunk);
    items = items.length === 0 ? batch.items : items.concat(batch.items);
    blank += batch.blank;
    length += batch.length;
    if (items.length < fewestRecords && length < mostBytes) continue;
    yield buildRows({ items, blank }, layout);
    items = [];
    blank = 0;
    length = 0;
  }
  const last = splitter.finish();
  yield buildRows({ items: items.concat(last.items), blank: blank + last.blank }, layout);
}

/** Makes rows of records: cells cut, bad bytes shown, blank rows counted and left out. */
export function buildRows(batch: Pick<RecordBatch, 'items' | 'blank'>, layout: Layout): Rows {
  const cut = cutCells(batch.items.filter(isClean), layout.dialect).values();
  const rows: CsvRow[] = [];
  let { blank } = batch;
  for (const item of batch.items) {
    if (item.kind === 'gap') {
      rows.push(gapRow(item, layout.width));
      continue;
    }
    const found = (isClean(item) ? cut.next().value : undefined) ?? splitRecord(item, layout);
    if (areBlank(found)) blank += 1;
    else rows.push(recordRow(item, found, layout));
  }
  return { rows, blank };
}

/** Whether csv-parse accepts a record, and the record can be believed. */
function isClean(item: SplitItem): item is SplitRecord {
  return item.kind === 'record' && item.fits && !item.hasBareQuote && item.badByte === undefined;
}

function splitRecord({ bytes, start, end, cells }: SplitRecord, { dialect }: Layout): string[] {
  return splitCells(showBadBytes(bytes.subarray(start, end)).toString(), dialect, cells);
}

function recordRow(record: SplitRecord, found: string[], layout: Layout): CsvRow {
  const { row, hasStrayQuote } = record;
  const cells = fitted(found, layout.width);
  const damage = damageOf(record, found, layout);
  // Spreading is slow, and nearly all rows need none.
  if (damage === undefined && !hasStrayQuote) return { row, sourceRow: row, cells };
  return {
    row,
    sourceRow: row,
    cells,
    ...(damage === undefined ? {} : { damage }),
    ...(hasStrayQuote ? { hasStrayQuote } : {}),
  };
}

function fitted(cells: string[], width: number): string[] {
  if (cells.length === width) return cells;
  return cells.length > width ? cells.slice(0, width) : [...cells, ...Array<string>(width - cells.length).fill('')];
}

/** What is wrong with a record that could be split; undefined when nothing is. */
function damageOf(
  { row, line, offset, fits, badByte }: SplitRecord,
  found: string[],
  { width, isTranscoded }: Layout,
): Damage | undefined {
  const span = { firstRow: row, lastRow: row, line };
  if (!fits) {
    const counts = { found: found.length, expected: width };
    return { code: 'wrong_width', ...span, ...counts, ...(found.length > width ? { extra: found.slice(width) } : {}) };
  }
  if (badByte === undefined) return undefined;
  return { code: badByte.code, ...span, ...(isTranscoded ? {} : { byteOffset: offset + badByte.at }) };
}

function gapRow({ code, row, lastRow, line, raw, found }: SplitGap, width: number): CsvRow {
  const counts = found === undefined ? {} : { found, expected: width };
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
