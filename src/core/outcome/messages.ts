/** What a sentence about a problem can name. */
export interface ProblemDetails {
  /** The API field or attribute concerned. */
  readonly field?: string;
  /** The CSV column concerned, by its name in the header. */
  readonly column?: string;
  /** The cell's text as it stood in the file. */
  readonly value?: string;
  /** What else the sentence needs: counts, other rows. */
  readonly detail?: Readonly<Record<string, string | number>>;
}

interface Message {
  /** What is wrong, with the value where there is one. */
  readonly problem: (details: ProblemDetails) => string;
  /** What to do now. */
  readonly hint: string;
}

const quoted = ({ value }: ProblemDetails): string => (value === undefined ? 'the cell' : `"${shorten(value)}"`);
const fixed =
  (text: string): Message['problem'] =>
  () =>
    text;

const ofCells = {
  required_missing: {
    problem: ({ field }) => `${field ?? 'a required field'} is missing`,
    hint: 'Gleantap needs a first and a last name: fill the cell, or map another column.',
  },
  bad_email: {
    problem: (p) => `${quoted(p)} is not an email address`,
    hint: 'Correct the address, or empty the cell.',
  },
  bad_phone: {
    problem: (p) => `${quoted(p)} is not a phone number`,
    hint: 'Write it with area code, or with + and country code; check "country" in the mapping.',
  },
  phone_digits_lost: {
    problem: (p) => `${quoted(p)} lost its last digits when a spreadsheet saved it`,
    hint: 'Export again with the column formatted as text; the digits cannot be restored from this file.',
  },
  phone_too_short: {
    problem: (p) => `${quoted(p)} is too short: digits or the area code are missing`,
    hint: 'Write the whole number with its area code.',
  },
  id_digits_lost: {
    problem: (p) => `${quoted(p)} is an id in scientific notation: its last digits are lost`,
    hint: 'Export again with the column formatted as text; people would be taken for each other.',
  },
  bad_date: {
    problem: (p) => `${quoted(p)} does not fit the date format`,
    hint: 'Correct the date, or add its layout to "format" in the mapping. "onInvalid": "drop" leaves such dates out and keeps the row.',
  },
  date_not_in_calendar: {
    problem: (p) => `${quoted(p)} is not a day of the calendar`,
    hint: 'Correct the date, or empty the cell.',
  },
  date_opposite_order: {
    problem: (p) => `${quoted(p)} is a date only with day and month the other way round`,
    hint: 'Check the order of day and month in "format"; one such cell casts doubt on the whole column.',
  },
  date_in_future: {
    problem: (p) => `${quoted(p)} lies in the future`,
    hint: 'Correct the date, or empty the cell.',
  },
  date_year_implausible: {
    problem: (p) => `${quoted(p)} has an implausible year`,
    hint: 'Correct the year; it was probably written with two digits once.',
  },
  date_without_year: {
    problem: (p) => `${quoted(p)} has no year`,
    hint: 'Add the year, or empty the cell. "onInvalid": "drop" in the mapping leaves such dates out and keeps the row.',
  },
  bad_number: {
    problem: (p) => `${quoted(p)} is not a number`,
    hint: 'Correct it, set "decimal" in the mapping, or map the column as text.',
  },
  name_single_word: {
    problem: (p) => `${quoted(p)} is one word: it can't be split into a first and a last name`,
    hint: 'Write both names in the cell, or map columns of their own.',
  },
  name_unclear: {
    problem: (p) => `${quoted(p)} has too many commas to tell the first from the last name`,
    hint: 'Write "First Last" or "Last, First".',
  },
  name_marked: {
    problem: (p) => `${quoted(p)} is a note (deceased, deleted, do not use, ...), not a name to write to`,
    hint: 'Leave such rows out, with "rows.skip" in the mapping or in the source; or correct the name.',
  },
  company_name: {
    problem: (p) => `${quoted(p)} looks like a company, not a person`,
    hint: 'Leave the row out if it is one; a company can not be split into a first and a last name.',
  },
  bad_value: {
    problem: ({ field, value }) => `${field ?? 'a field'} does not take "${shorten(value ?? '')}"`,
    hint: 'Correct the cell, or list its word under "values" in the mapping.',
  },
  word_not_listed: {
    problem: (p) => `${quoted(p)} is in neither the "yes" nor the "no" words`,
    hint: 'Add the word to "yes" or "no" in the mapping if its meaning is certain; until then the field is left out.',
  },
  word_not_mapped: {
    problem: (p) => `${quoted(p)} is not among the "values" of this field`,
    hint: 'Add the word to "values" in the mapping, or set "otherwise".',
  },
  tag_with_comma: {
    problem: (p) => `the tag ${quoted(p)} holds a comma, which Gleantap would read as two tags`,
    hint: 'Rename the tag, or set "split": "," in the mapping if these are several tags.',
  },
} as const satisfies Record<string, Message>;

