import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNameParser, splitName } from '../../../src/core/values/names.ts';

describe('a full name', () => {
  it.each([
    ['Ana Diaz', 'Ana', 'Diaz'],
    ['Mary Ann Smith', 'Mary Ann', 'Smith'],
    ['Jean-Luc Picard', 'Jean-Luc', 'Picard'],
    ['J. R. R. Tolkien', 'J. R. R.', 'Tolkien'],
    ['Diaz, Ana', 'Ana', 'Diaz'],
    ['Diaz,Ana', 'Ana', 'Diaz'],
    ['Smith-Jones, Mary Ann', 'Mary Ann', 'Smith-Jones'],
    ['Smith, Jr., John', 'John', 'Smith Jr.'],
    ['Smith Jr., John', 'John', 'Smith Jr.'],
    ['Smith, John Jr.', 'John', 'Smith Jr.'],
    ['Smith, John, Jr.', 'John', 'Smith Jr.'],
    ['John Smith, Jr.', 'John', 'Smith Jr.'],
    ['John Smith Sr', 'John', 'Smith Sr'],
    ['John Smith III', 'John', 'Smith III'],
    ['John Paul Jones II', 'John Paul', 'Jones II'],
    ['Anna van der Berg', 'Anna', 'van der Berg'],
    ['ANNA VAN DER BERG', 'ANNA', 'VAN DER BERG'],
    ['van der Berg, Anna', 'Anna', 'van der Berg'],
    ['Berg, Anna van der', 'Anna', 'van der Berg'],
    ['Maria de la Cruz', 'Maria', 'de la Cruz'],
    ['Maria Elena de la Cruz Ortiz', 'Maria Elena', 'de la Cruz Ortiz'],
    ['Ludwig von Mises', 'Ludwig', 'von Mises'],
    ['Dick Van Dyke', 'Dick', 'Van Dyke'],
    ['Van Morrison', 'Van', 'Morrison'],
    ['van morrison', 'van', 'morrison'],
    ['John & Mary Smith', 'John & Mary', 'Smith'],
    ['José Ortega y Gasset', 'José', 'Ortega y Gasset'],
    ['tom y lee', 'tom y', 'lee'],
    ['Fatima al Rashid', 'Fatima', 'al Rashid'],
    ['John Ben Smith', 'John Ben', 'Smith'],
    ['Eve St. James', 'Eve', 'St. James'],
    ["Sinéad O'Connor", 'Sinéad', "O'Connor"],
    ["D'Angelo, Mia", 'Mia', "D'Angelo"],
    ['Robert "Bob" Smith', 'Robert "Bob"', 'Smith'],
    ['Robert (Bob) Smith', 'Robert (Bob)', 'Smith'],
    ['Robert Smith (Bob)', 'Robert (Bob)', 'Smith'],
    ["Robert 'Bob' Smith", "Robert 'Bob'", 'Smith'],
    ['Smith, Robert “Big Bob”', 'Robert “Big Bob”', 'Smith'],
    ['Anna Smith (née Jones)', 'Anna', 'Smith (née Jones)'],
    ['Dr. Ana Diaz', 'Dr. Ana', 'Diaz'],
    ['Li  Wei', 'Li', 'Wei'],
    ['王，伟', '伟', '王'],
  ])('%j: %j, %j', (name, first, last) => {
    expect(splitName(name)).toEqual({ first, last });
  });

  it.each([
    ['Garcia Lopez Ana', 'Lopez Ana', 'Garcia'],
    ['van der Berg Anna Maria', 'Anna Maria', 'van der Berg'],
    ['Smith John Jr.', 'John', 'Smith Jr.'],
    ['Diaz, Ana', 'Ana', 'Diaz'],
  ])('last name first, %j: %j, %j', (name, first, last) => {
    expect(splitName(name, 'last first')).toEqual({ first, last });
  });

  it.each([
    ['Cher', 'name_single_word'],
    ['Smith Jr.', 'name_single_word'],
    ['Smith,', 'name_single_word'],
    [', Ana', 'name_single_word'],
    ['Mr. Smith', 'name_single_word'],
    ['Smith (Bob)', 'name_single_word'],
    ['Mr & Mrs Smith', 'name_single_word'],
    ['van Dyke', 'name_single_word'],
    ['de la Cruz', 'name_single_word'],
    ['Diaz, Ana, Lopez', 'name_unclear'],
  ])('%j: %s', (name, code) => {
    expect(splitName(name)).toBe(code);
  });

  it('loses no word and changes no letter, for any name', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'Ana',
        'van',
        'der',
        'de',
        'la',
        'y',
        'Jr.',
        'III',
        'Dr.',
        '"Bob"',
        '(Bob',
        'Bob)',
        '(née',
        "'",
        '“',
      ),
      fc.constantFrom(',', ', ', ',,', '，', '"', "O'Neil", 'ß', 'İ', '\u00a0', '\ud83d\ude00'),
      fc.string({ unit: 'grapheme', maxLength: 6 }),
    );
    const wordsOf = (text: string): string[] =>
      text
        .split(/[\s,،，]+/)
        .filter(Boolean)
        .toSorted();
    let splits = 0;
    fc.assert(
      fc.property(fc.array(word, { maxLength: 7 }), fc.constantFrom('first last', 'last first'), (words, order) => {
        const name = words.join(' ').trim();
        const split = splitName(name, order);
        if (typeof split === 'string') return;
        splits += 1;
        expect(wordsOf(`${split.first} ${split.last}`)).toEqual(wordsOf(name));
        expect(split.first).not.toBe('');
        expect(split.last).not.toBe('');
      }),
      { numRuns: 3000 },
    );
    expect(splits).toBeGreaterThan(1000);
  });
});

