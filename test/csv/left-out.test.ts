import { describe, expect, it } from 'vitest';
import { readCsv, soundRows } from './read-csv.ts';

describe('footers', () => {
  const pages = 'a,b\n1,2\n3,4\nPage 1 of 2\na,b\n5,6\n\nTotal,3\nPrinted 11/24/2026,\n';

  it('are excluded by a pattern for the first filled cell, wherever they are, and counted', async () => {
    const read = await readCsv(pages, { delimiter: ',', footer: String.raw`^(page \d+|total|printed)\b` });
    expect(soundRows(read)).toEqual([
      [2, '1', '2'],
      [3, '3', '4'],
      [6, '5', '6'],
    ]);
    expect(read).toMatchObject({ footer: 3, repeatedHeaders: 1, blank: 1 });
    expect(read.rows).toHaveLength(3);
  });

  it('are excluded by their number at the end, whatever they look like and however the file is split into chunks', async () => {
    const csv = 'a,b\n1,2\n3,4\n\nRows\nTotal,"2\n"\n"\n';
    for (const chunkBytes of [1, 7, 4096]) {
      const read = await readCsv(csv, { delimiter: ',', footer: 3 }, { chunkBytes });
      expect(read.rows).toEqual([
        { row: 2, sourceRow: 2, cells: ['1', '2'] },
        { row: 3, sourceRow: 3, cells: ['3', '4'] },
      ]);
      expect(read).toMatchObject({ footer: 3, blank: 1 });
    }
  });

  it('can be everything that the file contains', async () => {
    expect(await readCsv('a,b\n1,2\n', { footer: 5 })).toMatchObject({ rows: [], footer: 1 });
  });

  it.each([0, 1.5, '(', '', '.*'])('with the setting %j are refused', async (footer) => {
    await expect(readCsv('a,b\n', { footer })).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('a line with a single cell may be a piece of the row next to it', () => {
  const codes = async (csv: string): Promise<(string | undefined)[]> =>
    (await readCsv(csv, { delimiter: ',' })).rows.map(({ damage }) => damage?.code);

  it.each([
    ['the end of the one before', 'a,b,c\n1,2,3\n4,5,no\ntes\n', [undefined, 'torn_row', 'wrong_width']],
    [
      'the beginning of the one after',
      'a,b,c\n1,2,3\n\n10\n01,5,6\n7,8,9\n',
      [undefined, 'wrong_width', 'torn_row', undefined],
    ],
    ['of neither, across a blank line', 'a,b,c\n1,2,3\n\nx\n\n4,5,6\n', [undefined, 'wrong_width', undefined]],
    ['of neither, where it reads as a footer', 'a,b,c\n1,2,3\nTotal: 1\n', [undefined, 'wrong_width']],
  ])('%s', async (_, csv, expected) => {
    expect(await codes(csv)).toEqual(expected);
    for (const chunkBytes of [1, 5]) {
      const { rows } = await readCsv(csv, { delimiter: ',' }, { chunkBytes });
      expect(rows.map(({ damage }) => damage?.code)).toEqual(expected);
    }
  });

  it('keeps the cells for the report', async () => {
    const { rows } = await readCsv('a,b\n1,no\ntes\n', { delimiter: ',' });
    expect(rows[0]).toEqual({
      row: 2,
      sourceRow: 2,
      cells: ['1', 'no'],
      damage: { code: 'torn_row', firstRow: 2, lastRow: 2 },
    });
  });
});

it('an unmatched quote is text, and is reported', async () => {
  const { rows } = await readCsv('name,height\nAna,5\'10"\nBo "the" Li,6\'\n"Diaz, Ana",5\'9"\n');
  expect(rows.map(({ hasStrayQuote, damage }) => damage?.code ?? hasStrayQuote)).toEqual([
    true,
    undefined,
    'broken_quote',
  ]);
});

it('a record over several lines that hides rows is refused, a note that only looks long is not', async () => {
  const header = 'a,b,c,d,e\n';
  const hiding = await readCsv(`${header}1,"2,3,4,5\n6,7,8,9,10\n11,12",13,14,15\n16,17,18,19,20\n`, {
    delimiter: ',',
  });
  expect(hiding.rows[0]?.damage).toMatchObject({ code: 'unclosed_quote', firstRow: 2, lastRow: 2 });
  expect(soundRows(hiding).map(([row]) => row)).toEqual([3, 4, 5]);
  expect(hiding.rows[2]?.hasStrayQuote).toBe(true);
  const cancelled = await readCsv(`${header}1,"2,3,4,5\n6,7",8,9,10\n11,12,13,14,15\n`, { delimiter: ',' });
  expect(cancelled.rows[0]?.damage).toMatchObject({ code: 'unclosed_quote', firstRow: 2, lastRow: 3 });
  const note = await readCsv(`${header}1,"yes, no,\nperhaps, or, so",3,4,5\n`, { delimiter: ',' });
  expect(note.rows[0]?.damage).toBeUndefined();
});
