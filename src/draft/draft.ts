import { plural } from '../core/reports/figures.ts';
import { maskValue } from '../core/reports/mask-value.ts';
import { pathFault } from '../core/outcome/path-fault.ts';
import { RunError } from '../core/outcome/run-error.ts';
import type { CsvFile } from '../csv/csv-file.ts';
import { openCsv } from '../csv/reader.ts';
import type { SheetSummary } from '../excel/open.ts';
import { assemble, feedName, hasHidden } from './assemble.ts';
import { list } from './confirm.ts';
import type { Drafting } from './drafting.ts';
import { proveLayout } from './evidence/layout.ts';
import type { LayoutProof } from './evidence/layout.ts';
import { surveyRows } from './evidence/survey.ts';
import { proveEncoding } from './evidence/text-encoding.ts';
import type { EncodingProof } from './evidence/encoding-proof.ts';
import { leaveOutTheRest } from './fields/attributes.ts';
import { draftConsent } from './fields/consent.ts';
import { draftDates } from './fields/dates.ts';
import { draftGender } from './fields/gender.ts';
import { draftReachability, draftUserId, requireKey } from './fields/keys.ts';
import { draftNames } from './fields/names.ts';
import { defaultCountry } from '../core/mapping/country.ts';
import { findPhoneCountry } from './fields/phone-country.ts';
import type { CountryFinding } from './fields/phone-country.ts';
import { draftRepairs } from './fields/repairs.ts';
import { adviseOnPeople, footerPattern, leaveOutOddRows } from './fields/rows.ts';
import { draftPick } from './fields/pick.ts';
import { draftStanding } from './fields/standing.ts';
import { draftTexts } from './fields/texts.ts';
import { mappingText } from './mapping-text.ts';
import { applyAnswer } from './question.ts';
import type { Answer, JsonValue, Question } from './question.ts';
import { Sheet } from './sheet.ts';
import type { Certainty } from './column.ts';
import { candidateOf, plainName } from './words/header-words.ts';
import { recogniseProduct } from './words/products.ts';
import type { Product } from './words/products.ts';

export interface DraftOptions {
  /** The file as the user calls it, for messages and the mapping's name; `-` for a pipe. */
  readonly name: string;
  /** The calendar day, `YYYY-MM-DD`, for the marker tag. */
  readonly today: string;
  /** Two letters: the country of phone numbers without country code. */
  readonly country?: string | undefined;
  /** Instead of the one that the file's bytes prove. */
  readonly encoding?: string | undefined;
  /** Whether examples are shown as they are in the file. */
  readonly showValues?: boolean | undefined;
  /** What is known of the sheet, where the file is the copy of one of an Excel workbook. */
  readonly sheet?: SheetSummary | undefined;
}

/** One column of the file, and what the draft makes of it. */
export interface DraftedColumn {
  /** As the mapping names it. */
  readonly column: string;
  /** API fields that take it. */
  readonly fields: readonly string[];
  readonly certainty: Certainty;
  readonly why: string;
  /** Its first different cells. Names, addresses and numbers are masked without `showValues`, and what is never sent always. */
  readonly examples: readonly string[];
  readonly filled: number;
}

/** A drafted mapping, with everything that a person has to know before using it. */
export interface Draft {
  readonly version: 1;
  readonly rows: number;
  /** The sheet that was read, where the file is an Excel workbook. */
  readonly sheet: string | undefined;
  readonly encoding: EncodingProof;
  readonly layout: LayoutProof;
  readonly country: CountryFinding | undefined;
  readonly product: Product | undefined;
  readonly columns: readonly DraftedColumn[];
  /** What the draft adds to every row without a column for it. */
  readonly constants: readonly { readonly field: string; readonly value: string; readonly why: string }[];
  readonly questions: readonly Question[];
  readonly notes: readonly string[];
  /** Columns that are left out and could be sent as custom attributes, as `attributes` of the mapping would name them. */
  readonly attributes: { readonly [name: string]: JsonValue };
  /** With `"?"` where a question is open. */
  readonly mapping: { readonly [key: string]: JsonValue };
  /** The mapping file's text: JSON with comments. */
  readonly text: string;
  /** The same draft with some of its questions answered. */
  answered(given: ReadonlyMap<Question, Answer>): Draft;
}

/**
 * Looks at a whole CSV file and drafts the mapping for it: what the file settles is written, what it leaves open is a question
 * and is written as `"?"`, which `check` and `run` refuse. Nothing is guessed.
 *
 * @throws RunError `input` when the file can't be read, has no header or no rows.
 */
