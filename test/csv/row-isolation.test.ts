import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { dataRows } from '../../src/csv/data-rows.ts';
import type { CsvRow } from '../../src/csv/csv-file.ts';
import { streamRows } from '../../src/csv/rows.ts';
import { damagedFiles, goodRows, header, writeRecord } from './damaged-files.ts';
import type { Style, Variant } from './damaged-files.ts';

const styles: readonly (Style & { readonly stride: number })[] = [
  { delimiter: ',', quote: '"', lineEnd: '\r\n', quotesAll: false, stride: 2 },
  { delimiter: ',', quote: '"', lineEnd: '\n', quotesAll: true, stride: 5 },
  { delimiter: ';', quote: '"', lineEnd: '\n', quotesAll: false, stride: 11 },
  { delimiter: '\t', quote: '"', lineEnd: '\r\n', quotesAll: false, stride: 13 },
  { delimiter: '|', quote: "'", lineEnd: '\r', quotesAll: true, stride: 13 },
];

describe('one damaged record of a good file of 84 rows costs itself or a stated span', () => {
  const totals = { variants: 0, same: 0, lost: 0, most: 0, cancelled: 0 };

  it.each(styles)('$delimiter $quote $lineEnd quotes on all cells: $quotesAll', async ({ stride, ...style }) => {
    const faults: string[] = [];
    for (const variant of damagedFiles(style, stride)) {
      const rows = await read(variant.bytes, style);
      const { fault, lost } = judge(rows, variant);
      // Two lost quotes can cancel each other out. Then the file is well-formed with different content.
      if (fault !== undefined && variant.touched.length > 1 && isWellFormed(variant.bytes, style))
        totals.cancelled += 1;
      else if (fault !== undefined) faults.push(`${variant.name}: ${fault}`);
      totals.variants += 1;
      totals.lost += lost;
      totals.most = Math.max(totals.most, lost);
      if (lost === 0) totals.same += 1;
    }
    expect(faults.length, faults.slice(0, 40).join('\n')).toBe(0);
  });

  it('shows how much that is', () => {
    const { variants, same, lost, most, cancelled } = totals;
    console.log(
      `${variants} variants: ${lost} rows lost beside the damaged ones, at most ${most}; ${same} lost none, ${cancelled} cancelled out`,
    );
    expect(variants).toBe(10_145);
    expect(lost).toBeLessThanOrEqual(1368);
    expect(most).toBeLessThanOrEqual(2);
    expect(cancelled).toBeLessThanOrEqual(11);
  });
});

function isWellFormed(bytes: Buffer, { delimiter, quote }: Style): boolean {
  try {
    parse(bytes, { delimiter, quote, escape: quote, record_delimiter: ['\r\n', '\n', '\r'] });
    return true;
  } catch {
    return false;
  }
}

async function read(bytes: Buffer, style: Style): Promise<CsvRow[]> {
  const head = Buffer.byteLength(writeRecord(header, style) + style.lineEnd);
  const width = header.length;
  const layout = {
    dialect: style,
    width,
    leastWidth: width,
    surplus: 0,
    comment: undefined,
    recordLimit: 1 << 20,
    isTranscoded: false,
  };
  const source = {
    encoding: 'utf-8',
    isMarked: false,
    isTranscoded: false,
    skipped: 0,
    async *chunks(from = 0) {
      yield bytes.subarray(from);
    },
  };
  const rows: CsvRow[] = [];
  for await (const batch of dataRows(streamRows(source, { row: 2, line: 2, offset: head }, layout), header, undefined))
    rows.push(...batch.rows);
  return rows;
}

/** What is wrong with how a damaged file was read, and how many sound records it lost. */
function judge(rows: readonly CsvRow[], { touched }: Variant): { fault: string | undefined; lost: number } {
  const damaged = rows.filter(({ damage }) => damage !== undefined);
  const told = damaged.map(({ cells, damage }) => [...cells, ...(damage?.extra ?? []), damage?.raw ?? ''].join('\n'));
  const whole = new Map(goodRows.map((cells, index) => [cells.map((cell) => cell.trim()).join('\0'), index]));
  let last = -1;
  const seen = new Set<number>();
  for (const { cells, damage, hasStrayQuote } of rows) {
    if (damage !== undefined) continue;
    const index = whole.get(cells.map((cell) => cell.trim()).join('\0'));
    if (index === undefined) {
      if (hasStrayQuote === true) continue;
      return { fault: `altered silently: ${JSON.stringify(cells)}`, lost: 0 };
    }
    if (index <= last) return { fault: `row ${index} out of order or twice`, lost: 0 };
    last = index;
    seen.add(index);
  }
  let lost = 0;
  for (const index of goodRows.keys()) {
    if (seen.has(index)) continue;
    if (touched.includes(index)) {
      if (damaged.length === 0 && !rows.some(({ hasStrayQuote }) => hasStrayQuote))
        return { fault: `record ${index} not reported`, lost };
      continue;
    }
    lost += 1;
    if (!told.some((text) => text.includes(goodRows[index]?.[0] ?? '')))
      return { fault: `row ${index} lost and not covered`, lost };
  }
  return { fault: undefined, lost };
}
