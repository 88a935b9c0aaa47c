export type Order = 'day first' | 'month first';

/** A way of writing dates, but for the order of day and month. */
export interface LayoutParts {
  /** Where the year stands; `named` layouts name the month, so their order is plain. */
  readonly kind: 'year-first' | 'year-last' | 'named';
  readonly separator: string;
  /** A whole format for `named`, the year's token otherwise. */
  readonly token: string;
  /** What follows the date: a time, with what stands before it. */
  readonly time: string;
  /** Understood by every mapping without a format. */
  readonly isIso: boolean;
}

export interface ParsedDate {
  readonly parts: LayoutParts;
  /** The two numbers that are day and month, in the order in which they stand. */
  readonly first: number;
  readonly second: number;
}

const timePattern =
  /^(\s*,?\s+|T)(\d{1,2}):\d{2}(:\d{2})?(\.\d+)?(?:(\s?)[ap]\.?m\.?)?(\s?(?:Z|UTC|[+-]\d{2}:?\d{2}))?$/i;

/** Takes a date apart; undefined for other text. Whether there is such a day is not looked at. */
export function parseDate(text: string): ParsedDate | undefined {
  const match = /^(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})(\D.*)?$/.exec(text);
  if (match === null) return parseNamed(text);
  const [, a = '', separator = '', b = '', c = '', rest = ''] = match;
  const time = timeOf(rest);
  if (time === undefined) return undefined;
  if (a.length === 4 && c.length <= 2) {
    const isIso = separator === '-' && b.length === 2 && c.length === 2;
    const parts: LayoutParts = { kind: 'year-first', separator, token: 'YYYY', time: isIso ? '' : time, isIso };
    return { parts, first: Number(b), second: Number(c) };
  }
  if (a.length > 2 || (c.length !== 4 && c.length !== 2)) return undefined;
  const parts: LayoutParts = {
    kind: 'year-last',
    separator,
    token: c.length === 4 ? 'YYYY' : 'YY',
    time,
    isIso: false,
  };
  return { parts, first: Number(a), second: Number(b) };
}

/** 22 Mar 1983, 22-Mar-83, March 22, 1983. Full English month names count as MMM. */
function parseNamed(text: string): ParsedDate | undefined {
  const dayFirst =
    /^(\d{1,2})([ .-]{1,2})(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?([ ,.-]{1,2})(\d{4}|\d{2})(\D.*)?$/i.exec(
      text,
    );
  const monthFirst =
    /^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?([ .-]{1,2})(\d{1,2})([ ,.-]{1,2})(\d{4}|\d{2})(\D.*)?$/i.exec(
      text,
    );
  const yearToken = (year = ''): string => (year.length === 4 ? 'YYYY' : 'YY');
  if (dayFirst !== null) {
    const [, , before = '', after = '', year, rest = ''] = dayFirst;
    const time = timeOf(rest);
    if (time === undefined) return undefined;
    return named(`D${before}MMM${after}${yearToken(year)}`, time);
  }
  if (monthFirst === null) return undefined;
  const [, before = '', , after = '', year, rest = ''] = monthFirst;
  const time = timeOf(rest);
  return time === undefined ? undefined : named(`MMM${before}D${after}${yearToken(year)}`, time);
}

function named(token: string, time: string): ParsedDate {
  return { parts: { kind: 'named', separator: '', token, time, isIso: false }, first: 1, second: 1 };
}

/** The tokens of a time after a date, with what stands before it; undefined for other text. */
function timeOf(rest: string): string | undefined {
  if (rest.trim() === '') return '';
  const match = timePattern.exec(rest);
  if (match === null) return undefined;
  const [, before = '', , seconds, fraction, , offset] = match;
  if (fraction !== undefined || offset !== undefined) return undefined;
  const half = /[ap]\.?m\.?$/i.test(rest);
  const gap = half ? (match[5] === '' ? 'A' : ' A') : '';
  return `${before.replaceAll(/\s+/g, ' ')}${half ? 'h' : 'H'}:mm${seconds === undefined ? '' : ':ss'}${gap}`;
}

/** The format of a mapping for a layout, once the order is known. */
export function formatOf({ kind, separator, token, time }: LayoutParts, order: Order): string {
  if (kind === 'named') return token + time;
  const [first, second] = order === 'day first' ? ['D', 'M'] : ['M', 'D'];
  return (kind === 'year-first' ? [token, first, second] : [first, second, token]).join(separator) + time;
}
