import { describe, expect, it } from 'vitest';
import { cellsOf, readCsv } from './read-csv.ts';

const people = [
  ['1001', 'Ana', 'Diaz', 'Austin'],
  ['1008', 'Ben', "O'Neil", 'Austin'],
  ['1015', 'Carla', 'Cole, Jr.', 'Boston'],
];
const header = ['ID', 'First Name', 'Last Name', 'City'];
const written = (row: (cells: readonly string[]) => string, of = [header, ...people]): string =>
  of.map((cells) => `${row(cells)}\r\n`).join('');
const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

describe('quotes', () => {
  it.each([
    ['before', ', ', ''],
    ['before and after', ' , ', ''],
    ['at the edges of lines', ', ', ' '],
  ])('with blanks %s are still quotes', async (_where, between, edge) => {
    const csv = written((cells) => edge + cells.map(quoted).join(between) + edge);
    expect(cellsOf(await readCsv(csv))).toEqual(people);
  });

  it('with blanks before them can be in some rows only', async () => {
    const csv = 'ID, Name, City\n1, Ana, Austin\n2, "Cole, Jr.", Austin\n3, Ben, Austin\n';
    expect((await readCsv(csv)).rows.map(({ cells }) => cells[1]?.trim())).toEqual(['Ana', 'Cole, Jr.', 'Ben']);
  });

  it('inside a cell are text', async () => {
    const csv = 'ID,Name\n1, "Bob" Smith\n2,5\'10" tall\n';
    expect((await readCsv(csv)).rows.map(({ cells }) => cells[1])).toEqual([' "Bob" Smith', '5\'10" tall']);
  });

  it.each(['“”', '„“', '‘’', '«»', "'"])('can be %s with a setting, and only with it', async (quote) => {
    const [open = '', close = open] = quote;
    const double = (cell: string): string => (quote === "'" ? cell.replaceAll("'", "''") : cell);
    const csv = written((cells) => cells.map((cell) => open + double(cell) + close).join(','));
    expect(cellsOf(await readCsv(csv, { quote }))).toEqual(people);
    await expect(readCsv(csv)).rejects.toMatchObject({ code: 'input', hint: expect.stringContaining(quote) });
  });

  it('of another kind in one column are left unchanged', async () => {
    const csv = 'ID,Name,Nick\n1,Ana,‘Annie’\n2,Ben,‘Benny’\n3,Carla,\n';
    expect((await readCsv(csv)).rows).toHaveLength(3);
  });
});

describe('lines that are quoted as a whole', () => {
  const line = (cells: readonly string[]): string =>
    quoted(cells.map((cell) => (cell.includes(',') ? quoted(cell) : cell)).join(','));

  it('are read without these quotes', async () => {
    const { file, rows } = await readCsv(written(line));
    expect(file.header).toEqual(header);
    expect(cellsOf({ rows })).toEqual(people);
  });

  it('can follow a header that is not, and be mixed with others', async () => {
    const csv = `${header.join(',')}\n${written(line, people)}1022,Dev,Shah,Austin\n`;
    expect(cellsOf(await readCsv(csv))).toEqual([...people, ['1022', 'Dev', 'Shah', 'Austin']]);
  });

  it('are not recognized in a list with one column', async () => {
    const { file, rows } = await readCsv('Name\n"Diaz, Ana, PhD"\n"Cole, Ben, MD"\n');
    expect(file.header).toEqual(['Name']);
    expect(cellsOf({ rows })).toEqual([['Diaz, Ana, PhD'], ['Cole, Ben, MD']]);
  });
});

describe('files that were joined', () => {
  const part = (from: number): string =>
    `\uFEFF${written((cells) => cells.map(quoted).join(','), [header, ...people.slice(from, from + 1)])}`;

  it.each([7, 64, 65_536])(
    'lose no row at a byte order mark before a quote, in chunks of %i bytes',
    async (chunkBytes) => {
      const read = await readCsv(part(0) + part(1) + part(2), {}, { chunkBytes });
      expect(cellsOf(read)).toEqual(people);
      expect(read.repeatedHeaders).toBe(2);
    },
  );

  it('lose no row when the part after a mark has no header', async () => {
    const rest = written((cells) => cells.map(quoted).join(','), people.slice(1));
    expect(cellsOf(await readCsv(`${part(0)}\uFEFF${rest}`))).toEqual(people);
  });

  it('can each begin with a line that sets the delimiter', async () => {
    const csv = 'sep=;\nID;Name\n1;Ana\nsep=;\nID;Name\n2;Ben\n';
    expect(cellsOf(await readCsv(csv))).toEqual([
      ['1', 'Ana'],
      ['2', 'Ben'],
    ]);
  });

  it('are refused when their columns are in a different order', async () => {
    const csv =
      written((cells) => cells.map(quoted).join(',')) + written((cells) => cells.toReversed().map(quoted).join(','));
    await expect(readCsv(csv)).rejects.toMatchObject({ code: 'input', message: expect.stringContaining('Row 5') });
  });
});

