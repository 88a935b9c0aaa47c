import { autocomplete, cancel, isCancel, log, select } from '@clack/prompts';
import type { Option } from '@clack/prompts';
import type { Answer, Question } from '../draft/question.ts';
import { visible } from '../core/reports/visible.ts';
import type { Io } from './io.ts';
import { plural } from './text/words.ts';

/** Longer lists are searched by typing. */
const mostListed = 12;

const later = {
  value: 'later' as const,
  label: 'Leave it open',
  hint: 'the mapping keeps a "?" there, and check asks again',
};

/**
 * Asks the questions of a draft one by one on a terminal. Leaving a question open is preselected, so Enter alone changes nothing.
 * A question without answers to choose from stays open, and Ctrl-C leaves the rest open. Nothing is lost either way: open questions are in the mapping file.
 */
export async function askQuestions(questions: readonly Question[], io: Io): Promise<Map<Question, Answer>> {
  const given = new Map<Question, Answer>();
  const terminal = { input: io.stdin, output: io.terminal };
  const askable = questions.filter(({ answers }) => answers.length > 0);
  for (const [index, question] of askable.entries()) {
    log.info(question.because.map(visible).join('\n'), { output: io.terminal });
    const isLong = question.answers.length > mostListed;
    const choose = isLong ? autocomplete<Answer | 'later'> : select<Answer | 'later'>;
    const chosen = await choose({
      ...terminal,
      ...(isLong ? { filter: createFilter(question.answers) } : {}),
      message: `${index + 1} of ${askable.length}: ${visible(question.question)}`,
      initialValue: 'later',
      options: [
        later,
        ...question.answers.map((answer) => ({
          value: answer,
          label: visible(answer.answer),
          hint: visible(answer.consequence),
        })),
      ],
    });
    if (isCancel(chosen)) {
      cancel(`${plural(askable.length - index, 'question')} left open.`, { output: io.terminal });
      break;
    }
    if (chosen !== 'later') given.set(question, chosen);
  }
  return given;
}

/** Which of the sheets of a workbook holds the list; undefined if the person does not say. */
export async function askSheet(names: readonly string[], io: Io): Promise<string | undefined> {
  const chosen = await select<string>({
    input: io.stdin,
    output: io.terminal,
    message: 'Several sheets look like lists. Which one should be imported?',
    options: names.map((name) => ({ value: name, label: visible(name) })),
  });
  return isCancel(chosen) ? undefined : chosen;
}

/** A whole answer, like the code of a country, finds only itself: UY is not Guyana. Other text finds the words that start with it. */
function createFilter(answers: readonly Answer[]): (typed: string, option: Option<Answer | 'later'>) => boolean {
  const codes = new Set(answers.map(({ answer }) => answer.toLowerCase()));
  return (typed, { label = '', hint = '' }) => {
    const search = typed.trim().toLowerCase();
    if (codes.has(search)) return label.toLowerCase() === search;
    return ` ${label} ${hint}`.toLowerCase().includes(` ${search}`);
  };
}
