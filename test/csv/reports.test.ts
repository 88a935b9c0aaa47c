import { describe, expect, it } from 'vitest';
import { reportColumns } from '../../src/core/reports/report-columns.ts';
import { guardForEditing, guardFormula } from '../../src/core/reports/spreadsheet-guard.ts';
import { readCsv } from './read-csv.ts';

/** How a report is written, and how version 0.1.0 wrote it: a header and a row, given the original columns. */
const layouts = {
  now: {
    header: (original: string): string =>
      `_row,_problem,_hint,${original},_code,_column,_attempts,_http_status,_source_row`,
    row: (cells: string, source = '7', code = 'bad_phone'): string =>
      `2,why,what,${cells},${code},Phone,1,400,${source}`,
  },
  'of 0.1.0': {
    header: (original: string): string =>
      `_row,_source_row,_code,_column,_problem,_hint,_attempts,_http_status,${original}`,
    row: (cells: string, source = '7', code = 'bad_phone'): string =>
      `2,${source},${code},Phone,why,what,1,400,${cells}`,
  },
} as const;

describe.each(Object.entries(layouts))('a report as input, in the layout %s', (_, { header, row }) => {
  it('gives the original columns, rows and codes', async () => {
    const { file, rows } = await readCsv(
      `\uFEFF${header('ID,Phone')}\r\n${row("'007,'+1 207")}\r\n${row("''x,y", '9', '')}\r\n`,
    );
    expect(file.report).toBe('failure');
    expect(file.header).toEqual(['ID', 'Phone']);
    expect(rows).toEqual([
      { row: 2, sourceRow: 7, code: 'bad_phone', cells: ['007', '+1 207'] },
      { row: 3, sourceRow: 9, code: '', cells: ["'x", 'y'] },
    ]);
  });

  it('leaves out the columns that trail', async () => {
    const { file, rows } = await readCsv(`${header('ID')},_extra,_raw\n${row('1')},x,y\n`);
    expect(file.header).toEqual(['ID']);
    expect(rows[0]?.cells).toEqual(['1']);
    expect((await readCsv(`${header('ID')},_raw\n${row('1')},y\n`)).file.header).toEqual(['ID']);
  });

  it('ignores all settings', async () => {
    const settings = { encoding: 'windows-1252', delimiter: '|', quote: "'", headerRow: 4, comment: '2' } as const;
    const { file, rows } = await readCsv(`${header('ID')}\n${row('José')}\n`, settings);
    expect(file.settings).toEqual({ encoding: 'utf-8', delimiter: ',', quote: '"' });
    expect(rows[0]?.cells).toEqual(['José']);
  });

  it.each([';', '\t'])('is known with the delimiter %j, also as UTF-16', async (delimiter) => {
    const csv = `${header('ID')}\r\n${row('José')}\r\n`.replaceAll(',', delimiter);
    for (const bytes of [Buffer.from(csv), Buffer.from(`\uFEFF${csv}`, 'utf16le')]) {
      const { file, rows } = await readCsv(bytes, { delimiter: ',', encoding: 'utf-8' });
      expect(file.report).toBe('failure');
      expect(rows[0]?.cells).toEqual(['José']);
    }
  });

  it('accepts a report of skipped rows, whose cells are guarded against formulas only', async () => {
    const cells = ['=1', "'=1", "'t Hooft", 'x'];
    const csv = `_row,_reason,a,b,c,d\n5,duplicate,${cells.map(guardFormula).join(',')}\n`;
    const { file, rows } = await readCsv(csv);
    expect(file.report).toBe('skipped');
    expect(rows[0]).toEqual({ row: 2, sourceRow: 5, cells });
  });

  it('round-trips cells that need guarding', async () => {
    const cells = ['=1', "'=1", "'t Hooft", '0123', '441E11', '5/14/1990', '+1'];
    const guarded = cells.map((cell) => guardForEditing(cell, cell.includes('/')));
    const { rows } = await readCsv(`${header('a,b,c,d,e,f,g')}\n${row(guarded.join(','))}\n`);
    expect(rows[0]?.cells).toEqual(cells);
  });

  it('keeps to the original width for a gap', async () => {
    const { rows } = await readCsv(`${header('a,b')}\n${row('1,"2"x')}\n${row('3,4')}\n`);
    expect(rows[0]).toMatchObject({ row: 2, sourceRow: 2, cells: ['', ''], damage: { code: 'broken_quote' } });
    expect(rows[1]).toMatchObject({ row: 3, sourceRow: 7, cells: ['3', '4'] });
  });

  it('is refused in another encoding, at the start or later', async () => {
    const latin = (rows: number): Buffer =>
      Buffer.from(`${header('ID')}\n${`${row('1')}\n`.repeat(rows)}${row('Jos\xe9')}\n`, 'latin1');
    for (const rows of [3, 2000]) {
      await expect(readCsv(latin(rows))).rejects.toMatchObject({
        code: 'input',
        hint: expect.stringContaining('CSV UTF-8'),
      });
    }
  });

  it('is refused when it is a success report', async () => {
    await expect(readCsv('_row,_id,_warnings,ID\n2,x,,1\n')).rejects.toMatchObject({
      code: 'input',
      message: expect.stringContaining('already imported'),
    });
  });

  it('is not one when its columns come later', async () => {
    expect((await readCsv(`ID,${header('Name')}\n`)).file.report).toBeUndefined();
  });

  it('takes a row with a comma too many as one row of the same number, whose cells must be moved', async () => {
    const { rows } = await readCsv(`${header('a,b')}\n${row('4,5,6,7')}\n${row('8,9')}\n`);
    expect(rows[0]).toMatchObject({ cells: ['4', '5'], damage: { code: 'wrong_width', extra: ['6', '7'] } });
    expect(rows[1]).toEqual({ row: 3, sourceRow: 7, code: 'bad_phone', cells: ['8', '9'] });
  });
});

