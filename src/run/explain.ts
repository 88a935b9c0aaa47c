import path from 'node:path';
import type { Contact } from '../core/api/contact.ts';
import { createColumnFinder } from '../core/mapping/columns.ts';
import { compileMapping, mapRow, requestsOf } from '../core/mapping/compile.ts';
import { columnsOf } from '../core/mapping/fields.ts';
import type { MappedField } from '../core/mapping/fields.ts';
import { mappingError } from '../core/mapping/finding.ts';
import type { Finding } from '../core/mapping/finding.ts';
import type { FieldReading, FieldValue } from '../core/mapping/read-field.ts';
import { lintColumns } from '../core/mapping/rules.ts';
import type { Mapping } from '../core/mapping/schema.ts';
import { problemSentence } from '../core/outcome/messages.ts';
import type { Problem } from '../core/outcome/problem.ts';
import { RunError } from '../core/outcome/run-error.ts';
import { fold } from '../core/values/text.ts';
import { openCsv } from '../csv/reader.ts';
import type { CsvFile, CsvRow, Damage } from '../csv/reader.ts';
import { csvSettings } from './context.ts';
import { detailOf } from './report/report-pass.ts';

/** One row from raw cells to payload. */
export interface Explanation {
  /** The row as the file numbers it, and as the first file did if this one is a report. */
  readonly row: number;
  readonly sourceRow: number;
  readonly cells: readonly { readonly column: string; readonly cell: string }[];
  readonly fields: readonly ExplainedField[];
  readonly requests: readonly Contact[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** What is wrong with the record, its span of rows, and its text where it could not be split into cells. */
  readonly damage: Damage | undefined;
  /** Why the row would be left out although nothing is wrong with it. */
  readonly skipped: 'filtered' | 'superseded' | undefined;
}

export interface ExplainedField {
  readonly name: string;
  /** What happened on the way, in order and in words. */
  readonly steps: readonly string[];
  /** What is sent; undefined when the field is left out. */
  readonly value: FieldValue | undefined;
}

export interface ExplainSetup {
  /** The file to read, and how messages call it. */
  readonly csv: string;
  readonly name: string;
  readonly row: number;
  readonly mapping: Mapping;
  readonly mappingFile: string;
  readonly findings: readonly Finding[];
  readonly today: string;
  readonly encoding: string | undefined;
  readonly tags: { readonly add: readonly string[]; readonly remove: readonly string[] };
}

/** @throws RunError `mapping`, `input`, or `usage` when the file has no such row. */
export async function explainRow(setup: ExplainSetup): Promise<Explanation> {
  const { mapping, today, tags } = setup;
  const csv = await openCsv(setup.csv, csvSettings(mapping, setup.encoding), { name: setup.name });
  const findings = [...setup.findings, ...lintColumns(mapping, csv.header, csv.report !== undefined)];
  if (findings.some(({ severity }) => severity === 'error'))
    throw mappingError(path.basename(setup.mappingFile), findings);
  const row = await findRow(csv, setup.row, setup.csv);
  const cells = csv.header.map((column, index) => ({ column, cell: row.cells[index] ?? '' }));
  const about = { row: row.row, sourceRow: row.sourceRow, cells };
  const { damage } = row;
  if (damage !== undefined) {
    const problems = [{ code: damage.code, detail: detailOf(damage) }];
    return { ...about, damage, problems, fields: [], requests: [], warnings: [], skipped: undefined };
  }
  const map = compileMapping(mapping, csv.header, { today, extraTags: tags });
  const mapped = mapRow(map, row);
  const sent = requestsOf(mapped);
  const isSent = (name: string): boolean => sent.some((request) => Object.hasOwn(request, name));
  const cellOf = cellFinder(csv.header, row.cells);
  const fields = map.trace(row.cells).map(({ field, reading }): ExplainedField => {
    // What the check of the finished contact took out is not sent, whatever the field itself made of the cell.
    const value = isSent(field.name) ? reading.value : undefined;
    return { name: field.name, steps: stepsOf(field, reading, value, cellOf), value };
  });
  const { add, remove } = mapped.tags;
  if (add.length > 0)
    fields.push({ name: 'tags', steps: add.map((tag) => `put on: ${JSON.stringify(tag)}`), value: add.join(',') });
  if (remove.length > 0)
    fields.push({
      name: 'tags',
      steps: remove.map((tag) => `taken off: ${JSON.stringify(tag)}`),
      value: remove.join(','),
    });
  const skipped = row.code === 'superseded' ? 'superseded' : mapped.filtered ? 'filtered' : undefined;
  const { problems, warnings } = mapped;
  return { ...about, fields, requests: sent, problems, warnings, damage, skipped };
}

function cellFinder(header: readonly string[], cells: readonly string[]): (column: string) => string {
  const find = createColumnFinder(header);
  return (column) => {
    const lookup = find(column);
    return lookup.kind === 'found' ? (cells[lookup.index] ?? '') : '';
  };
}

/** From the cell to the value, step by step. */
function stepsOf(
  field: MappedField,
  { column, text, value, warnings, problem }: FieldReading,
  sent: FieldValue | undefined,
  cellOf: (column: string) => string,
): string[] {
  const quoted = (each: unknown): string => JSON.stringify(each);
  const steps: string[] = [];
  const columns = columnsOf(field).map(({ name }) => name);
  if (columns.length === 0) steps.push('a constant of the mapping');
  for (const name of columns) {
    const cell = cellOf(name);
    steps.push(cell === '' ? `column ${quoted(name)} is empty` : `column ${quoted(name)} holds ${quoted(cell)}`);
    if (name === column) break;
  }
  const raw = column === undefined ? undefined : columns.includes(column) ? cellOf(column) : undefined;
  if (text !== undefined && text !== raw && columns.length > 0) steps.push(`taken as ${quoted(text)}`);
  const listed = Object.entries(field.settings.values ?? {}).find(
    ([word]) => text !== undefined && fold(word) === fold(text),
  );
  if (listed !== undefined) steps.push(`"values" has ${quoted(listed[1])} for it`);
  steps.push(...warnings.map((warning) => `${warning.code}: ${problemSentence(warning)}`));
  if (problem !== undefined) steps.push(`${problem.code}: ${problemSentence(problem)}`);
  if (sent === undefined && value !== undefined)
    steps.push(
      field.name === 'optout_email' && value === false
        ? 'no opt-out; nothing is sent, since that would lift one ("liftOptOut")'
        : 'refused by the check of the whole contact',
    );
  steps.push(sent === undefined ? 'left out' : `sent as ${quoted(sent)}`);
  return steps;
}

/** @throws RunError `usage` saying what stands in that place, if it is no data. */
async function findRow(csv: CsvFile, wanted: number, name: string): Promise<CsvRow> {
  const { headerRow } = csv;
  if (wanted === headerRow)
    throw noRow(`Row ${wanted} of ${name} is the header`, `Data begins in row ${headerRow + 1}.`);
  if (wanted < headerRow)
    throw noRow(
      `Row ${wanted} of ${name} is above the header, which is row ${headerRow}`,
      'Lines above the header are left out.',
    );
  let last = headerRow;
  for await (const { rows } of csv.batches()) {
    const found = rows.find(
      ({ row, damage }) =>
        row === wanted || (damage !== undefined && damage.firstRow <= wanted && wanted <= damage.lastRow),
    );
    if (found !== undefined) return found;
    last = rows.at(-1)?.damage?.lastRow ?? rows.at(-1)?.row ?? last;
    if (last > wanted)
      throw noRow(`Row ${wanted} of ${name} has no data`, 'It is blank, a comment, or another line that is left out.');
  }
  throw noRow(`${name} has no row ${wanted}`, `Its last row with data is ${last}, as a spreadsheet numbers it.`);
}

function noRow(message: string, hint: string): RunError {
  return new RunError('usage', message, { hint });
}
