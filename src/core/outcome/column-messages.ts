/** What can be wrong with a column as a whole: its sentence and what to do. The counterpart of `messages.ts`, which speaks of rows. */
export const columnMessages = {
  letters_lost: {
    problem: 'letters were lost: a "?" stands where a letter should be',
    hint: 'The program that wrote the file did not know these letters. Export again as UTF-8; they cannot be restored from this file.',
  },
  replacement_characters: {
    problem: 'letters were lost: U+FFFD (a question mark in a diamond) stands in the file',
    hint: 'An earlier program read the text in a wrong encoding and saved the rest. Export again from the source.',
  },
  quotes_kept: {
    problem: 'most cells begin and end with a quote mark, which is sent with them',
    hint: 'If the marks enclose cells, set "csv.quote" in the mapping, or export again with double quotes.',
  },
  scientific_notation: {
    problem: 'numbers are in scientific notation, such as 5.55E+09',
    hint: 'A spreadsheet took them for quantities; most have lost digits. Export again, and open the file only with this column formatted as text.',
  },
  digits_rounded: {
    problem: 'numbers of 16 and more digits end in zeros from the 16th on',
    hint: 'A spreadsheet keeps 15 digits of a number, so these ids are wrong and may belong to others. Export again with the column as text.',
  },
  cells_cut: {
    problem: 'cells end at a fixed length',
    hint: 'A program cut longer texts there, so their ends are lost in this file. Export again, or map a column that holds less.',
  },
  zips_short: {
    problem: 'zip codes are one digit short',
    hint: 'A spreadsheet has dropped a zero in front. Set "restoreZeros": true on zip to put it back where nothing else can be meant.',
  },
  dates_two_layouts: {
    problem: 'dates are written in two layouts',
    hint: 'Part of the column may have been read with day and month in each other\'s place. Compare some with the source; export again rather than list both layouts under "format".',
  },
  dates_moved_by_zone: {
    problem: 'every time is an evening hour in UTC: these may be midnights of another time zone, one day early',
    hint: 'Compare some dates with the source. If they are one day early, set "utcMidnights": true on the field; otherwise set it to false.',
  },
} as const satisfies Record<string, { readonly problem: string; readonly hint: string }>;

export type ColumnDamageCode = keyof typeof columnMessages;
