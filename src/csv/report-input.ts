import { reportColumns, type ReportKind, trailingReportColumns } from '../core/reports/report-columns.ts';
import { unguard, unguardFormula } from '../core/reports/spreadsheet-guard.ts';

/** The columns of one of our own reports that is read as input: its own, the original ones, and those that trail them. */
export interface ReportLayout {
  readonly kind: ReportKind;
  /** Where the original columns begin and end. */
  readonly from: number;
  readonly to: number;
}

/** What a row of a report says of itself, and its original cells. */
interface ReportRow {
  readonly sourceRow: number;
  readonly cells: readonly string[];
  readonly code?: string;
}

export function reportLayout(kind: ReportKind, header: readonly string[]): ReportLayout {
  let to = header.length;
  for (const name of trailingReportColumns.toReversed()) if (header[to - 1] === name) to -= 1;
  return { kind, from: reportColumns[kind].length, to };
}

/** Takes a report's row apart. Only failure and unknown reports guard more than formulas, so each kind has its inverse. */
export function readReportRow({ kind, from, to }: ReportLayout, row: number, cells: readonly string[]): ReportRow {
  const columns: readonly string[] = reportColumns[kind];
  const own = (name: string): string | undefined => cells[columns.indexOf(name)];
  const source = (kind === 'failure' ? own('_source_row') : own('_row'))?.trim() ?? '';
  const sourceRow = /^[1-9]\d{0,14}$/.test(source) ? Number(source) : row;
  const original = cells.slice(from, to).map(kind === 'failure' ? unguard : unguardFormula);
  const code = own('_code');
  return code === undefined ? { sourceRow, cells: original } : { sourceRow, cells: original, code };
}
