import { monthByName, monthNamePattern, weekdayPattern } from './calendar-names.ts';

/** A date and time as read from text or to be written; not yet checked against the calendar. */
export interface DateFields {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  /** The year had two digits; its century is the reader's decision. */
  shortYear: boolean;
}

export type DateUnit = 'year' | 'month' | 'day' | 'weekday' | 'hour' | 'minute' | 'second' | 'half';

interface Token {
  readonly unit: DateUnit;
  /** What it matches, as regular expression source without groups. */
  readonly pattern: string;
  /** Takes one or two digits. */
  readonly variable?: true;
  /** Hours of a twelve-hour clock. */
  readonly twelve?: true;
  /** The token that takes its place when day and month change places. */
  readonly twin?: 'MM' | 'M' | 'DD' | 'D';
  readonly write: (fields: DateFields) => string;
}

const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const weekdayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

const pad = (value: number, length = 2): string => String(value).padStart(length, '0');
const twelveHour = (hour: number): number => hour % 12 || 12;

function ordinalEnding(day: number): string {
  if (day > 10 && day < 14) return 'th';
  return ['th', 'st', 'nd', 'rd'][day % 10] ?? 'th';
}

/** 0 is Sunday. */
function weekdayOf({ year, month, day }: DateFields): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay();
}

/**
 * The words of a date format (DESIGN.md section 5). `M`, `D`, `H`, `h`, `m`, `s` take one or two digits, the doubled ones exactly
 * two. `MMM` is a month's name and `ddd` a weekday's, whole or short, in any language of calendar-names.ts. `Do` is a day with or
 * without its ordinal ending: 3rd, 1er, 3. A weekday is read and not compared: the date is what counts.
 */
export const tokens = {
  YYYY: { unit: 'year', pattern: String.raw`\d{4}`, write: (f) => pad(f.year, 4) },
  YY: { unit: 'year', pattern: String.raw`\d{2}`, write: (f) => pad(f.year % 100) },
  MMM: { unit: 'month', pattern: monthNamePattern, write: (f) => monthNames[f.month - 1] ?? '' },
  MM: { unit: 'month', pattern: String.raw`\d{2}`, twin: 'DD', write: (f) => pad(f.month) },
  M: { unit: 'month', pattern: String.raw`\d{1,2}`, variable: true, twin: 'D', write: (f) => String(f.month) },
  DD: { unit: 'day', pattern: String.raw`\d{2}`, twin: 'MM', write: (f) => pad(f.day) },
  D: { unit: 'day', pattern: String.raw`\d{1,2}`, variable: true, twin: 'M', write: (f) => String(f.day) },
  Do: {
    unit: 'day',
    pattern: String.raw`\d{1,2}(?:st|nd|rd|th|er|[eº°ª.])?`,
    write: (f) => `${f.day}${ordinalEnding(f.day)}`,
  },
  ddd: { unit: 'weekday', pattern: weekdayPattern, write: (f) => weekdayNames[weekdayOf(f)] ?? '' },
  HH: { unit: 'hour', pattern: String.raw`[01]\d|2[0-3]`, write: (f) => pad(f.hour) },
  H: { unit: 'hour', pattern: String.raw`2[0-3]|[01]?\d`, variable: true, write: (f) => String(f.hour) },
  hh: { unit: 'hour', pattern: String.raw`0[1-9]|1[0-2]`, twelve: true, write: (f) => pad(twelveHour(f.hour)) },
  h: {
    unit: 'hour',
    pattern: String.raw`1[0-2]|0?[1-9]`,
    variable: true,
    twelve: true,
    write: (f) => String(twelveHour(f.hour)),
  },
  mm: { unit: 'minute', pattern: String.raw`[0-5]\d`, write: (f) => pad(f.minute) },
  m: { unit: 'minute', pattern: String.raw`[0-5]?\d`, variable: true, write: (f) => String(f.minute) },
  ss: { unit: 'second', pattern: String.raw`[0-5]\d`, write: (f) => pad(f.second) },
  s: { unit: 'second', pattern: String.raw`[0-5]?\d`, variable: true, write: (f) => String(f.second) },
  A: { unit: 'half', pattern: String.raw`[ap]\.?m\.?`, write: (f) => (f.hour < 12 ? 'AM' : 'PM') },
} as const satisfies Record<string, Token>;

