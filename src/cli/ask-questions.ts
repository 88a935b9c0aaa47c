import { cancel, isCancel, log, select } from '@clack/prompts';
import type { Answer, Question } from '../draft/question.ts';
import type { Io } from './io.ts';
import { safeText } from './text/safe.ts';
import { plural } from './text/words.ts';

/**
 * Asks the questions of a draft one by one on a terminal. One that is skipped, or has no answers to choose from, stays open; Ctrl-C
 * leaves the rest open. Nothing is lost either way: open questions stand in the mapping file.
 */
export async function askQuestions(questions: readonly Question[], io: Io): Promise<Map<Question, Answer>> {
  const given = new Map<Question, Answer>();
  const terminal = { input: io.stdin, output: io.stderr };
  const askable = questions.filter(({ answers }) => answers.length > 0);
  for (const [index, question] of askable.entries()) {
    log.info(question.because.map(safeText).join('\n'), { output: io.stderr });
    const chosen = await select<Answer | 'later'>({
      ...terminal,
      message: `${index + 1} of ${askable.length}: ${safeText(question.question)}`,
      options: [
        ...question.answers.map((answer) => ({
          value: answer,
          label: safeText(answer.answer),
          hint: safeText(answer.consequence),
        })),
        { value: 'later', label: 'Leave it open', hint: 'the mapping keeps a "?" there, and check asks again' },
      ],
    });
    if (isCancel(chosen)) {
      cancel(`${plural(askable.length - index, 'question')} left open.`, { output: io.stderr });
      break;
    }
    if (chosen !== 'later') given.set(question, chosen);
  }
  return given;
}
