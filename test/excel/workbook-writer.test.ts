import { describe, expect, it } from 'vitest';
import { WorkbookWriter } from '../../src/excel/workbook-writer.ts';
import { read } from './read.ts';

async function written(rows: readonly (readonly string[])[]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const columns = (rows[0] ?? []).map((name) => ({ name, width: 10, words: ['a & b', '<c>'] }));
  const guide = { name: 'How "to" use', lines: ['Title', 'Line <1>'] };
  const writer = new WorkbookWriter({ name: 'Rows & more', columns, guide }, async (bytes) => {
    chunks.push(bytes);
  });
  await writer.begin();
  for (const row of rows.slice(1)) await writer.add(row, [{ column: 0, note: 'a "note" & more\u0002' }]);
  await writer.end();
  return Buffer.concat(chunks);
}

describe('a workbook that is written', () => {
  it('is read as the same texts, whatever is in them', async () => {
    const texts = ['_x0041_', '__x0041__', '_x005F_', 'a\u0001b', 'a\r\nb\tc', '<&>"\'', '\ud83c\udfcb', 'a\ud800', '=1+1', ' ', '007', '\ufffe']; // prettier-ignore
    const rows = [['Text', 'Id'], ...texts.map((text, index) => [text, String(index)])];
    const { rows: found, summary } = await read(await written(rows));
    // Half a character is not text in any encoding.
    expect(found).toEqual(rows.map((row) => row.map((text) => text.replace('a\ud800', 'a\ufffd'))));
    expect(summary.sheet).toBe('Rows & more');
  });

  it('may be long: its parts are written in pieces', async () => {
    const rows = [['Name', 'Id'], ...Array.from({ length: 20_000 }, (_, index) => [`Person ${index}`, String(index)])];
    expect((await read(await written(rows))).rows).toEqual(rows);
  });
});
