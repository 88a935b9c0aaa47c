import { plural } from '../reports/figures.ts';
/** What a sentence about a problem can name. */
export interface ProblemDetails {
  /** The API field or attribute concerned. */
  readonly field?: string;
  /** The CSV column concerned, by its name in the header. */
  readonly column?: string;
  /** The cell's text as it is in the file. */
  readonly value?: string;
  /** What else the sentence needs: counts, other rows. */
  readonly detail?: Readonly<Record<string, string | number>>;
}

interface Message {
  /** What is wrong, with the value if there is one. */
  readonly problem: (details: ProblemDetails) => string;
  /** What to do now. */
  readonly hint: string;
}

const quoted = ({ value }: ProblemDetails): string => (value === undefined ? 'the cell' : `"${shorten(value)}"`);
const tag = (problem: ProblemDetails): string => (problem.value === undefined ? 'a tag' : `the tag ${quoted(problem)}`);
const fixed =
  (text: string): Message['problem'] =>
  () =>
    text;

const ofCells = {
  required_missing: {
    problem: ({ field }) => `${field ?? 'a required field'} is missing`,
    hint: 'Gleantap requires a first and a last name. Fill in the cell, or map another column.',
  },
  bad_email: {
    problem: (p) => `${quoted(p)} is not an email address`,
    hint: 'Correct the address, or clear the cell.',
  },
  bad_phone: {
    problem: (p) => `${quoted(p)} is not a phone number`,
    hint: 'Include the area code, or + and the country code. Check "country" in the mapping.',
  },
  phone_country_unknown: {
    problem: (p) => `${quoted(p)} has no country code, and the country of its row is not known`,
    hint: 'Write it with + and country code, or add the word in the country column to "country" in the mapping.',
  },
  phone_digits_lost: {
    problem: (p) => `${quoted(p)} lost its last digits when a spreadsheet saved it`,
    hint: 'Export again with the column formatted as text. The digits cannot be restored from this file.',
  },
  phone_too_short: {
    problem: (p) => `${quoted(p)} is too short for a phone number`,
    hint: 'Enter the whole number with its area code.',
  },
  id_digits_lost: {
    problem: (p) => `${quoted(p)} is an ID in scientific notation and has lost its last digits`,
    hint: 'Export again with the column formatted as text. Different people would get the same ID.',
  },
  bad_date: {
    problem: (p) => `${quoted(p)} does not match the date format`,
    hint: 'Correct the date, or add its format to "format" in the mapping. "onInvalid": "drop" omits the date and keeps the row.',
  },
  date_not_in_calendar: {
    problem: (p) => `${quoted(p)} is a date that does not exist`,
    hint: 'Correct the date, or clear the cell.',
  },
  date_opposite_order: {
    problem: (p) => `${quoted(p)} is only a valid date if day and month are swapped`,
    hint: 'Check the order of day and month in "format". The whole column may be affected.',
  },
  date_in_future: {
    problem: (p) => `${quoted(p)} is in the future`,
    hint: 'Correct the date, or clear the cell.',
  },
  date_year_implausible: {
    problem: (p) => `${quoted(p)} has an implausible year`,
    hint: 'Correct the year. It may come from a two-digit year.',
  },
  date_without_year: {
    problem: (p) => `${quoted(p)} has no year`,
    hint: 'Add the year, or clear the cell. "onInvalid": "drop" in the mapping omits the date and keeps the row.',
  },
  bad_number: {
    problem: (p) => `${quoted(p)} is not a number`,
    hint: 'Correct the number, set "decimal" in the mapping, or map the column as text.',
  },
  number_decimal_comma: {
    problem: (p) => `${quoted(p)} is a number only if the comma is the decimal separator`,
    hint: 'Set "decimal" of this field to "," or ".". The whole column may be affected.',
  },
  name_single_word: {
    problem: (p) => `${quoted(p)} is a single word and can't be split into a first and a last name`,
    hint: 'Enter both names in the cell, or map separate columns.',
  },
  name_unclear: {
    problem: (p) => `${quoted(p)} has too many commas to tell the first from the last name`,
    hint: 'Use "First Last" or "Last, First".',
  },
  name_marked: {
    problem: (p) => `${quoted(p)} is a note (deceased, deleted, do not use, ...), not a name`,
    hint: 'Exclude these rows with "rows.skip" in the mapping, remove them from the file, or correct the name.',
  },
  company_name: {
    problem: (p) => `${quoted(p)} looks like a company, not a person`,
    hint: 'If it is a company, remove the row. A company name cannot be split into a first and a last name.',
  },
  bad_value: {
    problem: ({ field, value }) =>
      `${field ?? 'the field'} does not accept ${value === undefined ? 'the value' : quoted({ value })}`,
    hint: 'Correct the cell, or add its value under "values" in the mapping.',
  },
  word_not_listed: {
    problem: (p) => `${quoted(p)} is not listed under "yes" or "no"`,
    hint: 'If you are sure what it means, add it to "yes" or "no" in the mapping. Until then, the field is omitted.',
  },
  word_not_mapped: {
    problem: (p) => `${quoted(p)} is not listed under "values" of this field`,
    hint: 'Add it to "values" in the mapping, or set "otherwise".',
  },
  tag_with_comma: {
    problem: (p) => `${tag(p)} contains a comma, so Gleantap would read it as two tags`,
    hint: 'Rename the tag, or set "split": "," in the mapping if these are several tags.',
  },
} as const satisfies Record<string, Message>;