export async function draftMapping(path: string, options: DraftOptions): Promise<Draft> {
  const { file, encoding, layout } = await openUnknown(path, options);
  if (file.report !== undefined) {
    throw new RunError('input', `${options.name} is a report of this program`, {
      hint: 'Import it with the mapping of its original file. It does not need a new one.',
    });
  }
  const survey = await surveyRows(file, file.header.map(candidateOf));
  if (survey.rows - survey.damaged === 0) {
    throw new RunError('input', `${options.name} has a header but no readable rows, so init cannot draft a mapping`, {
      hint: 'Export the list with its people and run init again.',
    });
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
    keep: [],
    attributes: {},
    notes: [],
    comments: new Map(),
  };
  askForEncoding(drafting, encoding);
  askForShortRows(drafting, layout);
  askForUnnamed(drafting, layout);
  if (options.sheet !== undefined) noteSheet(drafting, options.sheet);
  drafting.notes.push(...layout.remarks);
  for (const other of layout.otherDelimiters)
    drafting.notes.push(
      `"${other}" would split the file too. If the columns below look wrong, export the file with another delimiter.`,
    );
  const statusWords = sheet.columns.flatMap(({ candidate, evidence }) =>
    candidate?.meaning === 'status' ? evidence.words.map(({ text }) => text) : [],
  );
  const product = recogniseProduct(file.header, statusWords);

  for (const [name, why] of Object.entries(product?.leftOut ?? {}))
    for (const { index, header, verdict } of sheet.columns)
      if (verdict === undefined && plainName(header) === plainName(name)) sheet.leaveOut({ index }, why);
  // Consent comes first: "Email" over yes and no is not the address.
  draftConsent(drafting, options.name, product);
  draftNames(drafting);
  draftReachability(drafting);
  draftUserId(drafting);
  requireKey(drafting);
  draftDates(drafting);
  draftStanding(drafting);
  draftGender(drafting);
  const country = findPhoneCountry(drafting, options.country);
  draftTexts(drafting, { today: options.today, product, country: country && defaultCountry(country) });
  draftRepairs(drafting);
  leaveOutTheRest(drafting);
  leaveOutOddRows(drafting, survey);
  draftPick(drafting);
  adviseOnPeople(drafting);

  const mapping = assemble(drafting, {
    encoding,
    layout,
    sheet: options.sheet,
    country,
    footer: footerPattern(survey.totals),
    name: feedName(options.name),
  });
  return finished(
    {
      version: 1,
      rows: survey.rows,
      sheet: options.sheet?.sheet,
      encoding,
      layout,
      country,
      product,
      columns: columnsOf(sheet, options.showValues === true),
      constants: constantsOf(drafting),
      questions: drafting.questions,
      notes: drafting.notes,
      attributes: drafting.attributes,
      mapping,
    },
    drafting,
  );
}

/** Opens a file of which only the bytes are known. @throws RunError `input` when it can't be read or has no header. */
export async function openUnknown(
  path: string,
  options: Pick<DraftOptions, 'name' | 'encoding'>,
): Promise<{ readonly file: CsvFile; readonly encoding: EncodingProof; readonly layout: LayoutProof }> {
  const encoding = await encodingOf(path, options);
  // A question about the encoding does not change where delimiters and digits are.
  const readable = encoding.encoding === '?' ? (encoding.readings[0]?.encoding ?? 'windows-1252') : encoding.encoding;
  const layout = await proveLayout(path, readable, options.name);
  const { delimiter, headerRow } = layout;
  const leastCells = layout.shortRows === undefined ? {} : { leastCells: layout.shortRows.leastCells };
  const settings = { encoding: readable, delimiter, headerRow, ...layout.settings, ...leastCells };
  return { file: await openCsv(path, settings, { name: options.name }), encoding, layout };
}

/** Adds the text of the mapping file, and the way to answer what is still open. */
function finished(facts: Omit<Draft, 'text' | 'answered'>, drafting: Drafting): Draft {
  return {
    ...facts,
    text: mappingText(facts.mapping, drafting),
    answered(given) {
      const mapping = structuredClone(facts.mapping);
      for (const answer of given.values()) applyAnswer(mapping, answer);
      const questions = facts.questions.filter((question) => !given.has(question));
      return finished({ ...facts, mapping, questions }, { ...drafting, questions });
    },
  };
}