describe('a header and rows of different widths', () => {
  const plain = people.map((cells) => cells.map((cell) => cell.replace(',', '')));
  const csv = (row: (cells: readonly string[]) => string, head = header.join(',')): string =>
    `${head}\r\n${written(row, plain)}`;

  it.each([1, 14, 16_378])('%i extra empty columns without a name are omitted', async (more) => {
    const tail = ','.repeat(more);
    const { file, rows } = await readCsv(csv((cells) => cells.join(',') + tail, header.join(',') + tail));
    expect(file.header).toEqual(header);
    expect(cellsOf({ rows })).toEqual(plain);
    expect(cellsOf(await readCsv(csv((cells) => cells.join(','), header.join(',') + tail)))).toEqual(plain);
    expect(cellsOf(await readCsv(csv((cells) => cells.join(',') + tail)))).toEqual(plain);
  });

  it('empty columns can stop after a block of rows, as Excel writes them', async () => {
    const many = Array.from({ length: 40 }, (_, index) => [`${index}`, 'Ana', 'Diaz', '']);
    const lines = many.map((cells, index) => cells.join(',') + (index < 15 ? ','.repeat(14) : ''));
    const text = `${header.join(',')}${','.repeat(14)}\n${lines.join('\n')}\n`;
    expect(cellsOf(await readCsv(text))).toEqual(many);
    const { rows } = await readCsv(`${text}99,Ben,extra,Cole,${','.repeat(14)}\n98,Cole,\n`);
    expect(rows.slice(40).map(({ damage }) => damage?.code)).toEqual(['wrong_width', 'wrong_width']);
  });

  it('an extra cell in every row needs a setting', async () => {
    const indexed = csv((cells) => `x${cells[0]},${cells.join(',')}`);
    await expect(readCsv(indexed)).rejects.toMatchObject({ code: 'input', hint: expect.stringContaining('"unnamed"') });
    const { file, rows } = await readCsv(indexed, { unnamed: 'first' });
    expect(file.header).toEqual(['', ...header]);
    expect(cellsOf({ rows })).toEqual(plain.map((cells) => [`x${cells[0]}`, ...cells]));
    const noted = csv((cells) => `${cells.join(',')},note`);
    expect(cellsOf(await readCsv(noted, { unnamed: 'last' }))).toEqual(plain.map((cells) => [...cells, 'note']));
  });

  it('rows without their empty last cells need a setting', async () => {
    const short = csv((cells) => cells.slice(0, 2).join(','));
    await expect(readCsv(short)).rejects.toMatchObject({ hint: expect.stringContaining('"leastCells": 2') });
    expect(cellsOf(await readCsv(short, { leastCells: 2 }))).toEqual(plain.map(([a = '', b = '']) => [a, b, '', '']));
    const { rows } = await readCsv(`${short}9\r\n`, { leastCells: 2 });
    expect(rows.at(-1)?.damage?.code).toBe('wrong_width');
  });
});

describe('backslashes as escape characters', () => {
  const settings = { escape: '\\', delimiter: ',' } as const;

  it('are resolved with a setting', async () => {
    const csv = String.raw`"ID","Name","Note"
"1","Deepa \"Dee\"","a\\b"
"2","Ana, \"x\", y",\N
3,Cole\, Jr.,"two""three"
`;
    expect(cellsOf(await readCsv(csv, settings))).toEqual([
      ['1', 'Deepa "Dee"', 'a\\b'],
      ['2', 'Ana, "x", y', '\\N'],
      ['3', 'Cole, Jr.', 'two"three'],
    ]);
  });

  it('continue a cell on the next line', async () => {
    const csv = '"ID","Name"\n"1","Ana\\\nMaria"\n"2","Ben"\n';
    expect(cellsOf(await readCsv(csv, settings))).toEqual([
      ['1', 'Ana\nMaria'],
      ['2', 'Ben'],
    ]);
  });

  it('cost the row without the setting', async () => {
    const { rows } = await readCsv('"ID","Name"\n"1","De \\"Dee\\""\n"2","Ben"\n');
    expect(rows.map(({ damage }) => damage?.code)).toEqual(['broken_quote', undefined]);
  });
});