const ofRepairs = {
  apostrophe_dropped: {
    problem: (p) => `the apostrophe before ${quoted(p)} was dropped`,
    hint: 'Nothing to do: a spreadsheet put it there to keep the cell as text.',
  },
  spreadsheet_error: {
    problem: (p) => `${quoted(p)} is an error of a spreadsheet: the cell says nothing`,
    hint: 'The value is lost in this file: export again, with columns wide enough and formulas that work.',
  },
  entities_decoded: {
    problem: (p) => `the HTML entities in ${quoted(p)} were decoded`,
    hint: 'Nothing to do: the mapping asks for it ("entities").',
  },
  utf8_doubled: {
    problem: (p) => `${quoted(p)} looks like UTF-8 that was encoded twice; it was sent as it is`,
    hint: 'Export the file as UTF-8, or set "repairUtf8": true in the mapping.',
  },
  utf8_repaired: {
    problem: (p) => `${quoted(p)} was UTF-8 encoded twice; the letters were put right`,
    hint: 'Nothing to do: the mapping asks for it ("repairUtf8"), and no letter was lost.',
  },
  invisible_dropped: {
    problem: (p) => `invisible characters in ${quoted(p)} were dropped`,
    hint: 'Nothing to do: they have no meaning there.',
  },
  spaces_collapsed: {
    problem: (p) => `line breaks, tabs or repeated spaces in ${quoted(p)} became one space`,
    hint: 'Nothing to do.',
  },
  email_domain_encoded: {
    problem: (p) => `the domain of ${quoted(p)} was written in ASCII, as mail servers do`,
    hint: 'Nothing to do: both forms are the same address.',
  },
  email_provider_misspelled: {
    problem: (p) => `${quoted(p)} looks like a misspelled address of a large provider`,
    hint: 'The address was sent as written. Ask the person, and correct it in the source.',
  },
  email_unwrapped: {
    problem: (p) => `the address was taken out of ${quoted(p)}`,
    hint: 'Nothing to do.',
  },
  email_others_dropped: {
    problem: (p) => `${quoted(p)} holds several addresses; the first good one was taken`,
    hint: 'Put the address that should get messages first.',
  },
  email_filler: {
    problem: (p) => `${quoted(p)} is a filler, not an address; it was left out`,
    hint: 'Nothing to do, or write the real address.',
  },
  date_placeholder: {
    problem: (p) => `${quoted(p)} stands for no date; it was left out`,
    hint: 'Nothing to do, or write the real date.',
  },
  zip_decimals_dropped: {
    problem: (p) => `the decimals of ${quoted(p)} were dropped`,
    hint: 'Nothing to do: a spreadsheet took the code for an amount.',
  },
  zip_zero_restored: {
    problem: (p) => `${quoted(p)} got back its leading zero`,
    hint: 'Nothing to do: the mapping asks for it ("restoreZeros").',
  },
  test_name: {
    problem: (p) => `${quoted(p)} looks like a test row`,
    hint: 'Leave the row out with "rows.skip" in the mapping if it is one.',
  },
  phone_filler: {
    problem: (p) => `${quoted(p)} is a filler, not a phone number; it was left out`,
    hint: 'Nothing to do, or write the real number.',
  },
  phone_scientific_repaired: {
    problem: (p) => `${quoted(p)} was read as a whole number`,
    hint: 'Nothing to do: all digits were there.',
  },
  phone_extension_dropped: {
    problem: (p) => `the extension of ${quoted(p)} was left off`,
    hint: 'Nothing to do: Gleantap holds one plain number.',
  },
  phone_decimals_dropped: {
    problem: (p) => `the decimals of ${quoted(p)} were dropped`,
    hint: 'Nothing to do: a spreadsheet took the number for an amount.',
  },
  phone_others_dropped: {
    problem: (p) => `${quoted(p)} holds several numbers; the first good one was taken`,
    hint: 'Put the number that should get messages first.',
  },
  formula_dropped: {
    problem: (p) => `the spreadsheet formula around ${quoted(p)} was removed`,
    hint: 'Nothing to do.',
  },
  default_used: {
    problem: ({ field }) => `${field ?? 'a field'} was filled with the mapping's default`,
    hint: 'A default for a name overwrites the name that Gleantap has stored.',
  },
  opted_out_of_sms: {
    problem: fixed('this person, or this phone number, has opted out of text messages and stays opted out'),
    hint: 'Nothing to do. Ask them to opt in themselves, or send it once with --no-respect-optouts.',
  },
  opted_out_of_email: {
    problem: fixed('this person, or this address, has opted out of email and stays opted out'),
    hint: 'Nothing to do. Ask them to opt in themselves, or send it once with --no-respect-optouts.',
  },
  minor_not_opted_in: {
    problem: fixed('a minor was not opted in to text messages'),
    hint: 'Nothing to do. "minorAge" in the mapping sets the age, "allowMinors": true on optin_sms sends it all the same.',
  },
  word_dropped: {
    problem: (p) => `${quoted(p)} is not among the "values"; the field was left out`,
    hint: 'Add the word to "values" in the mapping if it should be sent.',
  },
} as const satisfies Record<string, Message>;

