import { describe, expect, it } from 'vitest';
import { cells, list, read } from './read.ts';

/** A number with a format, and the text that it is read as. */
type Case = readonly [v: number | string, format: string | number, text: string];
const shown = async (cases: readonly Case[], is1904 = false): Promise<Case[]> => {
  const found = await cells(
    cases.map(([v, format]) => ({ v: Number(v), format })),
    { is1904 },
  );
  return cases.map(([v, format], index) => [v, format, found[index] ?? '']);
};
const expectShown = async (cases: readonly Case[], is1904?: boolean): Promise<void> =>
  expect(await shown(cases, is1904)).toEqual(cases);

describe('texts', () => {
  it('stay as they are, shared or inline: zeros, blanks, quotes, line breaks, formulas as text', async () => {
    const texts = ['04101', ' Ana ', 'say "hi", Bo', 'two\nlines', '=1+1', "'t Hooft", 'Müller 🏋', 'true', '1e5', ''];
    for (const kind of ['shared', 'inline'] as const) expect(await cells(texts, { texts: kind })).toEqual(texts);
  });

  it('are joined from the pieces of rich text, without the readings of Japanese names', async () => {
    const rich =
      '<c r="A2" t="inlineStr"><is><r><t>An</t></r><r><rPr><b/></rPr><t xml:space="preserve">a </t></r><rPh sb="0" eb="1"><t>アナ</t></rPh><phoneticPr fontId="1"/></is></c>';
    expect(await cells([{ xml: rich }])).toEqual(['Ana ']);
  });

  it('have their escapes decoded: _x000D_ is a carriage return, _x005F_ an underscore', async () => {
    expect(await cells(['a_x000D_b', 'a_x005F_x000D_b', 'a_xyz_b'])).toEqual(['a\rb', 'a_x000D_b', 'a_xyz_b']);
  });
});

describe('numbers', () => {
  it('whose format is a mask of digits are as shown', async () => {
    await expectShown([
      [4101, '00000', '04101'],
      [41012345, '00000-0000', '04101-2345'],
      [2125550147, '(000) 000-0000', '(212) 555-0147'],
      [2125550147, '[<=9999999]###-####;(###) ###-####', '(212) 555-0147'],
      [5550147, '[<=9999999]###-####;(###) ###-####', '555-0147'],
      [12345678, '000\\-00\\-0000', '012-34-5678'],
      [639980147, '0#" "##" "##" "##" "##', '06 39 98 01 47'],
      [12125550147, '+0 (000) 000-0000', '+1 (212) 555-0147'],
      [42, '"M"00000', 'M00042'],
      [123456, '00000', '123456'],
      [7, '000;-000;"none"', '007'],
    ]);
  });

  it('with any other format are in full digits, without exponent, thousands or currency', async () => {
    await expectShown([
      [1234567, '#,##0', '1234567'],
      [1234, '# ##0', '1234'],
      [19.9, '"$"#,##0.00', '19.9'],
      [19.9, '[$€-407] 0.00', '19.9'],
      [0.15, '0%', '0.15'],
      [0.5, 12, '0.5'],
      [5, '0" kg"', '5'],
      [12125550147, 11, '12125550147'],
      [-42, '00000', '-42'],
      [4.5, '00000', '4.5'],
      [12, '[Red]0', '12'],
      [12, 'General" days"', '12'],
    ]);
  });

  it.each([
    ['1.2345678901234567E+16', '12345678901234567'],
    ['1.23E+16', '12300000000000000'],
    ['1E-7', '0.0000001'],
    ['-1.5e3', '-1500'],
    ['0.30000000000000004', '0.3'],
    ['19.989999999999998', '19.99'],
    ['12345678901234567890', '12345678901234567890'],
    ['007', '7'],
    ['-0', '0'],
  ])('%s is %s', async (stored, text) => {
    expect(await cells([{ xml: `<c r="A2"><v>${stored}</v></c>` }])).toEqual([text]);
  });

  it('of 16 digits and more are reported, since Excel keeps 15', async () => {
    const sheet = list([
      ['Name', 'Card'],
      ['Ana', 123456789012345],
      ['Bo', { xml: '<c r="B3"><v>1.234567890123456E+15</v></c>' }],
    ]);
    const { summary } = await read(sheet);
    expect(summary.notes).toEqual([expect.stringMatching(/^Cell B3 has a number of 16 digits/)]);
  });
});

