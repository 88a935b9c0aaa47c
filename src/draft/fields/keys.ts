import type { Drafting } from '../drafting.ts';
import { remark } from '../drafting.ts';
import { percent } from '../confirm.ts';
import type { Answer, JsonValue } from '../question.ts';
import type { Claim, SheetColumn } from '../column.ts';
import { isMobileName, plainName } from '../words/header-words.ts';

/** Emails and phones, best column first: what the first lacks the next may have. */
export function draftReachability(drafting: Drafting): void {
  takeAll(drafting, 'email', 3);
  takeAll(drafting, 'phone', 4);
}

/**
 * Takes "none" from the answers where nothing else would identify people: a mapping without user_id, email and phone is refused.
 * To be called once all three are drafted.
 */
export function requireKey({ fields, questions }: Drafting): void {
  const keys = ['email', 'phone', 'user_id'];
  if (keys.some((key) => fields[key] !== undefined && fields[key] !== '?')) return;
  const index = questions.findIndex(({ id }) => keys.includes(id));
  const question = questions[index];
  if (question === undefined) return;
  const answers = question.answers.filter(({ edits }) => edits.some(({ value }) => value !== undefined));
  questions[index] = { ...question, answers };
}

function takeAll(drafting: Drafting, field: 'email' | 'phone', most: number): void {
  const { sheet, fields } = drafting;
  const claims = sheet.claims(field);
  const byCells = claims.length > 0 ? [] : byCellsAlone(sheet.free, field);
  if (byCells.length > 1) {
    askWhich(drafting, field, byCells);
    return;
  }
  const taken = claims.length > 0 ? claims.slice(0, most) : byCells;
  for (const { column } of claims.slice(most))
    sheet.leaveOut(column, `${most} better columns are already used for ${field}`);
  const [first] = taken;
  if (first === undefined) return;
  if (field === 'phone' && askByLabels(drafting, taken)) return;
  taken.forEach((claim, index) => {
    sheet.take(
      claim,
      [field],
      index === 0 ? claim.why : `${claim.why}. It is used where the column before it is empty`,
    );
  });
  fields[field] = settingOf(taken);
}

function settingOf(claims: readonly Claim[]): JsonValue {
  const columns = claims.map(({ column }) => column.address);
  const [only = ''] = columns;
  return { column: columns.length === 1 ? only : columns, onInvalid: 'drop' };
}

/** Columns whose names say nothing, but whose cells say all. */
function byCellsAlone(free: Drafting['sheet']['free'], field: 'email' | 'phone'): Claim[] {
  const fitting = free.filter(({ candidate, evidence }) => {
    if (candidate !== undefined && candidate.meaning !== field) return false;
    return field === 'email'
      ? evidence.shareOf('email') >= 0.8
      : evidence.shareOf('phone') >= 0.9 && evidence.shareOf('integer') < 0.9;
  });
  return fitting.map((column) => ({
    column,
    certainty: 'likely',
    why: `its name says nothing, but ${percent(column.evidence.shareOf(field))} of its cells are ${field === 'email' ? 'email addresses' : 'phone numbers'}`,
  }));
}

function askWhich({ sheet, fields, questions }: Drafting, field: 'email' | 'phone', claims: readonly Claim[]): void {
  const what = field === 'email' ? 'email address' : 'phone number';
  fields[field] = '?';
  for (const { column, why } of claims) sheet.ask(column, [field], why);
  questions.push({
    id: field,
    paths: [['fields', field]],
    question: `Which column holds the ${what} of the person?`,
    because: claims.map(({ column, why }) => `"${column.address}": ${why}`),
    answers: [
      ...claims.slice(0, 6).map((claim): Answer => ({
        answer: `"${claim.column.address}"`,
        consequence: `${field} is taken from that column`,
        edits: [{ path: ['fields', field], value: settingOf([claim]) }],
      })),
      { answer: 'none', consequence: `${field} is not sent`, edits: [{ path: ['fields', field] }] },
    ],
  });
}

