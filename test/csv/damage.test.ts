import { describe, expect, it } from 'vitest';
import { RecordSplitter } from '../../src/csv/record-splitter.ts';
import { cellsOf, readCsv, soundRows } from './read-csv.ts';

const pinned = { delimiter: ',' } as const;

describe('a damaged record on one line costs that line', () => {
  it('too few cells', async () => {
    const { rows } = await readCsv('a,b,c\n1,2,3\n4,5\n6,7,8\n');
    expect(soundRows({ rows })).toEqual([
      [2, '1', '2', '3'],
      [4, '6', '7', '8'],
    ]);
    expect(rows[1]).toEqual({
      row: 3,
      sourceRow: 3,
      cells: ['4', '5', ''],
      damage: { code: 'wrong_width', firstRow: 3, lastRow: 3, line: 3, found: 2, expected: 3 },
    });
  });

  it('too many cells', async () => {
    const { rows } = await readCsv('a,b\n1,2\n3,4,,x\n5,6\n');
    expect(soundRows({ rows })).toEqual([
      [2, '1', '2'],
      [4, '5', '6'],
    ]);
    expect(rows[1]).toMatchObject({
      cells: ['3', '4'],
      damage: { code: 'wrong_width', found: 4, expected: 2, extra: ['', 'x'] },
    });
  });

  it('a quote among the cells beyond the header does not count as a blank cell', async () => {
    const { rows } = await readCsv('a,b\n3,4,""""\n5,6\n');
    expect(rows[0]?.damage).toMatchObject({ code: 'wrong_width', extra: ['"'] });
  });

  it('text after a closing quote', async () => {
    const { rows } = await readCsv('a,b\n1,2\n"x"y,4\n5,6\n');
    expect(soundRows({ rows })).toEqual([
      [2, '1', '2'],
      [4, '5', '6'],
    ]);
    expect(rows[1]).toEqual({
      row: 3,
      sourceRow: 3,
      cells: ['', ''],
      damage: { code: 'broken_quote', firstRow: 3, lastRow: 3, line: 3, raw: '"x"y,4' },
    });
  });

  it('a NUL byte', async () => {
    const { rows } = await readCsv('a,b\n1,2\n3\0x,4\n5,6\n');
    expect(soundRows({ rows })).toEqual([
      [2, '1', '2'],
      [4, '5', '6'],
    ]);
    expect(rows[1]).toMatchObject({ cells: ['3\\x00x', '4'], damage: { code: 'nul_byte', byteOffset: 9 } });
  });

  it('a record over the limit, outside quotes', async () => {
    const { rows } = await readCsv(
      `a,b\n1,2\n${'x'.repeat(200)},${'y'.repeat(80_000)}\n5,6\n`,
      {},
      { recordLimit: 100 },
    );
    expect(soundRows({ rows })).toEqual([
      [2, '1', '2'],
      [4, '5', '6'],
    ]);
    expect(rows[1]?.damage).toMatchObject({ code: 'record_too_long', firstRow: 3, lastRow: 3, line: 3 });
    expect(rows[1]?.damage?.raw).toHaveLength(32_000);
  });

  it('a record of exactly the limit is not over it', async () => {
    const csv = (length: number): string => `a,b\n1,${'x'.repeat(length)}\r\n3,4`;
    expect((await readCsv(csv(98), {}, { recordLimit: 100 })).rows.map(({ damage }) => damage?.code)).toEqual([
      undefined,
      undefined,
    ]);
    expect((await readCsv(csv(99), {}, { recordLimit: 100 })).rows.map(({ damage }) => damage?.code)).toEqual([
      'record_too_long',
      undefined,
    ]);
  });

  it('1 MiB is the limit', async () => {
    const { rows } = await readCsv(`a,b\n1,${'x'.repeat(1024 * 1024)}\n3,${'y'.repeat(1024 * 1024 - 2)}\n5,6\n`);
    expect(rows.map(({ damage }) => damage?.code)).toEqual(['record_too_long', undefined, undefined]);
  });
});

