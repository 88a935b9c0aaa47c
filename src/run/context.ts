import path from 'node:path';
import { compileMapping } from '../core/mapping/compile.ts';
import { createColumnFinder } from '../core/mapping/columns.ts';
import { columnsOf, listFields } from '../core/mapping/fields.ts';
import { mappingError } from '../core/mapping/finding.ts';
import type { Finding } from '../core/mapping/finding.ts';
import { isDateField, lintColumns } from '../core/mapping/rules.ts';
import type { Measures } from '../core/quality/nightly-gate.ts';
import { openCsv } from '../csv/reader.ts';
import { csvSettings } from '../csv/csv-settings.ts';
import type { CsvRow } from '../csv/reader.ts';
import type { Ledger, RowRecord } from '../ledger/ledger.ts';
import { lostColumnsError } from './feed/snapshot.ts';
import type { Emit } from './events.ts';
import { reportPass } from './report/report-pass.ts';
import type { ReportFacts } from './report/report-pass.ts';
import { RunError } from '../core/outcome/run-error.ts';
import { accountFileOf, inputCopyOf } from './files/run-folder.ts';
import { inverseFile, kindOf } from './model.ts';
import type { ImportContext, ImportSpec, RunContext, RunFile } from './model.ts';
import { holdRows, openAccountView } from './compare/account-view.ts';
import { createInverse } from './tags/inverse.ts';
import { readLookedUp } from './tags/looked-up.ts';
import { mapUndo } from './undo/undo-list.ts';
import { mapTags } from './tags/tag-mapper.ts';

/**
 * Opens a run as it is stored.
 *
 * @throws RunError `mapping`, `input`
 */
export async function openContext(folder: string, file: RunFile, ledger: Ledger, emit: Emit): Promise<RunContext> {
  const { csv, map } = await openImport(folder, file, emit);
  const account = file.compared === undefined ? undefined : openAccountView(folder, file);
  if (file.hold !== undefined && file.compared !== undefined && account === undefined) throw accountLost(folder);
  return {
    account,
    folder,
    file,
    ledger,
    csv,
    map: file.tagList === undefined ? holdRows(map, account, file.hold) : mapTags(map, await readLookedUp(folder)),
  };
}

/** The people whom rows were kept back for are nowhere else. */
function accountLost(folder: string): RunError {
  return new RunError('usage', `${accountFileOf(folder)} is lost. It records whom the account had before this run`, {
    hint: 'Restore it, or import the file again with "run --again".',
  });
}

/**
 * Opens the copy of the input and compiles the mapping against its header. For a clean-up of tags, the mapper is that of the list.
 * A mapped column that the file lacks is a mistake of the mapping, unless the same mapping found it in the feed's last file: then
 * it is the export that is broken.
 *
 * @param findings What is wrong with the mapping already: everything is reported together.
 * @param baselines Measures of the feed's earlier files, newest first.
 * @throws RunError `mapping`, `input`, `held`
 */
export async function openImport(
  folder: string,
  file: ImportSpec,
  emit: Emit,
  findings: readonly Finding[] = [],
  baselines: readonly Measures[] = [],
): Promise<Pick<ImportContext, 'csv' | 'map'>> {
  const { mapping, input } = file;
  requireReadable(file.mappingFile, findings);
  // The user knows the file, not our copy of it.
  const csv = await openCsv(inputCopyOf(folder), csvSettings(mapping), { name: input.name });
  const all = [...findings, ...lintColumns(mapping, csv.header, csv.report !== undefined)];
  if (all.some(({ severity }) => severity === 'error')) {
    const error = mappingError(path.basename(file.mappingFile), all);
    const isGuarded = kindOf({ file, csv }) === 'full' && !file.acceptChanges;
    throw (isGuarded ? lostColumnsError(csv.header, mapping, baselines, error) : undefined) ?? error;
  }
  for (const { path: place, problem } of all)
    emit({ type: 'warning', message: place === '' ? problem : `${place}: ${problem}` });
  if (csv.report !== undefined && file.onlyChanged)
    emit({ type: 'warning', message: 'A report is sent whole: --only-changed does not apply to it' });
  const map = compileMapping(mapping, csv.header, { today: file.today, extraTags: file.tags });
  return { csv, map: file.undo === undefined ? map : mapUndo(map, csv.header) };
}

/** A file can't be opened by settings that are wrong or undecided, so these come first. */
export function requireReadable(mappingFile: string, findings: readonly Finding[]): void {
  const isWrong = findings.some(({ severity, path: place }) => severity === 'error' && /^csv\b/.test(place));
  if (isWrong) throw mappingError(path.basename(mappingFile), findings);
}

/** Reads along while the reports are written. */
export interface RowListener {
  /** Whether it needs the rows even where there is nothing to list. */
  readonly mustRead: boolean;
  note(row: CsvRow, record: RowRecord): void;
}

export async function runReportPass(
  context: ImportContext,
  listeners: readonly RowListener[] = [],
): Promise<ReportFacts> {
  const { folder, file, ledger, csv, map } = context;
  const inverse = file.tagList === undefined ? undefined : createInverse(context);
  const all = inverse === undefined ? listeners : [...listeners, inverse];
  const find = createColumnFinder(csv.header);
  const dateColumns = new Set<number>();
  const words = new Map<number, readonly string[]>();
  for (const field of listFields(file.mapping)) {
    const { values = {}, yes = [], no = [] } = field.settings;
    const listed = [...Object.keys(values), ...[yes, no].flat().filter((word) => word !== '*')];
    for (const { name } of columnsOf(field)) {
      const lookup = find(name);
      if (lookup.kind !== 'found') continue;
      if (isDateField(field)) dateColumns.add(lookup.index);
      const known = words.get(lookup.index) ?? [];
      if (listed.length > 0)
        words.set(
          lookup.index,
          [...new Set([...known, ...listed])].filter((word) => word !== ''),
        );
    }
  }
  const problems = file.check?.problems ?? {};
  const hasDamage = [
    'wrong_width',
    'torn_row',
    'broken_quote',
    'unclosed_quote',
    'record_too_long',
    'nul_byte',
    'invalid_bytes',
  ].some((code) => Object.hasOwn(problems, code));
  const reported = await reportPass({
    csv,
    map,
    ledger,
    run: file.run,
    folder,
    dateColumns,
    hasDamage,
    workbook: file.lists.excel ? { words } : undefined,
    read: file.check?.read,
    listUnchanged: file.lists.unchanged,
    mustRead: all.some(({ mustRead }) => mustRead),
    onRow(row, record) {
      for (const listener of all) listener.note(row, record);
    },
  });
  if (inverse === undefined) return reported;
  return { ...reported, files: { ...reported.files, [inverseFile]: await inverse.write() } };
}