async function encodingOf(
  path: string,
  { encoding, name }: Pick<DraftOptions, 'name' | 'encoding'>,
): Promise<EncodingProof> {
  if (encoding !== undefined) return { encoding, certainty: 'sure', proof: 'set by --encoding', readings: [] };
  return proveEncoding(path).catch((error: unknown) => {
    throw new RunError('input', `${name} cannot be read: ${pathFault(path, error).reason}`, {
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
    answers: readings.map((reading, index) => ({
      answer: reading.encoding,
      consequence: `${list(reading.words, 6)}${index === 0 ? '' : `; better run init again with --force --encoding ${reading.encoding}, so that words are looked up in it`}`,
      edits: [{ path: ['csv', 'encoding'], value: reading.encoding }],
    })),
  });
}

function askForUnnamed({ questions }: Drafting, { unsureUnnamed, settings }: LayoutProof): void {
  if (unsureUnnamed === undefined) return;
  const { header, example } = unsureUnnamed;
  const path = ['csv', 'unnamed'];
  const answer = (column: string, from: number): Answer => ({
    answer: `the ${column}`,
    consequence: `a row then reads ${header.map((name, index) => `${name}: ${example[index + from] ?? ''}`).join(', ')}`,
    edits: [{ path, value: column }],
  });
  const answers = [answer('first', 1), answer('last', 0)];
  questions.push({
    id: 'unnamed',
    paths: [path],
    question: 'Every row has one cell more than the header. Which column has no name?',
    because: ['If neither reading is right, name the column in the header of the file and run init again'],
    answers: settings.unnamed === 'last' ? answers.toReversed() : answers,
  });
}

function noteSheet({ questions, notes }: Drafting, sheet: SheetSummary): void {
  const { dateColumns, hiddenRows, hiddenColumns } = sheet;
  notes.push(...sheet.notes.map((note) => `${note}.`));
  if (dateColumns.length > 0)
    notes.push(
      `Excel stores real dates in ${dateColumns.join(', ')}. They are read as YYYY-MM-DD, so they need no format.`,
    );
  if (!hasHidden(sheet)) return;
  const path = ['csv', 'hidden'];
  questions.push({
    id: 'hidden',
    paths: [path],
    question: 'Should hidden rows and columns be read?',
    because: [
      ...(hiddenRows > 0 ? [`${hiddenRows} rows of the sheet were hidden by hand`] : []),
      ...(hiddenColumns.length > 0 ? [`Hidden columns: ${hiddenColumns.join(', ')}`] : []),
    ],
    answers: [
      { answer: 'yes', consequence: 'they are read like the others', edits: [{ path, value: 'include' }] },
      { answer: 'no', consequence: 'they are left out, as if they were empty', edits: [{ path, value: 'skip' }] },
    ],
  });
}

function askForShortRows({ questions }: Drafting, { shortRows }: LayoutProof): void {
  if (shortRows === undefined) return;
  const { count, of, leastCells, width } = shortRows;
  const path = ['csv', 'leastCells'];
  questions.push({
    id: 'short-rows',
    paths: [path],
    question: 'Some rows have fewer cells than the header. Are their last cells empty?',
    because: [
      `${count} of the first ${plural(of, 'row')} ${count === 1 ? 'ends' : 'end'} after ${leastCells} of ${width} cells or later`,
      'Excel leaves out the last cells of a row if they are empty. Elsewhere a row may have lost a cell, and its values are in the wrong columns',
    ],
    answers: [
      {
        answer: 'yes, they are empty',
        consequence: `rows with ${plural(leastCells, 'cell')} and more are read, and the missing cells are empty`,
        edits: [{ path, value: leastCells }],
      },
      { answer: 'no', consequence: 'these rows are refused', edits: [{ path, value: width }] },
    ],
  });
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

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function constantsOf({ fields }: Drafting): Draft['constants'] {
  const whys: Readonly<Record<string, string>> = {
    source: 'where the people came from. Remove the line to keep what Gleantap has',
    tags: 'marks this import, so that you can find its contacts again. Remove it if you do not need it',
  };
  return Object.entries(fields).flatMap(([field, written]) => {
    const sources = field === 'tags' ? [(written as { add?: JsonValue[] }).add ?? []].flat() : [written];
    return sources.flatMap((source) =>
      typeof source === 'object' && source !== null && !Array.isArray(source) && source['value'] !== undefined
        ? [{ field, value: textOf(source['value']), why: whys[field] ?? '' }]
        : [],
    );
  });
}

const mostExamples = 3;

function columnsOf(sheet: Sheet, showValues: boolean): DraftedColumn[] {
  return sheet.columns.map(({ header, address, evidence, verdict, index }) => {
    const { fields = [], certainty = 'left out', why = '' } = verdict ?? {};
    const isShown = verdict?.isRefused !== true && (showValues || fields.some((field) => openFields.has(field)));
    return {
      column: address ?? (header === '' ? `(column ${index + 1})` : header),
      fields,
      certainty,
      why,
      examples: evidence.words.slice(0, mostExamples).map(({ text }) => (isShown ? text : maskValue(text))),
      filled: evidence.filled,
    };
  });
}
