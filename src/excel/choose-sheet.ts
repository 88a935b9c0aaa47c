import { reportShapeOf } from '../core/reports/report-columns.ts';
import { didYouMean } from '../core/settings/nearest.ts';
import { RunError } from '../core/outcome/run-error.ts';
import type { WorkbookLimits } from './archive.ts';
import { sheetRows } from './sheet-rows.ts';
import type { SheetRow, SheetTraits } from './sheet-rows.ts';
import type { Workbook, Worksheet } from './workbook.ts';

/** Which sheet of a workbook to read. */
export interface SheetChoice {
  /** As typed for this command. It counts more than what the mapping says. */
  readonly typed?: string | undefined;
  /** As the mapping names it. */
  readonly pinned?: string | undefined;
  /** Asks a person which of several lists to read. Undefined where there is no terminal. */
  readonly ask?: ((names: readonly string[]) => Promise<string | undefined>) | undefined;
}

/** The sheet to read. */
export interface ChosenSheet {
  readonly sheet: Worksheet;
  /** Others that a person should know of, where nothing said which one is meant. */
  readonly others: readonly Worksheet[];
}

/** Rows that are looked at to find out whether a sheet holds a list. Titles and notes above one are seldom longer. */
const rowsToLookAt = 200;

/** @throws RunError `usage` when the sheet is not there or it is not clear which one is meant, `input` when none holds a list. */
export async function chooseSheet(
  workbook: Workbook,
  choice: SheetChoice,
  limits: WorkbookLimits,
): Promise<ChosenSheet> {
  const { worksheets, archive } = workbook;
  if (choice.typed !== undefined) return { sheet: findSheet(workbook, choice.typed), others: [] };
  const looks: { sheet: Worksheet; look: Look }[] = [];
  for (const sheet of worksheets) looks.push({ sheet, look: await lookAt(workbook, sheet, limits) });
  const report = looks.find(({ sheet, look }) => look === 'report' && !sheet.isHidden);
  if (report !== undefined) return { sheet: report.sheet, others: [] };
  if (choice.pinned !== undefined) return { sheet: findSheet(workbook, choice.pinned), others: [] };

  const visible = looks.filter(({ sheet }) => !sheet.isHidden);
  const lists = visible.filter(({ look }) => look === 'list');
  // A list of emails only has one column, and so has a page of notes.
  const candidates = (lists.length > 0 ? lists : visible.filter(({ look }) => look === 'column')).map(
    ({ sheet }) => sheet,
  );
  const [only] = candidates;
  if (only === undefined) throw noList(archive.name, looks);
  const asChosen = (sheet: Worksheet): ChosenSheet => ({
    sheet,
    others: worksheets.filter((other) => other !== sheet),
  });
  if (candidates.length === 1) return asChosen(only);
  const names = candidates.map(({ name }) => name);
  const answer = await choice.ask?.(names);
  if (answer !== undefined) return asChosen(findSheet(workbook, answer));
  throw new RunError('usage', `${archive.name} has ${names.length} sheets that look like lists: ${quoted(names)}`, {
    hint: `Name one with --sheet, or in the mapping with "csv": { "sheet": ${JSON.stringify(only.name)} }.`,
  });
}

function findSheet({ worksheets, archive }: Workbook, wanted: string): Worksheet {
  const plain = (name: string): string => name.trim().toLowerCase();
  const found =
    worksheets.find(({ name }) => name === wanted) ?? worksheets.find(({ name }) => plain(name) === plain(wanted));
  if (found !== undefined) return found;
  const names = worksheets.map(({ name }) => name);
  throw new RunError('usage', `${archive.name} has no sheet "${wanted}"${didYouMean(wanted, names)}`, {
    hint: `Its sheets are ${quoted(names)}. Name one with --sheet, or with "csv": { "sheet": ... } in the mapping.`,
  });
}

/** What the first rows of a sheet show: a report of this program, a list, a single column, or neither. */
type Look = 'report' | 'list' | 'column' | 'nothing';

async function lookAt(workbook: Workbook, sheet: Worksheet, limits: WorkbookLimits): Promise<Look> {
  const rows: SheetRow[] = [];
  for await (const batch of sheetRows(workbook, sheet, limits, noTraits())) {
    rows.push(...batch);
    if (rows.length >= rowsToLookAt) break;
  }
  const looked = rows.slice(0, rowsToLookAt);
  const [first] = looked;
  if (first?.row === 1 && reportShapeOf(Array.from(first.cells, (cell) => cell?.text ?? '')) !== undefined)
    return 'report';
  const width = ({ cells }: SheetRow): number => cells.filter((cell) => cell !== undefined).length;
  if (looked.filter((row) => width(row) >= 2).length >= 2) return 'list';
  return looked.length >= 2 ? 'column' : 'nothing';
}

export function noTraits(): SheetTraits {
  return { hiddenColumns: [], mergedCount: 0, firstMerged: '', isFiltered: false };
}

function noList(name: string, looks: readonly { sheet: Worksheet; look: Look }[]): RunError {
  const hidden = looks.filter(({ sheet, look }) => sheet.isHidden && look === 'list').map(({ sheet }) => sheet.name);
  if (hidden.length === 0) {
    return new RunError('input', `${name} has no sheet with a header and rows`, {
      hint: 'Check that it is the right file, and that the list was saved in it.',
    });
  }
  return new RunError('usage', `${name} has a list only on hidden sheets: ${quoted(hidden)}`, {
    hint: 'If that is the list, name the sheet with --sheet.',
  });
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
