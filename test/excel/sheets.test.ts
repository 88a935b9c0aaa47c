import { describe, expect, it } from 'vitest';
import { relationships, workbook, workbookParts } from '../../fixtures/generate/workbook.mjs';
import { zip } from '../../fixtures/generate/zip.mjs';
import { openExcel } from '../../src/excel/open.ts';
import { list, read, temporary } from './read.ts';

const people = [
  ['Name', 'Email'],
  ['Ana', 'ana@example.com'],
  ['Bo', 'bo@example.com'],
] as const;
const staff = [
  ['Staff', 'Email'],
  ['Cy', 'cy@example.com'],
] as const;
const prose = [['How to use this file'], ['Read it'], ['Then go']];

describe('rows', () => {
  it('keep the numbers that Excel shows: blank rows count, whether they are stored or not', async () => {
    const { text, rows } = await read(
      list([...people.slice(0, 2), { r: 5, cells: ['Bo', 'bo@example.com'] }, { r: 7, cells: [null, ' '] }]),
    );
    expect(rows).toEqual([people[0], people[1], [], [], ['Bo', 'bo@example.com'], [], ['', ' ']]);
    expect(text.startsWith('\uFEFFsep=,\r\n')).toBe(true);
  });

  it('end with the last one that holds something, however many are formatted', async () => {
    const blank = Array.from({ length: 5000 }, (_, index) => ({ r: index + 10, hidden: true, cells: [] }));
    expect((await read(list([...people, ...blank]))).rows).toEqual(people);
  });

  it('are all as wide as the widest of the first thousand, and stand out where they are wider', async () => {
    const rows = Array.from({ length: 1200 }, (_, index) => [`p${index}`, index === 1150 ? 'a' : 'b', ...(index === 1100 ? [null, null, 'note'] : [])]); // prettier-ignore
    const { text } = await read(list([['Name', 'Kind', 'Email'], ...rows]));
    const lines = text.split('\r\n').slice(1, -1);
    const odd = lines.filter((line) => line.split(',').length !== 3);
    expect(odd).toEqual(['p1100,b,,,note']);
  });

  it('may lack their numbers, and so may cells', async () => {
    const parts = workbookParts(list([]));
    const sheet = parts.findIndex(({ name }) => name.endsWith('sheet1.xml'));
    const row = (...texts: string[]): string =>
      `<x:row>${texts.map((text) => `<x:c t="inlineStr"><x:is><x:t>${text}</x:t></x:is></x:c>`).join('')}</x:row>`;
    parts[sheet] = {
      name: 'xl/worksheets/sheet1.xml',
      text: `<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData>${row('a', 'b')}${row('c', 'd')}</x:sheetData></x:worksheet>`,
    };
    expect((await read(zip(parts))).rows).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });
});

describe('what is hidden', () => {
  const rows = [
    ['Name', 'Email', 'Old'],
    ['Ana', 'ana@example.com', 'x'],
    { hidden: true, cells: ['Bo', 'bo@example.com', 'y'] },
  ];
  const before = '<cols><col min="3" max="3" hidden="1"/></cols>';

  it('is read, counted and reported', async () => {
    const found = await read(list(rows, { before }));
    expect(found.rows[2]).toEqual(['Bo', 'bo@example.com', 'y']);
    expect(found.summary).toMatchObject({ hiddenRows: 1, hiddenColumns: ['C ("Old")'] });
    expect(found.summary.notes).toHaveLength(2);
  });

  it('is left out where the mapping says "skip", and not mentioned where it says "include"', async () => {
    const skipped = await read(list(rows, { before }), { hidden: 'skip' });
    expect(skipped.rows).toEqual([
      ['Name', 'Email'],
      ['Ana', 'ana@example.com'],
    ]);
    expect(skipped.summary.notes).toHaveLength(2);
    expect((await read(list(rows, { before }), { hidden: 'include' })).summary.notes).toEqual([]);
  });

  it('by a filter is always read, and reported', async () => {
    const filtered = list(rows, { before: '<sheetPr filterMode="1"/>' });
    for (const hidden of [undefined, 'skip', 'include'] as const) {
      const { rows: found, summary } = await read(filtered, { hidden });
      expect(found).toHaveLength(3);
      expect(summary).toMatchObject({ hiddenRows: 0, notes: [expect.stringMatching(/^A filter hides 1 row/)] });
    }
  });

  it('by the filter of a table is, too', async () => {
    const parts = [
      ...workbookParts(list(rows)),
      { name: 'xl/worksheets/_rels/sheet1.xml.rels', text: relationships([['table', '../tables/table1.xml']]) },
      {
        name: 'xl/tables/table1.xml',
        text: '<table><autoFilter ref="A1:C3"><filterColumn colId="0"/></autoFilter></table>',
      },
    ];
    const { rows: found, summary } = await read(zip(parts), { hidden: 'skip' });
    expect(found).toHaveLength(3);
    expect(summary.notes).toEqual([expect.stringMatching(/^A filter hides 1 row/)]);
  });
});

