import path from 'node:path';
import { createDamageDetectors } from '../core/quality/column-damage.ts';
import { compileMapping } from '../core/mapping/compile.ts';
import { createColumnFinder } from '../core/mapping/columns.ts';
import { columnsOf, listFields } from '../core/mapping/fields.ts';
import { mappingError } from '../core/mapping/finding.ts';
import type { Finding } from '../core/mapping/finding.ts';
import { isDateField, lintColumns } from '../core/mapping/rules.ts';
import { RunError } from '../core/outcome/run-error.ts';
import type { Measures } from '../core/quality/nightly-gate.ts';
import { openCsv } from '../csv/reader.ts';
import { csvSettings } from '../csv/csv-settings.ts';
import type { CsvFile, CsvRow } from '../csv/reader.ts';
import type { Ledger, RowRecord, Vanished } from '../ledger/ledger.ts';
import { checkPass } from './check/check-pass.ts';
import { createComparison } from './feed/comparison.ts';
import { lostColumnsError } from './feed/snapshot.ts';
import type { Emit } from './events.ts';
import { createPilotPicker } from './check/pilot.ts';
import { createRowKinds } from './check/row-kinds.ts';
import { rowsGoingFirst } from './check/rows-first.ts';
import { createMarkReader } from '../core/people/opt-outs.ts';
import type { Ports } from './ports.ts';
import { guardFormula } from '../core/reports/spreadsheet-guard.ts';
import { createReportFile } from '../report/report-file.ts';
import { reportPass } from './report/report-pass.ts';
import type { ReportFacts } from './report/report-pass.ts';
import { inputCopyOf } from './files/run-folder.ts';
import { inverseFile } from './model.ts';
import type { Checked, RunContext, RunFile } from './model.ts';
import { createInverse } from './tags/inverse.ts';
import { readLookedUp } from './tags/looked-up.ts';
import { mapTags } from './tags/tag-mapper.ts';

/**
 * Opens a run's copy of the input and compiles its mapping against the header.
 *
 * @param findings What is wrong with the mapping already: everything is told together.
 * @throws RunError `mapping`, `input`
 */
export async function openContext(
  folder: string,
  file: RunFile,
  ledger: Ledger,
  emit: Emit,
  findings: readonly Finding[] = [],
): Promise<RunContext> {
  const compiled = compileContext({ folder, file, ledger, csv: await openInput(folder, file) }, emit, findings);
  if (file.tagList === undefined) return compiled;
  return { ...compiled, map: mapTags(compiled.map, await readLookedUp(folder)) };
}

/** @throws RunError `input` */
export async function openInput(folder: string, file: RunFile): Promise<CsvFile> {
  // The user knows the file, not our copy of it.
  return openCsv(inputCopyOf(folder), csvSettings(file.mapping, file.encoding), { name: file.input.name });
}

/** For a clean-up of tags, the mapper is that of the list as it stands. @throws RunError `mapping` */
export function compileContext(opened: Omit<RunContext, 'map'>, emit: Emit, findings: readonly Finding[]): RunContext {
  const { file, csv } = opened;
  const { mapping } = file;
  const all = [...findings, ...lintColumns(mapping, csv.header, csv.report !== undefined)];
  if (all.some(({ severity }) => severity === 'error')) throw mappingError(path.basename(file.mappingFile), all);
  for (const { path: place, problem } of all)
    emit({ type: 'warning', message: place === '' ? problem : `${place}: ${problem}` });
  const map = compileMapping(mapping, csv.header, { today: file.today, extraTags: file.tags });
  return { ...opened, map };
}

/**
 * Compiles the mapping against the current header. A mapped column that the file lacks is a mistake of the mapping, unless the
 * same mapping found it in the feed's last file: then it is the export that is broken.
 *
 * @param baselines Measures of the feed's earlier files, newest first; none for a file that is not held.
 * @throws RunError `held`, and as `compileContext`
 */
