import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codesOf, mapRow } from './mapped.ts';

/** The result of a field for a cell: its value, else the codes of its problems, else those of its warnings, marked as warnings. */
function seen(
  name: string,
  settings: unknown,
  row: Record<string, string>,
  rest: Record<string, unknown> = {},
): unknown {
  const isAttribute = name === 'a';
  const mapped = mapRow({
    fields: isAttribute ? {} : { [name]: settings },
    rest: isAttribute ? { ...rest, attributes: { a: settings } } : rest,
    row,
  });
  const { contact, problems, warnings } = mapped;
  if (problems.length > 0) return codesOf(problems);
  return contact[name] ?? codesOf(warnings).map((code) => `warning ${code}`);
}

describe('sources', () => {
  it.each<[string, unknown, Record<string, string>, unknown]>([
    ['a column', 'A', { A: ' x ' }, 'x'],
    ['NFC', 'A', { A: 'Zu\u0308rich' }, 'Z\u00fcrich'],
    ['a column by its folded name', ' a ', { A: 'x' }, 'x'],
    ['the first that is not missing', { column: ['A', 'B', 'C'] }, { A: 'N/A', B: 'x', C: 'y' }, 'x'],
    ['none', { column: ['A', 'B'] }, { A: 'N/A', B: '' }, []],
    ['joined', { columns: ['A', 'B', 'C'], join: ', ' }, { A: ' x', B: 'n/a', C: 'y ' }, 'x, y'],
    ['joined, all missing', { columns: ['A', 'B'], join: ', ' }, { A: '', B: 'N/A' }, []],
    ['a constant', { value: 'x' }, {}, 'x'],
    ['a constant in another case', { value: 'x', case: 'upper' }, {}, 'X'],
    ['a default', { column: 'A', default: 'x' }, { A: ' ' }, 'x'],
    ['a default for a missing word', { column: 'A', default: 'x' }, { A: 'n/a' }, 'x'],
    ['no default where there is a value', { column: 'A', default: 'x' }, { A: 'y' }, 'y'],
    ['lower case', { column: 'A', case: 'lower' }, { A: 'ÄÖ İ' }, 'äö i̇'],
    ['upper case', { column: 'A', case: 'upper' }, { A: 'straße' }, 'STRASSE'],
  ])('%s', (_what, settings, row, expected) => {
    expect(seen('city', settings, row, { missing: ['N/A'] })).toEqual(expected);
  });
});

describe('missing words', () => {
  const missing = ['none', 'null', '-'];
  it.each(['None', 'NULL', 'Na', 'none'])('%s is a surname', (Last) => {
    expect(mapRow({ rest: { missing }, row: { Last } }).contact['last_name']).toBe(Last);
  });
  it.each(['', ' ', '-', 'N/A', 'n/a'])('%j is not a name', (Last) => {
    expect(codesOf(mapRow({ rest: { missing }, row: { Last } }).problems)).toEqual(['required_missing']);
  });
  it.each(['None', ' null ', '-', ''])('%j is missing elsewhere', (cell) => {
    expect(mapRow({ fields: { city: 'A' }, rest: { missing }, row: { A: cell } }).contact).not.toHaveProperty('city');
  });
});

describe('values', () => {
  const values = { Active: 'member', ' On  hold ': 'paused', '007': 'bond' };
  it.each<[string, unknown, string, unknown]>([
    ['a listed word', undefined, 'Active', 'member'],
    ['trimmed and folded', undefined, '\u00a0aCTIVE ', 'member'],
    ['behind a spreadsheet apostrophe', undefined, "'007", 'bond'],
    ['another word fails', undefined, 'Gone', ['word_not_mapped']],
    ['fails', 'fail', 'Gone', ['word_not_mapped']],
    ['is left out with a warning', 'drop', 'Gone', ['warning word_dropped']],
    ['is kept', 'keep', ' Gone ', 'Gone'],
    ['becomes a value', { value: 'other' }, 'Gone', 'other'],
    ['a blank is missing', { value: 'other' }, ' ', []],
  ])('%s', (_what, otherwise, cell, expected) => {
    const settings = { column: 'A', values, ...(otherwise === undefined ? {} : { otherwise }) };
    expect(seen('type', settings, { A: cell })).toEqual(expected);
  });

  it('omits an unlisted word when invalid values are dropped', () => {
    expect(seen('type', { column: 'A', values, onInvalid: 'drop' }, { A: 'Gone' })).toEqual([
      'warning word_not_mapped',
    ]);
  });

  it('names of properties that every object has are words like any other', () => {
    expect(seen('type', { column: 'A', values: { a: 'b' } }, { A: 'constructor' })).toEqual(['word_not_mapped']);
    expect(seen('type', { column: 'A', values: { constructor: 'b' } }, { A: 'Constructor' })).toBe('b');
  });
});

