import { describe, expect, it } from 'vitest';
import { cellsOf, readCsv, soundRows } from './read-csv.ts';

const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

describe('encodings', () => {
  it('drops the byte order mark of UTF-8', async () => {
    const { file, rows } = await readCsv('\uFEFFñame,b\nJosé,2\n');
    expect(file.header).toEqual(['ñame', 'b']);
    expect(file.settings.encoding).toBe('utf-8');
    expect(cellsOf({ rows })).toEqual([['José', '2']]);
  });

  it.each([
    ['utf-16le', Buffer.from('\uFEFFñame\tb\r\nJosé 🏋\t2\r\n', 'utf16le')],
    ['utf-16be', utf16be('\uFEFFñame\tb\r\nJosé 🏋\t2\r\n')],
  ])('recognizes %s by its mark, however it is split into chunks', async (encoding, bytes) => {
    for (const chunkBytes of [1, 3, 64, 4096]) {
      const { file, rows } = await readCsv(bytes, { encoding: 'windows-1252' }, { chunkBytes });
      expect(file.settings).toEqual({ encoding, delimiter: '\t', quote: '"' });
      expect(file.header).toEqual(['ñame', 'b']);
      expect(cellsOf({ rows })).toEqual([['José 🏋', '2']]);
    }
  });

  it('reads UTF-16 without a mark when it is set, and otherwise shows how to set it', async () => {
    const bytes = Buffer.from('name,b\r\nJosé,2\r\n', 'utf16le');
    expect(cellsOf(await readCsv(bytes, { encoding: 'UTF-16LE' }))).toEqual([['José', '2']]);
    await expect(readCsv(bytes)).rejects.toMatchObject({ code: 'input', hint: expect.stringContaining('"utf-16le"') });
    await expect(readCsv(utf16be('name,b\r\n1,2\r\n'))).rejects.toMatchObject({
      hint: expect.stringContaining('"utf-16be"'),
    });
  });

  it.each(['windows-1252', 'latin1', 'CP1252'])('reads %s', async (encoding) => {
    // Euro sign, curly quotes, é: bytes that Node 20 decodes incorrectly in one call.
    const bytes = Buffer.from('name,b\n\x80 \x93x\x94,Jos\xe9\n', 'latin1');
    const { file, rows } = await readCsv(bytes, { encoding }, { chunkBytes: 5 });
    expect(file.settings.encoding).toBe('windows-1252');
    expect(cellsOf({ rows })).toEqual([['€ “x”', 'José']]);
  });

  it('refuses an unknown encoding', async () => {
    await expect(readCsv('a,b\n', { encoding: 'utf-9' })).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('bytes that are not text', () => {
  const utf8 = { encoding: 'utf-8' };
  const lines = (bad: number, of: number): Buffer =>
    Buffer.from(
      ['name,b', ...Array.from({ length: of }, (_, index) => `${index < bad ? 'Jos\xe9' : 'Ana'},${index}`)].join('\n'),
      'latin1',
    );

  it('cost only their row, with their position in the file', async () => {
    const bytes = Buffer.concat([Buffer.from('\uFEFFname,b\nAna,1\nÉva '), lines(1, 6).subarray(7)]);
    const { rows } = await readCsv(bytes);
    expect(rows[1]).toEqual({
      row: 3,
      sourceRow: 3,
      cells: ['Éva Jos\\xE9', '0'],
      damage: { code: 'invalid_bytes', firstRow: 3, lastRow: 3, line: 3, byteOffset: 24 },
    });
    expect(bytes[24]).toBe(0xe9);
    expect(soundRows({ rows }).map(([row]) => row)).toEqual([2, 4, 5, 6, 7, 8]);
  });

  it('never become a replacement character', async () => {
    const { rows } = await readCsv(lines(20, 100), utf8);
    expect(rows.filter(({ damage }) => damage?.code === 'invalid_bytes')).toHaveLength(20);
    expect(JSON.stringify(rows)).not.toContain('\uFFFD');
  });

  it.each([
    ['lone continuation', [0x80]],
    ['overlong', [0xc0, 0xaf]],
    ['surrogate', [0xed, 0xa0, 0x80]],
    ['beyond Unicode', [0xf5, 0x80, 0x80, 0x80]],
    ['cut off', [0xe2, 0x82]],
  ])('%s', async (_, bad) => {
    const good = 'é€🏋,1\n'.repeat(9);
    const { rows } = await readCsv(
      Buffer.concat([Buffer.from(`a,b\n${good}`), Buffer.from(bad), Buffer.from(',2\n')]),
      utf8,
    );
    const shown = bad.map((byte) => `\\x${byte.toString(16).toUpperCase()}`).join('');
    expect(rows.at(-1)).toMatchObject({ cells: [shown, '2'], damage: { code: 'invalid_bytes' } });
    expect(rows.filter(({ damage }) => damage === undefined)).toHaveLength(9);
  });

  it('are written as text also in cells of a record with the wrong width, and in a gap', async () => {
    const sound = 'x,y\n'.repeat(20);
    const { rows } = await readCsv(Buffer.from(`a,b\n${sound}Jos\xe9\n"x"\xe9,1\n`, 'latin1'), utf8);
    expect(rows.at(-2)).toMatchObject({ cells: ['Jos\\xE9', ''], damage: { code: 'wrong_width' } });
    expect(rows.at(-1)?.damage).toMatchObject({ code: 'broken_quote', raw: '"x"\\xE9,1' });
  });

  it('stop the run when no encoding is set, with the setting to add', async () => {
    await expect(readCsv(lines(1, 100))).rejects.toMatchObject({
      code: 'input',
      message: expect.stringContaining('row 2'),
      hint: expect.stringContaining('"encoding": "utf-8"'),
    });
  });

  it('stop the run when they are in more than one row of five, with the setting to add', async () => {
    await expect(readCsv(lines(21, 100))).rejects.toMatchObject({
      code: 'input',
      hint: expect.stringContaining('"csv": { "encoding": "windows-1252" }'),
    });
  });

  it('in the header stop the run', async () => {
    await expect(readCsv(Buffer.from('Pr\xe9nom,b\n1,2\n', 'latin1'))).rejects.toMatchObject({ code: 'input' });
  });

  it('are marked in the record also in transcoded files', async () => {
    const sound = Buffer.from('\uFEFFa,b\n1,2\n3,4\n5,6\n7,8\n9,0\n', 'utf16le');
    const loneSurrogate = Buffer.from([0x00, 0xd8]);
    const { rows } = await readCsv(Buffer.concat([sound, loneSurrogate, Buffer.from(',1\n', 'utf16le')]));
    expect(rows.at(-1)?.damage).toEqual({ code: 'invalid_bytes', firstRow: 7, lastRow: 7, line: 7 });
    expect(soundRows({ rows })).toHaveLength(5);
  });
});

describe('files that are not CSV', () => {
  /** The start of a zip archive: local headers with names and stored contents. */
  const zip = (...entries: readonly [name: string, content: string][]): Buffer =>
    Buffer.concat(
      entries.map(([name, content]) => {
        const head = Buffer.alloc(30);
        head.write('PK\x03\x04', 'latin1');
        head.writeUInt32LE(content.length, 18);
        head.writeUInt32LE(content.length, 22);
        head.writeUInt16LE(name.length, 26);
        return Buffer.concat([head, Buffer.from(name + content, 'latin1')]);
      }),
    );

  it.each([
    ['an Excel workbook (.xlsx)', zip(['[Content_Types].xml', '...'], ['_rels/.rels', '...'], ['xl/workbook.xml', ''])],
    ['an OpenDocument file (.ods)', zip(['mimetype', 'application/vnd.oasis.opendocument.spreadsheet'])],
    ['a Numbers spreadsheet', zip(['Index/Document.iwa', '...'])],
    ['a Word document', zip(['[Content_Types].xml', '...'], ['word/document.xml', ''])],
    ['a zip archive', zip(['members.csv', 'a,b'])],
    ['an old Excel workbook', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])],
    [
      'an Excel workbook as XML',
      Buffer.from('<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook/>'),
    ],
    ['XML', Buffer.from('<?xml version="1.0"?><members/>')],
    ['a PDF', Buffer.from('%PDF-1.7\n')],
    ['a gzip archive in another', Buffer.from([0x1f, 0x8b, 8, 0])],
    ['a packed archive', Buffer.from('7z\xbc\xaf\x27\x1c', 'latin1')],
    ['a tar archive', Buffer.concat([Buffer.from('members.csv'), Buffer.alloc(246), Buffer.from('ustar\x0000')])],
    ['rich text', Buffer.from('{\\rtf1\\ansi')],
    ['an image', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')],
    ['an image', Buffer.from([0xff, 0xd8, 0xff, 0xe0])],
    ['an SQLite database', Buffer.from('SQLite format 3\0')],
    ['vCards', Buffer.from('BEGIN:VCARD\r\nVERSION:3.0')],
    ['a web page', Buffer.from('\n<!DOCTYPE html><html>')],
    ['a web page', Buffer.from('\uFEFF<html><table>', 'utf16le')],
    ['a web page', Buffer.from('<div class="login">')],
    ['JSON', Buffer.from('\uFEFF[\n {"a": 1}]')],
    ['JSON', Buffer.from('{"contacts": []}')],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0])],
    ['UTF-32', Buffer.from([0, 0, 0xfe, 0xff, 0, 0, 0, 0x61])],
    ['a binary file', Buffer.from(Array.from({ length: 900 }, (_, index) => (index % 3 === 0 ? 0 : index % 256)))],
    ['is empty', Buffer.alloc(0)],
    ['is empty', Buffer.from('\uFEFF')],
  ])('%s', async (name, bytes) => {
    await expect(readCsv(bytes)).rejects.toMatchObject({
      code: 'input',
      message: expect.stringContaining(name),
      hint: expect.stringMatching(/./),
    });
  });

  it.each(['PKZ,Name\n1,2\n', 'II,b\n1,2\n', 'begin,b\n1,2\n', 'abc,ftyp\n1,2\n', 'Rare,b\n1,2\n'])(
    '%j is CSV',
    async (csv) => {
      expect((await readCsv(csv)).rows).toHaveLength(1);
    },
  );

  it('a header in brackets is CSV', async () => {
    expect((await readCsv('[ID],[Name]\n1,2\n')).file.header).toEqual(['[ID]', '[Name]']);
  });
});