const ofRepairs = {
  apostrophe_dropped: {
    problem: (p) => `the apostrophe before ${quoted(p)} was removed`,
    hint: 'No action needed. A spreadsheet added it to keep the cell as text.',
  },
  spreadsheet_error: {
    problem: (p) => `${quoted(p)} is a spreadsheet error, not a value`,
    hint: 'The value is lost in this file. Export again with wide enough columns and working formulas.',
  },
  entities_decoded: {
    problem: (p) => `the HTML entities in ${quoted(p)} were decoded`,
    hint: 'No action needed. The mapping asks for it ("entities").',
  },
  utf8_doubled: {
    problem: (p) => `${quoted(p)} looks like UTF-8 that was encoded twice, and was sent unchanged`,
    hint: 'Export the file as UTF-8, or set "repairUtf8": true in the mapping.',
  },
  utf8_repaired: {
    problem: (p) => `${quoted(p)} was encoded as UTF-8 twice and has been repaired`,
    hint: 'No action needed. The mapping asks for it ("repairUtf8"), and no letter was lost.',
  },
  invisible_dropped: {
    problem: (p) => `invisible characters in ${quoted(p)} were removed`,
    hint: 'No action needed. They have no meaning there.',
  },
  spaces_collapsed: {
    problem: (p) => `line breaks, tabs or repeated spaces in ${quoted(p)} became one space`,
    hint: 'No action needed.',
  },
  email_domain_encoded: {
    problem: (p) => `the domain of ${quoted(p)} was written in ASCII, as mail servers do`,
    hint: 'No action needed. Both forms are the same address.',
  },
  email_provider_misspelled: {
    problem: (p) => `${quoted(p)} looks like a misspelled address of a large provider`,
    hint: 'The address was sent as written. Ask the person, and correct it in the source.',
  },
  email_unwrapped: {
    problem: (p) => `the email address was extracted from ${quoted(p)}`,
    hint: 'No action needed.',
  },
  email_others_dropped: {
    problem: (p) => `${quoted(p)} contains several addresses, and the first valid one was used`,
    hint: 'Put the address that should receive messages first.',
  },
  email_filler: {
    problem: (p) => `${quoted(p)} is a placeholder, not an address, and was omitted`,
    hint: 'No action needed, or enter the real address.',
  },
  date_placeholder: {
    problem: (p) => `${quoted(p)} is a placeholder, not a date, and was omitted`,
    hint: 'No action needed, or enter the real date.',
  },
  zip_decimals_dropped: {
    problem: (p) => `the decimals of ${quoted(p)} were removed`,
    hint: 'No action needed. A spreadsheet treated the code as a number.',
  },
  zip_zero_restored: {
    problem: (p) => `${quoted(p)} was given its leading zero back`,
    hint: 'No action needed. The mapping asks for it ("restoreZeros").',
  },
  test_name: {
    problem: (p) => `${quoted(p)} looks like a test row`,
    hint: 'If it is a test row, exclude it with "rows.skip" in the mapping.',
  },
  couple_name: {
    problem: (p) => `${quoted(p)} looks like two people or a household`,
    hint: 'They become one contact with this name. Split the row in the source, or exclude it with "rows.skip" in the mapping.',
  },
  phone_filler: {
    problem: (p) => `${quoted(p)} is a placeholder, not a phone number, and was omitted`,
    hint: 'No action needed, or enter the real number.',
  },
  phone_scientific_repaired: {
    problem: (p) => `${quoted(p)} was read as a whole number`,
    hint: 'No action needed. All digits were there.',
  },
  phone_extension_dropped: {
    problem: (p) => `the extension of ${quoted(p)} was removed`,
    hint: 'No action needed. Gleantap stores one number without extension.',
  },
  phone_unwrapped: {
    problem: (p) => `the phone number was extracted from ${quoted(p)}`,
    hint: 'No action needed.',
  },
  phone_decimals_dropped: {
    problem: (p) => `the decimals of ${quoted(p)} were removed`,
    hint: 'No action needed. A spreadsheet treated the phone number as an amount.',
  },
  phone_others_dropped: {
    problem: (p) => `${quoted(p)} contains several numbers, and the first valid one was used`,
    hint: 'Put the number that should receive messages first.',
  },
  formula_dropped: {
    problem: (p) => `the spreadsheet formula around ${quoted(p)} was removed`,
    hint: 'No action needed.',
  },
  default_used: {
    problem: ({ field }) => `${field ?? 'a field'} was filled with the default from the mapping`,
    hint: 'A default for a name overwrites the name stored in Gleantap.',
  },
  opted_out_of_sms: {
    problem: fixed(
      'this person, or someone with this phone number or email address, has opted out of text messages and stays opted out',
    ),
    hint: 'No action needed. Ask the person to opt in, or send it once with --no-respect-optouts.',
  },
  opted_out_of_email: {
    problem: fixed(
      'this person, or someone with this email address or phone number, has opted out of email and stays opted out',
    ),
    hint: 'No action needed. Ask the person to opt in, or send it once with --no-respect-optouts.',
  },
  minor_not_opted_in: {
    problem: fixed('a minor was not opted in to text messages'),
    hint: 'No action needed. A minor in any row of a person counts for all of their rows. To change the age, set "minorAge" in the mapping. To opt in minors, set "allowMinors": true on optin_sms.',
  },
  age_unknown_not_opted_in: {
    problem: fixed(
      'the date of birth cannot be read, so the person may be a minor and was not opted in to text messages',
    ),
    hint: 'Correct the date of birth. To opt in minors too, set "allowMinors": true on optin_sms.',
  },
  word_dropped: {
    problem: (p) => `${quoted(p)} is not listed under "values", so the field was omitted`,
    hint: 'To send it, add it to "values" in the mapping.',
  },
} as const satisfies Record<string, Message>;