describe('kinds', () => {
  const date = { column: 'A', format: ['M/D/YYYY', 'M/D/YYYY h:mm A'] };
  it.each<[string, string, unknown, string, unknown]>([
    ['email', 'email', 'A', 'a@b.co', 'a@b.co'],
    ['email, wrong', 'email', 'A', 'a@b', ['bad_email']],
    ['email, wrong, dropped', 'email', { column: 'A', onInvalid: 'drop' }, 'a@b', ['warning bad_email']],
    ['phone', 'phone', 'A', '(212) 555-0147', '+12125550147'],
    ['phone, national', 'phone', { column: 'A', format: 'national' }, '+1 212 555 0147', '2125550147'],
    ['phone, digits', 'phone', { column: 'A', format: 'digits' }, '212.555.0147', '12125550147'],
    ['phone, as it is', 'phone', { column: 'A', format: 'asis' }, '212.555.0147', '212.555.0147'],
    ['phone, wrong', 'phone', 'A', '12', ['phone_too_short']],
    ['phone, digits lost', 'phone', 'A', '4.41E+11', ['phone_digits_lost']],
    ['id, digits lost', 'user_id', 'A', '1.00E+11', ['id_digits_lost']],
    ['id that looks like it', 'user_id', 'A', '12E10', '12E10'],
    ['phone, wrong, dropped', 'phone', { column: 'A', onInvalid: 'drop' }, '12', ['warning phone_too_short']],
    ['dob', 'dob', date, '2/9/1988', '1988-02-09'],
    ['dob with a time', 'dob', date, '2/9/1988 11:59 PM', '1988-02-09'],
    ['dob, ISO', 'dob', date, '1988-02-09', '1988-02-09'],
    ['dob, wrong', 'dob', date, 'soon', ['bad_date']],
    ['dob, wrong, dropped', 'dob', { ...date, onInvalid: 'drop' }, 'soon', ['warning bad_date']],
    ['dob, not in the calendar', 'dob', date, '2/30/1988', ['date_not_in_calendar']],
    ['dob, in the future', 'dob', date, '11/28/2026', ['date_in_future']],
    ['dob, today', 'dob', date, '11/27/2026', '2026-11-27'],
    [
      'dob, opposite order, whatever onInvalid says',
      'dob',
      { ...date, onInvalid: 'drop' },
      '13/2/1988',
      ['date_opposite_order'],
    ],
    ['dob, a placeholder', 'dob', date, '1/1/1900', ['warning date_placeholder']],
    ['dob, a day number', 'dob', { ...date, serial: true }, '32874', '1990-01-01'],
    ['dob, a day number unasked', 'dob', date, '32874', ['bad_date']],
    ['created_date', 'created_date', date, '2/9/2027', '2027-02-09 00:00:00'],
    ['created_date with a time', 'created_date', date, '2/9/2020 1:05 PM', '2020-02-09 13:05:00'],
    ['created_date, constant', 'created_date', { value: '2026-01-02' }, '', '2026-01-02 00:00:00'],
    ['phone, constant', 'phone', { value: '212-555-0147' }, '', '+12125550147'],
    ['phone, default', 'phone', { column: 'A', default: '212-555-0147' }, '', '+12125550147'],
    ['text attribute', 'a', 'A', '=1+1', '=1+1'],
    ['number attribute', 'a', { column: 'A', type: 'number' }, '$1,234.50', 1234.5],
    ['number attribute with comma', 'a', { column: 'A', type: 'number', decimal: ',' }, '1.234,50', 1234.5],
    ['number attribute, wrong', 'a', { column: 'A', type: 'number' }, 'many', ['bad_number']],
    ['number attribute, constant', 'a', { type: 'number', value: 0 }, '', 0],
    ['number attribute, default', 'a', { column: 'A', type: 'number', default: '0' }, '', 0],
    ['number attribute, zero', 'a', { column: 'A', type: 'number' }, '0', 0],
    ['boolean attribute', 'a', { column: 'A', type: 'boolean', yes: ['x'], no: ['o'] }, 'O', false],
    [
      'boolean attribute, another word',
      'a',
      { column: 'A', type: 'boolean', yes: ['x'] },
      'O',
      ['warning word_not_listed'],
    ],
    [
      'boolean attribute, default',
      'a',
      { column: 'A', type: 'boolean', yes: ['x'], no: ['o'], default: 'o' },
      '',
      false,
    ],
    ['boolean attribute, constant', 'a', { type: 'boolean', value: false }, '', false],
    ['date attribute, in the future', 'a', { ...date, type: 'date' }, '2/9/2030', '2030-02-09'],
    ['datetime attribute', 'a', { ...date, type: 'datetime' }, '2/9/2030', '2030-02-09 00:00:00'],
  ])('%s', (_what, name, settings, cell, expected) => {
    expect(seen(name, settings, { A: cell })).toEqual(expected);
  });
});

