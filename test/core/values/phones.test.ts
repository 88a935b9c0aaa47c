import * as fc from 'fast-check';
import { getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import examples from 'libphonenumber-js/mobile/examples';
import { describe, expect, it } from 'vitest';
import { createPlainReader } from '../../../src/core/values/plain-phones.ts';
import {
  createPhoneParser,
  isPhoneCountry,
  type PhoneCountry,
  type PhoneFormat,
} from '../../../src/core/values/phones.ts';

const reader = (country: PhoneCountry = 'US', format: PhoneFormat = 'e164') => createPhoneParser({ country, format });
const value = (text: string, ...notes: string[]) =>
  notes.length === 0 ? { kind: 'value', value: text } : { kind: 'value', value: text, notes };
const bad = (code: string) => ({ kind: 'bad', code });

describe('E.164', () => {
  it.each([
    ['US', '(212) 555-0147', '+12125550147'],
    ['US', '207.555.0187', '+12075550187'],
    ['US', '2075550187', '+12075550187'],
    ['US', '1-207-555-0187', '+12075550187'],
    ['US', '+1 207 555 0187', '+12075550187'],
    ['US', '(+1) 207-555-0187', '+12075550187'],
    ['US', '+44 (0)7400 123456', '+447400123456'],
    ['US', '011 44 7400 123456', '+447400123456'],
    ['US', '+33 (0)6 12 34 56 78', '+33612345678'],
    ['US', '\u202a(207) 555\u20110187\u202c', '+12075550187'],
    ['US', '416-555-0147', '+14165550147'],
    ['CA', '207-555-0187', '+12075550187'],
    ['US', '1-800-555-1234', '+18005551234'],
    ['FR', '+33 (0)6 12 34 56 78', '+33612345678'],
    ['FR', '06 12 34 56 78', '+33612345678'],
    ['FR', '0033612345678', '+33612345678'],
    ['FR', '612345678', '+33612345678'],
    ['GB', '7400123456', '+447400123456'],
    ['GB', '447400123456', '+447400123456'],
    ['IT', '06 1234567', '+39061234567'],
    ['DE', '030/1234567', '+49301234567'],
    ['DE', '0171/1234567', '+491711234567'],
  ] as const)('%s %j is %s', (country, cell, expected) => {
    expect(reader(country)(cell)).toEqual(value(expected));
  });
});

describe('repairs', () => {
  it.each([
    ['US', '2.075550188E+09', '+12075550188', 'phone_scientific_repaired'],
    ['US', 'tel:2125550147', '+12125550147', 'phone_unwrapped'],
    ['US', 'C: 212-555-0147', '+12125550147', 'phone_unwrapped'],
    ['US', 'Mobile phone: (212) 555-0147', '+12125550147', 'phone_unwrapped'],
    ['US', '212.555.0147 (cell)', '+12125550147', 'phone_unwrapped'],
    ['US', '212-555-0147 - work', '+12125550147', 'phone_unwrapped'],
    ['DE', 'Handy 0171 3920001', '+491713920001', 'phone_unwrapped'],
    ['US', '["212-555-0147"]', '+12125550147', 'phone_unwrapped'],
    ['US', '["212-555-0147","212-555-0148"]', '+12125550147', 'phone_others_dropped'],
    ['US', 'c: 212-555-0147 / h: 555-0148', '+12125550147', 'phone_others_dropped'],
    ['US', '2,075550188e9', '+12075550188', 'phone_scientific_repaired'],
    ['GB', '4.47400123456E+11', '+447400123456', 'phone_scientific_repaired'],
    ['US', '2075550187.0', '+12075550187', 'phone_decimals_dropped'],
    ['DE', '301234567.0', '+49301234567', 'phone_decimals_dropped'],
    ['US', '207\u200b555\u00ad0187', '+12075550187', 'invisible_dropped'],
    ['US', "'2075550187", '+12075550187', 'apostrophe_dropped'],
    ['US', "'+12075550187", '+12075550187', 'apostrophe_dropped'],
    ['US', "'(207) 555-0187", '+12075550187', 'apostrophe_dropped'],
    ['US', '(207) 555-0187 x12', '+12075550187', 'phone_extension_dropped'],
    ['US', '207-555-0187 ext. 4', '+12075550187', 'phone_extension_dropped'],
    ['US', '207-555-0187 x.123', '+12075550187', 'phone_extension_dropped'],
    ['US', '207-555-0187;ext=4', '+12075550187', 'phone_extension_dropped'],
    ['US', '207-555-0187 / 212-555-0147', '+12075550187', 'phone_others_dropped'],
    ['US', '555-0187 / 212-555-0147', '+12125550147', 'phone_others_dropped'],
    ['US', '207-555-0187; 212-555-0147', '+12075550187', 'phone_others_dropped'],
    ['US', '207-555-0187 or 212-555-0147', '+12075550187', 'phone_others_dropped'],
    ['US', '2075550187,2125550147', '+12075550187', 'phone_others_dropped'],
    ['US', '207-555-0187\n212-555-0147', '+12075550187', 'phone_others_dropped'],
    ['DE', '030 1234567/68', '+49301234567', 'phone_others_dropped'],
  ] as const)('%s %j: %s, %s', (country, cell, expected, repair) => {
    expect(reader(country)(cell)).toEqual(value(expected, repair));
  });

  it('can be combined', () => {
    expect(reader()('207-555-0187 x5 / 212-555-0147')).toEqual(
      value('+12075550187', 'phone_others_dropped', 'phone_extension_dropped'),
    );
  });
});

describe('refusals', () => {
  it.each([
    ['US', '5.55E+09', 'phone_digits_lost'],
    ['GB', '4.41E+11', 'phone_digits_lost'],
    ['GB', '4,41235E+11', 'phone_digits_lost'],
    ['US', '2.07555019E+09', 'phone_digits_lost'],
    ['US', '2E+09', 'phone_digits_lost'],
    ['US', '0', 'phone_too_short'],
    ['US', '555-0187', 'phone_too_short'],
    ['US', '911', 'phone_too_short'],
    ['US', '207-555-01877', 'bad_phone'],
    ['US', '(022) 555-0147', 'bad_phone'],
    ['US', '207-555-HELP', 'bad_phone'],
    ['US', 'call 207-555-0187', 'bad_phone'],
    ['US', '212-555-0147 Mom', 'bad_phone'],
    ['US', 'Fax: 212-555-0147', 'bad_phone'],
    ['US', 'C: 555-0147', 'bad_phone'],
    // Each is a number of Leer without its zero, and a mobile without its plus sign.
    ['DE', '491713920002', 'bad_phone'],
    ['DE', '4,91713920002E+11', 'bad_phone'],
    ['US', 'ana@example.com', 'bad_phone'],
    ['US', '447400123456', 'bad_phone'],
    ['US', '207~555~0187', 'bad_phone'],
    ['US', 'ask 1111', 'bad_phone'],
    ['US', '7'.repeat(5000), 'bad_phone'],
  ] as const)('%s %j: %s', (country, cell, code) => {
    expect(reader(country)(cell)).toEqual(bad(code));
  });

  it.each([
    ['US', '000-000-0000'],
    ['US', '+1 000 000 0000'],
    ['US', '555-5555'],
    ['US', '(207) 555-5555'],
    ['US', '999-999-9999'],
    ['US', '888-888-8888'],
    ['US', '123-456-7890'],
    ['DE', '1111111111'],
    ['DE', '1234567890'],
  ] as const)('%s %j is a placeholder and counts as missing', (country, cell) => {
    expect(reader(country)(cell)).toEqual({ kind: 'missing', dropped: 'phone_filler' });
  });

  it('a blank cell is missing', () => {
    expect(reader()(' \u00a0')).toEqual({ kind: 'missing' });
  });
});

describe('formats', () => {
  it.each([
    ['US', 'national', '(207) 555-0187 x3', '2075550187', ['phone_extension_dropped']],
    ['US', 'national', '+1 416 555 0147', '4165550147', []],
    ['US', 'national', '+44 7400 123456', '+447400123456', []],
    ['GB', 'national', '+44 7400 123456', '07400123456', []],
    ['US', 'digits', '(207) 555-0187', '12075550187', []],
    ['US', 'asis', ' (207) 555-0187 x3 ', '(207) 555-0187 x3', []],
    ['US', 'asis', '2.075550188E+09', '2075550188', ['phone_scientific_repaired']],
    ['US', 'asis', '(207) 555-0187 / (212) 555-0147', '(207) 555-0187', ['phone_others_dropped']],
  ] as const)('%s %s %j is %s', (country, format, cell, expected, notes) => {
    expect(reader(country, format)(cell)).toEqual(value(expected, ...notes));
  });

  it('"asis" still requires a phone', () => {
    expect(reader('US', 'asis')('call me')).toEqual(bad('bad_phone'));
  });
});

describe('always', () => {
  it("agrees with the library's example numbers, however they are written", () => {
    let countries = 0;
    for (const [country, national] of Object.entries(examples)) {
      if (!isPhoneCountry(country)) expect.fail(country);
      const example = parsePhoneNumberFromString(national, country);
      if (example === undefined) expect.fail(country);
      const expected = value(example.number);
      for (const cell of [national, example.formatNational(), example.formatInternational(), example.number]) {
        expect(reader(country)(cell), `${country} ${cell}`).toEqual(expected);
      }
      const dialled = reader(country, 'national')(example.number);
      if (dialled.kind !== 'value') expect.fail(country);
      expect(dialled.value).toMatch(/^\d+$/);
      expect(reader(country)(dialled.value), country).toEqual(expected);
      countries += 1;
    }
    expect(countries).toBeGreaterThan(200);
  });

  it('the fast path agrees with the library, in every country and format', () => {
    const countries = Object.keys(examples).filter((country) => isPhoneCountry(country));
    const readers = new Map(countries.map((country) => [country, createPlainReader(country)]));
    const digit = fc.constantFrom(...'0123456789'.split(''));
    // An example number with a few digits changed, added or removed: valid ones and almost valid ones.
    const cell = fc
      .record({
        country: fc.constantFrom(...countries),
        changes: fc.array(
          fc.tuple(
            fc.nat(11),
            fc.oneof(
              digit,
              fc.constant(''),
              fc.tuple(digit, digit).map(([a, b]) => a + b),
            ),
          ),
          {
            maxLength: 3,
          },
        ),
        write: fc.constantFrom<(national: string, callingCode: string) => string>(
          (national) => national,
          (national) => `0${national}`,
          (national) => `1 ${national}`,
          (national) => `8${national}`,
          (national) => `(${national.slice(0, 3)}) ${national.slice(3, 6)}-${national.slice(6)}`,
          (national) => `${national.slice(0, 3)}.${national.slice(3)}`,
          (national, code) => `+${code} ${national}`,
          (national, code) => `+${code} (0)${national}`,
          (national, code) => `${code}${national}`,
          (national, code) => `00${code}${national}`,
          (national) => `- ${national}) (`,
          (national, code) => `+(${code})-- ${national}`,
        ),
      })
      .map(({ country, changes, write }) => {
        const digits = examples[country].split('');
        for (const [at, change] of changes) digits[at % digits.length] = change;
        return { country, text: write(digits.join(''), getCountryCallingCode(country)) };
      });
    let found = 0;
    fc.assert(
      fc.property(cell, ({ country, text }) => {
        const national = readers.get(country)?.(text);
        if (national === undefined) return;
        found += 1;
        const number = parsePhoneNumberFromString(text, { defaultCountry: country, extract: false });
        expect(number?.isValid()).toBe(true);
        expect(number?.number).toBe(`+${getCountryCallingCode(country)}${national}`);
        expect(number?.ext).toBeUndefined();
      }),
      { numRuns: 10_000 },
    );
    expect(found).toBeGreaterThan(2000);
  });

  it('no output is ever malformed', () => {
    const cell = fc.string({ unit: fc.constantFrom(...'0123456789+-() ./;x~E,\u00a0\u200b'.split('')), maxLength: 30 });
    const long = fc.tuple(fc.constantFrom('207555', '+4474001', '06 12 '), cell).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(cell, long), fc.constantFrom<PhoneCountry>('US', 'GB', 'DE', 'IT'), (text, country) => {
        const parsed = reader(country)(text);
        if (parsed.kind === 'value') expect(parsed.value).toMatch(/^\+[1-9]\d{6,14}$/);
      }),
      { numRuns: 3000 },
    );
  });

  it('gives the same answer from its cache and without it', () => {
    const read = reader();
    const first = read('(207) 555-0187 x5');
    for (let line = 0; line < 10_001; line += 1) read(`x${line}`);
    expect(read('(207) 555-0187 x5')).toEqual(first);
    expect(read('(207) 555-0187 x5')).toBe(read('(207) 555-0187 x5'));
  });
});

describe('numbers abroad', () => {
  it.each([
    ['0044 20 7946 0123', '+442079460123'],
    ['(0044) 20 7946 0123', '+442079460123'],
    ['+52 1 55 1234 5678', '+525512345678'],
    ['+5215512345678', '+525512345678'],
    ['0052 1 55 1234 5678', '+525512345678'],
  ])('%s is %s', (cell, expected) => {
    expect(createPhoneParser({ country: 'US', format: 'e164' })(cell)).toMatchObject({
      kind: 'value',
      value: expected,
    });
  });
});