describe('a quote that is never closed costs a stated span', () => {
  it('to the end of the file', async () => {
    const { rows } = await readCsv('a,b,c\n1,2,3\n4,"5,6\n7,8,9\n10,"11\n11",12\n');
    expect(rows[1]).toEqual({
      row: 3,
      sourceRow: 3,
      cells: ['', '', ''],
      damage: { code: 'unclosed_quote', firstRow: 3, lastRow: 3, line: 3, raw: '4,"5,6' },
    });
    expect(soundRows({ rows })).toEqual([
      [2, '1', '2', '3'],
      [4, '7', '8', '9'],
      [5, '10', '11\n11', '12'],
    ]);
  });

  it('up to the next quote, where text follows it', async () => {
    const { rows } = await readCsv('a,b,c\n4,"5,6\n7,8,9\n10,"x",12\n');
    expect(rows[0]?.damage).toMatchObject({ code: 'unclosed_quote', firstRow: 2, lastRow: 2, raw: '4,"5,6' });
    expect(soundRows({ rows })).toEqual([
      [3, '7', '8', '9'],
      [4, '10', 'x', '12'],
    ]);
  });

  it('skips lines that are not sound records, and counts each as a row', async () => {
    const { rows } = await readCsv('a,b,c\n4,"5,6\nx\n7,8\n\n10,11,12\n', pinned);
    expect(rows[0]?.damage).toMatchObject({ code: 'unclosed_quote', firstRow: 2, lastRow: 5, line: 2 });
    expect(rows[0]?.damage?.raw).toBe('4,"5,6\nx\n7,8\n');
    expect(soundRows({ rows })).toEqual([[6, '10', '11', '12']]);
  });

  it('beyond the limit of a record', async () => {
    const sound = Array.from({ length: 400 }, (_, index) => `${index},b,c`);
    const csv = ['a,b,c', '1,"2,3', ...sound].join('\n');
    const { rows } = await readCsv(csv, {}, { recordLimit: 1000, chunkBytes: 64 });
    expect(rows[0]?.damage).toMatchObject({ code: 'unclosed_quote', firstRow: 2, lastRow: 2 });
    expect(cellsOf({ rows }).slice(1)).toEqual(sound.map((line) => line.split(',')));
    expect(rows.at(-1)?.row).toBe(402);
  });

  it('in one endless line', async () => {
    const { rows } = await readCsv(`a,b\n1,"${'x'.repeat(5000)}\n3,4\n`, {}, { recordLimit: 1000, chunkBytes: 64 });
    expect(rows[0]?.damage).toMatchObject({ code: 'unclosed_quote', firstRow: 2, lastRow: 2, line: 2 });
    expect(rows[0]?.damage?.raw).toBe(`1,"${'x'.repeat(5000)}`);
    expect(soundRows({ rows })).toEqual([[3, '3', '4']]);
  });

  it('at the limit, where a doubled quote may be cut by a chunk', async () => {
    const csv = 'a,b\n"123456""7\n3,4\n5,6\n';
    const whole = await readCsv(csv, {}, { recordLimit: 7 });
    expect(whole.rows[0]?.damage).toMatchObject({ code: 'unclosed_quote', raw: '"123456""7' });
    expect((await readCsv(csv, {}, { recordLimit: 7, chunkBytes: 1 })).rows).toEqual(whole.rows);
  });

  it('in one endless line, with the rest of the cell', async () => {
    const { rows } = await readCsv(`a,b\n1,"${'x'.repeat(50)}\nrest"\n3,4\n`, pinned, { recordLimit: 20 });
    expect(rows[0]?.damage).toMatchObject({ code: 'unclosed_quote', firstRow: 2, lastRow: 3 });
    expect(soundRows({ rows })).toEqual([[4, '3', '4']]);
  });

  it('without waiting for the end of the file', () => {
    const layout = {
      dialect: { delimiter: ',', quote: '"' },
      width: 2,
      leastWidth: 2,
      surplus: 0,
      comment: undefined,
      recordLimit: 20,
      isTranscoded: false,
    };
    const splitter = new RecordSplitter(layout, { row: 2, line: 2, offset: 0 });
    const batch = splitter.push(Buffer.from(`1,"2\n${'3,4\n'.repeat(10)}`));
    expect(batch.items).toHaveLength(11);
  });

  it('on the last line', async () => {
    const { rows } = await readCsv('a,b\n1,2\n3,"4', pinned);
    expect(rows[1]?.damage).toMatchObject({ code: 'unclosed_quote', firstRow: 3, lastRow: 3, raw: '3,"4' });
  });

  it('names the physical line where the record starts', async () => {
    const { rows } = await readCsv('a,b\n"1\n1\n1",2\n\n3,"4\n5,6\n');
    expect(rows[1]).toMatchObject({ row: 4, damage: { code: 'unclosed_quote', line: 6, firstRow: 4, lastRow: 4 } });
    expect(rows[2]).toMatchObject({ row: 5, cells: ['5', '6'] });
  });
});

