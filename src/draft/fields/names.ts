import type { Drafting } from '../drafting.ts';
import { list } from '../confirm.ts';
import type { Answer, Edit } from '../question.ts';
import type { Claim } from '../sheet.ts';
import { plainName } from '../words/header-words.ts';
import { fold } from '../../core/values/text.ts';
import { skipRows } from '../drafting.ts';

type NameField = 'first_name' | 'last_name';

/** First and last name: from a column each, or from one column that holds both. Gleantap requires the two. */
export function draftNames(drafting: Drafting): void {
  const { sheet, fields } = drafting;
  const [last] = sheet.claims('last_name');
  const full = sheet.claims('full_name');
  const [first] = sheet.claims('first_name');
  if (
    first !== undefined &&
    last !== undefined &&
    first.column.index !== last.column.index &&
    !holdsWholeNames(first)
  ) {
    give(drafting, 'first_name', first);
    give(drafting, 'last_name', last);
    for (const claim of full) {
      if (claim.column.index !== first.column.index && claim.column.index !== last.column.index)
        sheet.leaveOut(claim.column, 'first and last name have columns of their own');
    }
  } else {
    const whole = [...full, ...(first === undefined ? [] : [first]), ...(last === undefined ? [] : [last])].find(
      holdsWholeNames,
    );
    if (whole !== undefined) split(drafting, whole);
    else if (first !== undefined) give(drafting, 'first_name', first);
    else if (last !== undefined) give(drafting, 'last_name', last);
  }
  for (const claim of sheet.claims('middle_name'))
    sheet.leaveOut(claim.column, 'Gleantap has no field for middle names');
  skipPlaceholders(drafting);
  if (fields['first_name'] === undefined && fields['last_name'] === undefined) askForWholeNames(drafting);
  else
    for (const field of ['first_name', 'last_name'] as const) if (fields[field] === undefined) askFor(drafting, field);
}

/** Two words or a comma in most cells. A person may have two first names, but not most people. */
function holdsWholeNames({ column: { evidence } }: Claim): boolean {
  return evidence.shareOf('twoWords') >= 0.6;
}

function give({ sheet, fields }: Drafting, field: NameField, claim: Claim): void {
  fields[field] = claim.column.address;
  sheet.take(claim, [field]);
}

function split({ sheet, fields }: Drafting, claim: Claim): void {
  const { address, header, evidence } = claim.column;
  const commas = evidence.shareOf('oneComma');
  const isLastFirst = commas < 0.5 && lastNameFirst.test(plainName(header));
  const order = isLastFirst ? { nameOrder: 'last first' } : {};
  fields['first_name'] = { column: address, name: 'first', ...order };
  fields['last_name'] = { column: address, name: 'last', ...order };
  const written = commas >= 0.5 ? '"Last, First"' : isLastFirst ? '"Last First", as its header says' : '"First Last"';
  const why = `one column holds whole names, written ${written}`;
  sheet.take(
    commas > 0.05 && commas < 0.5 ? { ...claim, certainty: 'likely' } : claim,
    ['first_name', 'last_name'],
    why,
  );
}

const lastNameFirst =
  /^(?:\w*lastfirst\w*|nometprenom|nomprenom|apellidosynombre\w*|namevorname|nachnamevorname|achternaamvoornaam|cognomenome)$/;

/** What people put where a person should be, and examples left in a template. Surnames somewhere, but nobody's first name. */
const placeholders = new Set(
  [
    '(deleted)',
    'deleted',
    'example',
    'sample',
    'test',
    'test test',
    'test account',
    'test user',
    'test member',
    'test client',
    'test customer',
  ].map((name) => fold(name)),
);

function skipPlaceholders(drafting: Drafting): void {
  for (const { address, evidence, verdict } of drafting.sheet.columns) {
    const isFirst = verdict?.fields.includes('first_name') === true;
    if (address === undefined || (!isFirst && verdict?.fields.includes('last_name') !== true)) continue;
    const tests = isFirst ? evidence.words.map(({ text }) => text).filter((text) => placeholders.has(fold(text))) : [];
    const found = [...evidence.marked, ...tests];
    if (found.length === 0) continue;
    skipRows(drafting, address, found);
    drafting.notes.push(
      `Rows whose "${address}" is ${list(found)} are left out (rows.skip): they are no people, or not any more.`,
    );
  }
}

const because = ['Gleantap requires it, and no column of the file has a name and cells that fit'];

function halves(column: string): Edit[] {
  return [
    { path: ['fields', 'first_name'], value: { column, name: 'first' } },
    { path: ['fields', 'last_name'], value: { column, name: 'last' } },
  ];
}

/** `-` for everybody: the way out for a file without names, in its full ugliness. */
function filler(fields: readonly NameField[]): Answer {
  return {
    answer: 'there is none',
    consequence: `"-" is sent as ${fields.join(' and ')} of everybody, also where Gleantap knows better`,
    edits: fields.map((field) => ({ path: ['fields', field], value: { value: '-' } })),
  };
}

function lettered({ sheet }: Drafting): string[] {
  const columns = sheet.columns.filter(
    ({ verdict, candidate, evidence }) =>
      (verdict === undefined
        ? candidate === undefined
        : verdict.certainty === 'left out' && verdict.isRefused !== true) && evidence.shareOf('letters') >= 0.5,
  );
  return columns.flatMap(({ address }) => address ?? []).slice(0, 6);
}

function askForWholeNames(drafting: Drafting): void {
  const { fields, questions } = drafting;
  const both = ['first_name', 'last_name'] as const;
  for (const field of both) fields[field] = '?';
  questions.push({
    id: 'names',
    paths: both.map((field) => ['fields', field]),
    question: 'Which columns hold first and last name?',
    because,
    answers: [
      ...lettered(drafting).map((column): Answer => ({
        answer: `"${column}" holds whole names`,
        consequence: 'it is split into first and last name; rows with a single word are refused',
        edits: halves(column),
      })),
      filler(both),
    ],
  });
}

function askFor(drafting: Drafting, field: NameField): void {
  const { fields, questions } = drafting;
  const taken = fields[field === 'first_name' ? 'last_name' : 'first_name'];
  const whole: Answer[] =
    typeof taken === 'string'
      ? [
          {
            answer: `"${taken}" holds whole names`,
            consequence: 'it is split into first and last name; rows with a single word are refused',
            edits: halves(taken),
          },
        ]
      : [];
  const columns = lettered(drafting).map((column): Answer => ({
    answer: `"${column}"`,
    consequence: `${field} is taken from that column`,
    edits: [{ path: ['fields', field], value: column }],
  }));
  fields[field] = '?';
  questions.push({
    id: field,
    paths: [['fields', field]],
    question: `Which column holds the ${field === 'first_name' ? 'first' : 'last'} name?`,
    because,
    answers: [...whole, ...columns, filler([field])],
  });
}
