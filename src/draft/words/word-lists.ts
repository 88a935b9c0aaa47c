import { answerOfWord, consentStateOf, wordMap } from '../../core/mapping/consent-words.ts';
import type { ConsentState } from '../../core/mapping/consent-words.ts';
import { fold } from '../../core/values/text.ts';
import givenNames from './given-names.json' with { type: 'json' };
import nothing from './nothing.json' with { type: 'json' };
import placeholders from './placeholders.json' with { type: 'json' };
import standings from './standings.json' with { type: 'json' };

/** Whether a person is a member, in Gleantap's two fields. */
export interface Standing {
  readonly type: 'member' | 'past' | 'prospect';
  readonly status: 'active' | 'frozen' | 'inactive' | 'non-member';
}

const standingOf = wordMap<Standing>([
  [{ type: 'member', status: 'active' }, standings.active],
  [{ type: 'member', status: 'frozen' }, standings.frozen],
  [{ type: 'past', status: 'inactive' }, standings.past],
  [{ type: 'prospect', status: 'non-member' }, standings.prospect],
]);

/** What a word of a status column says of a person; undefined for words that are on no list. */
export function standingOfWord(word: string): Standing | undefined {
  return standingOf.get(fold(word));
}

const unwanted = wordMap([[true, standings.unwanted]]);

/** Whether a word marks people and records that are not to be written to Gleantap at all. */
export function isUnwanted(word: string): boolean {
  return unwanted.has(fold(word));
}

/** Words that can be about nothing but money, and words that may be about money next to those. */
const payments = wordMap([
  ['only', standings.payment_only],
  ['too', standings.payment_too],
]);

/**
 * Whether all words are about money, and at least one can be about nothing else: a column like this says how a person pays, not
 * whether they are a member.
 */
export function areAboutPayment(words: readonly string[]): boolean {
  const kinds = new Set(words.map((word) => payments.get(fold(word))));
  return kinds.has('only') && !kinds.has(undefined);
}

/**
 * What a word says of messages whatever its column is called: "Unsubscribed", "Bounced". Undefined for words that may as well
 * be about a membership or a payment, like "Baja" and "Declined".
 */
export function plainStateOf(word: string): ConsentState | undefined {
  if (standingOfWord(word) !== undefined || payments.has(fold(word)) || isUnwanted(word) || word.length < 4)
    return undefined;
  return consentStateOf(word);
}

/** Whether a cell answers a question of consent. */
export function isConsentWord(word: string): boolean {
  return answerOfWord(word) !== undefined || consentStateOf(word) !== undefined;
}

const nothingWords = wordMap([[true, nothing]]);

/** Whether programs and people write a word for "nothing here". */
export function saysNothing(word: string): boolean {
  return nothingWords.has(fold(word));
}

/** The same words, for the "missing" of a mapping. */
export const wordsForNothing: readonly string[] = [...nothingWords.keys()];

const placeholderNames = wordMap([[true, placeholders]]);

/** What people put where a person should be, and examples left in a template. Surnames somewhere, but no one's first name. */
export function isPlaceholderName(word: string): boolean {
  return placeholderNames.has(fold(word));
}

const given = wordMap([[true, givenNames]]);

/** Whether a word is one of the commonest first names. */
export function isGivenName(word: string): boolean {
  return given.has(fold(word));
}