describe('cells as spreadsheets and programs write them', () => {
  const several = { column: ['A', 'B'] };
  it.each<[string, string, unknown, Record<string, string>, unknown, string[]]>([
    ['a wrapped formula', 'user_id', 'A', { A: '="007"' }, '007', ['formula_dropped']],
    ['a wrapped phone', 'phone', 'A', { A: '="2075550187"' }, '+12075550187', ['formula_dropped']],
    [
      'a wrapped date',
      'dob',
      { column: 'A', format: 'M/D/YYYY' },
      { A: '="2/9/1988"' },
      '1988-02-09',
      ['formula_dropped'],
    ],
    ['a wrapped number', 'a', { column: 'A', type: 'number' }, { A: '="1,234"' }, 1234, ['formula_dropped']],
    ['a wrapped word', 'type', { column: 'A', values: { x: 'y' } }, { A: '="X"' }, 'y', ['formula_dropped']],
    ['a wrapped missing word', 'city', 'A', { A: '="n/a"' }, undefined, []],
    ['an error', 'city', 'A', { A: '#REF!' }, undefined, ['spreadsheet_error']],
    [
      'an error in a date',
      'dob',
      { column: 'A', format: 'M/D/YYYY' },
      { A: '########' },
      undefined,
      ['spreadsheet_error'],
    ],
    ['an error in a number', 'a', { column: 'A', type: 'number' }, { A: '#DIV/0!' }, undefined, ['spreadsheet_error']],
    ['an error, then a value', 'phone', several, { A: '#N/A', B: '2075550187' }, '+12075550187', ['spreadsheet_error']],
    ['an error, and a default', 'city', { column: 'A', default: 'Rome' }, { A: '#N/A' }, 'Rome', ['spreadsheet_error']],
    ['a filler, then an address', 'email', several, { A: 'noemail@x.com', B: 'a@b.co' }, 'a@b.co', ['email_filler']],
    [
      'no date, then one',
      'created_date',
      several,
      { A: '0000-00-00', B: '2020-01-02' },
      '2020-01-02 00:00:00',
      ['date_placeholder'],
    ],
    ['an address in capitals', 'email', 'A', { A: 'ANA@EXAMPLE.COM' }, 'ana@example.com', []],
    ['the same, kept', 'email', { column: 'A', case: 'keep' }, { A: 'ANA@EXAMPLE.COM' }, 'ANA@EXAMPLE.COM', []],
    ['the same in a link', 'email', 'A', { A: 'mailto:ANA@EXAMPLE.COM' }, 'ana@example.com', ['email_unwrapped']],
    ['entities', 'city', { column: 'A', entities: true }, { A: 'Ch&acirc;lons' }, 'Châlons', ['entities_decoded']],
    [
      'entities in a joined text',
      'address',
      { columns: ['A', 'B'], join: ', ', entities: true },
      { A: '1 A &amp; B', B: '#N/A' },
      '1 A & B',
      ['entities_decoded', 'spreadsheet_error'],
    ],
    ['UTF-8 twice', 'city', 'A', { A: 'ZÃ¼rich' }, 'ZÃ¼rich', ['utf8_doubled']],
    ['UTF-8 twice, repaired', 'city', { column: 'A', repairUtf8: true }, { A: 'ZÃ¼rich' }, 'Zürich', ['utf8_repaired']],
    [
      'a zip',
      'zip',
      { column: 'A', restoreZeros: true },
      { A: '4101.0' },
      '04101',
      ['zip_decimals_dropped', 'zip_zero_restored'],
    ],
    [
      'a filler, then a phone',
      'phone',
      several,
      { A: '000-000-0000', B: '2075550187' },
      '+12075550187',
      ['phone_filler'],
    ],
    ['a zip elsewhere', 'a', 'A', { A: '4101.0' }, '4101.0', []],
  ])('%s', (_what, name, settings, row, value, warnings) => {
    const isAttribute = name === 'a';
    const mapped = mapRow({
      fields: isAttribute ? {} : { [name]: settings },
      rest: { missing: ['N/A'], ...(isAttribute ? { attributes: { a: settings } } : {}) },
      row,
    });
    expect(mapped.problems).toEqual([]);
    expect(mapped.contact[name]).toBe(value);
    expect(codesOf(mapped.warnings)).toEqual(warnings);
  });

  it('a warning names its column and shows the cell as it is in the file', () => {
    const { warnings } = mapRow({ fields: { phone: several }, row: { A: ' #N/A', B: '="2075550187"' } });
    expect(warnings).toEqual([
      { code: 'spreadsheet_error', field: 'phone', column: 'A', value: ' #N/A' },
      { code: 'formula_dropped', field: 'phone', column: 'B', value: '="2075550187"' },
    ]);
  });

  it('a lost name is missing, and a filter looks inside a formula', () => {
    expect(codesOf(mapRow({ row: { First: '#N/A' } }).problems)).toEqual(['required_missing']);
    const rest = { rows: { skip: [{ column: 'A', in: ['Deceased'] }] } };
    expect(mapRow({ rest, row: { A: '="deceased"' } }).filtered).toBe(true);
  });

  it('yes and no in several languages are the words that the mapping lists', () => {
    const a = {
      column: 'A',
      type: 'boolean',
      yes: ['Oui', 'Sí', 'Ja', 'X', '1', 'Да'],
      no: ['Non', 'No', 'Nein', '0', 'Нет'],
    };
    for (const [cell, value] of [
      ['OUI', true],
      ['sí', true],
      ['ja ', true],
      ['x', true],
      ['="1"', true],
      ['ДА', true],
      ['nein', false],
      ['Нет', false],
    ] as const) {
      expect(mapRow({ rest: { attributes: { a } }, row: { A: cell } }).contact['a'], cell).toBe(value);
    }
  });
});

