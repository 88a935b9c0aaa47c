import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CsvFile, type CsvOptions, type CsvRow, type CsvSettings, openCsv } from '../../src/csv/reader.ts';

export interface ReadCsv {
  readonly file: CsvFile;
  readonly rows: readonly CsvRow[];
  readonly blank: number;
  readonly repeatedHeaders: number;
  readonly footer: number;
}

/** Writes the bytes to a new file, reads it whole, and deletes it. */
export async function readCsv(
  content: string | Uint8Array,
  settings: CsvSettings = {},
  options: CsvOptions = {},
): Promise<ReadCsv> {
  const folder = mkdtempSync(join(tmpdir(), 'csv-test-'));
  try {
    const path = join(folder, 'input.csv');
    writeFileSync(path, content);
    const file = await openCsv(path, settings, options);
    return { file, ...(await readAll(file)) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function readAll(file: CsvFile): Promise<Omit<ReadCsv, 'file'>> {
  const rows: CsvRow[] = [];
  const counts = { blank: 0, repeatedHeaders: 0, footer: 0 };
  for await (const batch of file.batches()) {
    rows.push(...batch.rows);
    counts.blank += batch.blank;
    counts.repeatedHeaders += batch.repeatedHeaders;
    counts.footer += batch.footer;
  }
  return { rows, ...counts };
}

/** The cells of every row, for tests that need only these. */
export function cellsOf({ rows }: { readonly rows: readonly CsvRow[] }): (readonly string[])[] {
  return rows.map(({ cells }) => cells);
}

/** The rows without damage: number and cells. */
export function soundRows({ rows }: { readonly rows: readonly CsvRow[] }): (number | string)[][] {
  return rows
    .filter(({ damage }) => damage === undefined)
    .map(({ row, cells }) => [row as number | string].concat(cells));
}
