import { fold } from '../values/text.ts';
import words from './consent-words.json' with { type: 'json' };

/** Lists of words by the language that they come from, separated by commas. */
export type WordLists = Readonly<Record<string, string>>;

/** What a header says about consent. */
export interface ConsentHeader {
  readonly email: boolean;
  readonly sms: boolean;
  /** It names calls, post or another channel for which Gleantap has no consent. */
  readonly other: boolean;
  /** Whether "yes" under this header means that the person wants messages (`in`) or does not (`out`). */
  readonly polarity: 'in' | 'out';
  /**
   * How plainly the header names consent. `plain`: it asks for consent ("SMS Opt-In", "Newsletter abbestellt"). `topic`: it only
   * names a channel or a law ("Newsletter", "GDPR", "SMS ok?"). `state`: its cells have to say it ("Email Status").
   */
  readonly kind: 'plain' | 'topic' | 'state';
  /** Set where it holds the day or a circumstance of a decision: `UNSUB_TIME` is a `time`, `UNSUB_REASON` a `circumstance`. */
  readonly detail: 'time' | 'circumstance' | undefined;
}

type HeaderList = keyof typeof words.headers;

const matchers = new Map(
  (Object.keys(words.headers) as HeaderList[]).map((list) => [list, matcherOf(words.headers[list])]),
);

/**
 * Reads a header in any of the languages of `consent-words.json`; undefined for headers that are not about consent.
 *
 * @param holdsAnswers Whether its cells are known to be answers or words of consent. Then the bare name of a channel
 *   ("Email", "Calls") is enough.
 */
export function consentOfHeader(header: string, holdsAnswers = false): ConsentHeader | undefined {
  const name = spacedHeader(header);
  const has = (list: HeaderList): boolean => matchers.get(list)?.(name) === true;
  const channels = { email: has('email'), sms: has('sms'), other: has('other') };
  const isAbout = channels.email || channels.sms || channels.other || has('marketing') || has('privacy');
  const unsubscribes = has('unsubscribe');
  const isOut = unsubscribes || (isAbout && has('negation'));
  const isIn =
    has('subscribe') ||
    (isAbout && has('accept')) ||
    ((channels.email || channels.sms) && has('marketing') && !has('state') && !has('may'));
  const polarity = isOut ? 'out' : 'in';
  // Yes and no are not a list or a frequency: "Mailing list" over them is a question of consent.
  const isCircumstance = has('circumstance') || (!holdsAnswers && has('circumstance_of_texts'));
  const detail = isCircumstance ? 'circumstance' : has('time') ? 'time' : undefined;
  if (detail !== undefined) {
    // "Subscription Plan", "Email Sent" and "Mobile Number" are not about consent; "UNSUB_TIME" and "Opt-In Date" are.
    const isDecision = unsubscribes || has('subscribe') || (isAbout && has('negation') && detail === 'time');
    return isDecision ? { ...channels, polarity, kind: 'plain', detail } : undefined;
  }
  // Post or email, and an address that does not work or a person who refuses: only a person knows.
  if (isAbout && has('unclear')) return { ...channels, polarity: 'out', kind: 'topic', detail };
  if (isOut || (isIn && !(channels.other && !channels.email && !channels.sms && !has('subscribe'))))
    return { ...channels, polarity, kind: 'plain', detail };
  if (has('state') && (channels.email || channels.sms)) return { ...channels, polarity, kind: 'state', detail };
  const isTopic = has('topic') || (has('may') && (channels.email || channels.sms || has('marketing')));
  if (isTopic || (holdsAnswers && isAbout)) return { ...channels, polarity: 'in', kind: 'topic', detail };
  return undefined;
}

/** A header as lower-case words without accents: `HasOptedOutOfEmail` and `E-Mail-Sperre` are `has opted out of email` and `e mail sperre`. */
export function spacedHeader(header: string): string {
  return header
    .replaceAll(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^\p{L}\p{N}#]+/gu, ' ')
    .trim();
}

const answers = wordMap([
  [true, words.answers.yes],
  [false, words.answers.no],
]);

/** What a yes/no word says; undefined for others. */
export function answerOfWord(word: string): boolean | undefined {
  return answers.get(fold(word));
}

/** A word that by itself shows whether a person wants messages, whatever its column is called. */
export type ConsentState = 'in' | 'out' | 'undeliverable' | 'undecided';

const states = wordMap(
  (Object.keys(words.states) as ConsentState[]).map((state) => [state, words.states[state]] as const),
);

export function consentStateOf(word: string): ConsentState | undefined {
  return states.get(fold(word).replaceAll(/[\s_-]+/g, ' '));
}

/**
 * Makes what looks for the words of lists in a spaced header. `*` at an edge means more of the word, `^` for the start of
 * the header and `$` for its end. Regular expressions of so many words take longer to compile than a whole check.
 */
export function matcherOf(byLanguage: WordLists): (spaced: string) => boolean {
  let tests: ((padded: string) => boolean)[] | undefined;
  return (spaced) => {
    tests ??= entriesOf(byLanguage).map(compileEntry);
    const padded = ` ${spaced} `;
    return tests.some((matches) => matches(padded));
  };
}

function compileEntry(entry: string): (padded: string) => boolean {
  const bare = entry.replaceAll(/^\^|\$$/g, '');
  const needle = `${bare.startsWith('*') ? '' : ' '}${bare.replaceAll('*', '')}${bare.endsWith('*') ? '' : ' '}`;
  if (entry.startsWith('^') && entry.endsWith('$')) return (padded) => padded === needle;
  if (entry.startsWith('^')) return (padded) => padded.startsWith(needle);
  return (padded) => padded.includes(needle);
}

/** A map from folded words to the meaning of their list. The first list that has a word wins. */
export function wordMap<T>(lists: readonly (readonly [T, WordLists])[]): ReadonlyMap<string, T> {
  const map = new Map<string, T>();
  for (const [value, byLanguage] of lists)
    for (const entry of entriesOf(byLanguage)) if (!map.has(fold(entry))) map.set(fold(entry), value);
  return map;
}

/** All words of lists, in every language. */
export function entriesOf(byLanguage: WordLists): string[] {
  return Object.values(byLanguage).flatMap((list) =>
    list
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ''),
  );
}
