import type { Drafting } from '../drafting.ts';
import { list } from '../confirm.ts';
import type { Answer, Edit } from '../question.ts';
import type { Claim, NamedColumn } from '../column.ts';
import { maskValue } from '../../core/reports/mask-value.ts';
import { isPlaceholderName } from '../words/word-lists.ts';
import { orderOf } from './name-order.ts';
import type { NameOrder } from './name-order.ts';
import { skipRows } from '../drafting.ts';

type NameField = 'first_name' | 'last_name';

/** First and last name: from a column each, or from one column that holds both. Gleantap requires the two. */
export function draftNames(drafting: Drafting): void {
  const { sheet, fields } = drafting;
  const lasts = sheet.claims('last_name');
  const full = sheet.claims('full_name');
  const firsts = sheet.claims('first_name');
  const all = [...full, ...firsts, ...lasts];
  const [first] = firsts;
  // A column called "Name" may hold anything; one called "First Name" holds first names.
  const isWhole = first !== undefined && first.column.candidate?.meaning !== 'first_name' && holdsWholeNames(first);
  const last = lasts.find(({ column }) => column.index !== first?.column.index);
  // "Ana Diaz" next to a first name "Ana": the other column is not the last name alone.
  const repeated = all.find(
    ({ column }) => column.index !== first?.column.index && repeatsFirstName(column, sheet.rows),
  );
  if (first !== undefined && last !== undefined && !isWhole && repeated?.column.index !== last.column.index) {
    give(drafting, 'first_name', first);
    giveLastName(drafting, last);
    for (const claim of full) {
      if (claim.column.index !== first.column.index && claim.column.index !== last.column.index)
        sheet.leaveOut(claim.column, 'first and last name have columns of their own');
    }
  } else if (first !== undefined && repeated !== undefined && !isWhole) {
    give(drafting, 'first_name', first);
    giveHalf(drafting, repeated, orderByRepeats(repeated.column));
  } else {
    const whole = all.find(holdsWholeNames);
    if (whole !== undefined) split(drafting, whole);
    else if (first !== undefined) give(drafting, 'first_name', first);
    else if (last !== undefined) give(drafting, 'last_name', last);
  }
  for (const claim of sheet.claims('middle_name'))
    sheet.leaveOut(claim.column, 'Gleantap has no field for middle names');
  for (const meaning of ['name_prefix', 'second_last_name'] as const)
    for (const claim of sheet.claims(meaning)) sheet.leaveOut(claim.column, 'the last name has a column of its own');
  skipPlaceholders(drafting);
  askAboutCouples(drafting);
  if (fields['first_name'] === undefined && fields['last_name'] === undefined) askForWholeNames(drafting);
  else
    for (const field of ['first_name', 'last_name'] as const) if (fields[field] === undefined) askFor(drafting, field);
}

/** Two words or a comma in most cells. A person may have two first names, but not most people. */
function holdsWholeNames({ column: { evidence } }: Claim): boolean {
  return evidence.shareOf('twoWords') >= 0.6;
}

function repeatsFirstName({ repeats }: NamedColumn, rows: number): boolean {
  return repeats !== undefined && (repeats.atStart + repeats.atEnd) * 2 > rows;
}

function give({ sheet, fields }: Drafting, field: NameField, claim: Claim): void {
  fields[field] = claim.column.address;
  sheet.take(claim, [field]);
}

/** A last name with what belongs to it: "van der" before it, a second one after it. */
function giveLastName(drafting: Drafting, last: Claim): void {
  const { sheet, fields } = drafting;
  const [prefix] = sheet.claims('name_prefix');
  const [second] = sheet.claims('second_last_name');
  const parts = [prefix, last, second].filter((claim) => claim !== undefined);
  if (parts.length === 1) {
    give(drafting, 'last_name', last);
    return;
  }
  fields['last_name'] = { columns: parts.map(({ column }) => column.address), join: ' ' };
  for (const claim of parts) sheet.take(claim, ['last_name'], 'it is a part of the last name, joined with the others');
}

/** The last name alone, from a column of whole names. */
function giveHalf({ sheet, fields }: Drafting, claim: Claim, order: NameOrder): void {
  fields['last_name'] = { column: claim.column.address, name: 'last', ...orderSetting(order) };
  sheet.take(claim, ['last_name'], 'it repeats the first name, so the last name is extracted from it');
}

function orderSetting(order: NameOrder | '?'): { readonly nameOrder?: string } {
  return order === 'first last' ? {} : { nameOrder: order };
}

function orderByRepeats({ repeats }: NamedColumn): NameOrder {
  return (repeats?.atEnd ?? 0) > (repeats?.atStart ?? 0) ? 'last first' : 'first last';
}