const ofRows = {
  no_match_key: {
    problem: fixed('nothing identifies this person'),
    hint: 'Gleantap finds contacts by user_id, or email or phone with the first name: fill one of them. Without, each import would make a new contact.',
  },
  two_people_one_key: {
    problem: ({ detail }) =>
      `shares email or phone and first name with row ${detail?.['row'] ?? '?'}, but not last name or date of birth`,
    hint: 'Gleantap would take both for one contact. Map a user_id, or correct or remove one of the rows.',
  },
  duplicate_person: {
    problem: ({ detail }) => `the same person as row ${detail?.['row'] ?? '?'}`,
    hint: 'Remove one of the rows, or choose --duplicates send, first or last.',
  },
  held_new_first_name: {
    problem: fixed('this email or phone was sent before with another first name, which is not in the file any more'),
    hint: 'Sent like this it would make a second contact. If it is the same person, change the name in Gleantap; then, or if it is somebody else, run once with --accept-changes.',
  },
} as const satisfies Record<string, Message>;

const ofPeople = {
  person_not_found: {
    problem: fixed('the account has no such person'),
    hint: 'Nothing was sent, so that nobody is created. Check user id, or email or phone with the first name, as Gleantap has them.',
  },
  person_ambiguous: {
    problem: fixed('the account has several people of this user id, or of this email or phone and first name'),
    hint: 'Merge them in Gleantap, or write the user id of the one that is meant.',
  },
  person_contradicts: {
    problem: fixed('the account has this user id for somebody with another email or phone'),
    hint: 'Correct the user id; or, if it is right, empty the email and phone cells of this row.',
  },
  person_without_name: {
    problem: fixed('the account has this person without a first or last name, and each change of tags must send both'),
    hint: 'Fill the name in Gleantap first; the list cannot, since it must not rename anybody.',
  },
  lookup_failed: {
    problem: ({ value }) => `Gleantap did not show this person${value ? `: ${shorten(value)}` : ''}`,
    hint: 'Nothing was sent. Import failure.csv again later.',
  },
  tag_both_ways: {
    problem: (p) => `the row puts the tag ${quoted(p)} on and takes it off`,
    hint: 'Keep one of the two.',
  },
} as const satisfies Record<string, Message>;

const ofRecords = {
  wrong_width: {
    problem: ({ detail }) =>
      detail?.['found'] === undefined || detail['expected'] === undefined
        ? 'the row has more or fewer cells than the header'
        : `the row has ${detail['found']} cells, the header has ${detail['expected']}`,
    hint: 'Move each cell to its column here and empty _extra, or put quotes around the cell that contains the delimiter in the source.',
  },
  torn_row: {
    problem: fixed('the damaged line before or after it may be a piece of this row'),
    hint: 'Fix both lines in the source. If this row is whole, empty its _code here. If the other line is a title or total, exclude it with "csv.footer".',
  },
  broken_quote: {
    problem: ({ detail }) => `its quotes don't pair: text follows a closing quote, or one is missing${span(detail)}`,
    hint: 'Inside quotes a quote is written twice (""). Fill the cells from _raw here and empty _raw, or fix the source.',
  },
  unclosed_quote: {
    problem: ({ detail }) => `a quote opened at line ${detail?.['line'] ?? '?'} is never closed${span(detail)}`,
    hint: 'Close the quote, or remove it, in the source. Or fill the cells from _raw here and empty _raw.',
  },
  record_too_long: {
    problem: fixed('the record is longer than 1 MiB'),
    hint: 'Shorten the row in the source.',
  },
  nul_byte: {
    problem: fixed('the record holds a NUL byte'),
    hint: 'Export the file again; this text is damaged.',
  },
  invalid_bytes: {
    problem: ({ detail }) =>
      `bytes that are not text in this encoding (at byte ${detail?.['byteOffset'] ?? '?'} of the file)`,
    hint: 'Export the file as UTF-8, or set "csv.encoding" in the mapping.',
  },
} as const satisfies Record<string, Message>;

