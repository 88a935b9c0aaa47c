/** How a date is written, as a number that `showDateLayout` turns to words: separator, order, digits of the year. */
export type DateLayout = number;

const dayNumber: DateLayout = 0;
/** Year first; otherwise whether numbers below ten have a zero in front. */
const orders = { yearFirst: 0, padded: 1, bare: 2 } as const;

/**
 * The layout of a date, looked at digit by digit, which takes less time than a regular expression, for every date of a list. Undefined for
 * what is not a date, and for 12/25/2020, which says nothing of zeros and so is of any layout.
 */
export function dateLayoutOf(cell: string): DateLayout | undefined {
  const text = isDigit(cell, 0) ? cell : cell.trimStart();
  const first = digitsAt(text, 0, 4);
  const separator = text.charCodeAt(first);
  const second = isSeparator(separator) ? digitsAt(text, first + 1, 2) : 0;
  const third = text.charCodeAt(first + second + 1) === separator ? digitsAt(text, first + second + 2, 4) : 0;
  if (first === 0 || second === 0 || third < 2) return /^\d{5}(?:\.\d+)?\s*$/.test(text) ? dayNumber : undefined;
  if (first === 4) return coded(separator, orders.yearFirst, 0);
  if (text.charCodeAt(0) === zero || text.charCodeAt(first + 1) === zero) return coded(separator, orders.padded, third);
  return first === 1 || second === 1 ? coded(separator, orders.bare, third) : undefined;
}

/** `9/9/9999`, `09/09/9999`, `9999-99-99`, `99999 (a day number)`. */
export function showDateLayout(layout: DateLayout): string {
  if (layout === dayNumber) return '99999 (a day number)';
  const separator = String.fromCharCode(Math.floor(layout / 100));
  const order = Math.floor(layout / 10) % 10;
  if (order === orders.yearFirst) return `9999${separator}99${separator}99`;
  const unit = order === orders.padded ? '09' : '9';
  return [unit, unit, '9'.repeat(layout % 10)].join(separator);
}

function coded(separator: number, order: number, year: number): DateLayout {
  return separator * 100 + order * 10 + year;
}

const zero = 0x30;

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= zero && code <= 0x39;
}

/** How many digits there are, up to a maximum. */
function digitsAt(text: string, at: number, most: number): number {
  let count = 0;
  while (count < most && isDigit(text, at + count)) count += 1;
  return count;
}

/** `.`, `/`, blank or `-`. */
function isSeparator(code: number): boolean {
  return code === 0x2e || code === 0x2f || code === 0x20 || code === 0x2d;
}
