import type { NumberFormat } from './number-format.ts';

type DateKind = Exclude<NumberFormat['kind'], 'number' | 'mask'>;

/** What Excel shows where a number is not a date: before its calendar begins, or after 9999-12-31. */
const notADate = '########';

const secondsOfDay = 86_400;
const lastSerial = 2_958_465;

/**
 * A day number as `YYYY-MM-DD`, `HH:MM:SS` or both, by arithmetic alone: no zone, no `Date`. A date format without a time shows
 * the day only, and so does this.
 *
 * @param is1904 Whether the workbook counts days from 1904, as Excel for Mac did.
 */
export function showSerial(serial: number, kind: DateKind, is1904: boolean): string {
  const seconds = Math.round(serial * secondsOfDay);
  if (seconds < 0) return notADate;
  if (kind === 'duration') return clock(seconds);
  const days = Math.floor(seconds / secondsOfDay);
  const time = clock(seconds % secondsOfDay);
  if (kind === 'time') return time;
  const counted = is1904 ? days + daysTo1904 : days;
  if (counted > lastSerial) return notADate;
  const day = dayOf(counted);
  return kind === 'date' ? day : `${day} ${time}`;
}

/** Day 0 of 1904 is day 1462 of 1900. */
const daysTo1904 = 1462;

/** Day 1 is 1900-01-01. Day 60 is 29 February 1900, which never was: Lotus 1-2-3 had it, and Excel still has. */
function dayOf(serial: number): string {
  if (serial === 0) return '1900-01-00';
  if (serial === 60) return '1900-02-29';
  // Days since 0000-03-01, in years that begin in March (the days of February come last).
  const days = (serial < 60 ? serial + 1 : serial) + 693_899;
  const era = Math.floor(days / 146_097);
  const dayOfEra = days % 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const month = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * month + 2) / 5) + 1;
  const civilMonth = month < 10 ? month + 3 : month - 9;
  const year = era * 400 + yearOfEra + (civilMonth <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${two(civilMonth)}-${two(day)}`;
}

function clock(seconds: number): string {
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