export type TokenName = keyof typeof tokens;

/** A format split into tokens. `quoted` text was in brackets. */
export type FormatPiece = { readonly token: TokenName } | { readonly literal: string; readonly quoted: boolean };

/** Splits a format into tokens. Anything else is literal. The longest token wins: `MMM` before `MM` before `M`. */
export function splitFormat(format: string): FormatPiece[] {
  const pieces: FormatPiece[] = [];
  for (const [text, quoted] of format.matchAll(/\[([^\]]*)\]|YYYY|YY|MMM|MM?|Do|DD?|ddd|HH?|hh?|mm?|ss?|A|[^]/gu)) {
    if (quoted !== undefined) pieces.push({ literal: quoted, quoted: true });
    else pieces.push(isToken(text) ? { token: text } : { literal: text, quoted: false });
  }
  return pieces;
}

/** The same format with day and month in each other's place; undefined when it names the month or can't be turned. */
export function turnFormat(pieces: readonly FormatPiece[]): FormatPiece[] | undefined {
  const turned = pieces.map((piece) => {
    const twin = 'token' in piece ? tokenOf(piece.token).twin : undefined;
    return twin === undefined ? piece : { token: twin };
  });
  const names = turned.flatMap((piece) => ('token' in piece ? [piece.token] : []));
  return names.includes('MMM') ? undefined : turned;
}

/** Reads text of one format; undefined when the text has another shape. */
export type ReadFields = (text: string) => DateFields | undefined;

/**
 * Compiles a format to one regular expression. A blank in the format matches any white space (newer programs put U+202F
 * before AM), letters match in either case. The caller checks whether the day exists.
 */
export function compileFormat(pieces: readonly FormatPiece[]): ReadFields {
  /** Which group of the expression holds a unit. A unit that the format lacks has no group. */
  const at = { year: -1, month: -1, day: -1, weekday: -1, hour: -1, minute: -1, second: -1, half: 0 };
  const names: TokenName[] = [];
  let source = '';
  for (const piece of pieces) {
    if ('token' in piece) {
      names.push(piece.token);
      at[tokens[piece.token].unit] = names.length;
      source += `(${tokens[piece.token].pattern})`;
    } else {
      const literal = piece.literal.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`).replace(/\s+/g, String.raw`\s+`);
      // Blanks come one by one. Many in a row would try every way to share the white space of a cell.
      if (literal !== String.raw`\s+` || !source.endsWith(literal)) source += literal;
    }
  }
  const shape = new RegExp(`^${source}$`, 'iu');
  const shortYear = names.includes('YY');
  const isNamed = names.includes('MMM');

  return (text) => {
    const match = shape.exec(text);
    if (match === null) return undefined;
    const hour = numberIn(match[at.hour]);
    return {
      year: numberIn(match[at.year]),
      month: isNamed ? monthByName(match[at.month] ?? '') : numberIn(match[at.month]),
      day: Number.parseInt(match[at.day] ?? '0', 10),
      hour: at.half === 0 ? hour : (hour % 12) + (/^p/i.test(match[at.half] ?? '') ? 12 : 0),
      minute: numberIn(match[at.minute]),
      second: numberIn(match[at.second]),
      shortYear,
    };
  };
}

/** The number of a few digits, 0 where there are none. Number() takes any text, which takes longer. */
function numberIn(digits = ''): number {
  let number = 0;
  for (let index = 0; index < digits.length; index += 1) number = number * 10 + digits.charCodeAt(index) - 48;
  return number;
}

/** The fields written in a format: the inverse of `compileFormat`, for examples in messages. */
export function writeDate(format: string, fields: DateFields): string {
  return splitFormat(format)
    .map((piece) => ('token' in piece ? tokens[piece.token].write(fields) : piece.literal))
    .join('');
}

/** A token with its optional traits in view. */
export function tokenOf(name: TokenName): Token {
  return tokens[name];
}

function isToken(text: string): text is TokenName {
  return Object.hasOwn(tokens, text);
}
