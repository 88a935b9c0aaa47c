import { monthNamePattern, weekdayPattern } from '../../core/values/calendar-names.ts';
import { isIsoDate } from '../../core/values/dates.ts';

export type Order = 'day first' | 'month first';

/** A way of writing dates, but for the order of day and month. */
export interface LayoutParts {
  /** Where the year is. `named` layouts name the month, so their order is clear. */
  readonly kind: 'year-first' | 'year-last' | 'named';
  readonly separator: string;
  /** A whole format for `named`, the year's token otherwise. */
  readonly token: string;
  /** What follows the date: a time, with the text before it. */
  readonly time: string;
  /** Understood by every mapping without a format. */
  readonly isIso: boolean;
}

export interface ParsedDate {
  readonly parts: LayoutParts;
  /** The two numbers that are day and month, in their order in the text. */
  readonly first: number;
  readonly second: number;
}

const timePattern =
  /^(\s*,?\s+|T)(\d{1,2}):\d{2}(:\d{2})?(\.\d+)?(?:(\s?)[ap]\.?m\.?)?(\s?(?:Z|UTC|[+-]\d{2}:?\d{2}))?$/i;

/** Splits a date into its parts. Undefined for other text. Does not check that the day exists. */
export function parseDate(text: string): ParsedDate | undefined {
  const match = /^(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})(\D.*)?$/.exec(text);
  if (match === null) return parseCompact(text) ?? parseNamed(text);
  const [, a = '', separator = '', b = '', c = '', rest = ''] = match;
  const isIso = isIsoDate(text);
  const time = isIso ? '' : timeOf(rest);
  if (time === undefined) return undefined;
  if (a.length === 4 && c.length <= 2) {
    const parts: LayoutParts = { kind: 'year-first', separator, token: 'YYYY', time, isIso };
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

const ordinal = '(st|nd|rd|th|er|[eº°ª.])?';
const gap = String.raw`(\s*[ ,.-]\s*|\s+(?:de|del|di|of)\s+)`;
const year = String.raw`(\d{4}|\d{2})(\D.*)?`;
const weekday = String.raw`(?:${weekdayPattern}(,?\s+))?`;
const dayFirst = new RegExp(`^${weekday}(\\d{1,2})${ordinal}${gap}${monthNamePattern}${gap}${year}$`, 'iu');
const monthFirst = new RegExp(`^${weekday}${monthNamePattern}${gap}(\\d{1,2})${ordinal}${gap}${year}$`, 'iu');

/** 22 Mar 1983, 22-Mar-83, Sunday, March 3rd, 1983, 5 de marzo de 1983: dates that name their month, in any language that formats know. */
function parseNamed(text: string): ParsedDate | undefined {
  const days = dayFirst.exec(text);
  const months = days === null ? monthFirst.exec(text) : null;
  const [, after, a, b, c, d, digits = '', rest = ''] = days ?? months ?? [];
  if (digits === '') return undefined;
  const time = timeOf(rest);
  if (time === undefined) return undefined;
  const front = after === undefined ? '' : `ddd${literal(after)}`;
  const yearToken = digits.length === 4 ? 'YYYY' : 'YY';
  const date =
    days === null ? `MMM${literal(a)}${dayToken(c)}${literal(d)}` : `${dayToken(b)}${literal(c)}MMM${literal(d)}`;
  return named(`${front}${date}${yearToken}`, time);
}

function dayToken(ending: string | undefined): string {
  return ending === undefined ? 'D' : 'Do';
}

/** The text between two parts, as a format writes it: words in brackets. */
function literal(text = ''): string {
  return text.replaceAll(/\s+/g, ' ').replace(/\p{L}+/u, '[$&]');
}

/** 19850314, 20210303T140506: the year first, without separators. */
function parseCompact(text: string): ParsedDate | undefined {
  const match = /^(?:19|20)\d{2}(\d{2})(\d{2})(?:T?([01]\d|2[0-3])[0-5]\d([0-5]\d)?)?$/.exec(text);
  if (match === null) return undefined;
  const [, month, day, hour, seconds] = match;
  if (Number(month) < 1 || Number(month) > 12 || Number(day) < 1 || Number(day) > 31) return undefined;
  const time = hour === undefined ? '' : `${text.includes('T') ? 'T' : ''}HHmm${seconds === undefined ? '' : 'ss'}`;
  return named('YYYYMMDD', time);
}

function named(token: string, time: string): ParsedDate {
  return { parts: { kind: 'named', separator: '', token, time, isIso: false }, first: 1, second: 1 };
}

/** The tokens of a time after a date, with the text before it. Undefined for other text. */
function timeOf(rest: string): string | undefined {
  if (rest.trim() === '') return '';
  const match = timePattern.exec(rest);
  if (match === null) return undefined;
  const [, before = '', , seconds, fraction, , offset] = match;
  if (fraction !== undefined || offset !== undefined) return undefined;
  const half = /[ap]\.?m\.?$/i.test(rest);
  const halfToken = half ? (match[5] === '' ? 'A' : ' A') : '';
  return `${before.replaceAll(/\s+/g, ' ')}${half ? 'h' : 'H'}:mm${seconds === undefined ? '' : ':ss'}${halfToken}`;
}

/** The format of a mapping for a layout, once the order is known. */
export function formatOf({ kind, separator, token, time }: LayoutParts, order: Order): string {
  if (kind === 'named') return token + time;
  const [first, second] = order === 'day first' ? ['D', 'M'] : ['M', 'D'];
  return (kind === 'year-first' ? [token, first, second] : [first, second, token]).join(separator) + time;
}