/**
 * Address books name the kind of a number in a column next to it: "Phone 1 - Label" is Mobile in one row and Work Fax in the
 * next. These columns are ordered by their labels, or asked about where the labels of one column are mixed.
 */
function askByLabels(drafting: Drafting, claims: readonly Claim[]): boolean {
  const { sheet, fields, questions } = drafting;
  const labelled = claims.flatMap((claim) => {
    const name = claim.column.header.replace(/value$/i, '');
    const label = sheet.columns.find(
      ({ header }) => /^(?:label|type)$/i.test(header.slice(name.length)) && header.startsWith(name),
    );
    return label === undefined || name === claim.column.header ? [] : [{ claim, words: label.evidence.words }];
  });
  const isMixed = labelled.some(({ words }) => {
    const mobile = words.filter(({ text }) => isMobileName(text));
    return words.some(({ text }) => /fax/i.test(text)) || (words.length > 1 && mobile.length < words.length);
  });
  const isLater = labelled.some(({ words }, index) => index > 0 && words.some(({ text }) => isMobileName(text)));
  if (!isMixed && !isLater) return false;
  fields['phone'] = '?';
  for (const claim of claims) sheet.ask(claim.column, ['phone'], 'its labels name different kinds of numbers');
  const others = (first: Claim): Claim[] => [first, ...claims.filter((claim) => claim !== first)];
  questions.push({
    id: 'phone',
    paths: [['fields', 'phone']],
    question: 'Which of these columns comes first for the phone number?',
    because: labelled.map(
      ({ claim, words }) =>
        `"${claim.column.address}" is labeled ${words
          .slice(0, 6)
          .map(({ text, count }) => `"${text}" (${count})`)
          .join(', ')}`,
    ),
    answers: [
      ...claims.map((claim): Answer => ({
        answer: `"${claim.column.address}"`,
        consequence: claims.length === 1 ? 'all of its numbers are sent' : 'the other is used where that one is empty',
        edits: [{ path: ['fields', 'phone'], value: settingOf(others(claim)) }],
      })),
      ...(claims.length === 1
        ? []
        : claims.map((claim): Answer => ({
            answer: `only "${claim.column.address}"`,
            consequence: 'the other is not sent',
            edits: [{ path: ['fields', 'phone'], value: settingOf([claim]) }],
          }))),
      { answer: 'none', consequence: 'phone is not sent', edits: [{ path: ['fields', 'phone'] }] },
    ],
  });
  return true;
}

/** Numbers of a membership, a contract or a card, rather than of a person: the last resort. */
const weakNames = /membership|agreement|contract|vertrag|barcode|keytag|cardcode|swipe/;

/** Of which these number memberships, so that one person may have several. */
const membershipNames = /membership|agreement|contract|vertrag/;

/** More shared values than this are not typing errors in names: the column does not distinguish people. */
const typingErrors = 0.03;

/** The id of the gym's own software, if each value of it is one person's. It must come after the names. */
export function draftUserId(drafting: Drafting): void {
  const { sheet, fields, questions } = drafting;
  const doubtful: (Claim & { readonly doubt: string })[] = [];
  let taken: Claim | undefined;
  for (const claim of sheet.claims('user_id')) {
    const { column } = claim;
    const doubt = doubtOf(column);
    if (taken !== undefined) sheet.leaveOut(column, doubt?.text ?? `"${taken.column.address}" is the id already`);
    else if (doubt === undefined) {
      taken = claim;
      sheet.take(claim, ['user_id'], whyUnique(column));
    } else if (doubt.isSmall) doubtful.push({ ...claim, doubt: doubt.text });
    else sheet.leaveOut(column, doubt.text);
  }
  if (taken !== undefined) {
    fields['user_id'] = taken.column.address;
    if (weakNames.test(plainName(taken.column.header)))
      remark(
        drafting,
        ['fields', 'user_id'],
        'It is unique in this file. Check that no two people of a family share one.',
      );
    for (const { column, doubt } of doubtful) sheet.leaveOut(column, doubt);
    return;
  }
  const [doubted] = doubtful;
  if (doubted === undefined) {
    if (fields['email'] === undefined && fields['phone'] === undefined) askForKey(drafting);
    return;
  }
  const { address } = doubted.column;
  fields['user_id'] = '?';
  for (const { column, doubt } of doubtful) sheet.ask(column, ['user_id'], doubt);
  const hasOther = fields['email'] !== undefined || fields['phone'] !== undefined;
  questions.push({
    id: 'user_id',
    paths: [['fields', 'user_id']],
    question: `Does each "${address}" belong to one person?`,
    because: [doubted.doubt],
    answers: [
      {
        answer: 'yes',
        consequence: 'people are found by it, and rows that share one update the same contact',
        edits: [{ path: ['fields', 'user_id'], value: address }],
      },
      ...(hasOther
        ? [
            {
              answer: 'no',
              consequence: 'it is left out, and people are found by email or phone with the first name',
              edits: [{ path: ['fields', 'user_id'] }],
            },
          ]
        : []),
    ],
  });
}

