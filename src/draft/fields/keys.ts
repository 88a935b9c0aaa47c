import type { Drafting } from '../drafting.ts';
import { remark } from '../drafting.ts';
import { percent } from '../confirm.ts';
import type { Answer } from '../question.ts';
import type { Claim, SheetColumn } from '../column.ts';
import { plainName } from '../words/header-words.ts';

/** Emails and phones, best column first: what the first lacks the next may have. */
export function draftReachability(drafting: Drafting): void {
  takeAll(drafting, 'email', 3);
  takeAll(drafting, 'phone', 4);
}

function takeAll({ sheet, fields }: Drafting, field: 'email' | 'phone', most: number): void {
  const claims = sheet.claims(field);
  const taken = claims.length > 0 ? claims.slice(0, most) : byValuesAlone(sheet.free, field);
  for (const { column } of claims.slice(most))
    sheet.leaveOut(column, `${most} better columns are taken for ${field} already`);
  const [first] = taken;
  if (first === undefined) return;
  taken.forEach((claim, index) => {
    sheet.take(claim, [field], index === 0 ? claim.why : `${claim.why}; taken where the column before it is empty`);
  });
  const columns = taken.map(({ column }) => column.address);
  fields[field] = { column: columns.length === 1 ? first.column.address : columns, onInvalid: 'drop' };
}

/** A column whose name says nothing, but whose cells say all. */
function byValuesAlone(free: Drafting['sheet']['free'], field: 'email' | 'phone'): Claim[] {
  const fitting = free.filter(({ candidate, evidence }) => {
    if (candidate !== undefined && candidate.meaning !== field) return false;
    return field === 'email'
      ? evidence.shareOf('email') >= 0.8
      : evidence.shareOf('phone') >= 0.9 && evidence.shareOf('integer') < 0.9;
  });
  const [only] = fitting;
  if (only === undefined || fitting.length > 1) return [];
  const share = only.evidence.shareOf(field);
  return [
    {
      column: only,
      certainty: 'likely',
      why: `its name says nothing, but ${percent(share)} of its cells are ${field === 'email' ? 'email addresses' : 'phone numbers'}`,
    },
  ];
}

/** Numbers of a membership, a contract or a card, rather than of a person: the last resort. */
const weakNames = /membership|agreement|contract|vertrag|barcode|keytag|cardcode|swipe/;

/** Of which these number memberships, so that one person may have several. */
const membershipNames = /membership|agreement|contract|vertrag/;

/** More shared values than this are no typing errors in names: the column does not tell people apart. */
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
        'It is unique in this file; check that no two people of a family share one.',
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
        consequence: 'people are found by it; rows that share one are written onto one contact',
        edits: [{ path: ['fields', 'user_id'], value: address }],
      },
      ...(hasOther
        ? [
            {
              answer: 'no',
              consequence: 'it is left out; people are found by email or phone with the first name',
              edits: [{ path: ['fields', 'user_id'] }],
            },
          ]
        : []),
    ],
  });
}

function whyUnique({ key }: SheetColumn): string {
  if (key === undefined || key.repeated === 0) return `each of its ${key?.different ?? 0} values stands once`;
  return `${key.different} different values; ${key.repeated} stand in several rows, always with the same name`;
}

function doubtOf({
  key,
  header,
  evidence,
}: SheetColumn): { readonly text: string; readonly isSmall: boolean } | undefined {
  if (key === undefined) return undefined;
  const { shared, different, severalPerName } = key;
  const isOfMemberships = membershipNames.test(plainName(header));
  if (isOfMemberships && severalPerName > 2 && severalPerName * 20 > different) {
    return {
      text: `${severalPerName} names stand with several of its values: it numbers memberships, not people`,
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
    text: `${shared} of its ${different} values stand with different names, so they are not one person's`,
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
    question: 'By which column can Gleantap know a person again?',
    because: [
      'no column is an email address, a phone number or an id that belongs to one person; without one every import would make everybody anew',
      'best export the list again, with one of these',
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
        consequence: 'rows that share a value are written onto one contact',
        edits: [{ path: ['fields', 'user_id'], value: address }],
      })),
    ],
  });
}
