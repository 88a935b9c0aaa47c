import { answerOfWord } from '../../core/mapping/consent-words.ts';
import { list } from '../confirm.ts';
import type { Drafting } from '../drafting.ts';
import { skipRows } from '../drafting.ts';
import type { Answer, Question } from '../question.ts';
import type { Claim, NamedColumn } from '../column.ts';
import { fold } from '../../core/values/text.ts';
import { askAboutEmailState } from './consent.ts';
import { isUnwanted, plainStateOf, standingOfWord } from '../words/word-lists.ts';
import type { Standing } from '../words/word-lists.ts';

/** Whether people are members, and how: type and status from one column's words, and rows to leave out. */
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
  askAboutDeleted(drafting);
}

/** How many unknown words the user is asked about, one by one. */
const mostQuestions = 8;

function draftStatus(drafting: Drafting, claim: Claim): void {
  const { sheet, questions } = drafting;
  const { address, evidence } = claim.column;
  const type: Record<string, string> = {};
  const status: Record<string, string> = {};
  const unwanted: string[] = [];
  const unknown: string[] = [];
  // "Active" next to "Unsubscribed" may be an active subscriber, who is not a member for that.
  const isAboutEmail = evidence.words.some(({ text }) => isRefusal(text));
  for (const { text } of evidence.words) {
    const standing = isAboutEmail && ofLists.has(fold(text)) ? undefined : standingOfWord(text);
    if (isAboutEmail && plainStateOf(text) !== undefined) continue;
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
  if (isAboutEmail) askAboutEmailState(drafting, claim.column);
  if (asked.length > 0) sheet.ask(claim.column, ['type', 'status'], says);
  else if (Object.keys(status).length > 0) sheet.take(claim, ['type', 'status'], says);
  else if (!isAboutEmail) sheet.leaveOut(claim.column, 'it only says which rows to skip (rows.skip)');
  if (isAboutEmail && drafting.fields['optout_email'] === '?')
    sheet.share(claim.column, 'optout_email', 'asked', 'it says who unsubscribed');
  else if (isAboutEmail && sheet.columns[claim.column.index]?.verdict === undefined)
    sheet.leaveOut(claim.column, 'another column says who opted out of email');
}

/** Whether a word means that a person gets no more email. */
function isRefusal(word: string): boolean {
  const state = plainStateOf(word);
  return state === 'out' || state === 'undeliverable';
}

/** Words that mailing lists use of subscribers, and gyms of members. */
const ofLists = new Set(['active', 'ok', 'current', 'live', 'contact', 'pending', 'inactive', 'completed', 'invited']);

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
    because: [`it is in ${rows === 1 ? '1 row' : `${rows} rows`}, and init does not know the word`],
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
    drafting.sheet.leaveOut(column, 'it marks no one in this file');
    return;
  }
  skipRows(drafting, column.address, words);
  drafting.sheet.leaveOut(column, `rows that say ${list(words)} are left out (rows.skip)`);
}

/** A column like `deleted_at`: people who have a day in it are gone from the source. The user decides whether to import them. */
function askAboutDeleted(drafting: Drafting): void {
  const { sheet, keep, questions } = drafting;
  const columns = sheet.claims('unwanted_since').map(({ column }) => column);
  if (columns.length === 0) return;
  for (const column of columns) {
    keep.push({ column: '?', in: [''] });
    sheet.leaveOut(column, 'it says who was deleted from the source');
  }
  const paths = columns.map((_, index) => ['rows', 'keep', index, 'column']);
  const rows = Math.max(...columns.map(({ evidence }) => evidence.filled));
  const names = list(columns.map(({ address }) => address));
  questions.push({
    id: 'deleted-rows',
    paths,
    question: `Are rows with a day in ${names} people who must not be imported?`,
    because: [`${rows === 1 ? '1 row has' : `${rows} rows have`} one, out of ${sheet.rows}`],
    answers: [
      {
        answer: 'leave those rows out',
        consequence: 'only rows without a day there are sent (rows.keep)',
        edits: columns.map(({ address }: NamedColumn, index) => ({
          path: ['rows', 'keep', index, 'column'],
          value: address,
        })),
      },
      {
        answer: 'import them too',
        consequence: 'they are sent like everyone else',
        edits: [{ path: ['rows', 'keep'] }],
      },
    ],
  });
}
