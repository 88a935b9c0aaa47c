import { describe, expect, test } from 'vitest';
import { createDamageDetectors } from '../../../src/core/quality/column-damage.ts';
import type { Mapping } from '../../../src/core/mapping/schema.ts';

const mapping: Mapping = {
  version: 1,
  name: 'test',
  country: 'US',
  fields: {
    user_id: 'Id',
    first_name: 'First',
    last_name: 'Last',
    phone: 'Phone',
    zip: 'Zip',
    dob: { column: 'Born', format: 'M/D/YYYY' },
    tags: { add: [{ column: 'Groups', split: ';' }] },
  },
  attributes: { card: 'Card' },
};
const header = ['Id', 'First', 'Last', 'Phone', 'Zip', 'Born', 'Card', 'Groups', 'Notes'];

/** What is found when one column holds these cells and the others are undamaged. */
function damageOf(column: string, cells: readonly string[]) {
  const detectors = createDamageDetectors(mapping, header);
  cells.forEach((cell, index) => {
    const row = ['1001', 'Ana', 'Diaz', '212-555-0147', '02134', '12/25/1980', 'A1', 'Yoga', 'M?ller'];
    row[header.indexOf(column)] = cell;
    detectors.note(index + 2, row);
  });
  return detectors.found();
}

describe('damage in a column', () => {
  test.each<[string, string, string[], number, number[]]>([
    ['letters_lost', 'Last', ['Diaz', 'M?ller', 'Jos?e', 'Who?', 'Pe?a', 'N?ñez'], 4, [3, 4, 6]],
    ['letters_lost', 'First', ['?ke', 'Ana'], 1, [2]],
    ['replacement_characters', 'First', ['Jos\uFFFD', 'Ana'], 1, [2]],
    ['quotes_kept', 'Last', ['"Diaz"', '"Cole, Jr."', 'Berg'], 2, [2, 3]],
    ['quotes_kept', 'Id', ["'1001'", "'1008'"], 2, [2, 3]],
    ['quotes_kept', 'First', ['“Ana”', '‘Ben’', '«Carla»', '„Dev“'], 4, [2, 3, 4]],
    ['scientific_notation', 'Id', ['1001', '5.55E+09', '4,41E+11', '7E5'], 2, [3, 4]],
    ['scientific_notation', 'Phone', ['2.075550188E+09', '212-555-0148'], 1, [2]],
    ['digits_rounded', 'Card', ['1234567890123450', '9234567890123450', '4000123412341230', '77'], 3, [2, 3, 4]],
    ['digits_rounded', 'Id', ['12345678901234500', '92345678901234500', '40001234123412300'], 3, [2, 3, 4]],
    ['letters_lost', 'Groups', ['Yoga;Pe?a', 'Yoga'], 1, [2]],
    [
      'dates_moved_by_zone',
      'Born',
      ['1985-03-14T23:00:00Z', '1990-07-21T22:00:00Z', '1979-11-30T23:00:00Z', '1993-05-09T22:00:00Z'],
      4,
      [2, 3, 4],
    ],
    ['zips_short', 'Zip', ['02134', '2134', '2134-1234', '94612.0', '90210'], 2, [3, 4]],
  ])('%s in %s', (code, column, cells, count, rows) => {
    const found = damageOf(column, cells);
    expect(found).toMatchObject([{ code, column, count, of: cells.length, rows }]);
  });

  test.each<[number, string[], number[]]>([
    [255, ['x'.repeat(255), 'Ana', 'y'.repeat(255), 'z'.repeat(254)], [2, 4]],
    [32_767, ['x'.repeat(255), 'y'.repeat(32_767), 'z'.repeat(300)], [3]],
  ])('cells cut at %i characters', (length, cells, rows) => {
    const [found] = damageOf('Card', cells);
    expect(found).toMatchObject({ code: 'cells_cut', column: 'Card', count: rows.length, rows });
    expect(found?.detail).toContain(String(length));
  });

  test.each<[string, string[], string]>([
    [
      'other separators',
      [...Array<string>(6).fill('25/03/1990'), ...Array<string>(4).fill('1990-04-03')],
      '9999-99-99',
    ],
    [
      'zeros in front or not',
      [...Array<string>(6).fill('03/25/1990'), ...Array<string>(4).fill('4/3/1990')],
      '9/9/9999',
    ],
    ['day numbers', [...Array<string>(6).fill('3/25/1990'), ...Array<string>(4).fill('32874')], '99999 (a day number)'],
  ])('dates in two layouts: %s', (_, cells, second) => {
    const [found] = damageOf('Born', cells);
    expect(found).toMatchObject({ code: 'dates_two_layouts', column: 'Born', count: 4 });
    expect(found?.detail).toContain(second);
  });

  test.each<[string, string[]]>([
    ['Born', ['12/25/1980', '3/4/1990', '11/5/1975', '10/12/2001', '']],
    ['Born', [...Array<string>(40).fill('3/4/1990'), '1990-03-04', '1990-03-05']],
    ['Id', ['1234567890123456', '1234567890123450', '9934567890123457', '5534567890123452', 'E12', '1E', 'ABE+12']],
    ['Last', ["O'Neil", 'Who?', 'really? no', 'https://example.com/a?b']],
    ['Zip', ['02134', '02134-1234', 'SW1A 1AA', '']],
    ['Card', ['x'.repeat(255), 'y'.repeat(256)]],
    ['Notes', ['M?ller', 'Jos\uFFFD', '5.55E+09']],
  ])('none is found in valid cells of %s', (column, cells) => {
    expect(damageOf(column, cells)).toEqual([]);
  });
});
