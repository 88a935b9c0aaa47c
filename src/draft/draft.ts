import { RunError } from '../core/run-error.ts';
import { openCsv } from '../csv/reader.ts';
import { list, mask } from './confirm.ts';
import type { Drafting } from './drafting.ts';
import { remark, skipRows } from './drafting.ts';
import type { ColumnEvidence } from './evidence/column-evidence.ts';
import { proveLayout } from './evidence/layout.ts';
import type { LayoutProof } from './evidence/layout.ts';
import { surveyRows } from './evidence/survey.ts';
import type { Survey } from './evidence/survey.ts';
import { proveEncoding } from './evidence/text-encoding.ts';
import type { EncodingProof } from './evidence/text-encoding.ts';
import { draftConsent } from './fields/consent.ts';
import { draftDates } from './fields/dates.ts';
import { draftReachability, draftUserId } from './fields/keys.ts';
import { draftNames } from './fields/names.ts';
import { findPhoneCountry } from './fields/phone-country.ts';
import type { CountryFinding } from './fields/phone-country.ts';
import { draftStanding } from './fields/standing.ts';
import { draftTexts } from './fields/texts.ts';
import { mappingText, oneLine } from './mapping-text.ts';
import type { JsonValue, Question } from './question.ts';
import { Sheet } from './sheet.ts';
import type { Certainty } from './sheet.ts';
import { candidateOf } from './words/header-words.ts';
import { recogniseProduct } from './words/products.ts';
import type { Product } from './words/products.ts';

export interface DraftOptions {
  /** The file as the user calls it, for messages and the mapping's name; `-` for a pipe. */
  readonly name: string;
  /** The calendar day, `YYYY-MM-DD`, for the marker tag. */
  readonly today: string;
  /** Two letters: the country of phone numbers without country code. */
  readonly country: string | undefined;
  /** Instead of the one that the file's bytes prove. */
  readonly encoding: string | undefined;
}

/** One column of the file, and what the draft makes of it. */
export interface DraftedColumn {
  /** As the mapping names it. */
  readonly column: string;
  /** API fields that take it. */
  readonly fields: readonly string[];
  readonly certainty: Certainty;
  readonly why: string;
  /** A cell of it; names, addresses and numbers are masked. */
  readonly example: string;
  readonly filled: number;
}

/** A drafted mapping, with everything that a person has to know before using it. */
export interface Draft {
  readonly version: 1;
  readonly rows: number;
  readonly encoding: EncodingProof;
  readonly layout: LayoutProof;
  readonly country: CountryFinding | undefined;
  readonly product: Product | undefined;
  readonly columns: readonly DraftedColumn[];
  readonly questions: readonly Question[];
  readonly notes: readonly string[];
  /** With `"?"` where a question is open. */
  readonly mapping: { readonly [key: string]: JsonValue };
  /** The mapping file's text: JSON with comments. */
  readonly text: string;
}

/**
 * Looks at a whole CSV file and drafts the mapping for it: what the file settles is written, what it leaves open is a question
 * and stands as `"?"`, which `check` and `run` refuse. Nothing is guessed.
 *
 * @throws RunError `input` when the file can't be read, has no header or no rows.
 */
export async function draftMapping(path: string, options: DraftOptions): Promise<Draft> {
  const encoding = await encodingOf(path, options);
  // A question about the encoding does not change where delimiters and digits are.
  const readable = encoding.encoding === '?' ? (encoding.readings[0]?.encoding ?? 'windows-1252') : encoding.encoding;
  const layout = await proveLayout(path, readable, options.name);
  const file = await openCsv(path, { encoding: readable, delimiter: layout.delimiter, headerRow: layout.headerRow });
  if (file.report !== undefined) {
    throw new RunError('input', `${options.name} is a report of this program`, {
      hint: 'It is imported with the mapping of the file that it came from; no new one is needed.',
    });
  }
  const survey = await surveyRows(file, file.header.map(candidateOf));
  if (survey.rows - survey.damaged === 0) {
    throw new RunError(
      'input',
      `${options.name} has a header and no rows that could be read, so there is nothing to learn from`,
      {
        hint: 'Export the list with its people and run init again.',
      },
    );
  }
  const sheet = new Sheet(file.header, survey);
  if (sheet.columns.every(({ address }) => address === undefined)) {
    throw new RunError('input', `No column of ${options.name} has a name that a mapping can use`, {
      hint: 'Give each column a name of its own in the header.',
    });
  }
  const drafting: Drafting = {
    sheet,
    fields: {},
    questions: [],
    skip: [],
    attributes: {},
    notes: [],
    comments: new Map(),
  };
  askForEncoding(drafting, encoding);
  const statusWords = sheet.columns.flatMap(({ candidate, evidence }) =>
    candidate?.meaning === 'status' ? evidence.words.map(({ text }) => text) : [],
  );
  const product = recogniseProduct(file.header, statusWords);

  draftNames(drafting);
  draftReachability(drafting);
  draftUserId(drafting);
  draftDates(drafting);
  draftStanding(drafting);
  draftConsent(drafting);
  const country = findPhoneCountry(drafting, options.country);
  draftTexts(drafting, { today: options.today, product, country: country?.country });
  leaveOutTheRest(drafting);
  leaveOutOddRows(drafting, survey);
  adviseOnPeople(drafting);

  const mapping = assemble(drafting, { encoding, layout, country, name: feedName(options.name) });
  return {
    version: 1,
    rows: survey.rows,
    encoding,
    layout,
    country,
    product,
    columns: columnsOf(sheet),
    questions: drafting.questions,
    notes: drafting.notes,
    mapping,
    text: mappingText(mapping, drafting.questions, drafting.comments),
  };
}