describe('what is not a name', () => {
  const whole = createNameParser({});
  const first = createNameParser({ part: 'first' });

  it.each([
    '(Deleted Customer)',
    'Deleted Customer',
    'DECEASED - Ana Diaz',
    'Ana Diaz (deceased)',
    'Ana Diaz - Deceased',
    'ZZ DO NOT USE',
    'BANNED - Ana Diaz',
    'Diaz (inactive)',
    '*DUPLICATE* - Ana Diaz',
    'Duplicate account Diaz',
  ])('%j is never sent as a name', (cell) => {
    for (const read of [whole, first]) expect(read(cell)).toEqual({ kind: 'bad', code: 'name_marked' });
  });

  it.each(['Acme Fitness LLC', 'Acme, Inc.', 'Muster GmbH', 'Acme S.R.L.', 'Acme Pty Ltd'])(
    '%j is a company',
    (cell) => {
      expect(whole(cell)).toEqual({ kind: 'value', value: cell, notes: ['company_name'] });
      expect(first(cell)).toEqual({ kind: 'bad', code: 'company_name' });
    },
  );

  it.each(['Test', 'TEST', 'Test User', 'test member', 'Test2'])('%j looks like a test', (cell) => {
    expect(whole(cell)).toEqual({ kind: 'value', value: cell, notes: ['test_name'] });
  });

  it.each([
    'Rip',
    'Testa',
    'Testino',
    'Vince',
    'Inc',
    'Van Void',
    'Banned',
    'Zinc',
    'Null',
    'Na',
    'None',
    'Test-Smith',
  ])('%j is a name like any other', (cell) => {
    expect(whole(cell)).toEqual({ kind: 'value', value: cell });
  });

  it('two people or a household in a first name are noted, and last names are not looked at', () => {
    const given = createNameParser({ isFirstName: true });
    const couples = [
      'John & Mary',
      'John &amp; Mary',
      'Ana+Ben',
      'Ana / Ben',
      'Ana und Ben',
      'Juan y Ana',
      'Familie Berg',
    ];
    for (const name of couples) {
      expect(given(name)).toEqual({ kind: 'value', value: name, notes: ['couple_name'] });
      expect(whole(name)).toEqual({ kind: 'value', value: name });
    }
    const half = createNameParser({ part: 'first', isFirstName: true });
    expect(half('John and Mary Smith')).toEqual({ kind: 'value', value: 'John and Mary', notes: ['couple_name'] });
    for (const name of ['Jos&eacute;', 'Andy', 'Mary Ann', 'Maria E Luz', 'Anders', 'Ana-Maria', "D'Andrea"])
      expect(given(name)).toEqual({ kind: 'value', value: name });
  });

  it('each half comes from the same split', () => {
    const last = createNameParser({ part: 'last' });
    expect(first(' Smith, Jr., John ')).toEqual({ kind: 'value', value: 'John' });
    expect(last(' Smith, Jr., John ')).toEqual({ kind: 'value', value: 'Smith Jr.' });
    expect(last('Cher')).toEqual({ kind: 'bad', code: 'name_single_word' });
  });
});
