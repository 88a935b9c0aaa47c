import { monthNamePattern } from './calendar-names.ts';
import { readsOtherwise } from './date-format-check.ts';
import { compileFormat, type DateFields, type ReadFields, splitFormat, turnFormat } from './date-formats.ts';
import { bad, ofCell, type Parsed, valueOf, type CellParser } from './parsed.ts';

export { findDateFormatConflict, validateDateFormat } from './date-format-check.ts';
export { writeDate } from './date-formats.ts';

export interface DateOptions {
  /** Accept Excel's day numbers. */
  readonly serial?: boolean;
  readonly want: 'date' | 'datetime';
  /** The date at the run's start, YYYY-MM-DD. */
  readonly today: string;
  /** For `dob`: a later date is an error, and a two-digit year takes the latest century that is not in the future. */
  readonly neverFuture?: boolean;
  /**
   * The cells are local midnights that a program wrote in UTC: 1985-03-14T23:00:00Z is the 15th in Paris. The nearest midnight
   * counts, so from noon on it is the next day, and the time is left out.
   */
  readonly utcMidnights?: boolean;
}

/**
 * Makes a reader of date cells. Its values are calendar text that no time zone can shift: `YYYY-MM-DD`, or `YYYY-MM-DD HH:MM:SS`
 * for `datetime` (as Gleantap documents created_date). A date alone is at 00:00:00. ISO is always understood; the wall time is
 * taken as written, fraction and offset are left off.
 *
 * Two-digit years: with `neverFuture` the latest century that isn't in the future, otherwise 2000 to twenty years from now,
 * and the 1900s beyond.
 */
export function compileDateFormats(formats: readonly string[], options: DateOptions): CellParser<string> {
  const { today, want, neverFuture = false, serial = false, utcMidnights = false } = options;
  const split = formats.map((format) => splitFormat(format));
  // A mapping with YYYY-DD-MM means it. Accepting ISO too would be a guess for each cell.
  const iso = formats.some((format) => readsOtherwise(readIso, format)) ? [] : [readIso];
  const readers = [...split.map((pieces) => compileFormat(pieces)), ...iso, ...(serial ? [readSerial] : [])];
  const turned = [
    ...split.flatMap((pieces) => {
      const pair = turnFormat(pieces);
      return pair === undefined ? [] : [compileFormat(pair)];
    }),
    ...iso.map((read) => turnFields(read)),
  ];

  const withCentury = (fields: DateFields): DateFields => {
    if (fields.shortYear) fields.year = fullYear(fields, today, neverFuture);
    return fields;
  };

  const finish = (fields: DateFields): Parsed<string> => {
    const date = `${two(Math.floor(fields.year / 100))}${two(fields.year % 100)}-${two(fields.month)}-${two(fields.day)}`;
    if (placeholderYears.has(fields.year) && placeholders.has(date)) return noDate;
    if (fields.year === yearOfNone) return bad('date_without_year');
    if (fields.year < earliestYear) return bad('date_year_implausible');
    if (neverFuture && date > today) return bad('date_in_future');
    return valueOf(want === 'date' ? date : `${date} ${two(fields.hour)}:${two(fields.minute)}:${two(fields.second)}`);
  };

  return ofCell((text) => {
    let inShape = false;
    for (const read of readers) {
      const fields = read(text);
      if (fields === undefined) continue;
      if (isNoDay(fields)) return noDate;
      if (isRealDay(withCentury(fields))) return finish(utcMidnights ? nearestMidnight(fields) : fields);
      if (fields.year === 0 && isRealDay({ ...fields, year: 2000 })) return bad('date_without_year');
      inShape = true;
    }
    for (const read of turned) {
      const fields = read(text);
      // Up to the 12th it proves nothing: the other order would do as well, only the width of the digits is off.
      if (fields !== undefined && fields.day > 12 && isRealDay(withCentury(fields))) return bad('date_opposite_order');
    }
    if (/^[\s/.:-]+$/.test(text)) return noDate; // dBase writes "  /  /    "
    if (/^0+([/.-])0+\1(?:0{2}|0{4})$/.test(text)) return noDate;
    if (isWithoutYear(text)) return bad('date_without_year');
    return bad(inShape ? 'date_not_in_calendar' : 'bad_date');
  });
}