describe('one column of full names', () => {
  const fields = {
    first_name: { column: 'Name', name: 'first' },
    last_name: { column: 'Name', name: 'last' },
  };
  it.each([
    ['Smith, Jr., John', 'John', 'Smith Jr.'],
    ['Anna van der Berg', 'Anna', 'van der Berg'],
  ])('%j: %j, %j', (Name, first_name, last_name) => {
    expect(mapRow({ fields, row: { Name } }).contact).toMatchObject({ first_name, last_name });
  });

  it.each([
    ['Cher', ['name_single_word']],
    ['(Deleted Customer)', ['name_marked']],
    ['Acme LLC', ['company_name']],
    ['', ['required_missing', 'required_missing']],
    ['n/a', ['required_missing', 'required_missing']],
  ])('%j is a problem, reported once', (Name, codes) => {
    expect(codesOf(mapRow({ fields, row: { Name } }).problems)).toEqual(codes);
  });
});

it.each([
  ['', []],
  ['DECEASED - Ana', ['name_marked']],
])('a required name is never omitted: %j fails the row even with "onInvalid": "drop"', (First, warned) => {
  const mapped = mapRow({ fields: { first_name: { column: 'First', onInvalid: 'drop' } }, row: { First } });
  expect(codesOf(mapped.problems)).toEqual(['required_missing']);
  expect(codesOf(mapped.warnings)).toEqual(warned);
});

describe('a row', () => {
  it('reports all of its problems together, with column and value', () => {
    const { problems } = mapRow({
      fields: {
        email: 'E',
        phone: 'P',
        dob: { column: 'D', format: 'M/D/YYYY' },
        type: { column: 'T', values: { a: 'b' } },
        tags: 'G',
      },
      row: { First: '', E: 'xy', P: '1', D: 'y', T: 'z', G: 'a,b' },
    });
    expect(problems).toEqual(
      expect.arrayContaining([
        { code: 'required_missing', field: 'first_name', column: 'First' },
        { code: 'bad_email', field: 'email', column: 'E', value: 'xy' },
        { code: 'phone_too_short', field: 'phone', column: 'P', value: '1' },
        { code: 'bad_date', field: 'dob', column: 'D', value: 'y' },
        { code: 'word_not_mapped', field: 'type', column: 'T', value: 'z' },
        { code: 'tag_with_comma', field: 'tags', column: 'G', value: 'a,b' },
      ]),
    );
    expect(problems).toHaveLength(6);
  });

  it('reports that a name is a default', () => {
    const fields = { first_name: { column: 'First', default: 'Friend' } };
    expect(mapRow({ fields, row: { First: '' } })).toMatchObject({
      contact: { first_name: 'Friend' },
      warnings: [{ code: 'default_used', field: 'first_name' }],
    });
    expect(mapRow({ fields }).warnings).toEqual([]);
  });

  it('an attribute can have the name of a property that every object has', () => {
    const mapped = mapRow({
      rest: { attributes: { constructor: 'A', toString: 'B', valueOf: 'C' } },
      row: { A: 'x', B: '', C: 'y' },
    });
    expect(mapped.problems).toEqual([]);
    expect(Object.entries(mapped.contact).slice(-2)).toEqual([
      ['constructor', 'x'],
      ['valueOf', 'y'],
    ]);
  });
});

