import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { onTestFinished } from 'vitest';
import { workbook } from '../../fixtures/generate/workbook.mjs';
import type { Cell, SheetContent, WorkbookContent } from '../../fixtures/generate/workbook.mjs';
import type { WorkbookLimits } from '../../src/excel/archive.ts';
import { openExcel } from '../../src/excel/open.ts';
import type { ExcelSettings, SheetSummary } from '../../src/excel/open.ts';

/** Writes bytes to a file that is deleted when the test ends. */
export async function temporary(content: Buffer, name = 'members.xlsx'): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'gleantap-excel-'));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, name);
  await writeFile(file, content);
  return file;
}

export interface Read {
  readonly text: string;
  /** Rows as they are numbered, from 1 on. Blank ones have no cells. */
  readonly rows: readonly (readonly string[])[];
  readonly summary: SheetSummary;
}

/** Reads a workbook as the program does. */
export async function read(
  content: Buffer | WorkbookContent,
  settings: ExcelSettings = {},
  limits?: WorkbookLimits,
): Promise<Read> {
  const file = await temporary(Buffer.isBuffer(content) ? content : workbook(content));
  const sheet = await openExcel(file, 'members.xlsx', settings, limits);
  if (sheet === undefined) throw new Error('not a workbook');
  try {
    let text = '';
    const texts = sheet.text();
    let next = await texts.next();
    for (; next.done !== true; next = await texts.next()) text += next.value;
    const rows = parse(text.replace('\uFEFFsep=,\r\n', ''), {
      relax_column_count: true,
      skip_empty_lines: false,
      record_delimiter: '\r\n',
    });
    return { text, rows: rows.map((row) => (row.every((cell) => cell === '') ? [] : row)), summary: next.value };
  } finally {
    sheet.close();
  }
}

/** One sheet, with a second column so that it is a list. */
export function list(rows: SheetContent['rows'], more: Partial<SheetContent> = {}): WorkbookContent {
  return { sheets: [{ name: 'Members', ...more, rows }] };
}

/** What is read of single cells, each in a row of its own. */
export async function cells(given: readonly Cell[], more: Partial<WorkbookContent> = {}): Promise<string[]> {
  const rows = [['Value', 'Id'], ...given.map((cell, index) => [cell, `x${index}`])];
  const found = await read({ ...list(rows), ...more });
  return found.rows.slice(1).map(([first = '']) => first);
}
