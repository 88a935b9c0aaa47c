import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitCells } from '../../src/csv/cells.ts';
import { RecordSplitter } from '../../src/csv/record-splitter.ts';
import type { Layout } from '../../src/csv/records.ts';
import { buildRows } from '../../src/csv/rows.ts';
import { knownDelimiters } from '../../src/csv/dialect.ts';
import { type CsvRow } from '../../src/csv/reader.ts';

const lineEnds = ['\n', '\r\n', '\r'] as const;

interface Csv {
  readonly width: number;
  readonly delimiter: string;
  readonly lineEnd: string;
  readonly quote: string;
  readonly quoteAll: boolean;
  readonly cells: readonly (readonly string[])[];
}

/** Cells full of CSV syntax and of Unicode. */
const cell = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom('"', "'", ',', ';', '\t', '|', '\n', '\r', ' ', 'a', 'é', '\uFEFF'),
    maxLength: 8,
  }),
);

/** The first cell of a row is never blank, because blank rows are skipped. */
const csv: fc.Arbitrary<Csv> = fc
  .record({
    width: fc.integer({ min: 1, max: 4 }),
    delimiter: fc.constantFrom(...knownDelimiters),
    lineEnd: fc.constantFrom(...lineEnds),
    quote: fc.constantFrom('"', "'", '|', '~', '\\', ' ', 'a'),
    quoteAll: fc.boolean(),
  })
  .filter(({ delimiter, quote }) => delimiter !== quote)
  .chain((dialect) =>
    fc.record({
      width: fc.constant(dialect.width),
      delimiter: fc.constant(dialect.delimiter),
      lineEnd: fc.constant(dialect.lineEnd),
      quote: fc.constant(dialect.quote),
      quoteAll: fc.constant(dialect.quoteAll),
      cells: fc.array(
        fc
          .array(cell, { minLength: dialect.width, maxLength: dialect.width })
          .map((cells) => cells.with(0, `x${cells[0] ?? ''}`)),
        { minLength: 1, maxLength: 8 },
      ),
    }),
  );

function write({ delimiter, lineEnd, quote, quoteAll, cells }: Csv): Buffer {
  const written = (text: string): string =>
    quoteAll || text.includes(delimiter) || text.includes(quote) || /[\r\n]/.test(text)
      ? quote + text.replaceAll(quote, quote + quote) + quote
      : text;
  return Buffer.from(cells.map((row) => row.map(written).join(delimiter) + lineEnd).join(''));
}

function layoutOf(
  { width, delimiter, quote = '"' }: { width: number; delimiter: string; quote?: string },
  recordLimit = 1 << 20,
): Layout {
  return {
    dialect: { delimiter, quote },
    width,
    leastWidth: width,
    surplus: 'any',
    comment: undefined,
    recordLimit,
    isTranscoded: false,
  };
}

/** Reads bytes in the chunks that result from these cuts. */
function read(bytes: Buffer, layout: Layout, cuts: readonly number[] = []): { rows: CsvRow[]; blank: number } {
  const splitter = new RecordSplitter(layout, { row: 2, line: 2, offset: 0 });
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1))), bytes.length].sort((a, b) => a - b);
  const batches = ends.map((end, index) => splitter.push(bytes.subarray(ends[index - 1] ?? 0, end)));
  const parts = [...batches, splitter.finish()].map((batch) => buildRows(batch, layout));
  return { rows: parts.flatMap(({ rows }) => rows), blank: parts.reduce((sum, { blank }) => sum + blank, 0) };
}

const cuts = fc.array(fc.nat({ max: 400 }), { maxLength: 30 });

