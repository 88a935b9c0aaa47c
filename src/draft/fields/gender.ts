import { list } from '../confirm.ts';
import type { Claim } from '../column.ts';
import { remark } from '../drafting.ts';
import type { Drafting } from '../drafting.ts';
import type { JsonValue, Question } from '../question.ts';
import { gendersOf, isGenderWord } from '../words/genders.ts';
import { languageOf } from '../words/header-words.ts';

/** Gender from the words of one column, read in the language of the file. A word that could be two genders is asked about. */
export function draftGender(drafting: Drafting): void {
  const { sheet } = drafting;
  const [claim, ...more] = sheet.claims('gender');
  for (const { column } of more) sheet.leaveOut(column, `"${claim?.column.address}" is the gender already`);
  if (claim !== undefined) draftFrom(drafting, claim);
}

function draftFrom(drafting: Drafting, claim: Claim): void {
  const { fields, sheet, notes, questions } = drafting;
  const { address, evidence } = claim.column;
  const words = evidence.words.map(({ text }) => text);
  const language = languageOf(sheet.columns.map(({ header }) => header));
  const meanings = gendersOf(words, language);
  const values: Record<string, JsonValue> = {};
  const open: string[] = [];
  for (const [word, gender] of meanings) {
    values[word] = gender ?? '?';
    if (gender === undefined) open.push(word);
  }
  fields['gender'] = { column: address, values, otherwise: 'drop' };
  for (const word of open)
    questions.push(askFor(address, word, evidence.words.find(({ text }) => text === word)?.count ?? 0, words));
  const others = [...meanings].flatMap(([word, gender]) => (gender === 'other' && word.length > 1 ? [word] : []));
  if (others.length > 0) notes.push(`gender: ${list(others)} is sent as "other".`);
  const unknown = words.filter((word) => !isGenderWord(word));
  if (unknown.length > 0)
    remark(
      drafting,
      ['fields', 'gender'],
      `Not sent, with a warning, because the words are unknown: ${list(unknown, 8)}.`,
    );
  const says = [...meanings].flatMap(([word, gender]) => (gender === undefined ? [] : [`"${word}" is ${gender}`]));
  if (open.length > 0) sheet.ask(claim.column, ['gender'], `${list(open)} can be read in several ways`);
  else sheet.take(claim, ['gender'], says.slice(0, 6).join(', '));
}

function askFor(column: string, word: string, rows: number, words: readonly string[]): Question {
  const path = ['fields', 'gender', 'values', word];
  return {
    id: `gender-word:${word}`,
    paths: [path],
    question: `Which gender is "${word}" in the column "${column}"?`,
    because: [
      `it is in ${rows === 1 ? '1 row' : `${rows} rows`}, and the file does not show whether it is short for a man or a woman`,
      `the words of the column are ${list(words, 8)}`,
    ],
    answers: [
      ...(['female', 'male', 'other'] as const).map((gender) => ({
        answer: gender,
        consequence: `"${word}" is sent as ${gender}`,
        edits: [{ path, value: gender }],
      })),
      { answer: 'leave it out', consequence: 'the gender of these people is not sent', edits: [{ path }] },
    ],
  };
}
