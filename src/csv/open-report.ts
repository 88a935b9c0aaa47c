import { RunError } from '../core/outcome/run-error.ts';
import { reportColumns, type ReportKind, reportKindOf, trailingReportColumns } from '../core/reports/report-columns.ts';
import { sealCells } from '../core/reports/cell-seal.ts';
import { unguard, unguardFormula } from '../core/reports/spreadsheet-guard.ts';
import { type CsvFile, type CsvRow, type Damage, isDamageCode } from './csv-file.ts';
import { type Dialect, knownDelimiters } from './dialect.ts';
import { findHeader, type Head, type Header, type HeaderSearch, readHead, readSepLine } from './header.ts';
import type { Layout } from './records.ts';
import { streamRows } from './rows.ts';
import { sampleRows } from './sample.ts';
import type { TextSource } from './text-source.ts';

/** Where the original columns of a report start and end. Its own columns are before them, and a few after them. */
interface ReportShape {
  readonly kind: ReportKind;
  readonly from: number;
  readonly to: number;
  /** The position of one of its own columns; -1 for one that it lacks. */
  at(name: string): number;
}

/** A report's header with the dialect that shows it. */
interface Recognised {
  readonly kind: ReportKind;
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

  const { kind, header, dialect } = recognised;
  if (kind === 'success') {
    throw new RunError('input', `${file} is a success report: it contains rows that are already imported.`, {
      hint: 'Import the original file, or failure.csv once its rows are corrected.',
    });
  }
  const report = reportShape(kind, header.cells);
  const width = header.cells.length;
  const layout: Layout = { ...search, dialect, width, leastWidth: Math.min(width, report.from + 1), surplus: 'any' };
  if (header.badByte !== undefined || sampleRows(head, header, layout).undecodable > 0) {
    throw wrongEncoding(file);
  }
  return {
    header: header.cells.slice(report.from, report.to),
    headerRow: header.row,
    report: kind,
    settings: { encoding: source.encoding, ...dialect },
    async *batches() {
      for await (const { rows, blank } of streamRows(source, header.next, layout)) {
        if (rows.some(({ damage }) => damage?.code === 'invalid_bytes')) throw wrongEncoding(file);
        yield { rows: rows.map((row) => originalRow(row, report)), blank, repeatedHeaders: 0, footer: 0 };
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
    const kind = reportKindOf(header.cells);
    if (kind !== undefined) return { kind, header, dialect };
  }
  return undefined;
}

function reportShape(kind: ReportKind, header: readonly string[]): ReportShape {
  let to = header.length;
  for (const name of trailingReportColumns.toReversed()) if (header[to - 1] === name) to -= 1;
  const from = reportColumns[kind].length;
  const own = new Map(
    [...header.entries()].flatMap(([index, name]) => (index < from || index >= to ? [[name, index]] : [])),
  );
  return { kind, from, to, at: (name) => own.get(name) ?? -1 };
}

/** The row of the original file that a report's row is about. Failure and unknown reports guard more than formulas. */
function originalRow(row: CsvRow, { kind, from, to, at }: ReportShape): CsvRow {
  const own = (name: string): string => row.cells[at(name)] ?? '';
  const source = own(kind === 'failure' ? '_source_row' : '_row').trim();
  const code = kind === 'failure' && row.damage?.raw === undefined ? own('_code') : undefined;
  const cells = row.cells.slice(from, to).map(kind === 'failure' ? unguard : unguardFormula);
  const damage = kind === 'failure' ? stillDamaged(row, cells, own) : row.damage;
  return {
    ...row,
    sourceRow: /^[1-9]\d{0,14}$/.test(source) ? Number(source) : row.row,
    cells,
    ...(code === undefined ? {} : { code }),
    ...(damage === undefined ? {} : { damage }),
  };
}

/**
 * A row that was damaged in the first file stays refused until someone corrected it: what did not fit is removed from `_extra`
 * and `_raw`, and the cells are other ones than the report was written with. Where the cells were right as they are, emptying
 * `_code` confirms it.
 */
function stillDamaged(row: CsvRow, cells: readonly string[], own: (name: string) => string): Damage | undefined {
  if (row.damage !== undefined) return row.damage;
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
