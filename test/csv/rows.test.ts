import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCsv } from '../../src/csv/reader.ts';
import { cellsOf, readAll, readCsv, soundRows } from './read-csv.ts';

describe('records', () => {
  it('accepts LF, CRLF and CR, also mixed, and a last line without any', async () => {
    const { rows, blank } = await readCsv('a,b\r\n1,2\n3,4\r5,6\r\n7,8');
    expect(soundRows({ rows })).toEqual([
      [2, '1', '2'],
      [3, '3', '4'],
      [4, '5', '6'],
      [5, '7', '8'],
    ]);
    expect(blank).toBe(0);
  });

  it('keeps line ends inside quotes as they are', async () => {
    const { rows } = await readCsv('a,b\r\n"x\r\ny\rz\n",2\r\n3,4\r\n');
    expect(soundRows({ rows })).toEqual([
      [2, 'x\r\ny\rz\n', '2'],
      [3, '3', '4'],
    ]);
  });

  it('treats a quote inside a bare cell as text', async () => {
    const read = await readCsv('name,place\nAna,37°36\'37.8"N\nBo "the" Li,"say ""hi"""\n');
    expect(cellsOf(read)).toEqual([
      ['Ana', '37°36\'37.8"N'],
      ['Bo "the" Li', 'say "hi"'],
    ]);
  });

  it('does not trim cells', async () => {
    expect(cellsOf(await readCsv('a,b\n x ,"  y"\n'))).toEqual([[' x ', '  y']]);
  });

  it('accepts another quote character', async () => {
    const read = await readCsv("a,b\n'x,y',it''s \"so\"\n", { quote: "'" });
    expect(cellsOf(read)).toEqual([['x,y', 'it\'\'s "so"']]);
  });

  it('skips blank rows, counts them, and counts them as rows of the spreadsheet', async () => {
    const { rows, blank } = await readCsv('a,b\n\n1,2\n,\n  , \n"",\n,,,,\n \n3,4\n\n');
    expect(soundRows({ rows })).toEqual([
      [3, '1', '2'],
      [9, '3', '4'],
    ]);
    expect(blank).toBe(7);
  });

  it('removes blank cells beyond the header when most rows have them', async () => {
    const read = await readCsv('a,b\n1,2,\n3,4," "\n5,6,\n7,8\n');
    expect(cellsOf(read)).toEqual([
      ['1', '2'],
      ['3', '4'],
      ['5', '6'],
      ['7', '8'],
    ]);
    expect(read.rows.map(({ damage }) => damage?.code)).toEqual([undefined, undefined, undefined, 'wrong_width']);
  });

  it('treats a single extra blank cell as an extra delimiter, which shifts values', async () => {
    const { rows } = await readCsv('a,b,c\n1,2,3\n4,,5,\n6,7,\n');
    expect(rows.map(({ damage }) => damage?.code)).toEqual([undefined, 'wrong_width', undefined]);
    expect(rows[1]?.damage).toMatchObject({ found: 4, expected: 3, extra: [''] });
  });

  it('allows empty names, and omits empty last columns without one', async () => {
    const { file, rows } = await readCsv('a,,b,\n1,2,3,\n');
    expect(file.header).toEqual(['a', '', 'b']);
    expect(cellsOf({ rows })).toEqual([['1', '2', '3']]);
  });

  it('keeps last columns without a name that contain something', async () => {
    const { file, rows } = await readCsv('a,b,\n1,2,3\n4,5,\n');
    expect(file.header).toEqual(['a', 'b', '']);
    expect(cellsOf({ rows })).toHaveLength(2);
  });

  it('reads a file with one column', async () => {
    const { file, rows, blank } = await readCsv('email\na@x.org\n\n"b@x.org"\n');
    expect(file.header).toEqual(['email']);
    expect(soundRows({ rows })).toEqual([
      [2, 'a@x.org'],
      [4, 'b@x.org'],
    ]);
    expect(blank).toBe(1);
  });

  it('reads a file with only a header', async () => {
    const { file, rows, blank } = await readCsv('a,b');
    expect(file.header).toEqual(['a', 'b']);
    expect({ rows, blank }).toEqual({ rows: [], blank: 0 });
  });

  it('skips repeated headers, with or without a byte order mark, and counts them', async () => {
    const read = await readCsv('\uFEFFid,Full Name\n1,2\n\uFEFFid,Full Name\nid, Full  Name\nid,3\n\uFEFF3,4\n');
    expect(soundRows(read)).toEqual([
      [2, '1', '2'],
      [5, 'id', '3'],
      [6, '\uFEFF3', '4'],
    ]);
    expect(read.repeatedHeaders).toBe(2);
  });

  it('has sourceRow = row for a plain file', async () => {
    const { rows } = await readCsv('a,b\n1,2\n');
    expect(rows).toEqual([{ row: 2, sourceRow: 2, cells: ['1', '2'] }]);
  });

  it('reads the file again with each call of batches', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'csv-test-'));
    try {
      const path = join(folder, 'input.csv');
      writeFileSync(path, 'a,b\n1,2\n3,4\n');
      const file = await openCsv(path, {});
      const first = await readAll(file);
      expect(first.rows).toHaveLength(2);
      expect(await readAll(file)).toEqual(first);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('reads 10,000 columns and a record of nearly 1 MiB', async () => {
    const header = Array.from({ length: 10_000 }, (_, index) => `c${index}`);
    const cells = header.map((name) => `${name} ${'x'.repeat(90)}`);
    const { file, rows } = await readCsv(`${header.join(',')}\n${cells.join(',')}\n${header.join(',')}x\n`);
    expect(file.header).toEqual(header);
    expect(cellsOf({ rows })).toEqual([cells, [...header.slice(0, -1), 'c9999x']]);
  });
});

