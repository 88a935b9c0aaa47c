import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { askQuestions } from '../../src/cli/ask-questions.ts';
import type { Io } from '../../src/cli/io.ts';
import type { Answer, Question } from '../../src/draft/question.ts';
import { draftOf, field } from '../draft/folder.ts';

const enter = '\r';
const down = '\u001B[B';

/** A file that leaves open: the country of its phones, the order of day and month, who wants no email, which row of Ana is sent, and a word. */
const drafted = async () =>
  draftOf(
    [
      'First Name,Last Name,Email,Phone,DOB,Newsletter,Status',
      'Ana,Diaz,ana@example.com,5551234,3/4/1983,yes,Active',
      'Ana,Diaz,ana@example.com,5551234,3/4/1983,yes,Expired',
      'Ben,Cole,ben@example.com,5551235,5/6/1990,no,Limbo',
    ].join('\n'),
  );

/** Asks on a terminal made of two streams, and presses these keys when the question with that number appears. */
async function ask(questions: readonly Question[], keys: (question: number) => string[]) {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
  let screen = '';
  let asked = 0;
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 200, rows: 60 });
  output.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    if (!screen.includes(`${asked + 1} of ${questions.length}:`)) return;
    asked += 1;
    // Keys are read one at a time, as a person presses them.
    for (const key of keys(asked)) setImmediate(() => input.write(key));
  });
  const io = { stdin: input, stdout: output, stderr: output, terminal: output, environment: {} } as unknown as Io;
  const given = await askQuestions(questions, io);
  input.end();
  return { given, asked, screen };
}

it('Enter, however often it is pressed, answers nothing', async () => {
  const { questions, answered } = await drafted();
  expect(questions.map(({ id }) => id).toSorted()).toEqual([
    'consent:optout_email',
    'country',
    'date-order:dob',
    'people',
    'status-word:Limbo',
  ]);
  const { given, asked } = await ask(questions, () => [enter]);
  expect(asked).toBe(questions.length);
  expect([...given]).toEqual([]);
  expect(answered(given).mapping).toEqual(answered(new Map<Question, Answer>()).mapping);
  expect(answered(given).questions).toEqual(questions);
});

it('one key down and Enter takes the first answer of each short list', async () => {
  const draft = await drafted();
  const short = draft.questions.filter(({ id }) => id !== 'country');
  const { given } = await ask(short, () => [down, enter]);
  expect([...given.values()]).toEqual(short.map(({ answers }) => answers[0]));
  expect(field(draft.answered(given), 'dob')).toMatchObject({ format: 'M/D/YYYY' });
});

it.each([
  ['IE', 'IE'],
  ['uy', 'UY'],
  ['CH', 'CH'],
  ['japan', 'JP'],
  ['new zea', 'NZ'],
])('a country question offers every country: typing %s finds %s', async (typed, code) => {
  const draft = await drafted();
  const country = draft.questions.filter(({ id }) => id === 'country');
  const { given } = await ask(country, () => [...Array.from(typed), enter]);
  expect(draft.answered(given).mapping['country']).toBe(code);
});