describe('dates', () => {
  it('are written as YYYY-MM-DD, with a time where the format shows one', async () => {
    await expectShown([
      [44927, 14, '2023-01-01'],
      [44927.75, 14, '2023-01-01'],
      [44927.75, 22, '2023-01-01 18:00:00'],
      [44927, 22, '2023-01-01 00:00:00'],
      [44926.99999999, 14, '2023-01-01'],
      [45351, 'dd/mm/yyyy;@', '2024-02-29'],
      [36526, '[$-409]d-mmm-yy', '2000-01-01'],
      [36526, 'yyyy"年"m"月"d"日"', '2000-01-01'],
      [36526, '[$-411]ge.m.d', '2000-01-01'],
      [36526, 'mmm', '2000-01-01'],
      [36526, 57, '2000-01-01'],
      [2958465, 14, '9999-12-31'],
    ]);
  });

  it('count from 1900 with the 29 February that never was', async () => {
    await expectShown([
      [0, 14, '1900-01-00'],
      [1, 14, '1900-01-01'],
      [59, 14, '1900-02-28'],
      [60, 14, '1900-02-29'],
      [61, 14, '1900-03-01'],
    ]);
  });

  it('count from 1904 where the workbook does', async () => {
    await expectShown(
      [
        [0, 14, '1904-01-01'],
        [43465, 14, '2023-01-01'],
      ],
      true,
    );
  });

  it('agree with the calendar on each day of 400 years', async () => {
    const first = Date.UTC(1900, 2, 1);
    const days = Array.from({ length: 146_097 / 7 }, (_, index) => index * 7);
    const found = await shown(days.map((day) => [61 + day, 14, '']));
    expect(found.map(([, , text]) => text)).toEqual(
      days.map((day) => new Date(first + day * 86_400_000).toISOString().slice(0, 10)),
    );
  });

  it('that Excel cannot show are not dates', async () => {
    await expectShown([
      [-1, 14, '########'],
      [2958466, 14, '########'],
    ]);
  });

  it('may be times and durations', async () => {
    await expectShown([
      [0.75, 'h:mm', '18:00:00'],
      [0.75, 'h:mm AM/PM', '18:00:00'],
      [0.0007, 45, '00:01:00'],
      [1.25, '[h]:mm:ss', '30:00:00'],
      [1.25, 46, '30:00:00'],
      [44927.5, 'hh:mm', '12:00:00'],
    ]);
  });

  it('may be stored in ISO 8601', async () => {
    const iso = (v: string) => ({ v, type: 'd', format: 14 });
    expect(await cells([iso('2023-01-05'), iso('2023-01-05T00:00:00Z'), iso('2023-01-05T18:30:00')])).toEqual([
      '2023-01-05',
      '2023-01-05',
      '2023-01-05 18:30:00',
    ]);
  });

  it('in one column with dates in text or with numbers are reported with the first of them', async () => {
    const date = { v: 44927, format: 14 };
    const { summary, rows } = await read(
      list([
        ['Name', 'Joined', 'Born'],
        ['a', date, date],
        ['b', '31/12/2022', date],
        ['c', date, 44927],
      ]),
    );
    expect(rows[2]).toEqual(['b', '31/12/2022', '2023-01-01']);
    expect(rows[3]).toEqual(['c', '2023-01-01', '44927']);
    expect(summary.dateColumns).toEqual(['B ("Joined")', 'C ("Born")']);
    expect(summary.notes).toEqual([
      expect.stringMatching(/^Column B \("Joined"\) mixes 2 real dates with 1 date in text \(first: B3\)/),
      expect.stringMatching(/^Column C \("Born"\) mixes 2 real dates with 1 number \(first: C4\)/),
    ]);
  });
});

describe('other cells', () => {
  it('booleans are TRUE and FALSE, errors are as shown', async () => {
    const given = [
      { v: 1, type: 'b' },
      { v: 0, type: 'b' },
      { v: '#N/A', type: 'e' },
      { v: '#DIV/0!', type: 'e' },
    ];
    expect(await cells(given)).toEqual(['TRUE', 'FALSE', '#N/A', '#DIV/0!']);
  });

  it('formulas have their stored value, and one without is reported', async () => {
    const rows = [
      ['Name', 'Total'],
      ['Ana', { f: '1+1', v: 2 }],
      ['Bo', { f: 'A1&"x"', v: 'Namex', type: 'str' }],
      ['Cy', { f: 'IF(1,"")', v: '', type: 'str' }],
      ['Di', { f: '1+2' }],
      ['Dora', { f: 'TRUE', type: 'b' }],
      ['Ed', { f: 'A2', v: '44927', type: 'n', format: 14 }],
    ];
    const { rows: found, summary } = await read(list(rows));
    expect(found.slice(1).map(([, total]) => total)).toEqual(['2', 'Namex', '', '#CALC!', '#CALC!', '2023-01-01']);
    expect(summary.notes).toEqual([
      expect.stringMatching(/^2 cells \(first: B5\) have a formula whose result is not in the file/),
    ]);
  });

  it('merged ones have their value top left, and are reported', async () => {
    const { rows, summary } = await read(
      list(
        [
          ['Name', 'Email'],
          ['Ana', 'ana@example.com'],
          ['Bo', null],
        ],
        {
          after: '<mergeCells count="1"><mergeCell ref="B2:B3"/></mergeCells>',
        },
      ),
    );
    expect(rows.slice(1)).toEqual([
      ['Ana', 'ana@example.com'],
      ['Bo', ''],
    ]);
    expect(summary.notes).toEqual([expect.stringMatching(/^1 range of cells is merged, the first one B2:B3/)]);
  });
});
