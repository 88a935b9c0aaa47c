import { monthNamePattern } from '../../core/values/calendar-names.ts';
import { isWithoutYear } from '../../core/values/dates.ts';
import { undoDoubleUtf8 } from '../../core/values/double-utf8.ts';
import { withoutPhoneLabel } from '../../core/values/phones.ts';

/** What one cell looks like. A cell has several shapes at once: `07102` is digits, zip-like and has a leading zero. */
export const shapes = [
  'email', // one address
  'emailLike', // holds an @
  'phone', // 7 to 15 digits with nothing but phone punctuation around
  'plus', // a phone with its country code
  'nanp', // (212) 555-0147, 212-555-0147: written as in North America
  'dateLike', // three groups of digits, or a month's name with digits
  'integer',
  'decimalPoint', // 1,234.50 and 12.5
  'decimalComma', // 1.234,50 and 12,5
  'money', // an amount with a currency sign
  'leadingZero', // digits that a spreadsheet would shorten
  'scientific', // 4.41E+11: a spreadsheet has cut digits off
  'oneWord',
  'letters', // a name: letters with blanks, dots, hyphens, apostrophes, commas, brackets
  'oneComma',
  'twoWords', // two words or more
  'entity', // &amp; &#39;
  'doubledUtf8', // JosÃ©
  'zip5', // 04101, 04101-1234
  'zip4', // 4101: a zip that lost its zero, or one of a country with four digits
  'zipUk',
  'zipCa',
  'zipNl',
  'hasDigit',
  'long', // over 60 characters, or several lines
  'private', // 123-45-6789, 123.456.789-09, an IBAN, a hashed password
  'card', // 13 to 19 digits with a valid check digit
  'semicolon',
  'pipe',
  'comma',
  'tripleColon',
  'list', // ["Yoga","VIP"], {Yoga}, "Yoga","VIP": a list that a program wrote into the cell
] as const;
export type Shape = (typeof shapes)[number];

const bits = Object.fromEntries(shapes.map((shape, index) => [shape, 1 << index])) as Record<Shape, number>;

export function bitOf(shape: Shape): number {
  return bits[shape];
}