export function compileOrHold(
  opened: Omit<RunContext, 'map'>,
  emit: Emit,
  findings: readonly Finding[],
  baselines: readonly Measures[],
): RunContext {
  try {
    return compileContext(opened, emit, findings);
  } catch (error) {
    if (!(error instanceof RunError) || error.code !== 'mapping') throw error;
    throw lostColumnsError(opened.csv.header, opened.file.mapping, baselines, error) ?? error;
  }
}

/** Rows that are looked up before anything is sent. */
const peopleLookedUp = 20;

interface CheckOptions {
  /** How many rows to be sent the caller wants to show. */
  readonly samples?: number;
  /** Finds the match keys of people who go first. */
  readonly findWaiting?: (() => Promise<ReadonlySet<number>>) | undefined;
  /** Whether the rows will be compared with a list of opt-outs. */
  readonly forOptOuts?: boolean;
}

export async function runCheckPass(
  { folder, file, ledger, csv, map, matcher }: RunContext,
  { emit, stop }: Pick<Ports, 'emit' | 'stop'>,
  { samples = 0, findWaiting, forOptOuts = false }: CheckOptions = {},
): Promise<Checked> {
  ledger.clearRows(file.run);
  const known = matcher === undefined ? undefined : createComparison(matcher, !file.acceptChanges);
  const waiting = (await findWaiting?.()) ?? new Set<number>();
  const found = await checkPass({
    csv,
    map,
    detectors: createDamageDetectors(file.mapping, csv.header),
    kinds: createRowKinds(file.mapping),
    pilot: createPilotPicker(file.mapping),
    sampleSize: Math.max(peopleLookedUp, samples),
    ledger,
    run: file.run,
    selection: { limit: file.selection.limit, rows: file.selection.rows, duplicates: file.selection.duplicates },
    known,
    onlyChanged: file.onlyChanged && known !== undefined && csv.report === undefined,
    goesFirst: (people) => rowsGoingFirst(people, waiting),
    marks: forOptOuts && canOptIn(file) ? createMarkReader(file.mapping.country) : undefined,
    onProgress: (rows) => emit({ type: 'checking', rows }),
    signal: stop.signal,
  });
  const expected = known?.expected();
  if (file.lists.vanished && csv.report === undefined && matcher !== undefined && expected !== undefined)
    await writeVanished(folder, matcher.memory.vanished(expected.seen));
  return { ...found, expected };
}

/** Whether a run could send something that an opt-out contradicts. */
function canOptIn({ mapping: { fields }, tagList }: RunFile): boolean {
  return tagList === undefined && (fields.optin_sms !== undefined || fields.optout_email?.liftOptOut === true);
}

/** Reads along while the reports are written. */
export interface RowListener {
  note(row: CsvRow, record: RowRecord): void;
}

export async function runReportPass(context: RunContext, listeners: readonly RowListener[] = []): Promise<ReportFacts> {
  const { folder, file, ledger, csv, map } = context;
  const inverse = file.tagList === undefined ? undefined : createInverse(context);
  const all = inverse === undefined ? listeners : [...listeners, inverse];
  const find = createColumnFinder(csv.header);
  const dateColumns = new Set<number>();
  for (const field of listFields(file.mapping)) {
    if (!isDateField(field)) continue;
    for (const { name } of columnsOf(field)) {
      const lookup = find(name);
      if (lookup.kind === 'found') dateColumns.add(lookup.index);
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
  const stats = await reportPass({
    csv,
    map,
    ledger,
    run: file.run,
    folder,
    dateColumns,
    hasDamage,
    read: file.check?.read,
    listUnchanged: file.lists.unchanged,
    mustRead: all.length > 0,
    onRow(row, record) {
      for (const listener of all) listener.note(row, record);
    },
  });
  if (inverse === undefined) return stats;
  return { ...stats, files: { ...stats.files, [inverseFile]: await inverse.write() } };
}

/** Lists people of earlier files who are not in this one, with the row and the run where each was last seen. */
async function writeVanished(folder: string, vanished: Iterable<Vanished>): Promise<void> {
  const file = await createReportFile(path.join(folder, 'vanished.csv'), ['_id', '_last_row', '_last_run']);
  for (const { id, row, run } of vanished) await file.add([guardFormula(id), String(row), String(run)]);
  await file.commit();
}