describe('a failure report that was edited', () => {
  const { header, row } = layouts.now;

  it('keeps the number of the first file for a row with a comma too many', async () => {
    expect((await readCsv(`${header('a,b')}\n${row('4,5,6')}\n`)).rows[0]?.sourceRow).toBe(7);
  });

  it.each([
    ['lost a cell', '3'],
    ['has one too many', '3,4,5'],
  ])('refuses a row that %s: its other cells are in the wrong columns', async (_, cells) => {
    for (const last of ['', ',_extra,_raw,_seal']) {
      const { rows } = await readCsv(`${header('a,b')}${last}\n${row(cells)}${last.replaceAll(/_\w+/g, '')}\n`);
      expect(rows[0]?.damage?.code).toBe('wrong_width');
    }
  });

  it('reads what a spreadsheet left out at the end of a row as empty', async () => {
    const { rows } = await readCsv(`${header('a,b')},_extra,_raw,_seal\n${row('1,2')}\n`);
    expect(rows).toEqual([{ row: 2, sourceRow: 7, code: 'bad_phone', cells: ['1', '2'] }]);
  });

  it('takes a row that someone added, and ignores a column that someone added at the end', async () => {
    const { file, rows } = await readCsv(`${header('a,b')},Note\n,,,1,2,,,,,,call\n${row('3,4')},x\n`);
    expect(file.header).toEqual(['a', 'b']);
    expect(rows).toMatchObject([
      { row: 2, sourceRow: 2, cells: ['1', '2'] },
      { row: 3, sourceRow: 7, cells: ['3', '4'] },
    ]);
    expect(rows.some(({ damage }) => damage !== undefined)).toBe(false);
  });

  it('is refused without the columns after the original ones, which tell what may be sent', async () => {
    for (const name of reportColumns.failure.after) {
      await expect(readCsv(`${header('a,b').replace(`,${name}`, '')}\n`)).rejects.toMatchObject({
        code: 'input',
        hint: expect.stringContaining('_code'),
      });
    }
  });

  it('tells its own columns from original ones of the same name', async () => {
    const { file, rows } = await readCsv(`${header('_code,_source_row')}\n${row('x,9')}\n`);
    expect(file.header).toEqual(['_code', '_source_row']);
    expect(rows[0]).toMatchObject({ sourceRow: 7, code: 'bad_phone', cells: ['x', '9'] });
  });
});

describe('a failure report of 0.1.0', () => {
  const { header, row } = layouts['of 0.1.0'];

  it.each(['', '0', '-3', '1.5', 'x'])('falls back to the row for the source row %j', async (source) => {
    expect((await readCsv(`${header('ID')}\n${row('1', source)}\n`)).rows[0]).toMatchObject({ row: 2, sourceRow: 2 });
  });

  it('fills rows that a spreadsheet cut short, and refuses longer ones', async () => {
    const { rows } = await readCsv(`${header('a,b')},_extra,_raw\n${row('1,2')}\n${row('3')}\n${row('4,5,6,7,8')}\n`);
    expect(rows[0]).toMatchObject({ cells: ['1', '2'] });
    expect(rows[1]).toMatchObject({ cells: ['3', ''] });
    expect(rows.map(({ damage }) => damage?.code)).toEqual([undefined, undefined, 'wrong_width']);
    expect(rows[2]).toMatchObject({ sourceRow: 7, cells: ['4', '5'], damage: { found: 13, expected: 12 } });
  });

  it('resumes after an unclosed quote only at a row of full width', async () => {
    const { rows } = await readCsv(`${header('a,b')}\n${row('"1,2')}\n${row('3')}\n${row('4,5')}\n`);
    expect(rows[0]?.damage).toMatchObject({ code: 'unclosed_quote', firstRow: 2, lastRow: 3 });
    expect(rows[1]).toMatchObject({ row: 4, cells: ['4', '5'] });
  });
});