const entity =
  /&(?:amp|lt|gt|quot|apos|nbsp|#\d{2,5}|#x[\da-f]{2,4}|[aeiou]?(?:acute|grave|uml|circ|tilde)|[nN]tilde|ccedil|szlig);/gi;

/** The shapes of a cell that is trimmed and not empty, as bits. */
export function shapesOf(cell: string): number {
  const once = /[^\0-\x7f]/.test(cell) ? undoDoubleUtf8(cell) : undefined;
  // It is what it was before another program spoilt it.
  const text = once ?? cell;
  let found = once === undefined ? 0 : bits.doubledUtf8;
  const add = (shape: Shape): void => {
    found |= bits[shape];
  };
  if (text.length > 60 || text.includes('\n')) add('long');
  if (text.length > 250) return found;
  if (text.includes('|')) add('pipe');
  if (text.includes(',')) add('comma');
  if (text.includes(':::')) add('tripleColon');
  if (/^(?:\[.*\]|\{.*\}|".*")$/s.test(text)) add('list');
  const isEntity = text.includes('&') && text.search(entity) >= 0;
  if (isEntity) add('entity');
  if ((isEntity ? text.replaceAll(entity, '') : text).includes(';')) add('semicolon');
  if (text.includes('@')) {
    add('emailLike');
    if (/^[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>.]{2,}$/.test(text)) add('email');
    return found;
  }
  if (/\d/.test(text)) digitShapes(text, add);
  else textShapes(text, add);
  return found;
}

function textShapes(text: string, add: (shape: Shape) => void): void {
  if (/^[\p{L}\p{M}\s.,'’`´"“”()/&;#-]+$/u.test(text)) add('letters');
  const commas = text.split(',').length - 1;
  if (commas === 1) add('oneComma');
  if (/[^\s,][\s,]+[^\s,]/.test(text)) add('twoWords');
  else add('oneWord');
}

function digitShapes(text: string, add: (shape: Shape) => void): void {
  add('hasDigit');
  if (/[^\s,][\s,]+[^\s,]/.test(text)) add('twoWords');
  else add('oneWord');
  const bare = text.replace(/^'/, '').replace(/^="(.*)"$/, '$1');
  if (/^\d+$/.test(bare)) {
    add('integer');
    if (bare.length > 1 && bare.startsWith('0')) add('leadingZero');
    if (bare.length === 5) add('zip5');
    if (bare.length === 4) add('zip4');
    if (bare.length >= 13 && bare.length <= 19 && hasCheckDigit(bare)) add('card');
  } else if (/^\d{4}(?:[ -]\d{4}){3}$/.test(bare) && hasCheckDigit(bare.replaceAll(/\D/g, ''))) add('card');
  else if (/^\d{5}-\d{4}$/.test(bare)) add('zip5');
  else if (isPrivate(bare)) add('private');
  else {
    const [, fraction = '', exponent] = /^\d(?:[.,](\d+))?E\+?(\d{1,2})$/i.exec(bare) ?? [];
    if (exponent !== undefined) add(fraction.length < Number(exponent) ? 'scientific' : 'phone');
  }
  if (/^\d{4} ?[A-Z]{2}$/i.test(bare)) add('zipNl');
  else if (/^[A-Z]\d[A-Z][ -]?\d[A-Z]\d$/i.test(bare)) add('zipCa');
  else if (/^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$/i.test(bare)) add('zipUk');
  if (/^[-+(]{0,2}\s?(?:[A-Z]{0,3}\p{Sc}\s?)?-?\d[\d.,'’ ]*\)?\s?(?:\p{Sc}|[A-Z]{3})?$/u.test(bare))
    amountShapes(bare, add);
  if (isDateLike(bare)) add('dateLike');
  else phoneShapes(bare, add);
}

function amountShapes(text: string, add: (shape: Shape) => void): void {
  if (/\p{Sc}/u.test(text)) add('money');
  const number = text.replaceAll(/[^\d.,]/g, '');
  if (/^\d{1,3}(?:,\d{3})*\.\d+$|^\d+\.\d{1,2}$/.test(number)) add('decimalPoint');
  else if (/^\d{1,3}(?:\.\d{3})*,\d+$|^\d+,\d{1,2}$/.test(number)) add('decimalComma');
}

function phoneShapes(cell: string, add: (shape: Shape) => void): void {
  const text = withoutPhoneLabel(cell.replaceAll(/[\u2010-\u2015\u2212]/g, '-'));
  if (!/^[+(]?[\d\s().+/-]+(?:\s*(?:x|ext\.?|#)\s*\d+)?$/i.test(text)) return;
  const digits = text.replace(/(?:x|ext\.?|#).*$/i, '').replaceAll(/\D/g, '').length;
  if (digits < 7 || digits > 15) return;
  add('phone');
  if (/^\(?\+|^00[1-9]/.test(text)) add('plus');
  if (/^(?:\+?1[ .-]?)?(?:\(\d{3}\)\s?|\d{3}[-. ])\d{3}[-. ]\d{4}\b/.test(text)) add('nanp');
}

const monthName = new RegExp(String.raw`(?<!\p{L})${monthNamePattern}(?!\p{L})`, 'iu');
/** Identity numbers of the US and Brazil, bank accounts, and what programs store for a password. */
function isPrivate(text: string): boolean {
  return (
    /^\d{3}-\d{2}-\d{4}$|^\d{3}\.\d{3}\.\d{3}-\d{2}$/.test(text) ||
    /^\$(?:2[abxy]|[PH]|argon2\w*|wp\$2y|[156])\$\S{8,}$/.test(text) ||
    isIban(text)
  );
}

/** Two letters, two check digits and an account number, whose check digits are right. */
function isIban(text: string): boolean {
  if (!/^[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,3})?$/.test(text)) return false;
  const plain = text.replaceAll(' ', '');
  let rest = 0;
  for (const sign of plain.slice(4) + plain.slice(0, 4))
    for (const digit of String(parseInt(sign, 36))) rest = (rest * 10 + Number(digit)) % 97;
  return rest === 1;
}

export function isDateLike(text: string): boolean {
  if (/^\d{1,4}([/.-])\d{1,2}\1\d{1,4}(?:[ T,].*)?$/.test(text)) return true;
  if (isWithoutYear(text)) return true;
  return (
    text.length < 50 && /\b\d{1,2}(?:\b|\p{L}{2}\b)/u.test(text) && /\b\d{2,4}\b/.test(text) && monthName.test(text)
  );
}

/** The Luhn sum, which every payment card satisfies, and one in ten other numbers. */
function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits.charAt(digits.length - 1 - index));
    const double = digit * 2;
    sum += index % 2 === 0 ? digit : double > 9 ? double - 9 : double;
  }
  return sum % 10 === 0;
}