describe('any cells', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', '-', 'N/A', '1/2/2003', '2125550147', 'a@b.co', 'Y', '7'),
  );
  const fields = {
    email: { column: 'E', onInvalid: 'drop' },
    phone: { column: ['P', 'E'], onInvalid: 'drop' },
    dob: { column: 'D', format: 'M/D/YYYY', onInvalid: 'drop' },
    city: { columns: ['E', 'P'], join: ' ' },
    optin_sms: { column: 'O', yes: ['Y'], no: ['N'] },
    optout_email: { column: 'O', yes: ['N'], no: ['Y'] },
    tags: { add: [{ column: 'E', split: ',' }], remove: ['P'] },
  };

  it('no value is empty, untrimmed or of another type, and nothing is sent that no cell contains', () => {
    fc.assert(
      fc.property(cell, cell, cell, cell, (E, P, D, O) => {
        const { contact } = mapRow({ fields, row: { E, P, D, O } });
        for (const [name, value] of Object.entries(contact)) {
          if (typeof value === 'string') expect(value).toBe(value.trim());
          expect(value).not.toBe('');
          expect(typeof value).toBe(name.startsWith('opt') ? 'boolean' : 'string');
        }
        expect(contact['optout_email']).not.toBe(false);
        if (E.trim() === '' && P.trim() === '') expect(contact).not.toHaveProperty('city');
      }),
    );
  });
});

describe('the country of a row', () => {
  const country = { column: 'Country', values: { 'United Kingdom': 'GB', India: 'IN' }, default: 'US' };
  it.each([
    ['United Kingdom', '2079460123', '+442079460123'],
    ['united  kingdom', '020 7946 0123', '+442079460123'],
    ['IN', '9846012345', '+919846012345'],
    ['gb', '07911 123456', '+447911123456'],
    ['', '(212) 555-0147', '+12125550147'],
    ['Narnia', '+44 20 7946 0123', '+442079460123'],
    ['Narnia', '0044 20 7946 0123', '+442079460123'],
  ])('in %j, %j reads as %s', (Country, P, phone) => {
    const { contact } = mapRow({ fields: { phone: 'P' }, rest: { country }, row: { P, Country } });
    expect(contact['phone']).toBe(phone);
  });

  it.each([
    ['Narnia', '2079460123', 'phone_country_unknown'],
    ['SG', '(212) 555-0147', 'bad_phone'],
  ])('in %j, %j is not guessed: %s', (Country, P, code) => {
    const { contact, problems } = mapRow({ fields: { phone: 'P' }, rest: { country }, row: { P, Country } });
    expect(contact['phone']).toBeUndefined();
    expect(codesOf(problems)).toContain(code);
  });
});

describe('several columns', () => {
  const fields = { phone: { column: ['A', 'B'] }, optin_sms: { column: ['C', 'D'], yes: ['yes'], no: ['no'] } };

  it('a damaged number gives way to the next column, with a warning', () => {
    const { contact, problems, warnings } = mapRow({ fields, row: { A: '556-0123', B: '212-555-0147' } });
    expect(contact['phone']).toBe('+12125550147');
    expect(problems).toEqual([]);
    expect(warnings).toMatchObject([{ code: 'phone_too_short', column: 'A' }]);
  });

  it('without a valid number, the first damaged one is the problem of the row', () => {
    const { problems } = mapRow({ fields, row: { A: '556-0123', B: 'x' } });
    expect(problems).toMatchObject([{ code: 'phone_too_short', column: 'A' }]);
  });

  it('an unlisted consent word does not give way to another column', () => {
    const { contact } = mapRow({ fields, row: { A: '212-555-0147', C: 'perhaps', D: 'yes' } });
    expect(contact['optin_sms']).toBeUndefined();
  });
});