describe('the sheet', () => {
  const two = {
    sheets: [
      { name: 'Notes', rows: prose },
      { name: 'Members', rows: people },
      { name: 'Staff', rows: staff },
      { name: 'Old', state: 'hidden', rows: people },
    ],
  } as const;
  const one = { sheets: two.sheets.filter(({ name }) => name !== 'Staff') };

  it('is the only visible one that looks like a list', async () => {
    const { summary } = await read(one);
    expect(summary.sheet).toBe('Members');
    expect(summary.notes).toEqual([expect.stringMatching(/"Notes", "Old" \(hidden\)$/)]);
    expect((await read(one, { pinned: 'Members' })).summary.notes).toEqual([]);
    expect((await read({ sheets: [{ name: 'Emails', rows: [['Email'], ['a@example.com']] }] })).rows).toHaveLength(2);
  });

  it('has to be named where several look like lists', async () => {
    await expect(read(two)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('"Members", "Staff"'),
      hint: expect.stringContaining('--sheet'),
    });
    expect((await read(two, { pinned: 'Staff' })).rows[1]).toEqual(staff[1]);
    expect((await read(two, { typed: 'members ', pinned: 'Staff' })).summary.sheet).toBe('Members');
    expect((await read(two, { typed: 'Old' })).summary.sheet).toBe('Old');
  });

  it('may be asked for', async () => {
    const asked: (readonly string[])[] = [];
    const ask = async (names: readonly string[]): Promise<string> => {
      asked.push(names);
      return 'Staff';
    };
    expect((await read(two, { ask })).summary.sheet).toBe('Staff');
    expect(asked).toEqual([['Members', 'Staff']]);
    await expect(read(two, { ask: async () => undefined })).rejects.toMatchObject({ code: 'usage' });
  });

  it('is not taken for another where it is missing', async () => {
    await expect(read(two, { pinned: 'Member' })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('did you mean "Members"'),
    });
  });

  it('is not looked for among hidden ones', async () => {
    const hidden = { sheets: [{ name: 'Old', state: 'veryHidden', rows: people }] } as const;
    await expect(read(hidden)).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining('"Old"') });
    await expect(read({ sheets: [{ name: 'Notes', rows: [['Hi']] }] })).rejects.toMatchObject({ code: 'input' });
  });

  it('of a report of this program is found whatever the mapping names', async () => {
    const header = [
      '_row',
      '_problem',
      '_hint',
      'Name',
      '_code',
      '_column',
      '_attempts',
      '_http_status',
      '_source_row',
    ];
    const report = {
      sheets: [{ name: 'Failed rows', rows: [header, ['2', 'x', 'y', 'Ana', 'c', 'Name', '0', '', '2']] }],
    };
    expect((await read(report, { pinned: 'Members' })).summary.sheet).toBe('Failed rows');
  });
});

describe('a file', () => {
  it('that is not a workbook is none', async () => {
    for (const content of [Buffer.from('a,b\n1,2\n'), Buffer.alloc(0), zip([{ name: 'a.csv', text: 'a' }])]) {
      const file = await temporary(content, 'x.csv');
      expect(await openExcel(file, 'x.csv', { pinned: 'Members' })).toBeUndefined();
      await expect(openExcel(file, 'x.csv', { typed: 'Members' })).rejects.toMatchObject({ code: 'usage' });
    }
  });

  it('that is one cannot be read with settings of text files', async () => {
    await expect(read(list(people), { textOnly: ['csv.quote'] })).rejects.toMatchObject({ code: 'usage' });
  });

  it('with macros is read without them', async () => {
    const parts = workbookParts(list(people)).map((part) =>
      part.name === 'xl/_rels/workbook.xml.rels'
        ? { ...part, text: String(part.text).replace('</Relationships>', '<Relationship Id="m" Type="x/vbaProject" Target="vbaProject.bin"/></Relationships>') }
        : part,
    ); // prettier-ignore
    const { rows, summary } = await read(zip(parts));
    expect(rows).toEqual(people);
    expect(summary.notes).toEqual([expect.stringMatching(/macros/)]);
  });
});