function whyUnique({ key }: SheetColumn): string {
  if (key === undefined || key.repeated === 0) return `each of its ${key?.different ?? 0} values occurs once`;
  return `${key.different} different values. ${key.repeated} of them ${key.repeated === 1 ? 'is' : 'are'} in several rows, always with the same name`;
}

function doubtOf({
  key,
  header,
  evidence,
}: SheetColumn): { readonly text: string; readonly isSmall: boolean } | undefined {
  if (key === undefined) return undefined;
  const { shared, sharedRows, sharedValue, different, severalPerName } = key;
  const isOfMemberships = membershipNames.test(plainName(header));
  if (isOfMemberships && severalPerName > 2 && severalPerName * 20 > different) {
    return {
      text: `${severalPerName} names have several of its values, so it numbers memberships, not people`,
      isSmall: false,
    };
  }
  if (
    evidence.filled > 0 &&
    evidence.countOf('integer') === evidence.filled &&
    evidence.words.some(({ text }) => text.length >= 16)
  ) {
    return { text: 'it has numbers of 16 and more digits, which spreadsheets round', isSmall: false };
  }
  if (key.isCounter)
    return { text: 'its values count the rows of the file, so the next export may give them to others', isSmall: true };
  if (shared === 0) return undefined;
  return {
    text: `${shared} of its ${different} values have different names${sharedRows === undefined ? '' : ` (${sharedValue === undefined ? '' : `"${sharedValue}" `}in rows ${sharedRows.join(' and ')})`}, so they do not belong to one person`,
    isSmall: shared <= 2 || shared <= different * typingErrors,
  };
}

function askForKey({ sheet, fields, questions }: Drafting): void {
  const reachable = sheet.columns.filter(({ address, evidence }) => address !== undefined && evidence.filled > 0);
  const ids = reachable.filter(
    ({ verdict, evidence }) =>
      (verdict === undefined || (verdict.certainty === 'left out' && verdict.isRefused !== true)) &&
      evidence.shareOf('oneWord') >= 0.8,
  );
  const others = reachable.filter(
    ({ verdict, evidence }) => verdict?.isRefused === true && evidence.shareOf('email') >= 0.5,
  );
  fields['user_id'] = '?';
  questions.push({
    id: 'match-key',
    paths: [['fields', 'user_id']],
    question: 'Which column identifies a person in Gleantap?',
    because: [
      'no column is an email address, a phone number or an id that belongs to one person. Without one, every import would create every contact again',
      'it is best to export the list again, with one of these',
    ],
    answers: [
      ...others.slice(0, 2).map(({ address = '', header }): Answer => ({
        answer: `"${header}" as email`,
        consequence: 'people are found by it with the first name, and what is sent to them reaches that other person',
        edits: [
          { path: ['fields', 'user_id'] },
          { path: ['fields', 'email'], value: { column: address, onInvalid: 'drop' } },
        ],
      })),
      ...ids.slice(0, 4).map(({ address = '' }): Answer => ({
        answer: `"${address}" as user_id`,
        consequence: 'rows that share a value update the same contact',
        edits: [{ path: ['fields', 'user_id'], value: address }],
      })),
    ],
  });
}
