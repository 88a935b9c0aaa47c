import { answerOfWord, consentOfHeader, consentStateOf } from '../../core/mapping/consent-words.ts';
import type { ConsentHeader } from '../../core/mapping/consent-words.ts';
import type { NamedColumn } from '../column.ts';
import { list } from '../confirm.ts';
import type { JsonValue } from '../question.ts';
import { isConsentWord, plainStateOf } from '../words/word-lists.ts';

export type Field = 'optin_sms' | 'optout_email';

/** A column about consent: what its header says, and what its cells are. */
export interface Source {
  readonly column: NamedColumn;
  readonly header: ConsentHeader;
  /** `words` answer or name a state; `days` and `texts` say something only by being filled; `unknown` are few other words. */
  readonly cells: 'words' | 'days' | 'texts' | 'unknown';
}

/** What a column would send to a field. */
export interface Reading {
  readonly yes: readonly string[] | '*';
  readonly no: readonly string[];
  /** Words that say nothing about consent. */
  readonly others: readonly string[];
}

/** More different words than these are texts. */
const mostWords = 20;

export function sourceOf(column: NamedColumn): Source | undefined {
  const { evidence, header: name, candidate } = column;
  if (candidate?.meaning === 'unwanted' || candidate?.meaning === 'status' || candidate?.place !== undefined)
    return undefined;
  const answered = evidence.words.filter(({ text }) => isConsentWord(text));
  const isFew = !evidence.hasMoreWords && evidence.words.length <= mostWords;
  const holdsWords = isFew && answered.reduce((sum, { count }) => sum + count, 0) * 2 >= evidence.filled;
  const header = consentOfHeader(name, holdsWords) ?? headerOfStates(column);
  if (header === undefined) return undefined;
  if (holdsWords) return { column, header, cells: 'words' };
  const isDays =
    evidence.shareOf('dateLike') >= 0.5 || (header.detail === 'time' && evidence.shareOf('hasDigit') > 0.5);
  if (isDays) return header.polarity === 'out' || header.sms ? { column, header, cells: 'days' } : undefined;
  if (header.polarity === 'out') return { column, header, cells: 'texts' };
  const isPhone = evidence.shareOf('phone') >= 0.5;
  return isFew && evidence.words.length <= mostAskedWords && header.detail === undefined && !isPhone
    ? { column, header, cells: 'unknown' }
    : undefined;
}

export const mostAskedWords = 8;

/** A header that says nothing, over cells that do: Unsubscribed, Bounced. */
function headerOfStates({ evidence }: NamedColumn): ConsentHeader | undefined {
  const states = evidence.words.filter(({ text }) => plainStateOf(text) !== undefined);
  const share = states.reduce((sum, { count }) => sum + count, 0) / Math.max(1, evidence.filled);
  if (evidence.hasMoreWords || share < 0.5) return undefined;
  return { email: true, sms: false, other: false, polarity: 'in', kind: 'state', detail: undefined };
}

/** What a column says, taken at its word. */
export function readingOf(field: Field, { column, header, cells }: Source): Reading {
  const { evidence } = column;
  if (cells === 'days' || cells === 'texts') {
    const nothing = evidence.words.filter(({ text }) => isNoDay(text)).map(({ text }) => text);
    return { yes: '*', no: nothing, others: [] };
  }
  const yes: string[] = [];
  const no: string[] = [];
  const others: string[] = [];
  for (const { text } of evidence.words) {
    const state = consentStateOf(text);
    const answer = answerOfWord(text);
    // "Unsubscribed" says the same whatever its column is called; "Yes" answers what the header asks.
    const wants =
      state === 'in' || state === 'out'
        ? state === 'in'
        : state !== undefined || answer === undefined || header.kind === 'state'
          ? undefined
          : answer === (header.polarity === 'in');
    if (wants === undefined) others.push(text);
    else (wants === (field === 'optin_sms') ? yes : no).push(text);
  }
  return { yes, no, others };
}

/** "0000-00-00 00:00:00", "0", "false": no day. */
function isNoDay(text: string): boolean {
  return /^[0\s:./T-]+$/.test(text) || answerOfWord(text) === false;
}

export function settingsOf(column: NamedColumn, { yes, no }: Pick<Reading, 'yes' | 'no'>): Record<string, JsonValue> {
  return {
    column: column.address,
    ...(yes.length > 0 ? { yes: yes === '*' ? '*' : [...yes] } : {}),
    ...(no.length > 0 ? { no: [...no] } : {}),
  };
}

/** What a reading does, in sentences. */
export function sentencesOf(field: Field, { evidence }: NamedColumn, { yes, no, others }: Reading): string[] {
  const rowsOf = (texts: readonly string[]): number =>
    evidence.words.filter(({ text }) => texts.includes(text)).reduce((sum, { count }) => sum + count, 0);
  const inRows = (texts: readonly string[]): string => `${list(texts)} (${plural(rowsOf(texts), 'row')})`;
  const verb = (texts: readonly string[], one: string, several: string): string => (texts.length === 1 ? one : several);
  const granted = field === 'optin_sms' ? 'in to text messages' : 'out of emails';
  const sentences =
    yes === '*'
      ? [`Every filled cell (${plural(evidence.filled - rowsOf(no), 'row')}) opts ${granted}.`]
      : yes.length > 0
        ? [`${inRows(yes)} ${verb(yes, 'opts', 'opt')} ${granted}.`]
        : [];
  if (no.length > 0)
    sentences.push(
      field === 'optin_sms'
        ? `${inRows(no)} ${verb(no, 'takes', 'take')} that consent away.`
        : `${inRows(no)} ${verb(no, 'changes', 'change')} nothing: an opt-out is never lifted.`,
    );
  const left = [
    ...(evidence.blank > 0 ? [plural(evidence.blank, 'blank cell')] : []),
    ...(others.length > 0 ? [list(others, 8)] : []),
  ];
  if (left.length > 0)
    sentences.push(
      `${left.join(' and ')} ${left.length === 1 && evidence.blank <= 1 && others.length <= 1 ? 'says' : 'say'} nothing about consent, and nothing is sent.`,
    );
  return sentences;
}

export function plural(count: number, one: string): string {
  return `${count} ${count === 1 ? one : `${one}s`}`;
}
