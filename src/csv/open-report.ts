import { RunError } from '../core/outcome/run-error.ts';
import { reportColumns, type ReportShape, reportShapeOf } from '../core/reports/report-columns.ts';
import { sealCells } from '../core/reports/cell-seal.ts';
import { unguard, unguardFormula } from '../core/reports/spreadsheet-guard.ts';
import { type CsvFile, type CsvRow, type Damage, isDamageCode } from './csv-file.ts';
import { type Dialect, knownDelimiters } from './dialect.ts';
import { findHeader, type Head, type Header, type HeaderSearch, readHead, readSepLine } from './header.ts';
import type { Layout } from './records.ts';
import { streamRows } from './rows.ts';
import { sampleRows } from './sample.ts';
import type { TextSource } from './text-source.ts';

/** A report's header with the dialect that shows it. */
interface Recognised {
  readonly shape: ReportShape | 'cut';
  readonly header: Header;
  readonly dialect: Dialect;
}

/**
 * Opens a file as one of our own reports, or gives undefined when it is not one. A spreadsheet may have saved it with another
 * delimiter or as UTF-16 since, so both are found out and the mapping's settings don't matter.
 *
 * A spreadsheet also leaves out delimiters at the end of rows when the last columns are empty over a stretch of rows (Excel
 * does so by blocks of 16 rows), so a report's row may stop early: what it lacks is empty.
 */
export async function openReport(source: TextSource, recordLimit: number, file: string): Promise<CsvFile | undefined> {
  const head = await readHead(source);
  const search = { headerRow: 1, comment: undefined, recordLimit, isTranscoded: source.isTranscoded };
  const recognised = recognise(head, search);
  if (recognised === undefined) return undefined;

  const { shape, header, dialect } = recognised;
  if (shape === 'cut') {
    throw new RunError('input', `${file} is a gleantap-import report, but some of its last columns are missing.`, {
      hint: `Keep its own columns: ${reportColumns.failure.after.join(', ')}. To write the report again, use "gleantap-import report".`,
    });
  }
  const { kind, from, to, leastWidth } = shape;
  if (kind === 'success') {
    throw new RunError('input', `${file} is a success report: it contains rows that are already imported.`, {
      hint: 'Import the original file, or failure.csv once its rows are corrected.',
    });
  }
  const width = header.cells.length;
  const layout: Layout = { ...search, dialect, width, leastWidth, surplus: 'any' };
  if (header.badByte !== undefined || sampleRows(head, header, layout).undecodable > 0) {
    throw wrongEncoding(file);
  }
  return {
    header: header.cells.slice(from, to),
    headerRow: header.row,
    report: kind,
    settings: { encoding: source.encoding, ...dialect },
    async *batches() {
      for await (const { rows, blank } of streamRows(source, header.next, layout)) {
        if (rows.some(({ damage }) => damage?.code === 'invalid_bytes')) throw wrongEncoding(file);
        yield { rows: rows.map((row) => originalRow(row, shape, width)), blank, repeatedHeaders: 0, footer: 0 };
      }
    },
  };
}

function recognise(head: Head, search: Omit<HeaderSearch, 'dialect'>): Recognised | undefined {
  const { delimiter: stated, start } = readSepLine(head);
  for (const delimiter of stated === undefined ? knownDelimiters : [stated]) {
    const dialect = { delimiter, quote: '"' };
    const header = findHeader(head, start, { ...search, dialect });
    if (typeof header === 'string' || header.row !== 1) continue;
    const shape = reportShapeOf(header.cells);
    if (shape !== undefined) return { shape, header, dialect };
  }
  return undefined;
}

/** The row of the original file that a report's row is about. Failure and unknown reports guard more than formulas. */
function originalRow(row: CsvRow, { kind, from, to, own }: ReportShape, width: number): CsvRow {
  // Cells too many are among the original ones, and have moved what comes after these.
  const all = [...row.cells, ...(row.damage?.extra ?? [])];
  const moved = Math.max(0, all.length - width);
  const at = (name: string): string => {
    const index = own.get(name) ?? -1;
    return (index < to ? all[index] : all[index + moved]) ?? '';
  };
  const source = at(kind === 'failure' ? '_source_row' : '_row').trim();
  const code = kind === 'failure' && row.damage?.raw === undefined ? at('_code') : undefined;
  const cells = all.slice(from, to).map(kind === 'failure' ? unguard : unguardFormula);
  const damage = kind === 'failure' ? stillDamaged(row, cells, at, hasLostCell(at, own)) : row.damage;
  return {
    ...row,
    sourceRow: isRowNumber(source) ? Number(source) : row.row,
    cells,
    ...(code === undefined ? {} : { code }),
    ...(damage === undefined ? {} : { damage: moved === 0 ? damage : { ...damage, extra: all.slice(to, to + moved) } }),
  };
}

function isRowNumber(text: string): boolean {
  return /^[1-9]\d{0,14}$/.test(text);
}

/**
 * Whether a cell was lost or added among those of a row, so that all after it are in the column of another. Its last columns
 * show that: every row that we wrote has numbers there, and a row that someone added has nothing.
 */
function hasLostCell(at: (name: string) => string, own: ReportShape['own']): boolean {
  const { after } = reportColumns.failure;
  if ((own.get('_source_row') ?? 0) < (own.get('_code') ?? 0)) return false;
  if (after.every((name) => at(name).trim() === '')) return false;
  return !isRowNumber(at('_source_row').trim()) || !/^\d+$/.test(at('_attempts').trim());
}

/**
 * A row that was damaged in the first file stays refused until someone corrected it: what did not fit is removed from `_extra`
 * and `_raw`, and the cells are other ones than the report was written with. Where the cells were right as they are, emptying
 * `_code` confirms it.
 */
function stillDamaged(
  row: CsvRow,
  cells: readonly string[],
  own: (name: string) => string,
  isDisplaced: boolean,
): Damage | undefined {
  if (row.damage !== undefined) return row.damage;
  if (isDisplaced) return { code: 'wrong_width', firstRow: row.row, lastRow: row.row };
  const [extra, raw, seal, code] = [
    unguard(own('_extra')),
    unguard(own('_raw')),
    own('_seal').trim(),
    own('_code').trim(),
  ];
  const isLeftOver = extra.trim() !== '' || raw.trim() !== '';
  const isUnchanged = isDamageCode(code) && (seal === '' || seal === sealCells(cells));
  if (!isLeftOver && !isUnchanged) return undefined;
  return {
    code: isDamageCode(code) ? code : raw.trim() === '' ? 'wrong_width' : 'broken_quote',
    firstRow: row.row,
    lastRow: row.row,
    ...(extra === '' ? {} : { extra: [extra] }),
    ...(raw === '' ? {} : { raw }),
  };
}

/** Our reports are written as UTF-8, so other bytes mean that a spreadsheet saved the file in its own encoding. */
function wrongEncoding(file: string): RunError {
  return new RunError('input', `${file} is a gleantap-import report that was saved in an encoding other than UTF-8.`, {
    hint: 'Open it in the program that you edited it with, and save it again with "Save As", type "CSV UTF-8 (Comma delimited)".',
  });
}
