import { bad, ofCell, valueOf, type CellParser } from './parsed.ts';

/** A JavaScript number carries 15 decimal digits for certain (IEEE 754 double; Excel keeps as many). */
const maxDigits = 15;

/** Longer text is not an amount and only slows regular expressions down. */
const longestText = 100;

/** Plain digits, few enough for a number to hold, with a point as the decimal sign. */
const plain = /^\d{1,9}(?:\.\d{1,6})?$/;

const currency =
  '(?:[A-Z]{0,3}\\p{Sc}|kr\\.?|zł|Kč|Ft|Fr\\.?|Rs\\.?|lei|R' +
  '|USD|EUR|GBP|CAD|AUD|NZD|CHF|SEK|NOK|DKK|ISK|PLN|CZK|HUF|RON|BGN|TRY|INR|SGD|HKD|ZAR|MXN|BRL|AED|SAR|ILS|JPY|CNY|KRW|THB|MYR|PHP|IDR|VND)';
const currencyBefore = new RegExp(`^${currency}\\s*(?=[-−+(\\d.,])`, 'u');
const currencyAfter = new RegExp(`(?<=[)\\d.,])\\s?${currency}$`, 'u');

export interface NumberOptions {
  /** Undefined when the mapping leaves it open: a point, unless a cell proves the comma. */
  readonly decimal?: '.' | ',' | undefined;
  /** The only sign between thousands; without, any that is not the decimal sign. */
  readonly separator?: ',' | '.' | ' ' | "'" | undefined;
}

/** Digits in groups of three by one kind of separator, or the Indian 12,34,567. A leading zero is not a group (0,123 is a fraction). */
function grouped(decimal: '.' | ',', separator: NumberOptions['separator']): string {
  const blanks = String.raw` \u00a0\u202f`;
  const others = decimal === '.' ? `,${blanks}'’` : `.${blanks}'’`;
  const signs = separator === undefined ? others : separator === ' ' ? blanks : separator === "'" ? "'’" : separator;
  const threes = String.raw`[1-9]\d{0,2}(?<group>[${signs}])\d{3}(?:\k<group>\d{3})*`;
  return signs.includes(',') ? String.raw`${threes}|[1-9]\d?(?:,\d{2})+,\d{3}` : threes;
}

/**
 * Reads amounts and counts as people and spreadsheets write them: 1,234.50, $1,234.50, -$5, ($5.00), 1.234,50 € (with
 * `decimal: ','`). What could be meant in two ways, a percentage, scientific notation, or more digits than a number can
 * hold is `bad_number`, so that no balance is ever off by a factor of a thousand. A cell that only a decimal comma explains is
 * `number_decimal_comma` when the mapping leaves the decimal sign open, since 1.234 in the same column would be a thousand times as much.
 */
export function createNumberParser({ decimal, separator }: NumberOptions): CellParser<number> {
  if (decimal !== undefined) return createReader(decimal, separator);
  const read = createReader('.', separator);
  const readComma = createReader(',', separator);
  return ofCell((text) => {
    const parsed = read.ofText(text);
    return parsed.kind === 'bad' && readComma.ofText(text).kind === 'value' ? bad('number_decimal_comma') : parsed;
  });
}

function createReader(decimal: '.' | ',', separator: NumberOptions['separator']): CellParser<number> {
  const shape = new RegExp(
    `^(?=[.,]?\\d)(?<whole>\\d+|${grouped(decimal, separator)})?(?:\\${decimal}(?<fraction>\\d+))?$`,
  );

  return ofCell((text) => {
    // Most amounts: the same number by one expression instead of eight.
    if (decimal === '.' && plain.test(text)) return valueOf(Number(text));
    if (text.length > longestText) return bad('bad_number');
    const { body, negative } = peel(text);
    const match = shape.exec(body)?.groups;
    if (match === undefined) return bad('bad_number');
    const whole = (match['whole'] ?? '').replace(/\D/g, '').replace(/^0+/, '');
    const fraction = (match['fraction'] ?? '').replace(/0+$/, '');
    if (whole.length + fraction.length > maxDigits) return bad('bad_number');
    const value = Number(`${whole === '' ? '0' : whole}.${fraction === '' ? '0' : fraction}`);
    return valueOf(negative && value !== 0 ? -value : value);
  });
}

/** Removes currency signs and one sign: a leading minus or plus, or the accountant's parentheses. */
function peel(text: string): { body: string; negative: boolean } {
  const amount = withoutCurrency(text);
  if (amount.startsWith('(') && amount.endsWith(')')) {
    return { body: withoutCurrency(amount.slice(1, -1).trim()), negative: true };
  }
  const sign = /^[-−+]\s?/.exec(amount)?.[0];
  if (sign === undefined) return { body: amount, negative: false };
  return { body: withoutCurrency(amount.slice(sign.length)), negative: !sign.startsWith('+') };
}

function withoutCurrency(text: string): string {
  return text.replace(currencyBefore, '').replace(currencyAfter, '');
}