describe('a damaged record over several lines', () => {
  it('with the wrong width but sound quotes is one row', async () => {
    const { rows } = await readCsv('a,b,c\n1,"x\ny"\n"p\nq",2,3,4\n5,6,7\n', pinned);
    expect(rows[0]).toMatchObject({
      row: 2,
      cells: ['1', 'x\ny', ''],
      damage: { code: 'wrong_width', firstRow: 2, lastRow: 2, found: 2, expected: 3 },
    });
    expect(rows[1]).toMatchObject({ row: 3, cells: ['p\nq', '2', '3'], damage: { code: 'wrong_width', extra: ['4'] } });
    expect(soundRows({ rows })).toEqual([[4, '5', '6', '7']]);
  });

  it('with the wrong width returns the sound rows that it swallowed', async () => {
    // The quote of row 2 is closed by that of row 4, which makes one record with too many cells.
    const { rows } = await readCsv('a,b,c\n1,"2,3\n4,5,6\n7,8",9,10,11\n12,13,14\n', pinned);
    expect(rows[0]?.damage).toMatchObject({ code: 'unclosed_quote', firstRow: 2, lastRow: 2, raw: '1,"2,3' });
    expect(soundRows({ rows })).toEqual([
      [3, '4', '5', '6'],
      [5, '12', '13', '14'],
    ]);
  });

  it('with text after a closing quote returns the rows after it', async () => {
    const { rows } = await readCsv('a,b\n1,"x\ny"z\n3,4\n');
    expect(rows[0]?.damage).toEqual({ code: 'broken_quote', firstRow: 2, lastRow: 3, line: 2, raw: '1,"x\ny"z' });
    expect(soundRows({ rows })).toEqual([[4, '3', '4']]);
  });

  it('with the wrong width and a quote in a bare cell can end anywhere, so reading waits for a sound record', async () => {
    const { rows } = await readCsv('a,b,c\nx"y,"p\nq"\n7,8\n9,10,11\n', pinned);
    expect(rows[0]?.damage).toMatchObject({ code: 'wrong_width', firstRow: 2, lastRow: 4, found: 2, expected: 3 });
    expect(soundRows({ rows })).toEqual([[5, '9', '10', '11']]);
  });

  it('does not resume in the tail of a quoted cell', async () => {
    const { rows } = await readCsv('a,b\n1,"x\ny,z"w\n3,4\n', pinned);
    expect(rows[0]?.damage).toMatchObject({ code: 'broken_quote', firstRow: 2, lastRow: 3, raw: '1,"x\ny,z"w' });
    expect(soundRows({ rows })).toEqual([[4, '3', '4']]);
  });
});
