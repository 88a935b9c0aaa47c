import path from 'node:path';
import type { Contact } from '../core/contact.ts';
import { compileMapping, requestsOf } from '../core/mapping/compile.ts';
import { columnsOf } from '../core/mapping/fields.ts';
import { mappingError } from '../core/mapping/finding.ts';
import type { Finding } from '../core/mapping/finding.ts';
import type { FieldValue } from '../core/mapping/read-field.ts';
import { lintColumns } from '../core/mapping/rules.ts';
import type { Mapping } from '../core/mapping/schema.ts';
import type { Problem } from '../core/problem.ts';
import { RunError } from '../core/run-error.ts';
import { openCsv } from '../csv/reader.ts';
import type { CsvFile, CsvRow } from '../csv/reader.ts';
import { csvSettings } from './context.ts';
import { detailOf } from './report-pass.ts';

/** One row from raw cells to payload. */
export interface Explanation {
  readonly cells: readonly { readonly column: string; readonly cell: string }[];
  readonly fields: readonly {
    readonly name: string;
    readonly column: string | undefined;
    /** The text that was taken from the row. */
    readonly text: string | undefined;
    readonly value: FieldValue | undefined;
  }[];
  readonly requests: readonly Contact[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  readonly filtered: boolean;
}

export interface ExplainSetup {
  readonly csv: string;
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
  const csv = await openCsv(setup.csv, csvSettings(mapping, setup.encoding));
  const findings = [...setup.findings, ...lintColumns(mapping, csv.header, csv.report !== undefined)];
  if (findings.some(({ severity }) => severity === 'error'))
    throw mappingError(path.basename(setup.mappingFile), findings);
  const row = await findRow(csv, setup.row);
  if (row === undefined) {
    throw new RunError('usage', `${setup.csv} has no data in row ${setup.row}`, {
      hint: 'Rows are numbered as a spreadsheet shows them; the header is one of them.',
    });
  }
  const cells = csv.header.map((column, index) => ({ column, cell: row.cells[index] ?? '' }));
  if (row.damage !== undefined) {
    const { code } = row.damage;
    return {
      cells,
      fields: [],
      requests: [],
      problems: [{ code, detail: detailOf(row.damage) }],
      warnings: [],
      filtered: false,
    };
  }
  const map = compileMapping(mapping, csv.header, { today, extraTags: tags });
  const mapped = map(row.cells);
  const sent = requestsOf(mapped);
  const fields = map.trace(row.cells).map(({ field, reading }) => ({
    name: field.name,
    column:
      reading.column ??
      (columnsOf(field)
        .map(({ name }) => name)
        .join(' or ') ||
        undefined),
    text: reading.text,
    // What the check of the finished contact took out is not sent, whatever the field itself made of the cell.
    value: sent.some((request) => Object.hasOwn(request, field.name)) ? reading.value : undefined,
  }));
  const { add, remove } = mapped.tags;
  if (add.length > 0) fields.push({ name: 'tags', column: undefined, text: 'put on', value: add.join(',') });
  if (remove.length > 0) fields.push({ name: 'tags', column: undefined, text: 'take off', value: remove.join(',') });
  return {
    cells,
    fields,
    requests: sent,
    problems: mapped.problems,
    warnings: mapped.warnings,
    filtered: mapped.filtered,
  };
}

async function findRow(csv: CsvFile, wanted: number): Promise<CsvRow | undefined> {
  for await (const { rows } of csv.batches()) {
    const found = rows.find(
      ({ row, damage }) =>
        row === wanted || (damage !== undefined && damage.firstRow <= wanted && wanted <= damage.lastRow),
    );
    if (found !== undefined) return found;
    if ((rows.at(-1)?.row ?? 0) > wanted) return undefined;
  }
  return undefined;
}
