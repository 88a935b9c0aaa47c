import { describe, expect, it } from 'vitest';
import { cellsOf, readCsv } from './read-csv.ts';

describe('delimiter', () => {
  it.each([',', ';', '\t', '|'])('finds %j', async (delimiter) => {
    const csv = [
      ['id', 'name'],
      ['1', 'Ana'],
      ['2', 'Bo'],
    ]
      .map((cells) => cells.join(delimiter))
      .join('\n');
    const { file, rows } = await readCsv(csv);
    expect(file.settings).toEqual({ encoding: 'utf-8', delimiter, quote: '"' });
    expect(cellsOf({ rows })).toEqual([
      ['1', 'Ana'],
      ['2', 'Bo'],
    ]);
  });

  it('is not misled by others inside quotes or in some rows', async () => {
    const { file } = await readCsv('"a,b,c";d\n1;"x,y"\n2;z, and more\n3;w\n');
    expect(file.settings.delimiter).toBe(';');
    expect(file.header).toEqual(['a,b,c', 'd']);
  });

  it('is still certain when a row is damaged', async () => {
    const { file } = await readCsv('a,b;c\n1,2\n3\n4,5\n');
    expect(file.settings.delimiter).toBe(',');
  });

  it('is not guessed when two of them split header and rows equally well', async () => {
    await expect(readCsv('Last, First;Email\nDiaz, Ana;a@x.org\n')).rejects.toMatchObject({
      code: 'input',
      hint: expect.stringContaining('"csv": { "delimiter": '),
    });
  });

  it('is not guessed when none splits the rows like the header', async () => {
    await expect(readCsv('Last, First\nDiaz\nLee\n')).rejects.toMatchObject({ code: 'input' });
  });

  it('is the one in the settings, whatever the rows look like', async () => {
    const { file } = await readCsv('Last, First;Email\nDiaz, Ana;a@x.org\n', { delimiter: ';' });
    expect(file.header).toEqual(['Last, First', 'Email']);
  });

  it('is refused when it finds one column and the header contains another delimiter', async () => {
    await expect(readCsv('id;name;mail\n1;2;3\n', { delimiter: ',' })).rejects.toMatchObject({
      code: 'input',
      hint: expect.stringContaining('"csv": { "delimiter": ";" }'),
    });
  });

  it('cannot be the quote', async () => {
    const { file, rows } = await readCsv('|id|,|name|\n|1|,|Diaz, Ana|\n', { quote: '|' });
    expect(file.settings.delimiter).toBe(',');
    expect(cellsOf({ rows })).toEqual([['1', 'Diaz, Ana']]);
    for (const csv of ['sep=|\nid|name\n', 'sep=|\nname\n'])
      await expect(readCsv(csv, { quote: '|' })).rejects.toMatchObject({ code: 'usage' });
    await expect(readCsv('name\nAna\n', { quote: ',' })).rejects.toMatchObject({ code: 'usage' });
  });

  it('can be set for a file with one column', async () => {
    expect((await readCsv('email\na@x.org\n', { delimiter: ';' })).file.header).toEqual(['email']);
  });
});
