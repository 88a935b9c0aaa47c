import { RunError } from '../core/outcome/run-error.ts';
import { Archive, defaultWorkbookLimits } from './archive.ts';
import type { WorkbookLimits } from './archive.ts';
import { chooseSheet } from './choose-sheet.ts';
import type { ChosenSheet, SheetChoice } from './choose-sheet.ts';
import { isZip, refuseEncrypted, refuseSheet, startOf } from './kinds.ts';
import { sheetText } from './sheet-text.ts';
import type { SheetSettings, SheetSummary } from './sheet-text.ts';
import { openWorkbook } from './workbook.ts';

export type { SheetSummary } from './sheet-text.ts';

/** How an Excel workbook is read. */
export interface ExcelSettings extends SheetChoice, SheetSettings {
  /** Settings of the mapping that describe text files only, like `csv.quote`. */
  readonly textOnly?: readonly string[];
}

/** The sheet of a workbook that a person means, ready to be read as CSV. */
export interface ExcelSheet {
  text(): AsyncGenerator<string, SheetSummary, undefined>;
  close(): void;
}

/**
 * Opens a file as an Excel workbook (.xlsx, .xlsm), or gives undefined when it is not one.
 *
 * @param name How messages call the file.
 * @throws RunError `input` when it can't be used, `usage` when it is not clear which sheet is meant.
 */
export async function openExcel(
  path: string,
  name: string,
  settings: ExcelSettings,
  limits: WorkbookLimits = defaultWorkbookLimits,
): Promise<ExcelSheet | undefined> {
  const start = await startOf(path);
  await refuseEncrypted(path, name, start);
  const archive = isZip(start) ? await Archive.open(path, name, limits) : undefined;
  try {
    const workbook = archive === undefined ? undefined : await openWorkbook(archive);
    if (workbook === undefined) {
      refuseSheet(name, settings.typed);
      archive?.close();
      return undefined;
    }
    refuseTextSettings(name, settings);
    const chosen = await chooseSheet(workbook, settings, limits);
    return {
      text: () => sheetText(workbook, chosen.sheet, settings, limits, notesOf(chosen)),
      close: () => workbook.archive.close(),
    };
  } catch (error) {
    archive?.close();
    throw error;
  }
}

function notesOf({ sheet, others }: ChosenSheet): string[] {
  if (others.length === 0) return [];
  const names = others.map(({ name, isHidden }) => `"${name}"${isHidden ? ' (hidden)' : ''}`).join(', ');
  return [`Only the sheet "${sheet.name}" is read. The workbook has ${others.length} more: ${names}`];
}

function refuseTextSettings(name: string, { textOnly = [] }: ExcelSettings): void {
  if (textOnly.length === 0) return;
  throw new RunError('usage', `The mapping sets ${textOnly.join(' and ')}, but ${name} is an Excel workbook`, {
    hint: 'These settings describe text files. Remove them, or use another mapping for Excel files.',
  });
}
