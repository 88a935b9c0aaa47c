import { bad, ofCell, type Parsed, valueOf, type CellParser } from './parsed.ts';
import { fold } from './text.ts';

/**
 * Reads consent and other yes/no columns. Only listed words count, compared folded: consent is never derived from a blank
 * (missing) or from a word that is not listed (`word_not_listed`; whether that fails the row is the caller's decision).
 * With `yes: '*'` every filled cell that `no` does not list means yes.
 * The mapping schema refuses a word in both lists.
 */
export function createYesNo(words: {
  readonly yes: readonly string[] | '*';
  readonly no: readonly string[];
}): CellParser<boolean> {
  const answers = new Map<string, Parsed<boolean>>();
  for (const word of words.no) answers.set(fold(word), valueOf(false));
  if (words.yes !== '*') for (const word of words.yes) answers.set(fold(word), valueOf(true));
  const notListed = words.yes === '*' ? valueOf(true) : bad('word_not_listed');
  return ofCell((text) => answers.get(fold(text)) ?? notListed);
}
