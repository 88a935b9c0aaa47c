import path from 'node:path';
import { hintOf, problemSentence } from '../core/outcome/messages.ts';
import type { Outcome } from '../core/outcome/outcome.ts';
import type { Problem } from '../core/outcome/problem.ts';
import { damageColumns, reportColumns, type ReportKind } from '../core/reports/report-columns.ts';
import { sealCells } from '../core/reports/cell-seal.ts';
import { guardForEditing, guardFormula } from '../core/reports/spreadsheet-guard.ts';
import type { CsvRow } from '../csv/reader.ts';
import { createAtomicFile, removeAtomicFile } from './atomic-file.ts';
import { createReportFile } from './report-file.ts';
import { createReportWorkbook } from './report-workbook.ts';
import type { ReportWorkbook } from './report-workbook.ts';
import type { ReportFile } from './report-file.ts';

/** How a row ended, with all that a report says of it. */
export type ReportedRow =
  | { readonly outcome: 'succeeded'; readonly id: string; readonly effect: string; readonly warnings: string }
  | {
      readonly outcome: 'failed' | 'unknown';
      readonly problems: readonly Problem[];
      readonly attempts: number;
      readonly status: number | undefined;
    }
  | { readonly outcome: 'skipped'; readonly reason: string }
  | { readonly outcome: 'pending' };

export interface ReportOptions {
  readonly folder: string;
  /** The original columns. */
  readonly header: readonly string[];
  /** Indexes of columns that are mapped as dates, which a spreadsheet would rewrite. */
  readonly dateColumns: ReadonlySet<number>;
  /** Whether some record could not be split into cells or had too many: then `_extra` and `_raw` are needed. */
  readonly hasDamage: boolean;
  /** Set when rows to correct are also written as workbooks: words to choose from, by the index of their column. */
  readonly workbook?: { readonly words: ReadonlyMap<number, readonly string[]> } | undefined;
}

/** The CSV reports of a run, and those of its rows to correct as workbooks (DESIGN.md section 6). Pending rows are in none of them. */
export interface Reports {
  add(row: CsvRow, result: ReportedRow): Promise<void>;
  /** Puts all files in their places and returns their rows by file name. */
  commit(): Promise<Record<string, number>>;
  discard(): Promise<void>;
}

/** `failure.xlsx` and `unknown.xlsx` have the rows and columns of their CSV files. */
const workbookOf = { failed: 'failure.xlsx', unknown: 'unknown.xlsx' } as const;

type FileName = 'success.csv' | 'failure.csv' | 'unknown.csv' | 'skipped.csv';

const fileOf: Record<Exclude<Outcome, 'pending'>, FileName> = {
  succeeded: 'success.csv',
  failed: 'failure.csv',
  unknown: 'unknown.csv',
  skipped: 'skipped.csv',
};
const separator = ' | ';

/** How cells are protected from the program that they are corrected in. */
interface Guards {
  /** A cell of the original columns, which a spreadsheet might run or rewrite. */
  cell(text: string, mayBeDate: boolean): string;
  /** A cell of the report's own. */
  own(text: string): string;
}

const guardsOfCsv: Guards = { cell: guardForEditing, own: guardFormula };

/** Every cell of a workbook is text. Only an apostrophe in front needs another one, since reading a report removes one. */
const guardsOfWorkbook: Guards = {
  cell: (text) => (text.startsWith("'") ? `'${text}` : text),
  own: (text) => text,
};

/** Checks that reports can be written, before anything is sent. @throws RunError `not_writable` */
export async function tryReports(folder: string): Promise<void> {
  for (const name of Object.values(fileOf)) {
    const file = await createAtomicFile(path.join(folder, name));
    await file.discard();
  }
}

