import { describe, expect, it } from 'vitest';
import { sealCells } from '../../src/core/reports/cell-seal.ts';
import { readCsv } from './read-csv.ts';

const header =
  '_row,_problem,_hint,First,Last,City,Zip,_code,_column,_attempts,_http_status,_source_row,_extra,_raw,_seal';
const written = ['Carla', 'Berg Austin', '78701', ''];
const line = (
  cells: readonly string[],
  rest: { code?: string; extra?: string; raw?: string; seal?: string } = {},
): string => {
  const { code = 'wrong_width', extra = '', raw = '', seal = sealCells(written) } = rest;
  return ['2', 'why', 'what', ...cells, code, '', '0', '', '4', extra, raw, seal].map((cell) => `"${cell}"`).join(',');
};
const damageOf = async (...row: Parameters<typeof line>): Promise<string | undefined> => {
  const { rows } = await readCsv(`${header}\r\n${line(...row)}\r\n`);
  return rows[0]?.damage?.code;
};
const corrected = ['Carla', 'Berg', 'Austin', '78701'];

describe('a damaged row of a report', () => {
  it('is refused again with its code while its cells are unchanged', async () => {
    expect(await damageOf(written)).toBe('wrong_width');
    expect(await damageOf(written, { code: 'torn_row' })).toBe('torn_row');
  });

  it('is refused again when a spreadsheet only rewrote it', async () => {
    expect(await damageOf(['CARLA', ' Berg Austin ', "'78701", ''])).toBe('wrong_width');
  });

  it('is read when its cells are corrected', async () => {
    const { rows } = await readCsv(`${header}\r\n${line(corrected)}\r\n`);
    expect(rows).toEqual([{ row: 2, sourceRow: 4, cells: corrected, code: 'wrong_width' }]);
  });

  it('is read unchanged when its code is cleared', async () => {
    expect(await damageOf(written, { code: '' })).toBeUndefined();
  });

  it.each([
    { extra: 'x' },
    { raw: 'x' },
    { extra: 'x', code: '' },
    { raw: 'x', code: '' },
    { extra: 'x', code: 'bad_email' },
  ])('is refused while something remains: %j', async (left) => {
    expect(await damageOf(corrected, left)).toBeDefined();
  });

  it('carries what remains into the next report', async () => {
    const { rows } = await readCsv(`${header}\r\n${line(corrected, { extra: "'007 | x", raw: 'a' })}\r\n`);
    expect(rows[0]?.damage).toMatchObject({ code: 'wrong_width', extra: ['007 | x'], raw: 'a' });
  });

  it('is refused without a seal, because older reports have none', async () => {
    expect(await damageOf(corrected, { seal: '' })).toBe('wrong_width');
    const old = `${header.replace(',_extra,_raw,_seal', '')}\r\n2,why,what,${corrected.join(',')},wrong_width,,0,,4\r\n`;
    expect((await readCsv(old)).rows[0]?.damage?.code).toBe('wrong_width');
  });

  it('is read when its code is about cells', async () => {
    expect(await damageOf(written, { code: 'bad_email' })).toBeUndefined();
  });
});

describe('the seal of cells', () => {
  it('differs when text moves to another cell', () => {
    expect(sealCells(['a', 'b', ''])).not.toBe(sealCells(['a', '', 'b']));
    expect(sealCells(['ab', ''])).not.toBe(sealCells(['a', 'b']));
  });

  it('contains only letters, so that a spreadsheet does not change it', () => {
    expect(sealCells(['1', '2'])).toMatch(/^[a-p]{16}$/);
  });
});
