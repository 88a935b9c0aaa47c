import type { FieldKind } from '../mapping/fields.ts';
import { monthNamePattern, weekdayPattern } from '../values/calendar-names.ts';
import { maskValue } from './mask-value.ts';

/** A value of the file, and what is known of it. */
export interface FoundValue {
  readonly value: string;
  /** How many rows have it. */
  readonly rows: number;
  readonly code?: string | undefined;
  readonly field: string | undefined;
  readonly kind: FieldKind | undefined;
}

/** Codes whose value is a reason that the server gave. What it quoted of the row is masked already (`mask-reason.ts`). */
const reasons: ReadonlySet<string> = new Set(['refused', 'gave_up', 'partly_applied', 'fate_unknown', 'lookup_failed']);
/** Codes about a word in a column of few words, and about tags. */
const ofWords: ReadonlySet<string> = new Set(['word_not_mapped', 'word_not_listed', 'word_dropped', 'bad_value']);
const ofTags: ReadonlySet<string> = new Set(['tag_with_comma', 'tag_both_ways']);
/** Fields of one person, whatever their kind. */
const personal: ReadonlySet<string> = new Set(['address', 'dob']);
const personalKinds: ReadonlySet<FieldKind | undefined> = new Set(['id', 'name', 'email', 'phone', 'zip']);
/** A text that several people have is about none of them. */
const fewestShared = 3;

/**
 * How a page shows a value that may be about a person, without `--report-values`: as it is where it tells nothing about anyone,
 * like a day that does not exist or a word that many rows have, else masked.
 */
export function showValue({ value, rows, code = '', field, kind }: FoundValue): string {
  if (isReason(code) || ofTags.has(code)) return value;
  if (ofWords.has(code)) return rows > 1 && isWord(value) ? value : maskValue(value);
  if (personalKinds.has(kind)) return maskValue(value);
  // A day that is not in the calendar is not a birthday.
  if (code === 'date_not_in_calendar') return isDateText(value) ? value : maskValue(value);
  if (field === 'dob') return /\d/.test(value) ? `written like ${shapeOf(value)}` : maskValue(value);
  if (kind === 'date' || kind === 'datetime') return isDateText(value) ? value : maskValue(value);
  if (kind === 'number')
    return /^[^\p{L}@]+$/u.test(value) && value.replaceAll(/\D/g, '').length <= 6 ? value : maskValue(value);
  if (kind === 'boolean') return isWord(value) ? value : maskValue(value);
  return rows >= fewestShared && !personal.has(field ?? '') && isWord(value) ? value : maskValue(value);
}

/** Whether the value of a code is the server's reason. */
export function isReason(code: string): boolean {
  return reasons.has(code);
}

/** Short, and neither an address nor a number of a person. */
function isWord(text: string): boolean {
  return text.length <= 40 && !text.includes('@') && !/\d[\d\s().-]{5,}\d/.test(text);
}

const calendarWords = new RegExp(
  String.raw`\b(?:${monthNamePattern}|${weekdayPattern}|[ap]m|st|nd|rd|th|of|de|t|z)(?=[^\p{L}]|$)`,
  'giu',
);

/** Whether a text has the parts of a date and nothing else: a cell of a date column may hold a name or a phone number. */
function isDateText(text: string): boolean {
  const rest = text.replaceAll(/(\d)(?:st|nd|rd|th)\b/giu, '$1').replaceAll(calendarWords, ' ');
  const digits = text.replaceAll(/\D/g, '').length;
  return /^[\d\s./:,+-]+$/.test(rest) && digits > 0 && (digits <= 8 || text.includes(':')) && text.length <= 40;
}

/** `99/99/9999` for 12/31/1985. */
function shapeOf(text: string): string {
  return text.slice(0, 40).replaceAll(/\d/g, '9').replaceAll(/\p{L}/gu, 'x');
}
