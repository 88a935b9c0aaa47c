import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { resolveSettings } from '../../src/config/settings.ts';
import { lintMapping } from '../../src/core/mapping/rules.ts';
import { readMapping } from '../../src/core/mapping/read.ts';
import { RunError } from '../../src/core/outcome/run-error.ts';
import { systemClock } from '../../src/flow/clock.ts';
import { checkFile } from '../../src/run/check.ts';
import { createStop } from '../../src/run/events.ts';
import { readReport } from '../cli/harness.ts';
import { blocks, tables } from './markdown.ts';

/** The date of the recipes, which decides what is in the future. */
const today = '2026-11-27';

/** The result of one row as in the table: `first_name: Ana`, `no email`, `fails: bad_email`, `warns: email_filler`. */
export type Becomes = Readonly<Record<string, string>>;

/**
 * A recipe in the cookbook: part of a mapping, and either a table of cells with their results, or a whole CSV and a table by
 * row number. A recipe without names gets names, and a `user_id` for each row unless it identifies people itself.
 */
export interface Recipe {
  readonly csv: Buffer;
  readonly mapping: Mapping;
  /** By row number. */
  readonly becomes: ReadonlyMap<number, Becomes>;
}

interface Mapping {
  readonly csv?: { readonly encoding?: string };
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

/** Undefined for a section without a mapping. */
export function readRecipe(section: string): Recipe | undefined {
  const [json] = blocks(section, 'json');
  const [table] = tables(section);
  if (json === undefined || table === undefined) return undefined;
  const written = JSON.parse(json) as Mapping;
  const [text] = blocks(section, 'csv');
  const becomes = new Map<number, Becomes>();
  if (text !== undefined) {
    for (const [row, sent = ''] of table.rows) becomes.set(Number(row), becomesOf(sent));
    return { csv: encode(text, written), mapping: complete(written, false), becomes };
  }
  const columns = table.header.slice(0, -1);
  const lines = table.rows.map((cells, index) => {
    becomes.set(index + 2, becomesOf(cells.at(-1) ?? ''));
    return [`id-${index}`, ...columns.map((_, nth) => quoted(cells[nth] ?? ''))].join(',');
  });
  const header = ['Recipe ID', ...columns.map(quoted)].join(',');
  const csv = encode(`${[header, ...lines].join('\n')}\n`, written);
  return { csv, mapping: complete(written, true), becomes };
}

function quoted(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`;
}

/** `<E9>` in a recipe means the byte E9. */
function encode(text: string, { csv }: Mapping): Buffer {
  if (csv?.encoding === 'utf-16le') return Buffer.from(`\uFEFF${text}`, 'utf16le');
  const pieces = text.split(/<([0-9A-F]{2})>/);
  return Buffer.concat(pieces.map((piece, index) => Buffer.from(piece, index % 2 === 0 ? 'utf8' : 'hex')));
}

function complete(written: Mapping, hasIds: boolean): Mapping {
  const fields = written.fields ?? {};
  const isWhole = 'first_name' in fields && ('email' in fields || 'phone' in fields);
  return {
    version: 1,
    name: 'recipe',
    country: 'US',
    ...written,
    fields: {
      ...(hasIds && !isWhole ? { user_id: 'Recipe ID' } : {}),
      first_name: hasIds && !('user_id' in fields) ? 'Recipe ID' : { value: 'Ana' },
      last_name: { value: 'Diaz' },
      ...fields,
    },
  };
}

function becomesOf(sent: string): Becomes {
  const parts = sent.split('; ').map((part): [string, string] => {
    const text = /^`([^`]*)`$/.exec(part)?.[1] ?? part;
    const absent = /^no ([a-z_]+)$/.exec(text)?.[1];
    if (absent !== undefined) return [absent, ''];
    const [, name = text, value = ''] = /^([\w ]+): (.*)$/.exec(text) ?? [];
    return [name, value];
  });
  const joined: Record<string, string> = {};
  for (const [name, value] of parts) joined[name] = name in joined ? `${joined[name]} ${value}` : value;
  return joined;
}

export interface Outcome {
  /** The result of each row in the words of the table, with only the fields that the recipe mentions. */
  readonly becomes: ReadonlyMap<number, Becomes>;
  /** The number of warnings by code. */
  readonly warnings: Readonly<Record<string, number>>;
  /** Codes of damaged columns. */
  readonly columns: readonly string[];
}

/** Checks the file of a recipe with its mapping like `check`, and returns the results. */
export async function cook({ csv, mapping, becomes }: Recipe): Promise<Outcome> {
  const folder = await mkdtemp(path.join(tmpdir(), 'recipe-'));
  try {
    const input = path.join(folder, 'members.csv');
    await writeFile(input, csv);
    const read = readMapping(mapping);
    if (read.mapping === undefined) throw new Error(JSON.stringify(read.findings));
    const mappingFile = path.join(folder, 'mapping.json');
    const { values: options } = await resolveSettings({ mapping: mappingFile, maxInvalid: '100%' }, {});
    const result = await checkFile(
      {
        input: { name: input },
        mapping: read.mapping,
        mappingFile,
        findings: [...read.findings, ...lintMapping(read.mapping)],
        out: path.join(folder, 'out'),
        today,
        show: 1000,
        memory: undefined,
        options,
        settings: {},
        next: () => undefined,
      },
      { emit: () => undefined, clock: systemClock, stop: createStop() },
    ).catch((error: unknown) => {
      if (error instanceof RunError) return error;
      throw error;
    });
    if (result instanceof RunError) {
      const stops = new Map([...becomes.keys()].map((row) => [row, { stops: result.code }]));
      return { becomes: stops, warnings: {}, columns: [] };
    }
    const failed = await readReport(path.join(result.folder, 'failure.csv'));
    const skipped = await readReport(path.join(result.folder, 'skipped.csv')).catch(() => []);
    const found = new Map<number, Becomes>();
    for (const { row, requests } of result.shown) {
      const sent = requests.map((request) => Object.entries(request).map(([name, value]) => [name, String(value)]));
      found.set(row, fieldsOf(becomes.get(row) ?? {}, Object.fromEntries(sent.flat()) as Becomes));
    }
    for (const { _row: row, _code: codes = '' } of failed)
      found.set(Number(row), { fails: [...new Set(codes.split(' | '))].join(' ') });
    for (const { _row: row } of skipped) found.set(Number(row), { 'left out': '' });
    const { warnings, columns } = result.stats;
    return {
      becomes: found,
      warnings: Object.fromEntries(Object.entries(warnings).map(([code, { count }]) => [code, count])),
      columns: columns.map(({ code }) => code),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function fieldsOf(named: Becomes, sent: Becomes): Becomes {
  const names = Object.keys(named).filter((name) => !notes.has(name));
  return Object.fromEntries(names.map((name) => [name, sent[name] ?? '']));
}

const notes = new Set(['warns', 'column']);

/** The results in the table, in the same form as from `cook`. */
export function stated({ becomes }: Recipe): Outcome {
  const rows = new Map<number, Becomes>();
  const warnings: Record<string, number> = {};
  const columns = new Set<string>();
  for (const [row, { warns = '', column, ...fields }] of becomes) {
    for (const code of warns.split(' ').filter((word) => word !== '')) warnings[code] = (warnings[code] ?? 0) + 1;
    if (column !== undefined) columns.add(column);
    // "no row" lines, like footers, are in no report.
    if (!('row' in fields)) rows.set(row, fields);
  }
  return { becomes: rows, warnings, columns: [...columns] };
}
