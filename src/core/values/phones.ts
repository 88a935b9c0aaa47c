import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
  type PhoneNumber,
  validatePhoneNumberLength,
} from 'libphonenumber-js/min';
import { createPlainReader } from './plain-phones.ts';
import { bad, ofCell, type Parsed, type NoteCode, valueOf, type CellParser } from './parsed.ts';
import { withoutZeroWidth } from './text.ts';

/** A two-letter country that libphonenumber knows. */
export type PhoneCountry = CountryCode;

/** Every country whose numbers are known. */
export const phoneCountries: readonly PhoneCountry[] = getCountries();

/** The main country of a calling code: `44` is GB, `1` is US. Undefined for codes that are not in use. */
export function countryOfCallingCode(code: string): PhoneCountry | undefined {
  if (!phoneCountries.some((country) => getCountryCallingCode(country) === code)) return undefined;
  return mainCountries[code] ?? phoneCountries.find((country) => getCountryCallingCode(country) === code);
}

/** Of the calling codes that several countries share. */
const mainCountries: Readonly<Record<string, PhoneCountry>> = {
  1: 'US',
  7: 'RU',
  39: 'IT',
  44: 'GB',
  47: 'NO',
  61: 'AU',
  212: 'MA',
  262: 'RE',
  290: 'SH',
  358: 'FI',
  590: 'GP',
  599: 'CW',
};

export function isPhoneCountry(country: string): country is PhoneCountry {
  return isSupportedCountry(country);
}

/** How a phone goes out: +12075550187, 2075550187 (as dialled inside the country), 12075550187, or as the cell has it. */
export type PhoneFormat = 'e164' | 'national' | 'digits' | 'asis';

export interface PhoneOptions {
  readonly country: PhoneCountry;
  readonly format: PhoneFormat;
}

/** Of numbers that took the library's time. Enough for a household's rows and for a column that is read twice; bounded because a file may have millions of numbers. */
const cacheSize = 10_000;

/** The library's own limit. Longer text is not a phone number and only costs time. */
const longestText = 250;

/**
 * Makes a reader of phone cells, by libphonenumber. A number counts when `isValid()` accepts it with the library's *min* metadata:
 * right length and right leading digits for its country. The *max* metadata would also refuse ranges not handed out yet when it
 * was made, and so refuse more real numbers the older an installation gets; it is twice the size and finds the same example
 * numbers. (212) 555-0147 and its like, kept free for fiction, are valid; 000-000-0000 and 555-5555 are fillers, which
 * say nothing.
 *
 * Nothing is guessed: digits that scientific notation lost, a missing area code, or text around a number make it bad, except
 * for a label like "cell". What can be repaired for certain is, and reported.
 */
export function createPhoneParser({ country, format }: PhoneOptions): CellParser<string> {
  const readPlain = createPlainReader(country);
  const callingCode = getCountryCallingCode(country);
  const recent = new Map<string, Parsed<string>>();
  /** 491713920002 in Germany: +49 171 3920002, or 0491 713920002 without its zero. */
  const isAmbiguous = (text: string): boolean => {
    if (!text.startsWith(callingCode)) return false;
    const [one, other] = [readPlain(text), readPlain(text.slice(callingCode.length))];
    return one !== undefined && other !== undefined && one !== other;
  };

  const read = (cell: string): Parsed<string> => {
    if (cell.length > longestText) return bad('bad_phone');
    const notes: NoteCode[] = [];
    const text = repairSpreadsheet(cell, notes);
    if (text === undefined) return bad('phone_digits_lost');
    if (isAmbiguous(text)) return bad('bad_phone');
    const list = withoutBrackets(text);
    const found = pick(list, country, notes);
    if (found === undefined) return whyNot(text, country);
    if (found.text !== text && !notes.includes('phone_others_dropped')) notes.push('phone_unwrapped');
    if (found.number.ext !== undefined && format !== 'asis') notes.push('phone_extension_dropped');
    return valueOf(writers[format](found, callingCode), notes);
  };

  return ofCell((text) => {
    // How a number is dialled inside its country only the library knows.
    const national = format === 'national' && callingCode !== '1' ? undefined : readPlain(text);
    if (national !== undefined && !isFiller(national, callingCode) && !isAmbiguous(text)) {
      return valueOf(plainWriters[format](national, callingCode, text));
    }
    const known = recent.get(text);
    if (known !== undefined) return known;
    if (recent.size >= cacheSize) recent.clear();
    const parsed = read(text);
    recent.set(text, parsed);
    return parsed;
  });
}