async function encodingOf(path: string, { encoding, name }: DraftOptions): Promise<EncodingProof> {
  if (encoding !== undefined) return { encoding, certainty: 'sure', proof: '--encoding says so', readings: [] };
  return proveEncoding(path).catch((error: unknown) => {
    throw new RunError('input', `${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      hint: 'Check the path of the CSV file and whether you may read it.',
      cause: error,
    });
  });
}

function askForEncoding({ questions }: Drafting, { encoding, proof, readings }: EncodingProof): void {
  if (encoding !== '?') return;
  questions.push({
    id: 'encoding',
    paths: [['csv', 'encoding']],
    question: 'Which of these readings of words in the file is right?',
    because: [proof],
    answers: readings.map((reading) => ({
      answer: reading.encoding,
      consequence: list(reading.words, 6),
      edits: [{ path: ['csv', 'encoding'], value: reading.encoding }],
    })),
  });
}

/** Columns that no field has taken are named under "ignore", so that nothing is sent that nobody has looked at. */
function leaveOutTheRest({ sheet, attributes }: Drafting): void {
  for (const column of sheet.columns) {
    if (column.verdict !== undefined) continue;
    const name = attributeName(column.header);
    const isUsable =
      column.address !== undefined && name !== '' && attributes[name] === undefined && column.candidate === undefined;
    if (isUsable) attributes[name] = attributeSetting(column.address ?? '', column.evidence);
    sheet.leaveOut(
      column,
      isUsable ? `no field of Gleantap; it could be sent as the attribute "${name}"` : 'no field of Gleantap takes it',
    );
  }
}

/** As a number or date where all cells are; consent and birthdays have taught that the rest is better sent as it is written. */
function attributeSetting(column: string, evidence: ColumnEvidence): JsonValue {
  const { dates, filled } = evidence;
  const comma = evidence.countOf('decimalComma');
  const point = evidence.countOf('decimalPoint');
  if (comma + point > filled / 2 && (comma === 0 || point === 0))
    return { column, type: 'number', ...(comma > 0 ? { decimal: ',' } : {}) };
  const verdict = dates.count === filled ? dates.verdict : undefined;
  if (verdict?.kind !== 'settled' || verdict.serial) return column;
  const [format] = verdict.formats;
  return {
    column,
    type: 'date',
    ...(format === undefined ? {} : { format: verdict.formats.length === 1 ? format : [...verdict.formats] }),
  };
}

function attributeName(header: string): string {
  return header
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '_')
    .replaceAll(/^_+|_+$/g, '');
}

function leaveOutOddRows(drafting: Drafting, { repeatedHeaders, totals, damaged }: Survey): void {
  const { sheet, notes } = drafting;
  const [header] = repeatedHeaders;
  if (header !== undefined) {
    const { address } = sheet.columns[header.column] ?? {};
    const rows = `Row ${header.row}${repeatedHeaders.length > 1 ? ` and ${repeatedHeaders.length - 1} more` : ''}`;
    if (address === undefined) notes.push(`${rows} repeat the header; delete them from the file.`);
    else {
      skipRows(drafting, address, [header.text]);
      notes.push(`${rows} repeat the header, as at a page break: left out (rows.skip).`);
    }
  }
  for (const { text, column, fits } of totals) {
    const { address } = sheet.columns[column] ?? {};
    if (fits && address !== undefined) skipRows(drafting, address, [text.trim()]);
  }
  const [total] = totals;
  if (total !== undefined)
    notes.push(
      `Row ${total.row} ("${total.text.trim().slice(0, 40)}")${totals.length > 1 ? ` and ${totals.length - 1} more` : ''} hold totals or a page's footer, not a person.`,
    );
  if (damaged > 0) notes.push(`${damaged === 1 ? '1 row is' : `${damaged} rows are`} damaged; "check" lists them.`);
}

/** Several rows of one person, or several people under one address, are said; who wins is for the user to know. */
function adviseOnPeople({ sheet, fields, notes }: Drafting): void {
  for (const { key, verdict, header } of sheet.columns) {
    if (key === undefined || verdict === undefined) continue;
    if (verdict.fields.includes('user_id') && key.repeated > 0) {
      notes.push(
        `${people(key.repeated)} in several rows ("${header}" is the same). Rows are sent in file order and the last one wins; sort the current one last, or see --duplicates.`,
      );
    } else if (verdict.fields.includes('email') && fields['user_id'] === undefined && key.repeated > 0) {
      notes.push(
        `${people(key.repeated)} in several rows (same name, same "${header}"). Rows are sent in file order and the last one wins; sort the current one last, or see --duplicates.`,
      );
    }
    if (verdict.fields.includes('email') && key.shared > 0) {
      notes.push(
        `${key.shared} addresses in "${header}" stand with different names, as in families: "check" shows what is written onto whom.`,
      );
    }
  }
}

function people(count: number): string {
  return count === 1 ? '1 person stands' : `${count} people stand`;
}

interface Settled {
  readonly encoding: EncodingProof;
  readonly layout: LayoutProof;
  readonly country: CountryFinding | undefined;
  readonly name: string;
}

function assemble(drafting: Drafting, { encoding, layout, country, name }: Settled): Draft['mapping'] {
  const { sheet, fields, skip, attributes } = drafting;
  const missing = [
    ...new Set(
      sheet.columns
        .filter(({ verdict }) => (verdict?.fields.length ?? 0) > 0)
        .flatMap(({ evidence }) => evidence.nothingWords.map(({ text }) => text)),
    ),
  ];
  const ignored = sheet.columns.filter(({ verdict }) => verdict?.certainty === 'left out');
  const addresses = ignored.flatMap(({ address, verdict }) =>
    address === undefined ? [] : [{ address, why: verdict?.why ?? '' }],
  );
  addresses.forEach(({ why }, index) => remark(drafting, ['ignore', index], why));
  if (Object.keys(attributes).length > 0) {
    remark(
      drafting,
      ['ignore'],
      'To send one of these as a custom attribute of Gleantap, move it here (types: text, number, boolean, date):',
    );
    const shown = Object.entries(attributes)
      .slice(0, 12)
      .map(([attribute, column]) => `${JSON.stringify(attribute)}: ${oneLine(column)}`);
    remark(drafting, ['ignore'], `"attributes": { ${shown.join(', ')} },`);
  }
  remark(
    drafting,
    ['csv'],
    `Encoding: ${encoding.proof}. Delimiter: ${layout.delimiterProof}. Header: ${layout.headerProof}.`,
  );
  if (country !== undefined && country.certainty !== 'asked')
    remark(drafting, ['country'], `Phone numbers without country code: ${country.because.join('; ')}.`);
  for (const { verdict } of sheet.columns) {
    const [field] = verdict?.fields ?? [];
    if (field !== undefined && verdict?.certainty === 'likely')
      remark(drafting, ['fields', field], `Likely: ${verdict.why}.`);
  }
  return {
    version: 1,
    name,
    csv: { encoding: encoding.encoding, delimiter: layout.delimiter, headerRow: layout.headerRow },
    ...(country === undefined ? {} : { country: country.country }),
    ...(missing.length === 0 ? {} : { missing }),
    fields: inApiOrder(fields),
    ...(skip.length === 0 ? {} : { rows: { skip: skip.map((filter) => ({ ...filter })) } }),
    ...(addresses.length === 0 ? {} : { ignore: addresses.map(({ address }) => address) }),
  };
}

const order = [
  'user_id',
  'first_name',
  'last_name',
  'email',
  'phone',
  'address',
  'city',
  'state',
  'zip',
  'dob',
  'created_date',
  'gender',
  'type',
  'status',
  'location',
  'source',
  'optin_sms',
  'optout_email',
  'tags',
];

function inApiOrder(fields: Readonly<Record<string, JsonValue>>): Record<string, JsonValue> {
  return Object.fromEntries(order.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]])));
}

