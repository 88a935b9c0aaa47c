import { autocomplete, cancel, isCancel, log, select } from '@clack/prompts';
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
    const choose = question.answers.length > mostListed ? autocomplete<Answer | 'later'> : select<Answer | 'later'>;
    const chosen = await choose({
      ...terminal,
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