export async function createReports({
  folder,
  header,
  dateColumns,
  hasDamage,
  workbook,
}: ReportOptions): Promise<Reports> {
  const damaged = hasDamage ? damageColumns : [];
  const files = new Map<FileName, ReportFile>();
  const open = async (name: FileName, kind: ReportKind): Promise<ReportFile> => {
    const known = files.get(name);
    if (known !== undefined) return known;
    const { before, after } = reportColumns[kind];
    const file = await createReportFile(path.join(folder, name), [
      ...before,
      ...header.map(guardFormula),
      ...after,
      ...(kind === 'failure' ? damaged : []),
    ]);
    files.set(name, file);
    return file;
  };
  const workbooks = new Map<string, ReportWorkbook>();
  const openWorkbook = async (outcome: 'failed' | 'unknown'): Promise<ReportWorkbook | undefined> => {
    if (workbook === undefined) return undefined;
    const name = workbookOf[outcome];
    const known = workbooks.get(name);
    if (known !== undefined) return known;
    const { before, after } = reportColumns.failure;
    const columns = { before, header: header.map(guardFormula), after: [...after, ...damaged], words: workbook.words };
    const file = await createReportWorkbook(path.join(folder, name), columns);
    workbooks.set(name, file);
    return file;
  };
  await open('success.csv', 'success');
  await open('failure.csv', 'failure');

  // In a damaged row any cell may be in the column of another, dates too. Whole numbers are safe.
  const mayBeDate = (cell: string): boolean => /\d/.test(cell) && !/^\d+$/.test(cell);
  const rowToCorrect = (
    { row, sourceRow, cells, damage }: CsvRow,
    { problems, attempts, status }: Extract<ReportedRow, { outcome: 'failed' | 'unknown' }>,
    guards: Guards,
  ): string[] => {
    const joined = (of: (problem: Problem) => string): string => guards.own(problems.map(of).join(separator));
    return [
      String(row),
      joined(problemSentence),
      joined(({ code }) => hintOf(code)),
      ...cells.map((cell, index) => guards.cell(cell, damage === undefined ? dateColumns.has(index) : mayBeDate(cell))),
      joined(({ code }) => code),
      joined(({ column }) => column ?? ''),
      String(attempts),
      status === undefined ? '' : String(status),
      String(sourceRow),
      ...(hasDamage
        ? [
            ...[damage?.extra?.join(separator) ?? '', damage?.raw ?? ''].map((cell) => guards.cell(cell, false)),
            damage === undefined ? '' : sealCells(cells),
          ]
        : []),
    ];
  };

  return {
    async add(row, result) {
      if (result.outcome === 'pending') return;
      const name = fileOf[result.outcome];
      if (result.outcome === 'succeeded') {
        const file = await open(name, 'success');
        await file.add([
          String(row.row),
          guardFormula(result.id),
          result.effect,
          result.warnings,
          ...row.cells.map(guardFormula),
        ]);
      } else if (result.outcome === 'skipped') {
        const file = await open(name, 'skipped');
        await file.add([String(row.row), result.reason, ...row.cells.map(guardFormula)]);
      } else {
        const file = await open(name, 'failure');
        await file.add(rowToCorrect(row, result, guardsOfCsv));
        const book = await openWorkbook(result.outcome);
        await book?.add(rowToCorrect(row, result, guardsOfWorkbook), result.problems);
      }
    },
    async commit() {
      const rows: Record<string, number> = {};
      for (const [name, file] of files) rows[name] = await file.commit();
      for (const name of Object.values(workbookOf)) {
        const written = await workbooks.get(name)?.commit();
        if (written === undefined) await removeAtomicFile(path.join(folder, name));
        else rows[name] = written;
      }
      // A report of an earlier state of this run that would now be empty.
      for (const name of ['unknown.csv', 'skipped.csv'] as const) {
        if (!files.has(name)) await removeAtomicFile(path.join(folder, name));
      }
      return rows;
    },
    async discard() {
      for (const file of [...files.values(), ...workbooks.values()]) await file.discard();
    },
  };
}
