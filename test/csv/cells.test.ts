import * as csvParse from 'csv-parse/sync';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { areBlank, cutCells, splitCells } from '../../src/csv/cells.ts';
import type { RecordBytes } from '../../src/csv/records.ts';
import { readCsv } from './read-csv.ts';

vi.mock('csv-parse/sync', { spy: true });
afterEach(() => {
  vi.restoreAllMocks();
  vi.clearAllMocks();
});

const dialect = { delimiter: ',', quote: '"' };

function recordOf(text: string, cells: number): RecordBytes {
  const bytes = Buffer.from(`before\n${text}\nbehind`);
  return { bytes, start: 7, end: bytes.length - 7, cells };
}

/** How many records csv-parse gave with each call. */
function stretches(): number[] {
  return vi.mocked(csvParse.parse).mock.settledResults.map(({ value }) => (value as unknown as unknown[]).length);
}

describe('the cells of clean records', () => {
  it('are cut by csv-parse, which gets neighbors of one width as one stretch', () => {
    const records = [recordOf('1,"a ""b"", c"', 2), recordOf('2,', 2), recordOf('3,"x\ny",', 3), recordOf('4,z', 2)];
    expect(cutCells(records, dialect)).toEqual([
      ['1', 'a "b", c'],
      ['2', ''],
      ['3', 'x\ny', ''],
      ['4', 'z'],
    ]);
    expect(stretches()).toEqual([2, 1, 1]);
  });

  it('of no records are an empty list', () => {
    expect(cutCells([], dialect)).toEqual([]);
  });

  it.each([
    ['a quote where no cell may have one', '1,5\'10" tall', 2],
    ['fewer cells', '1,2', 3],
    ['two records', '1,2\n3,4', 2],
  ])('stop the program when csv-parse finds %s, and no cell is in the message', (_what, text, cells) => {
    let thrown: unknown;
    try {
      cutCells([recordOf(text, cells)], dialect);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'bug', message: expect.not.stringContaining('tall') });
    expect(thrown).not.toHaveProperty('cause');
  });
});

describe('a file', () => {
  const people = (count: number): string[] => Array.from({ length: count }, (_, index) => `${index},"Ana, ${index}",x`);

  it('goes to csv-parse in stretches of at least 500 clean records, also across damaged ones', async () => {
    const lines = people(5000);
    for (let at = 7; at < lines.length; at += 100) lines[at] = '5,5\'10",x';
    for (let at = 13; at < lines.length; at += 100) lines[at] = 'only one';
    for (let at = 14; at < lines.length; at += 100) lines[at] = '';
    for (let at = 15; at < lines.length; at += 100) lines[at] = '"x"y,2,3';
    const { rows } = await readCsv(`a,b,c\n${lines.join('\r\n')}`, { delimiter: ',' }, { chunkBytes: 4096 });
    expect(rows).toHaveLength(4950);
    // The header goes alone, once for each delimiter that it might have.
    const rest = stretches().filter((count) => count > 1);
    // All but the damaged, those with a stray quote, and blank lines.
    expect(rest.reduce((sum, count) => sum + count, 0)).toBe(4800);
    const last = rest.pop();
    expect(Math.min(...rest)).toBeGreaterThanOrEqual(480);
    expect(last).toBeGreaterThan(0);
  });

  it('keeps at most a few MiB for a stretch', async () => {
    const long = 'x'.repeat(100_000);
    const { rows } = await readCsv(`a,b\n${`1,${long}\n`.repeat(200)}`);
    expect(rows).toHaveLength(200);
    expect(Math.max(...stretches())).toBeLessThan(50);
  });
});

describe('the cells of a record that csv-parse does not accept', () => {
  it.each([
    ['5\'10",a "b" c', ['5\'10"', 'a "b" c']],
    ['"a ""b""",c"d', ['a "b"', 'c"d']],
    ['"x\ny","",', ['x\ny', '', '']],
    ['', ['']],
  ])('%j', (text, cells) => {
    expect(splitCells(text, dialect, cells.length)).toEqual(cells);
  });

  it('must be as many as the scanner counted', () => {
    expect(() => splitCells('a,b', dialect, 3)).toThrow(expect.objectContaining({ code: 'bug' }));
  });
});

it.each([
  [['', ' ', '\t\u00A0'], true],
  [[], true],
  [['', ' x'], false],
])('blank: %j', (cells, isBlank) => {
  expect(areBlank(cells)).toBe(isBlank);
});