function split(drafting: Drafting, claim: Claim): void {
  const { sheet, fields, questions } = drafting;
  const { address, evidence } = claim.column;
  const commas = evidence.shareOf('oneComma');
  const found =
    commas >= 0.5 ? ({ order: 'first last', why: 'written "Last, First"' } as const) : orderOf(drafting, claim);
  const order = found.order;
  fields['first_name'] = { column: address, name: 'first', ...orderSetting(order) };
  fields['last_name'] = { column: address, name: 'last', ...orderSetting(order) };
  const why = `one column holds whole names, ${found.why}`;
  if (order !== '?') {
    const isMixed = commas > 0.05 && commas < 0.5;
    sheet.take(isMixed ? { ...claim, certainty: 'likely' } : claim, ['first_name', 'last_name'], why);
    return;
  }
  sheet.ask(claim.column, ['first_name', 'last_name'], why);
  const paths = (['first_name', 'last_name'] as const).map((field) => ['fields', field, 'nameOrder']);
  const [example] = evidence.words.flatMap(({ text }) => {
    const words = text.split(/\s+/);
    return words.length === 2 ? [words] : [];
  });
  questions.push({
    id: 'name-order',
    paths,
    question: `Which comes first in the names of "${address}", the first or the last name?`,
    because: ['the file does not show it: no commas, no capitals, and few names that init knows'],
    answers: (['first last', 'last first'] as const).map((written) => ({
      answer: written === 'first last' ? 'the first name' : 'the last name',
      consequence:
        example === undefined
          ? `names are split as "${written}"`
          : `of "${example.map((word) => maskValue(word)).join(' ')}" the ${written === 'first last' ? 'second' : 'first'} word is the last name`,
      edits: paths.map((path) => ({ path, value: written })),
    })),
  });
}

function skipPlaceholders(drafting: Drafting): void {
  for (const { address, evidence, verdict } of drafting.sheet.columns) {
    const isFirst = verdict?.fields.includes('first_name') === true;
    if (address === undefined || (!isFirst && verdict?.fields.includes('last_name') !== true)) continue;
    const tests = isFirst ? evidence.words.map(({ text }) => text).filter(isPlaceholderName) : [];
    const found = [...evidence.marked, ...tests];
    if (found.length === 0) continue;
    skipRows(drafting, address, found);
    drafting.notes.push(
      `Rows whose "${address}" is ${list(found)} are skipped (rows.skip): they are not people, or no longer are.`,
    );
  }
}

/** Cells that name two people or a household would become one contact. */
function askAboutCouples(drafting: Drafting): void {
  const { sheet, skip, questions } = drafting;
  const column = sheet.columns.find(
    ({ verdict, evidence }) => verdict?.fields.includes('first_name') === true && evidence.couples.size > 0,
  );
  const { address } = column ?? {};
  if (column === undefined || address === undefined) return;
  const words = [...column.evidence.couples];
  const place = ['rows', 'skip', skip.length];
  skip.push({ column: '?', in: words });
  questions.push({
    id: 'two-people',
    paths: [[...place, 'column']],
    question: `Do these names in "${address}" stand for more than one person?`,
    because: [
      `${words.length === 1 ? '1 name is' : `${words.length} names are`} written like ${list(words.map((word) => maskValue(word)))}`,
      'Gleantap would keep them as one contact with that name',
    ],
    answers: [
      {
        answer: 'leave those rows out',
        consequence: 'they are skipped (rows.skip). Split them in the source to import each person',
        edits: [{ path: [...place, 'column'], value: address }],
      },
      {
        answer: 'send them as they are',
        consequence: 'each is one contact with both names in it',
        edits: [{ path: place }],
      },
    ],
  });
}

const because = [
  'Gleantap requires it, and no column of the file has a name and cells that fit',
  'the best way is to export the list again with the names in it',
];

/** Both orders of the names in a column. */
function wholeNames(column: string): Answer[] {
  return (['first last', 'last first'] as const).map((order) => ({
    answer: `"${column}" holds whole names, the ${order === 'first last' ? 'first' : 'last'} name first`,
    consequence: 'it is split into first and last name, and rows with a single word are refused',
    edits: (['first', 'last'] as const).map((half): Edit => ({
      path: ['fields', `${half}_name`],
      value: { column, name: half, ...orderSetting(order) },
    })),
  }));
}

/** `-` for everyone: the way out for a file without names, and how ugly it is. */
function filler(fields: readonly NameField[]): Answer {
  return {
    answer: 'there is none',
    consequence: `"-" is sent as ${fields.join(' and ')} for everyone, even where Gleantap knows the name`,
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
      ...lettered(drafting).flatMap(wholeNames),
      // A name of "-" for everyone is not offered alone: the file has to be exported again, with names.
      ...(lettered(drafting).length > 0 ? [filler(both)] : []),
    ],
  });
}

function askFor(drafting: Drafting, field: NameField): void {
  const { fields, questions } = drafting;
  const taken = fields[field === 'first_name' ? 'last_name' : 'first_name'];
  const whole = typeof taken === 'string' ? wholeNames(taken) : [];
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
    answers: [...whole, ...columns, ...(whole.length + columns.length > 0 ? [filler([field])] : [])],
  });
}