describe('hostile and damaged workbooks', () => {
  const whole = workbook(list(people));
  const withPart = (name: string, change: (text: string) => string) =>
    zip(workbookParts(list(people)).map((part) => (part.name.endsWith(name) ? { ...part, text: change(String(part.text)) } : part))); // prettier-ignore
  const limits = { partBytes: 100_000, ratio: 200, ratioFrom: 10_000, rows: 1_048_576 };
  const sheet = (change: (text: string) => string) => withPart('sheet1.xml', change);
  const tampered = (more: object) =>
    zip(workbookParts(list(people)).map((part) => (part.name.endsWith('sheet1.xml') ? { ...part, ...more } : part)));

  it.each<[string, () => Buffer]>([
    ['cut in the middle', () => whole.subarray(0, whole.length / 2)],
    ['without its last byte', () => whole.subarray(0, whole.length - 1)],
    ['with a part that is larger than it says', () => tampered({ size: 10 })],
    ['with a part that is smaller than it says', () => tampered({ size: 50_000 })],
    ['with a wrong checksum', () => tampered({ crc: 1 })],
    ['with two parts of one name', () => zip([...workbookParts(list(people)), { name: 'XL/workbook.xml', text: 'x' }])],
    [
      'with a part of zeros only',
      () => sheet((text) => text.replace('</sheetData>', `${' '.repeat(90_000)}</sheetData>`)),
    ],
    [
      'with huge shared strings',
      () =>
        withPart('sharedStrings.xml', (text) => text.replace('</sst>', `${'<si><t>a</t></si>'.repeat(6000)}</sst>`)),
    ],
    ['with a part that is too large', () => sheet((text) => text + Array.from({ length: 60_000 }, (_, n) => (n * n) % 9973).join(' '))], // prettier-ignore
    ['with a DTD', () => sheet((text) => text.replace('<worksheet', '<!DOCTYPE w [<!ENTITY a "aa">]><worksheet'))],
    ['with an entity of its own', () => sheet((text) => text.replace('<v>0', '<v>&a;0'))],
    ['with a row 10,000,000', () => sheet((text) => text.replace('<row r="3"', '<row r="10000000"'))],
    ['with rows in another order', () => sheet((text) => text.replace('<row r="3"', '<row r="1"'))],
    ['with cells in another order', () => sheet((text) => text.replace('r="B2"', 'r="A2"'))],
    ['with a column beyond XFD', () => sheet((text) => text.replace('r="B2"', 'r="XFE2"'))],
    ['with a cell that is none', () => sheet((text) => text.replace('r="B2"', 'r="2"'))],
    ['with a text that does not exist', () => sheet((text) => text.replace('<v>1<', '<v>99<'))],
    ['with a number that is none', () => sheet((text) => text.replaceAll(' t="s"', '').replace('<v>1<', '<v>x<'))],
    ['with a cell of unknown type', () => sheet((text) => text.replaceAll('t="s"', 't="z"'))],
    ['with a sheet that is cut', () => sheet((text) => text.slice(0, -30))],
    ['with elements in elements without end', () => sheet((text) => text.replace('<sheetData>', '<a>'.repeat(5000)))],
    ['with shared strings that are not XML', () => withPart('sharedStrings.xml', () => 'x')],
    ['without a part that it names', () => zip(workbookParts(list(people)).filter(({ name }) => !name.endsWith('styles.xml')))], // prettier-ignore
    ['that does not say where its workbook is', () => withPart('_rels/.rels', () => relationships([]))],
    ['whose parts refer to themselves', () => withPart('_rels/.rels', () => relationships([['officeDocument', '_rels/.rels']]))], // prettier-ignore
    ['with bytes that are not UTF-8', () => zip(workbookParts(list(people)).map((part) => (part.name.endsWith('sharedStrings.xml') ? { ...part, text: Buffer.from([0x3c, 0xff, 0xfe]) } : part)))], // prettier-ignore
  ])('%s: a clear refusal', async (_, content) => {
    await expect(read(content(), {}, limits)).rejects.toMatchObject({
      code: 'input',
      message: expect.stringContaining('members.xlsx'),
      hint: expect.stringMatching(/./),
    });
  });

  it('a text that no cell can hold is refused before it fills the memory', async () => {
    const long = Array.from({ length: 300_000 }, (_, n) => (n * n) % 99_991).join(' ');
    const content = withPart('sharedStrings.xml', (text) => text.replace('Ana', long));
    await expect(read(content)).rejects.toMatchObject({ message: expect.stringContaining('too long') });
  });

  it('links to other files are not followed', async () => {
    const linked = withPart('xl/_rels/workbook.xml.rels', (text) =>
      text.replace('</Relationships>', '<Relationship Id="x" Type="x/externalLink" Target="file:///etc/passwd" TargetMode="External"/></Relationships>'),
    ); // prettier-ignore
    expect((await read(linked)).rows).toEqual(people);
  });

  it('an .xlsb and a workbook with a password are named', async () => {
    const xlsb = withPart('_rels/.rels', () => relationships([['officeDocument', 'xl/workbook.bin']]));
    await expect(read(xlsb)).rejects.toMatchObject({ message: expect.stringContaining('.xlsb') });
    const encrypted = Buffer.alloc(2048);
    encrypted.write('\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1', 'latin1');
    encrypted.writeUInt16LE(9, 30);
    encrypted.writeUInt32LE(1, 48);
    const old = Buffer.from(encrypted);
    encrypted.write('EncryptedPackage', 1024, 'utf16le');
    await expect(read(encrypted)).rejects.toMatchObject({ message: expect.stringContaining('password') });
    expect(await openExcel(await temporary(old), 'old.xls', {})).toBeUndefined();
  });
});