const ofRows = {
  no_match_key: {
    problem: fixed('nothing identifies this person'),
    hint: 'Gleantap identifies contacts by user_id, or by email or phone with the first name. Fill in one of them. Otherwise, each import would create a new contact.',
  },
  two_people_one_key: {
    problem: ({ detail }) =>
      `${otherRow(detail, 'this row has the same email or phone and first name as')}, but another last name or date of birth`,
    hint: 'Gleantap would merge both into one contact. Map a user_id, or correct or remove one of the rows.',
  },
  row_not_ranked: {
    problem: ({ detail }) =>
      `the person has several rows, and ${detail?.['row'] === undefined ? 'one of them' : `row ${detail['row']}`} has a status that "people.pick" does not list, or a date that cannot be read`,
    hint: 'Add the word to "order" in the mapping, or correct "format" or the cell. Until then, none of the rows of this person is sent.',
  },
  user_id_two_names: {
    problem: ({ detail }) =>
      `${otherRow(detail, 'this row has the same user_id as')}, but the rows with this user_id have different names`,
    hint: 'Gleantap would keep only the last name. If these are different people, correct the user_id. If it is one person, write the name in the same way in all rows.',
  },
  refused_in_other_row: {
    problem: ({ detail }) => otherRow(detail, 'only this row of the person would be sent, but messages are refused in'),
    hint: 'Consent belongs to the person: a "no" must not get lost with the row that says it. Make the rows agree, or send all of them.',
  },
  duplicate_person: {
    problem: ({ detail }) => otherRow(detail, 'this row is the same person as'),
    hint: 'Remove one of the rows, or use --duplicates send, first or last.',
  },
  held_new_first_name: {
    problem: fixed('this email or phone was sent before with another first name that is no longer in the file'),
    hint: 'Sending the row would create a second contact. If it is the same person, change the name in Gleantap first. Then, or if it is a different person, run once with --accept-changes.',
  },
} as const satisfies Record<string, Message>;

