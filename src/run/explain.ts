import path from 'node:path';
import type { Contact } from '../core/api/contact.ts';
import { compileMapping, mapRow, requestsOf } from '../core/mapping/compile.ts';
import type { FieldTrace, RowMapper } from '../core/mapping/compile.ts';
import { mappingError } from '../core/mapping/finding.ts';
import type { Finding } from '../core/mapping/finding.ts';
import type { FieldValue, ReadingStep } from '../core/mapping/read-field.ts';
import type { TagsReading } from '../core/mapping/read-tags.ts';
import { lintColumns } from '../core/mapping/rules.ts';
import type { Mapping } from '../core/mapping/schema.ts';
import { problemSentence } from '../core/outcome/messages.ts';
import type { Problem } from '../core/outcome/problem.ts';
import { RunError } from '../core/outcome/run-error.ts';
import { openCsv } from '../csv/reader.ts';
import type { CsvFile, CsvRow, Damage } from '../csv/reader.ts';
import { csvSettings } from '../csv/csv-settings.ts';
import { requireReadable } from './context.ts';
import { detailOf } from './report/report-pass.ts';

/** One row from raw cells to payload. */
export interface Explanation {
  /** The row as the file numbers it, and as the first file did if this one is a report. */
  readonly row: number;
  readonly sourceRow: number;
  readonly cells: readonly { readonly column: string; readonly cell: string }[];
  readonly fields: readonly ExplainedField[];
  /** What is sent, request by request. A row with problems sends nothing. */
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
  readonly tags: { readonly add: readonly string[]; readonly remove: readonly string[] };
}

/** @throws RunError `mapping`, `input`, or `usage` when the file does not have this row. */
export async function explainRow(setup: ExplainSetup): Promise<Explanation> {
  const { mapping, today, tags } = setup;
  requireReadable(setup.mappingFile, setup.findings);
  const csv = await openCsv(setup.csv, csvSettings(mapping), { name: setup.name });
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
  return { ...about, damage, ...explainRecord(map, row) };
}

/** What a mapping makes of a record without damage, and how. */
export function explainRecord(
  map: RowMapper,
  row: CsvRow,
): Pick<Explanation, 'fields' | 'requests' | 'problems' | 'warnings' | 'skipped'> {
  const mapped = mapRow(map, row);
  const { problems, warnings } = mapped;
  const skipped = row.code === 'superseded' ? 'superseded' : mapped.filtered ? 'filtered' : undefined;
  const fields = [...map.trace(row.cells).map(explainField), ...explainTags(mapped.tags)];
  return { fields, requests: problems.length === 0 ? requestsOf(mapped) : [], problems, warnings, skipped };
}

function explainTags({ add, remove }: TagsReading): ExplainedField[] {
  const field = (done: string, tags: readonly string[]): ExplainedField[] =>
    tags.length === 0
      ? []
      : [{ name: 'tags', steps: tags.map((tag) => `${done}: ${JSON.stringify(tag)}`), value: tags.join(',') }];
  return [...field('put on', add), ...field('taken off', remove)];
}

/** From the cell to the value, step by step. */
function explainField({ field, steps, value }: FieldTrace): ExplainedField {
  const isRefused = steps.some(({ kind }) => kind === 'problem');
  const end = value === undefined || isRefused ? 'left out' : `sent as ${JSON.stringify(value)}`;
  return { name: field.name, steps: [...steps.flatMap(sentencesOf), end], value: isRefused ? undefined : value };
}

function sentencesOf(step: ReadingStep): string[] {
  const quoted = (text: string): string => JSON.stringify(text);
  switch (step.kind) {
    case 'source': {
      const { cells, text } = step;
      const sentences = cells.map(({ column, cell }) =>
        cell === '' ? `column ${quoted(column)} is empty` : `column ${quoted(column)} holds ${quoted(cell)}`,
      );
      const isAsWritten = cells.length === 1 && cells[0]?.cell === text;
      if (text !== '' && !isAsWritten) sentences.push(`taken as ${quoted(text)}`);
      if (text === '' && cells.some(({ cell }) => cell !== '')) sentences.push('counts as missing');
      return sentences;
    }
    case 'constant':
      return [`the mapping's "value" is ${quoted(step.text)}`];
    case 'default':
      return [`the mapping's "default" is ${quoted(step.text)}`];
    case 'word':
      return [`becomes ${quoted(step.text)} by "values"`];
    case 'opt_out_kept':
      return ['false is not sent, because it could lift an opt-out. Set "liftOptOut" to send it'];
    case 'problem':
    case 'warning':
      return [`${step.problem.code}: ${problemSentence(step.problem)}`];
  }
}

/** @throws RunError `usage` naming what is in that row, when it is not data. */
async function findRow(csv: CsvFile, wanted: number, name: string): Promise<CsvRow> {
  const { headerRow } = csv;
  if (wanted === headerRow)
    throw noRow(`Row ${wanted} of ${name} is the header`, `Data begins in row ${headerRow + 1}.`);
  if (wanted < headerRow)
    throw noRow(
      `Row ${wanted} of ${name} is above the header, which is row ${headerRow}`,
      'Lines above the header are excluded.',
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
      throw noRow(`Row ${wanted} of ${name} has no data`, 'It is blank, a comment, or another line that is excluded.');
  }
  throw noRow(`${name} has no row ${wanted}`, `Its last row with data is ${last}, as a spreadsheet numbers it.`);
}

function noRow(message: string, hint: string): RunError {
  return new RunError('usage', message, { hint });
}
