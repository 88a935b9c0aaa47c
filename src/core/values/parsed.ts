import { apostropheDropped, cleanCell } from './text.ts';

/** Why a cell could not be read. Sentences and hints live in the messages module, one per code. */
export type ValueCode =
  | 'bad_date' // matches none of the formats
  | 'date_not_in_calendar' // has the shape of a format, but the day does not exist (30 February)
  | 'date_opposite_order' // a real day only when day and month change places: stops the whole run
  | 'date_in_future' // later than today, in a field that never is
  | 'date_year_implausible' // before 1800: mostly a two-digit year that some program padded to 0019
  | 'date_without_year' // 7/21, --05-12, 0000-02-08: no year can be made up
  | 'bad_phone' // no number of its country
  | 'phone_country_unknown' // a number without country code in a row whose country is not known
  | 'phone_digits_lost' // a spreadsheet's 4.41E+11: the digits are gone
  | 'phone_too_short' // mostly a local number without its area code
  | 'id_digits_lost' // 1.23E+11 as an identity
  | 'bad_number' // not a number, or ambiguous, or more than 15 digits
  | 'number_decimal_comma' // a number only when its comma is the decimal sign, which the mapping leaves open: stops the whole run
  | 'bad_email' // no address in it
  | 'name_single_word' // a name to be split that has but one
  | 'name_unclear' // a name to be split that has too many commas
  | 'name_marked' // (Deleted Customer), DECEASED - Ana Diaz: no name to write to
  | 'company_name' // a company where a person's name should be split. Elsewhere a note
  | 'word_not_listed'; // neither a `yes` nor a `no` word

/** What was put right or left out on the way, or looks odd. The value, if there is one, is good; the user may want to know. */
export type NoteCode =
  | 'apostrophe_dropped' // '207... : a spreadsheet's mark for text
  | 'formula_dropped' // ="207..." : a program's way to keep leading zeros in a spreadsheet
  | 'spreadsheet_error' // #N/A, #REF! : the cell says nothing
  | 'entities_decoded' // &amp;, where the mapping asks for it
  | 'utf8_doubled' // JosÃ©, sent as it is
  | 'utf8_repaired' // JosÃ©, where the mapping asks for it
  | 'invisible_dropped' // a soft hyphen or a zero-width space inside a value
  | 'spaces_collapsed' // line breaks, tabs, no-break spaces or several blanks inside a value became one blank
  | 'email_unwrapped' // mailto:ana@example.com, Ana <ana@example.com>
  | 'email_others_dropped' // several addresses in one cell: the first good one is taken
  | 'email_domain_encoded' // ana@bücher.example is sent as ana@xn--bcher-kva.example
  | 'email_provider_misspelled' // tom@gmial.com, sent as it is
  | 'email_filler' // noemail@..., none: says nothing
  | 'date_placeholder' // 00/00/0000, 1/1/1900: says nothing
  | 'phone_filler' // 000-000-0000, 555-5555, 123-456-7890: says nothing
  | 'phone_scientific_repaired' // 2.075550188E+09, no digit lost
  | 'phone_decimals_dropped' // 2075550187.0
  | 'phone_extension_dropped'
  | 'phone_unwrapped' // C: 212-555-0147, 212-555-0147 (cell)
  | 'phone_others_dropped' // several numbers in one cell: the first good one is taken
  | 'zip_decimals_dropped' // 94612.0
  | 'zip_zero_restored' // 4101, where the mapping asks for it
  | 'company_name' // Acme Inc. in a name field
  | 'test_name' // Test User
  | 'couple_name'; // John & Mary as a first name

/** What a cell says: a value, nothing, or something that can't be read. */
export type Parsed<T> =
  | { readonly kind: 'value'; readonly value: T; readonly notes?: readonly NoteCode[] }
  | { readonly kind: 'missing'; readonly dropped?: NoteCode }
  | { readonly kind: 'bad'; readonly code: ValueCode };

export const missing: Parsed<never> = { kind: 'missing' };

export function bad(code: ValueCode): Parsed<never> {
  return { kind: 'bad', code };
}

export function valueOf<T>(value: T, notes: readonly NoteCode[] = []): Parsed<T> {
  return notes.length === 0 ? { kind: 'value', value } : { kind: 'value', value, notes };
}

/** A reader of any cell. `ofText` reads what is known to be clean and not empty, and cleans nothing again. */
export interface CellParser<T> {
  (cell: string): Parsed<T>;
  readonly ofText: (text: string) => Parsed<T>;
}

/**
 * Makes a reader of clean, non-empty text into a reader of any cell: cleans it, answers `missing` for an empty one,
 * and reports a dropped apostrophe. Cells that are clean already cost next to nothing more.
 */
export function ofCell<T>(read: (text: string) => Parsed<T>): CellParser<T> {
  const parse = (cell: string): Parsed<T> => {
    const text = cleanCell(cell);
    if (text === '') return missing;
    const parsed = read(text);
    if (parsed.kind !== 'value' || !apostropheDropped(cell, text)) return parsed;
    return valueOf(parsed.value, ['apostrophe_dropped', ...(parsed.notes ?? [])]);
  };
  return Object.assign(parse, { ofText: read });
}