/** `7/21`, `21.7.`, `--07-21` (ISO 8601:1988, vCard), `Jul 21`, `21 July`: a birthday without its year. */
export function isWithoutYear(text: string): boolean {
  const numbers = /^(?:--)?(\d{1,2})[/.-](\d{1,2})\.?$/.exec(text);
  if (numbers !== null) {
    const [first, second] = [Number(numbers[1]), Number(numbers[2])];
    return first > 0 && second > 0 && Math.min(first, second) <= 12 && Math.max(first, second) <= 31;
  }
  return namedWithoutYear.test(text);
}

const namedWithoutYear = new RegExp(
  String.raw`^(?:${monthNamePattern}[ -]\d{1,2}(?:st|nd|rd|th)?|\d{1,2}(?:st|nd|rd|th|er|\.)?[ -](?:de )?${monthNamePattern})$`,
  'iu',
);

function nearestMidnight(fields: DateFields): DateFields {
  const { year, month, day, hour } = fields;
  const date = new Date(Date.UTC(year, month - 1, hour >= 12 ? day + 1 : day));
  return {
    ...fields,
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: 0,
    minute: 0,
    second: 0,
  };
}

const noDate: Parsed<never> = { kind: 'missing', dropped: 'date_placeholder' };

/** Real days that programs write for "no date": Excel's day 1 and day 0, the zero of .NET, of SQL Server and of OLE. */
const placeholders = new Set(['1900-01-01', '1899-12-30', '0001-01-01', '1753-01-01']);

const placeholderYears = new Set([...placeholders].map((date) => Number(date.slice(0, 4))));

/** Apple's address book writes birthdays without a year as of 1604, a leap year. */
const yearOfNone = 1604;

/** Earlier years are mostly two-digit years that some program padded (0019 for 2019). */
const earliestYear = 1800;

/** 0000-00-00, 00/00/00, and Excel's day 0: 1900-01-00, 1/0/00. */
function isNoDay({ year, month, day, shortYear }: DateFields): boolean {
  if (day !== 0) return false;
  return (month === 0 && year === 0) || (month === 1 && (year === 1900 || (shortYear && year === 0)));
}

function isRealDay({ year, month, day }: DateFields): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  if (day <= 28) return true;
  if (month === 2) return day === 29 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31);
}

function fullYear({ year, month, day }: DateFields, today: string, neverFuture: boolean): number {
  const thisYear = Number(today.slice(0, 4));
  const thisCentury = thisYear - (thisYear % 100) + year;
  const late = neverFuture ? `${thisCentury}-${two(month)}-${two(day)}` > today : thisCentury > thisYear + 20;
  return late ? thisCentury - 100 : thisCentury;
}

const isoShape =
  /^(\d{4})-(\d{2})-(\d{2})(?:(?:T|\s+)([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:[.,]\d+)?)?\s?(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/** Whether a cell is written in the layout of ISO 8601, which needs no format. */
export function isIsoDate(text: string): boolean {
  return isoShape.test(text);
}

/** ISO 8601 as databases and programs write it, with an optional time, fraction and offset. */
function readIso(text: string): DateFields | undefined {
  const match = isoShape.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = 0, minute = 0, second = 0] = match;
  return {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    shortYear: false,
  };
}

function turnFields(read: ReadFields): ReadFields {
  return (text) => {
    const fields = read(text);
    return fields && { ...fields, month: fields.day, day: fields.month };
  };
}

const msPerDay = 86_400_000;

/**
 * Excel's day numbers, 1900 system: 1 is 1900-01-01, 60 the 29 February 1900 that never was (kept from Lotus 1-2-3), and the
 * fraction is the time of day, here to the nearest second. A bare 1900 to 2100 is a year without a day, not a date of 1905.
 */
function readSerial(text: string): DateFields | undefined {
  if (!/^(?:0|[1-9]\d{0,6})(?:[.,]\d+)?$/.test(text) || /^(?:19\d\d|20\d\d|2100)$/.test(text)) return undefined;
  const seconds = Math.round(Number(text.replace(',', '.')) * 86_400);
  const days = Math.floor(seconds / 86_400);
  if (days > lastSerial) return undefined;
  const time = { hour: 0, minute: 0, second: 0, shortYear: false };
  if (days === 0) return { year: 1900, month: 1, day: 0, ...time };
  if (days === 60) return { year: 1900, month: 2, day: 29, ...time };
  const date = new Date(Date.UTC(1899, 11, days < 60 ? 31 : 30) + days * msPerDay + (seconds % 86_400) * 1000);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    shortYear: false,
  };
}

/** 9999-12-31, the last day Excel knows. */
const lastSerial = 2_958_465;

const twoDigits = Array.from({ length: 100 }, (_, value) => String(value).padStart(2, '0'));

function two(value: number): string {
  return twoDigits[value] ?? '00';
}
