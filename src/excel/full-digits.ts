/** A JavaScript number and Excel carry 15 digits for certain. */
const certainDigits = 15;

/**
 * A stored number in full, without exponent: `1.23E+16` as `12300000000000000`. Whole numbers keep every digit that is stored.
 * Others are rounded to 15 digits as Excel shows them, since 0.3 may be stored as 0.30000000000000004.
 */
export function fullDigits(stored: string): string {
  const number = Number(stored);
  const written = expand(stored);
  if (written === undefined || !Number.isFinite(number)) return stored;
  if (!written.includes('.')) return written;
  return expand(number.toPrecision(certainDigits)) ?? stored;
}

/** Whether a whole number has more digits than Excel keeps: its last ones are zeros, or wrong. */
export function hasLostDigits(digits: string): boolean {
  return /^-?\d{16,}$/.test(digits);
}

/** Moves the decimal point by the exponent. */
function expand(text: string): string | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const point = whole.length + Number(exponent);
  const digits = (whole + fraction).padEnd(point, '0');
  const left = point > 0 ? digits.slice(0, point) : '';
  const right = (point > 0 ? digits.slice(point) : '0'.repeat(-point) + digits).replace(/0+$/, '');
  const number = `${left.replace(/^0+(?=\d)/, '') || '0'}${right === '' ? '' : `.${right}`}`;
  return sign === '-' && number !== '0' ? `-${number}` : number;
}