/** `downtown-members` of `Downtown Members 2026-11-24.csv`: a feed keeps its name from night to night, so dates are left off. */
function feedName(file: string): string {
  const base = file.replace(/^.*[\\/]/, '').replace(/(?:\.(?:csv|tsv|txt|gz))+$/i, '');
  const name = plainWords(base.replaceAll(/\d{4}[-_.]?\d{2}[-_.]?\d{2}|\d{1,2}[-_.]\d{1,2}[-_.]\d{2,4}|\(\d+\)/g, ''));
  return name === '' ? 'members' : name;
}

function plainWords(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '');
}

/** Words that sort people, rather than name them, are shown as they are. */
const openFields = new Set([
  'type',
  'status',
  'gender',
  'optin_sms',
  'optout_email',
  'tags',
  'location',
  'source',
  'state',
]);

function columnsOf(sheet: Sheet): DraftedColumn[] {
  return sheet.columns.map(({ header, address, evidence, verdict, index }) => {
    const { fields = [], certainty = 'left out', why = '' } = verdict ?? {};
    const cell = evidence.words[0]?.text ?? '';
    return {
      column: address ?? (header === '' ? `(column ${index + 1})` : header),
      fields,
      certainty,
      why,
      example: fields.some((field) => openFields.has(field)) ? cell : mask(cell),
      filled: evidence.filled,
    };
  });
}
