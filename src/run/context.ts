import path from 'node:path';
import { createDamageDetectors } from '../core/quality/column-damage.ts';
import { compileMapping } from '../core/mapping/compile.ts';
import type { RowMapper } from '../core/mapping/compile.ts';
import type { RunKind } from '../ledger/ledger.ts';
import { createColumnFinder } from '../core/mapping/columns.ts';
import { columnsOf, listFields } from '../core/mapping/fields.ts';
import { mappingError } from '../core/mapping/finding.ts';
import type { Finding } from '../core/mapping/finding.ts';
import { isDateField, lintColumns } from '../core/mapping/rules.ts';
import type { Mapping } from '../core/mapping/schema.ts';
import { openCsv } from '../csv/reader.ts';
import type { CsvFile, CsvRow, CsvSettings } from '../csv/reader.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { checkPass } from './check/check-pass.ts';
import { createKnownPeople } from './feed/known-people.ts';
import type { Expected } from './feed/known-people.ts';
import type { CheckFacts } from './check/check-facts.ts';
import type { Emit } from './events.ts';
import { createPilotPicker } from './check/pilot.ts';
import type { Ports } from './ports.ts';
import type { Recognition } from './feed/recognition.ts';
import { reportPass } from './report/report-pass.ts';
import type { ReportFacts } from './report/report-pass.ts';
import { inputCopyOf } from './files/run-folder.ts';
import { inverseFile, writeInverse } from './tags/inverse.ts';
import { readLookedUp } from './tags/looked-up.ts';
import { mapTags } from './tags/tag-mapper.ts';
import { writeVanished } from './report/vanished-file.ts';
import type { RunFile } from './files/run-folder.ts';

/** A run that is laid out on the disk: its folder, its row in the ledger, its input opened and its mapping compiled. */
export interface RunContext {
  readonly folder: string;
  readonly file: RunFile;
  readonly ledger: Ledger;
  readonly csv: CsvFile;
  readonly map: RowMapper;
  /** The memory of the feed, with which the file is compared; outcomes of a `full` run enter it. */
  readonly recognition?: Recognition | undefined;
}

/** What a run imports, and so whether it enters the memory of its feed. */
export function kindOf({ file, csv }: Pick<RunContext, 'file' | 'csv'>): RunKind {
  if (file.tagList !== undefined) return 'tags';
  if (csv.report !== undefined) return 'report';
  return file.selection.limit === undefined && file.selection.rows === undefined ? 'full' : 'pilot';
}

/** What the check pass hands on. */
export interface Checked {
  readonly facts: CheckFacts;
  /** For the memory of the feed, before the first request. */
  readonly expected: Expected | undefined;
}

/** A run whose whole file is checked. */
export type CheckedContext = RunContext & Checked;

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

/** Rows that are looked up before anything is sent. */
const peopleLookedUp = 20;

interface CheckOptions {
  /** How many rows to be sent the caller wants to show. */
  readonly samples?: number;
  /** Finds the rows that go first. */
  readonly findWaiting?: (() => Promise<ReadonlySet<number>>) | undefined;
}

export async function runCheckPass(
  { folder, file, ledger, csv, map, recognition }: RunContext,
  { emit, stop }: Pick<Ports, 'emit' | 'stop'>,
  { samples = 0, findWaiting = async () => Promise.resolve(new Set()) }: CheckOptions = {},
): Promise<Checked> {
  ledger.clearRows(file.run);
  const known = recognition === undefined ? undefined : createKnownPeople(recognition, !file.acceptChanges);
  const facts = await checkPass({
    csv,
    map,
    detectors: createDamageDetectors(file.mapping, csv.header),
    newPilot: () => createPilotPicker(file.mapping),
    sampleSize: Math.max(peopleLookedUp, samples),
    ledger,
    run: file.run,
    selection: { limit: file.selection.limit, rows: file.selection.rows, duplicates: file.selection.duplicates },
    known,
    onlyChanged: file.onlyChanged && known !== undefined && csv.report === undefined,
    waited: await findWaiting(),
    onProgress: (rows) => emit({ type: 'checking', rows }),
    signal: stop.signal,
  });
  const expected = known?.expected();
  if (file.lists.vanished && csv.report === undefined && recognition !== undefined && expected !== undefined)
    await writeVanished(folder, recognition.memory.vanished(expected.seen));
  return { facts, expected };
}

/** @param onFailure Hears of every row that failed or is unknown. */
export async function runReportPass(
  context: RunContext,
  onFailure: (row: CsvRow) => void = () => undefined,
): Promise<ReportFacts> {
  const { folder, file, ledger, csv, map } = context;
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
  const facts = await reportPass({
    csv,
    map,
    ledger,
    run: file.run,
    folder,
    dateColumns,
    hasDamage,
    read: file.check?.read,
    listUnchanged: file.lists.unchanged,
    onFailure,
  });
  if (file.tagList === undefined) return facts;
  return { ...facts, files: { ...facts.files, [inverseFile]: await writeInverse(context) } };
}

/** The mapping's CSV settings, with an encoding from the command line in front. */
export function csvSettings({ csv }: Mapping, encoding: string | undefined): CsvSettings {
  const { quote, escape, leastCells, unnamed, headerRow, comment, footer, delimiter } = csv ?? {};
  const chosen = encoding ?? csv?.encoding;
  return {
    ...(chosen === undefined ? {} : { encoding: chosen }),
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(quote === undefined ? {} : { quote }),
    ...(escape === undefined ? {} : { escape }),
    ...(leastCells === undefined ? {} : { leastCells }),
    ...(unnamed === undefined ? {} : { unnamed }),
    ...(headerRow === undefined ? {} : { headerRow }),
    ...(comment === undefined ? {} : { comment }),
    ...(footer === undefined ? {} : { footer }),
  };
}