const ofCollisions = {
  same_keys_other_user_id: {
    problem: ({ detail }) =>
      `${otherRow(detail, 'this row has the same email or phone and first name as')}, but another user_id`,
    hint: 'Both rows are sent, one after the other. Gleantap may merge them into one contact. Check whether they are one person.',
  },
  user_id_case_differs: {
    problem: ({ detail }) =>
      otherRow(detail, 'the user_id of this row differs only in upper and lower case from that of'),
    hint: 'Both rows are sent as two people, one after the other. If Gleantap ignores case, it merges them. Use IDs that differ in more than case, like the 18-character IDs of Salesforce.',
  },
  first_name_spelling_differs: {
    problem: ({ detail }) =>
      `${otherRow(detail, 'this row is the same person as')}, but their first names differ in case or in an apostrophe`,
    hint: 'Both rows are sent, one after the other. If Gleantap compares names letter by letter, this person becomes two contacts. Write the name in the same way in all rows, or map a user_id.',
  },
} as const satisfies Record<string, Message>;

const ofPeople = {
  person_not_found: {
    problem: fixed('this person was not found in the account'),
    hint: 'Nothing was sent, because that would create a contact. Compare the user ID, or the email or phone and first name, with Gleantap.',
  },
  person_ambiguous: {
    problem: fixed('the account has several people with this user ID, or with this email or phone and first name'),
    hint: 'Merge them in Gleantap, or enter the user ID of the right one.',
  },
  person_contradicts: {
    problem: fixed('in the account, this user ID belongs to a person with another email or phone'),
    hint: 'Correct the user ID. If it is right, clear the email and phone cells of this row.',
  },
  person_without_name: {
    problem: fixed('in the account, this person has no first or no last name, and changing tags requires both'),
    hint: 'Enter the name in Gleantap first. A tag list never changes names.',
  },
  lookup_failed: {
    problem: ({ value }) => `Gleantap could not look up this person${value ? `: ${shorten(value)}` : ''}`,
    hint: 'Nothing was sent. Import failure.csv later.',
  },
  tag_both_ways: {
    problem: (p) => `the row both adds and removes ${tag(p)}`,
    hint: 'Keep only one of the two.',
  },
} as const satisfies Record<string, Message>;

const ofAccount = {
  held_second_person: {
    problem: ({ value }) =>
      `Gleantap has this email or phone with another first name${value ? `: ${shorten(value)}` : ''}, so this row would make a second person`,
    hint: 'Nothing was sent. If it is the same person, write the first name as Gleantap has it. If it is someone else, import failure.csv without --hold.',
  },
  held_not_in_account: {
    problem: fixed('this person is not in Gleantap, so this row would create a contact'),
    hint: 'Nothing was sent. Correct the email, phone or first name if the person is there. To create the contact, import failure.csv without --hold.',
  },
  held_two_candidates: {
    problem: ({ value }) => `Gleantap has several contacts that this row matches${value ? `: ${shorten(value)}` : ''}`,
    hint: 'Nothing was sent. Merge them in Gleantap, or import failure.csv without --hold.',
  },
} as const satisfies Record<string, Message>;

const ofUndo = {
  changed_since: {
    problem: fixed('this contact changed in Gleantap after the run, so it was kept as it is'),
    hint: 'Look at it in Gleantap, and remove or correct it there.',
  },
  restored_elsewhere: {
    problem: ({ value }) =>
      `Gleantap wrote the earlier values to another contact${value ? ` (${shorten(value)})` : ''}, not to this one`,
    hint: 'Look at both contacts in Gleantap. The other one may be new.',
  },
} as const satisfies Record<string, Message>;

const ofRecords = {
  wrong_width: {
    problem: ({ detail }) =>
      detail?.['found'] === undefined || detail['expected'] === undefined
        ? 'the row and the header have different numbers of cells'
        : `the row has ${plural(Number(detail['found']), 'cell')}, the header has ${detail['expected']}`,
    hint: 'Move each cell to its column in failure.csv, and clear _extra if it is filled. Or correct the source: a cell that contains the delimiter needs quotes around it.',
  },
  torn_row: {
    problem: fixed('the damaged line before or after this row may be part of it'),
    hint: 'Fix both lines in the source. If this row is complete, clear its _code here. If the other line is a title or total, exclude it with "csv.footer".',
  },
  broken_quote: {
    problem: ({ detail }) => `a quote is missing, or text follows a closing quote${span(detail)}`,
    hint: 'Inside a quoted cell, write each quote twice (""). Fill the cells from _raw here and clear _raw, or fix the source.',
  },
  unclosed_quote: {
    problem: ({ detail }) =>
      `${detail?.['line'] === undefined ? 'a quote' : `the quote that opens in line ${detail['line']}`} is never closed${span(detail)}`,
    hint: 'Add the closing quote in the source, or remove the opening one. Or fill the cells from _raw here and clear _raw.',
  },
  record_too_long: {
    problem: fixed('the record is longer than 1 MiB'),
    hint: 'Shorten the row in the source file.',
  },
  nul_byte: {
    problem: fixed('the record contains a NUL byte'),
    hint: 'This text is damaged. Export the file again.',
  },
  invalid_bytes: {
    problem: ({ detail }) =>
      `the record contains bytes that are not valid in this encoding${detail?.['byteOffset'] === undefined ? '' : ` (at byte ${detail['byteOffset']} of the file)`}`,
    hint: 'Export the file as UTF-8, or set "csv.encoding" in the mapping.',
  },
} as const satisfies Record<string, Message>;