describe('header', () => {
  it('collapses white space and drops the byte order mark', async () => {
    const { file } = await readCsv('\uFEFF"First\r\n Name",\u00A0Last  Name,"a,b"\n1,2,3\n');
    expect(file.header).toEqual(['First Name', 'Last Name', 'a,b']);
  });

  it('skips a preamble of any shape when the header row is set', async () => {
    const csv = 'Report "x",\n\n"Two\nlines",1,2,3\n"broken" title\nid,name\n1,Ana\n';
    const { file, rows } = await readCsv(csv, { headerRow: 5, delimiter: ',' });
    expect(file.header).toEqual(['id', 'name']);
    expect(file.headerRow).toBe(5);
    expect(soundRows({ rows })).toEqual([[6, '1', 'Ana']]);
  });

  it('skips an unclosed quote in the preamble', async () => {
    const { file } = await readCsv('"Members\nid,name\n1,Ana\n', { headerRow: 2 });
    expect(file.header).toEqual(['id', 'name']);
  });

  it('takes the first row with text at or after the header row', async () => {
    const { file, rows } = await readCsv('\n,,\na,b\n1,2\n');
    expect(file.headerRow).toBe(3);
    expect(soundRows({ rows })).toEqual([[4, '1', '2']]);
  });

  it('accepts sep= as a first line that is not a row', async () => {
    const { file, rows } = await readCsv('sep=;\r\na,x;b\r\n1;2\r\n', { delimiter: ',' });
    expect(file.header).toEqual(['a,x', 'b']);
    expect(file.headerRow).toBe(1);
    expect(file.settings.delimiter).toBe(';');
    expect(soundRows({ rows })).toEqual([[2, '1', '2']]);
  });

  it('skips comments only when they are set, and counts them as rows', async () => {
    const csv = '# made today\na,b\n1,2\n#x,y\n3,4\n';
    const { file, rows } = await readCsv(csv, { comment: '#' });
    expect(file.headerRow).toBe(2);
    expect(soundRows({ rows })).toEqual([
      [3, '1', '2'],
      [5, '3', '4'],
    ]);
    expect(cellsOf(await readCsv('a,b\n#1,2\n'))).toEqual([['#1', '2']]);
  });

  it.each([
    ['"a"x,b\n1,2\n', 'text after a closing quote'],
    ['"a,b\n1,2\n', 'never closed'],
    ['\n\n , \n', 'no header'],
  ])('refuses %j', async (csv, message) => {
    await expect(readCsv(csv)).rejects.toMatchObject({ code: 'input', message: expect.stringContaining(message) });
  });

  it('refuses a header row after the end of the file', async () => {
    await expect(readCsv('a,b\n', { headerRow: 3 })).rejects.toMatchObject({ code: 'input' });
  });

  it('refuses more than 20,000 columns', async () => {
    await expect(readCsv(`${','.repeat(20_000)}x\n`)).rejects.toMatchObject({
      code: 'input',
      message: expect.stringContaining('20001 columns'),
    });
  });

  it.each([
    { quote: '""' },
    { quote: 'é' },
    { quote: ',', delimiter: ',' as const },
    { headerRow: 0 },
    { comment: '' },
  ])('refuses the settings %j', async (settings) => {
    await expect(readCsv('a,b\n', settings)).rejects.toMatchObject({ code: 'usage' });
  });
});