describe('any table, in any dialect', () => {
  it('reads back equal', () => {
    fc.assert(
      fc.property(csv, cuts, (table, at) => {
        const { rows } = read(write(table), layoutOf(table), at);
        expect(rows).toEqual(table.cells.map((cells, index) => ({ row: index + 2, sourceRow: index + 2, cells })));
      }),
      { numRuns: 1000 },
    );
  });

  it('loses only the damaged record', () => {
    const damages = [
      { text: (row: string[], d: string) => row.join(d) + d + 'more', code: 'wrong_width' },
      { text: (row: string[], d: string) => `"x"y${d}${row.join(d)}`, code: 'broken_quote' },
      { text: (row: string[], d: string) => `\0${row.join(d)}`, code: 'nul_byte' },
      { text: (row: string[], d: string) => `\xFF${row.join(d)}`, code: 'invalid_bytes', encoding: 'latin1' as const },
      { text: (row: string[], d: string) => `"${row.join(d)}`, code: 'unclosed_quote' },
    ];
    const plainCell = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '1'), maxLength: 4 });
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 4 }).chain((width) =>
          fc.record({
            width: fc.constant(width),
            delimiter: fc.constantFrom(...knownDelimiters),
            lineEnd: fc.constantFrom(...lineEnds),
            rows: fc.array(
              fc
                .array(plainCell, { minLength: width, maxLength: width })
                .map((cells) => cells.with(0, `x${cells[0] ?? ''}`)),
              { minLength: 1, maxLength: 6 },
            ),
            at: fc.nat(),
            damage: fc.constantFrom(...damages),
          }),
        ),
        cuts,
        ({ width, delimiter, lineEnd, rows: table, at, damage }, chunkEnds) => {
          const index = at % table.length;
          const lines = table.map((row, i) =>
            Buffer.from((i === index ? damage.text(row, delimiter) : row.join(delimiter)) + lineEnd, damage.encoding),
          );
          const { rows } = read(Buffer.concat(lines), layoutOf({ width, delimiter }), chunkEnds);
          expect(rows.map(({ row }) => row)).toEqual(table.map((_, i) => i + 2));
          expect(rows[index]?.damage).toMatchObject({ code: damage.code, firstRow: index + 2, lastRow: index + 2 });
          for (const [i, { cells, damage: found }] of rows.entries()) {
            if (i === index) continue;
            expect(cells).toEqual(table[i]);
            expect(found).toBeUndefined();
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('any bytes at all', () => {
  const bytes = fc
    .array(fc.constantFrom('"', '"', ',', ',', '\n', '\r', '\r\n', 'a', ' ', 'é', '\0', '\xFF', 'b,c\n', '"d,\n"'), {
      maxLength: 60,
    })
    .map((parts) => Buffer.concat(parts.map((part) => Buffer.from(part, part === '\xFF' ? 'latin1' : 'utf8'))));

  it('give the same rows however they are split into chunks', () => {
    fc.assert(
      fc.property(
        bytes,
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom(7, 20, 1 << 20),
        cuts,
        (text, width, limit, at) => {
          const layout = layoutOf({ width, delimiter: ',' }, limit);
          const whole = read(text, layout);
          expect(read(text, layout, at)).toEqual(whole);
          expect(
            read(
              text,
              layout,
              Array.from({ length: text.length }, (_, index) => index),
            ),
          ).toEqual(whole);
        },
      ),
      { numRuns: 3000 },
    );
  });

  const tame = fc
    .array(fc.constantFrom('"', '""', '"a"', ',', ',', '\n', '\r', '\r\n', 'a', ' ', 'é', '"d,\n"'), {
      maxLength: 40,
    })
    .map((parts) => parts.join(''));

  it('are split by our own code, which is for damaged records, as csv-parse splits them when it accepts them', () => {
    let compared = 0;
    fc.assert(
      fc.property(tame, fc.constantFrom(...knownDelimiters), fc.constantFrom('"', "'"), (text, delimiter, quote) => {
        const record = text.replaceAll(',', delimiter).replaceAll('"', quote);
        let expected: string[][];
        try {
          expected = parse(record, { delimiter, quote, escape: quote, record_delimiter: ['\r\n', '\n', '\r'] });
        } catch {
          return; // broken or open quotes
        }
        const [cells] = expected;
        if (cells === undefined || expected.length > 1 || /[\r\n]$/.test(record)) return;
        expect(splitCells(record, { delimiter, quote }, cells.length)).toEqual(cells);
        compared += 1;
      }),
      { numRuns: 5000 },
    );
    expect(compared).toBeGreaterThan(500);
  });

  it('are records where csv-parse finds them, if it accepts the whole text strictly', () => {
    let compared = 0;
    fc.assert(
      fc.property(tame, (text) => {
        let expected: string[][];
        try {
          expected = parse(text, { record_delimiter: ['\r\n', '\n', '\r'], skip_empty_lines: true });
        } catch {
          return; // broken or open quotes, rows of several widths
        }
        const width = expected[0]?.length ?? 1;
        const { rows } = read(Buffer.from(text), layoutOf({ width, delimiter: ',' }));
        expect(rows.every(({ damage }) => damage === undefined)).toBe(true);
        expect(rows.map(({ cells }) => cells)).toEqual(expected.filter((cells) => cells.some((found) => found.trim())));
        compared += 1;
      }),
      { numRuns: 5000 },
    );
    expect(compared).toBeGreaterThan(500);
  });

  it("give rows of the header's width, in order, without overlap", () => {
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 3 }), fc.constantFrom(7, 1 << 20), (text, width, limit) => {
        const { rows } = read(text, layoutOf({ width, delimiter: ',' }, limit));
        let last = 1;
        for (const { row, cells, damage } of rows) {
          expect(cells).toHaveLength(width);
          expect(row).toBeGreaterThan(last);
          expect(damage?.firstRow ?? row).toBe(row);
          last = damage?.lastRow ?? row;
        }
      }),
      { numRuns: 3000 },
    );
  });
});