const ofQuirks = {
  stray_quote: {
    problem: fixed('an unquoted cell contains a single quote mark'),
    hint: 'No action needed if it means inches. Otherwise, a quote was lost.',
  },
} as const satisfies Record<string, Message>;

const ofAnswers = {
  refused: {
    problem: ({ value }) =>
      value ? `Gleantap refused the row: ${shorten(value)}` : 'Gleantap refused the row without a reason',
    hint: 'Correct what the reason names. If there is none, compare this row with one that was accepted.',
  },
  row_too_large: {
    problem: fixed('Gleantap refused the row because it is too large'),
    hint: 'Shorten the longest cells, or map fewer columns.',
  },
  conflict: {
    problem: fixed('Gleantap kept reporting that the contact is being changed elsewhere'),
    hint: 'Import failure.csv later.',
  },
  gave_up: {
    problem: ({ value }) => `Gleantap could not accept the row${value ? `: ${shorten(value)}` : ''}`,
    hint: 'Nothing was stored. Import failure.csv later.',
  },
  partly_applied: {
    problem: ({ value }) =>
      `the fields were written and tags were removed, but adding tags failed${value ? `: ${shorten(value)}` : ''}`,
    hint: 'Import failure.csv. It repeats both steps, which is safe.',
  },
  superseded: {
    problem: fixed('a later row for the same person was sent'),
    hint: 'No action needed, unless this row has newer data. Importing this report skips it.',
  },
  accepted_without_id: {
    problem: fixed('Gleantap accepted the row but returned no _id'),
    hint: 'Look the person up in Gleantap, or import unknown.csv. Sending the row again updates the same contact.',
  },
  fate_unknown: {
    problem: ({ value }) =>
      `Gleantap gave no clear answer and may have stored the row${value ? ` (${shorten(value)})` : ''}`,
    hint: 'Import unknown.csv. Sending the row again updates the same contact.',
  },
} as const satisfies Record<string, Message>;

const ofSkips = {
  filtered: {
    problem: fixed('excluded by "rows" in the mapping, by --rows or by --limit, or has no tag in a tag list'),
    hint: 'No action needed.',
  },
  unchanged: {
    problem: fixed('nothing changed since this person was last sent (--only-changed)'),
    hint: 'No action needed.',
  },
  duplicate: {
    problem: fixed('"people.pick" in the mapping or --duplicates chose another row for this person'),
    hint: 'No action needed.',
  },
} as const satisfies Record<string, Message>;

/** Every code that can appear in a report, with its sentence and hint. All wording about rows is here. */
export const messages = {
  ...ofCells,
  ...ofRepairs,
  ...ofRows,
  ...ofCollisions,
  ...ofPeople,
  ...ofAccount,
  ...ofUndo,
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
  'The row and another person (warnings only)': codesOf(ofCollisions),
  'People in a tag list': codesOf(ofPeople),
  'The row and the account (with --hold)': codesOf(ofAccount),
  'The undo of a run': codesOf(ofUndo),
  'The record in the file': codesOf(ofRecords),
  'The record in the file (warnings only)': codesOf(ofQuirks),
  'Responses from Gleantap': codesOf(ofAnswers),
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
  return first === undefined || last === undefined || first === last ? '' : ` (rows ${first} to ${last} are affected)`;
}

/** "this row is the same person as row 7", or "as another row" when the sentence is about many rows. */
function otherRow(detail: ProblemDetails['detail'], relation: string): string {
  const row = detail?.['row'];
  return `${relation} ${row === undefined ? 'another row' : `row ${row}`}`;
}

function shorten(text: string): string {
  const flat = text.replaceAll(/\s+/gu, ' ');
  return flat.length > 120 ? flat.slice(0, 119) + '…' : flat;
}

function codesOf<Code extends ProblemCode>(group: Readonly<Record<Code, Message>>): Code[] {
  return Object.keys(group) as Code[];
}
