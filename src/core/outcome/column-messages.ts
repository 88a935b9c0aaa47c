/** What can be wrong with a whole column, and what to do about it. `messages.ts` has the messages about rows. */
export const columnMessages = {
  letters_lost: {
    problem: 'letters were lost: a "?" appears in place of a letter',
    hint: 'The program that wrote the file could not encode these letters. Export again as UTF-8. They cannot be restored from this file.',
  },
  replacement_characters: {
    problem: 'letters were lost: the file contains U+FFFD (a question mark in a diamond)',
    hint: 'Another program read the text in the wrong encoding and saved it. Export again from the source.',
  },
  quotes_kept: {
    problem: 'most cells begin and end with a quote mark, which is sent with them',
    hint: 'If the marks enclose cells, set "csv.quote" in the mapping, or export again with double quotes.',
  },
  scientific_notation: {
    problem: 'numbers are in scientific notation, like 5.55E+09',
    hint: 'A spreadsheet treated them as quantities, and most lost digits. Export again, and open the file only with this column formatted as text.',
  },
  digits_rounded: {
    problem: 'numbers with 16 or more digits have only zeros after the 15th',
    hint: 'A spreadsheet keeps only 15 digits, so these IDs are wrong and may belong to other people. Export again with the column formatted as text.',
  },
  cells_cut: {
    problem: 'cells are cut off at a fixed length',
    hint: 'A program cut off longer text, so the rest is lost in this file. Export again, or map a shorter column.',
  },
  zips_short: {
    problem: 'ZIP codes are one digit short',
    hint: 'A spreadsheet removed the leading zero. Set "restoreZeros": true on zip to restore it where there is only one possible value.',
  },
  dates_two_layouts: {
    problem: 'dates are written in two formats',
    hint: 'Day and month may be swapped in part of the column. Compare some dates with the source. Export again instead of listing both formats under "format".',
  },
  dates_moved_by_zone: {
    problem: 'every time is an evening hour in UTC: these may be midnights of another time zone, one day early',
    hint: 'Compare some dates with the source. If they are one day early, set "utcMidnights": true on the field. Otherwise, set it to false.',
  },
} as const satisfies Record<string, { readonly problem: string; readonly hint: string }>;

export type ColumnDamageCode = keyof typeof columnMessages;