const ofQuirks = {
  stray_quote: {
    problem: fixed('a cell without quotes around it holds a quote without partner'),
    hint: 'Nothing to do if it stands for inches; otherwise a quote was lost.',
  },
} as const satisfies Record<string, Message>;

const ofAnswers = {
  refused: {
    problem: ({ value }) =>
      value ? `Gleantap refused the row: ${shorten(value)}` : 'Gleantap refused the row without a reason',
    hint: 'Correct what it names; without a reason, compare this row with one that was accepted.',
  },
  row_too_large: {
    problem: fixed('Gleantap refused the row as too large'),
    hint: 'Shorten its longest cells, or map fewer columns.',
  },
  conflict: {
    problem: fixed('Gleantap kept answering that the contact is being changed elsewhere'),
    hint: 'Import failure.csv again later.',
  },
  gave_up: {
    problem: ({ value }) => `Gleantap could not take the row${value ? `: ${shorten(value)}` : ''}`,
    hint: 'Import failure.csv again later: nothing was stored.',
  },
  partly_applied: {
    problem: ({ value }) =>
      `tags were removed and the fields written, but adding tags failed${value ? `: ${shorten(value)}` : ''}`,
    hint: 'Import failure.csv again: both steps are repeated and end the same.',
  },
  superseded: {
    problem: fixed('a later row of the same person was taken'),
    hint: 'Nothing to do unless this row holds newer data; importing this report skips it.',
  },
  accepted_without_id: {
    problem: fixed('Gleantap accepted the row but returned no _id'),
    hint: 'Look the person up in Gleantap; importing unknown.csv sends the row again, which converges.',
  },
  fate_unknown: {
    problem: ({ value }) => `no clear answer: the row may have been stored${value ? ` (${shorten(value)})` : ''}`,
    hint: 'Import unknown.csv: sending the row again ends in the same contact.',
  },
} as const satisfies Record<string, Message>;

const ofSkips = {
  filtered: {
    problem: fixed('left out by the mapping\'s "rows", by --rows or by --limit, or without a tag in a list of tags'),
    hint: 'Nothing to do.',
  },
  unchanged: {
    problem: fixed('this person was last sent just like this (--only-changed)'),
    hint: 'Nothing to do.',
  },
  duplicate: {
    problem: fixed('another row of this person was chosen by --duplicates'),
    hint: 'Nothing to do.',
  },
} as const satisfies Record<string, Message>;

/** Every code that can stand in a report, with its sentence and hint: the only place for wording about rows. */
export const messages = {
  ...ofCells,
  ...ofRepairs,
  ...ofRows,
  ...ofPeople,
  ...ofRecords,
  ...ofQuirks,
  ...ofAnswers,
  ...ofSkips,
};

export type ProblemCode = keyof typeof messages;

/** The codes by what they are about, for the docs. */
export const messageGroups: Readonly<Record<string, readonly ProblemCode[]>> = {
  "A cell's value": codesOf(ofCells),
  "Repairs of a cell's value (warnings only)": codesOf(ofRepairs),
  'The row as a whole': codesOf(ofRows),
  'People of a list of tags': codesOf(ofPeople),
  'The record in the file': codesOf(ofRecords),
  'The record in the file (warnings only)': codesOf(ofQuirks),
  'What the server did': codesOf(ofAnswers),
  'Why a row was skipped': codesOf(ofSkips),
};

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(messages, code);
}

/** What is wrong, in one sentence without a full stop. */
export function problemSentence(problem: ProblemDetails & { readonly code: ProblemCode }): string {
  const message: Message = messages[problem.code];
  return message.problem(problem);
}

/** What the user can do about a code. */
export function hintOf(code: ProblemCode): string {
  return messages[code].hint;
}

function span(detail: ProblemDetails['detail']): string {
  const first = detail?.['firstRow'];
  const last = detail?.['lastRow'];
  return first === undefined || last === undefined || first === last ? '' : `; rows ${first} to ${last} are affected`;
}

function shorten(text: string): string {
  const flat = text.replaceAll(/\s+/gu, ' ');
  return flat.length > 120 ? flat.slice(0, 119) + '…' : flat;
}

function codesOf<Code extends ProblemCode>(group: Readonly<Record<Code, Message>>): Code[] {
  return Object.keys(group) as Code[];
}
