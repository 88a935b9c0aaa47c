import { list } from '../confirm.ts';
import type { Drafting } from '../drafting.ts';
import { remark, skipRows } from '../drafting.ts';
import type { Answer, Question } from '../question.ts';
import type { Claim } from '../sheet.ts';
import { answerOfWord, genderOfWord, isUnwanted, standingOfWord } from '../words/word-lists.ts';
import type { Standing } from '../words/word-lists.ts';

/** Whether somebody is a member, and how: type and status from one column's words, rows to leave out, gender. */
export function draftStanding(drafting: Drafting): void {
  const { sheet } = drafting;
  const [status, ...others] = sheet.claims('status');
  if (status !== undefined) draftStatus(drafting, status);
  for (const { column } of others) sheet.leaveOut(column, `"${status?.column.address}" is the status already`);
  for (const claim of sheet.claims('active')) {
    if (status === undefined && drafting.fields['status'] === undefined) draftActive(drafting, claim);
    else sheet.leaveOut(claim.column, 'another column says more about the status');
  }
  for (const claim of sheet.claims('unwanted')) draftUnwanted(drafting, claim);
  const [gender, ...more] = sheet.claims('gender');
  for (const { column } of more) sheet.leaveOut(column, `"${gender?.column.address}" is the gender already`);
  if (gender !== undefined) draftGender(drafting, gender);
}

/** So many words that nobody knows are asked for, one by one. */
const mostQuestions = 8;

function draftStatus(drafting: Drafting, claim: Claim): void {
  const { sheet, questions } = drafting;
  const { address, evidence } = claim.column;
  const type: Record<string, string> = {};
  const status: Record<string, string> = {};
  const unwanted: string[] = [];
  const unknown: string[] = [];
  for (const { text } of evidence.words) {
    const standing = standingOfWord(text);
    if (isUnwanted(text)) unwanted.push(text);
    else if (standing !== undefined) {
      type[text] = standing.type;
      status[text] = standing.status;
    } else if (text !== '__proto__') unknown.push(text);
  }
  for (const word of unknown.slice(0, mostQuestions)) {
    type[word] = '?';
    status[word] = '?';
    questions.push(askForWord(address, word, evidence.words.find(({ text }) => text === word)?.count ?? 0));
  }
  if (unwanted.length > 0) {
    skipRows(drafting, address, unwanted);
    drafting.notes.push(`Rows whose "${address}" is ${list(unwanted)} are left out (rows.skip).`);
  }
  draftWords(drafting, address, type, status);
  const asked = unknown.slice(0, mostQuestions);
  const says = [
    Object.entries(status)
      .filter(([word]) => !asked.includes(word))
      .map(([word, meaning]) => `"${word}" is ${meaning}`)
      .join(', '),
    ...(asked.length > 0 ? [`${list(asked)} not known`] : []),
    ...(unknown.length > asked.length
      ? [`${unknown.length - asked.length} more words are left out with a warning`]
      : []),
  ]
    .filter((part) => part !== '')
    .join('; ');
  if (asked.length > 0) sheet.ask(claim.column, ['type', 'status'], says);
  else if (Object.keys(status).length > 0) sheet.take(claim, ['type', 'status'], says);
  else sheet.leaveOut(claim.column, 'it only says whom to leave out (rows.skip)');
}

function draftWords(
  { fields }: Drafting,
  column: string,
  type: Record<string, string>,
  status: Record<string, string>,
): void {
  if (Object.keys(type).length === 0) return;
  fields['type'] = { column, values: type, otherwise: 'drop' };
  fields['status'] = { column, values: status, otherwise: 'drop' };
}

const standings: readonly (readonly [string, Standing])[] = [
  ['an active member', { type: 'member', status: 'active' }],
  ['a member who pauses', { type: 'member', status: 'frozen' }],
  ['a former member', { type: 'past', status: 'inactive' }],
  ['not a member yet', { type: 'prospect', status: 'non-member' }],
];

function askForWord(column: string, word: string, rows: number): Question {
  const paths = (['type', 'status'] as const).map((field) => ['fields', field, 'values', word]);
  const [typePath = [], statusPath = []] = paths;
  const answers = standings.map(([answer, { type, status }]): Answer => ({
    answer,
    consequence: `type ${type}, status ${status}`,
    edits: [
      { path: typePath, value: type },
      { path: statusPath, value: status },
    ],
  }));
  answers.push({
    answer: 'leave it out',
    consequence: 'type and status of these people stay as they are in Gleantap',
    edits: paths.map((path) => ({ path })),
  });
  return {
    id: `status-word:${word}`,
    paths,
    question: `What does "${word}" in the column "${column}" mean?`,
    because: [`it stands in ${rows === 1 ? '1 row' : `${rows} rows`} and is no word that is known`],
    answers,
  };
}

function draftActive(drafting: Drafting, claim: Claim): void {
  const isTurned = /inacti/i.test(claim.column.header);
  const type: Record<string, string> = {};
  const status: Record<string, string> = {};
  for (const { text } of claim.column.evidence.words) {
    const answer = answerOfWord(text);
    const standing = answer === undefined ? standingOfWord(text) : answer === isTurned ? past : active;
    if (standing === undefined) continue;
    type[text] = standing.type;
    status[text] = standing.status;
  }
  draftWords(drafting, claim.column.address, type, status);
  drafting.sheet.take(claim, ['type', 'status']);
}

const active: Standing = { type: 'member', status: 'active' };
const past: Standing = { type: 'past', status: 'inactive' };

/** A column like Blocked: who says yes there is left out. */
function draftUnwanted(drafting: Drafting, { column }: Claim): void {
  const words = column.evidence.words
    .map(({ text }) => text)
    .filter((text) => answerOfWord(text) === true || isUnwanted(text));
  if (words.length === 0) {
    drafting.sheet.leaveOut(column, 'nobody in this file is marked in it');
    return;
  }
  skipRows(drafting, column.address, words);
  drafting.sheet.leaveOut(column, `rows that say ${list(words)} are left out (rows.skip)`);
}

function draftGender(drafting: Drafting, claim: Claim): void {
  const { fields, sheet } = drafting;
  const { address, evidence } = claim.column;
  const known = evidence.words.flatMap(({ text }) => {
    const gender = genderOfWord(text);
    return gender === undefined ? [] : [[text, gender] as const];
  });
  const unknown = evidence.words.map(({ text }) => text).filter((text) => genderOfWord(text) === undefined);
  fields['gender'] = { column: address, values: Object.fromEntries(known), otherwise: 'drop' };
  if (unknown.length > 0)
    remark(
      drafting,
      ['fields', 'gender'],
      `Left out with a warning, because the words are not known: ${list(unknown, 8)}.`,
    );
  sheet.take(claim, ['gender']);
}