/** Makes a reader of numbers that are written with their country code: those of rows whose country is not known. */
export function createInternationalParser(format: PhoneFormat): CellParser<string> {
  // Any country will do, since the code in front decides.
  const parse = createPhoneParser({ country: 'US', format });
  return ofCell((text) => {
    const parsed = /^['’(\s]*(?:\+|00[1-9])/.test(text) ? parse.ofText(text) : undefined;
    if (parsed !== undefined) return parsed;
    const judged = parse.ofText(text);
    return judged.kind === 'missing' ? judged : bad('phone_country_unknown');
  });
}

/** A valid number, and the text it is in. */
interface Found {
  readonly number: PhoneNumber;
  readonly text: string;
}

/**
 * Undoes what spreadsheets do to phone numbers. Answers undefined when digits are lost for good: 4.41E+11 says three of twelve.
 * 2.075550188E+09 says all ten. One digit short, as 2.07555019E+09, could be a number that ends in 0 or a rounded one.
 */
function repairSpreadsheet(cell: string, notes: NoteCode[]): string | undefined {
  let text = withoutZeroWidth(cell);
  if (text !== cell) notes.push('invisible_dropped');
  if (/^['’]/.test(text)) {
    text = text.slice(1).trim();
    notes.push('apostrophe_dropped');
  }
  // tel:+1207... is a link, and =+1207... is what a spreadsheet makes of a + that was typed.
  text = text.replace(/^(?:tel:|=)(?=\+)/i, '');
  if (/^\d{7,15}[.,]00?$/.test(text)) {
    notes.push('phone_decimals_dropped');
    return text.replace(/[.,]0+$/, '');
  }
  const [, whole = '', fraction = '', exponent] = /^(\d+)(?:[.,](\d+))?E\+?(\d{1,3})$/i.exec(text) ?? [];
  if (exponent === undefined) return text;
  const shift = Number(exponent);
  if (fraction.length < shift || /[1-9]/.test(fraction.slice(shift))) return undefined;
  notes.push('phone_scientific_repaired');
  return whole + fraction.slice(0, shift);
}

/** What people put between two numbers. A semicolon may also announce an extension (RFC 3966). */
const between = /\s*(?:[/,|&\n\r]+|:::|;(?!\s*ext)|\b(?:or|and)\b)\s*/i;

/**
 * The number of a cell: the whole of it, else the first good one of several. A slash can also be inside a number (030/1234567),
 * but a first part that is a number by itself is one, so that 030 1234567/68 doesn't become 030123456768.
 */
function pick(text: string, country: PhoneCountry, notes: NoteCode[]): Found | undefined {
  const whole = readNumber(text, country);
  const [first = '', ...others] = text.split(between);
  if (whole?.number.ext !== undefined) return whole;
  if (others.length === 0) return whole ?? readLabeled(text, country);
  if (whole !== undefined && (first.replace(/\D/g, '').length < 7 || readNumber(first, country) === undefined))
    return whole;
  for (const part of [first, ...others]) {
    const found = readNumber(part, country) ?? readLabeled(part, country);
    if (found === undefined) continue;
    notes.push('phone_others_dropped');
    return found;
  }
  return undefined;
}

/** Kinds of phones, as people and address books note them. Fax and names of others are not among them: that is another phone. */
const kindsOfPhone = String.raw`(?:cell(?:phone|ular|ulare)?|cel(?:ular)?|mob(?:ile|iel|il|iltelefon)?|m[oó]vil|handy|portable|gsm|whats ?app|home|work|office|priva(?:t|te|do)?|phone|ph|tel(?:ephone|efon|[eé]fono|efone|[eé]phone)?|tlf|[chmtw])(?: phone| number| no)?`;
const labelBefore = new RegExp(String.raw`^\(?${kindsOfPhone}\)?(?:\s*[:.=–-]\s*|\s+)(?=[+(\d])`, 'i');
const labelAfter = new RegExp(String.raw`(?<=\d)(?:\s*[(:–-]\s*|\s+)${kindsOfPhone}[.)]*$`, 'i');

/** A text without the word for the kind of the phone that it starts or ends with: `C: 212-555-0147`, `212-555-0147 (cell)`. */
export function withoutPhoneLabel(text: string): string {
  return text.replace(labelBefore, '').replace(labelAfter, '');
}

function readLabeled(text: string, country: PhoneCountry): Found | undefined {
  const bare = withoutPhoneLabel(text.trim());
  return bare === text ? undefined : readNumber(bare, country);
}

/** The values of a list that a program wrote into the cell: `["212-555-0147","212-555-0148"]`. */
function withoutBrackets(text: string): string {
  return /^[[{].*[\]}]$/s.test(text) ? text.slice(1, -1).replaceAll(/["']/g, '').trim() : text;
}

function readNumber(text: string, country: PhoneCountry): Found | undefined {
  // The library does not take (+1) 207...
  const plain = text.replace(/^\(\s*\+(\d{1,3})\s*\)/, '+$1 ');
  const number = parseNumber(plain, country) ?? parseNumber(respelled(plain), country);
  if (number === undefined || isFiller(number.nationalNumber, number.countryCallingCode)) return undefined;
  return { number, text };
}

/** A valid number. The library also lets a few odd characters through into `number`. Those are not phone numbers. */
function parseNumber(text: string | undefined, country: PhoneCountry): PhoneNumber | undefined {
  if (text === undefined) return undefined;
  const number = parsePhoneNumberFromString(text, { defaultCountry: country, extract: false });
  return number?.isValid() === true && /^\+\d{7,15}$/.test(number.number) ? number : undefined;
}

/**
 * How people write what the library takes only in another spelling: 00 for the plus sign of any country, and the 1 that Mexican
 * mobiles had after +52 until 2019 (Instituto Federal de Telecomunicaciones, new numbering plan).
 */
function respelled(text: string): string | undefined {
  const international = /^[(\s]*00(?=[1-9])/.test(text) ? text.replace(/^[(\s]*00/, '+') : text;
  const withoutOne = international.replace(/^(\+\s*52)[\s.-]*1(?=(?:[\s().-]*\d){10}$)/, '$1 ');
  return withoutOne === text ? undefined : withoutOne;
}

/**
 * Numbers that a front desk types to get past a required field, and that a country's plan lets through: one digit throughout,
 * 1234567890, any area's 555-5555. (Shorter rows of digits are real numbers somewhere: 012-345 6789 in Malaysia.)
 */
function isFiller(national: string, callingCode: string): boolean {
  if (callingCode === '1' && national.endsWith('5555555')) return true;
  return national === '1234567890' || /^(\d)\1+$/.test(national);
}

function whyNot(text: string, country: PhoneCountry): Parsed<never> {
  const isPlain = /^[\d\s().+-]+$/.test(text);
  const digits = text.replace(/\D/g, '');
  const number = parsePhoneNumberFromString(text, { defaultCountry: country, extract: false });
  if (
    (isPlain && /^(?:(\d)\1{3,}|1234567\d*)$/.test(digits)) ||
    (number !== undefined && isFiller(number.nationalNumber, number.countryCallingCode))
  )
    return { kind: 'missing', dropped: 'phone_filler' };
  const short = isPlain && validatePhoneNumberLength(text, country) === 'TOO_SHORT';
  return bad(short ? 'phone_too_short' : 'bad_phone');
}

/** How a number is written. A number of another country keeps its +44 even as `national`: without it, it would be another person's here. */
const writers: Record<PhoneFormat, (found: Found, callingCode: string) => string> = {
  e164: ({ number }) => number.number,
  digits: ({ number }) => number.number.slice(1),
  national: ({ number }, callingCode) => {
    if (number.countryCallingCode !== callingCode) return number.number;
    number.setExt('');
    return number.formatNational().replace(/\D/g, '');
  },
  asis: ({ text }) => text,
};

const plainWriters: Record<PhoneFormat, (national: string, callingCode: string, text: string) => string> = {
  e164: (national, callingCode) => `+${callingCode}${national}`,
  digits: (national, callingCode) => callingCode + national,
  national: (national) => national,
  asis: (_national, _callingCode, text) => text,
};
