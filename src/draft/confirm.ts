import { maskValue } from '../core/reports/mask-value.ts';
import type { ColumnEvidence } from './evidence/column-evidence.ts';
import type { Shape } from './evidence/cell-shape.ts';
import type { SheetColumn } from './column.ts';
import { plainName } from './words/header-words.ts';
import type { Meaning } from './words/header-words.ts';
import { answerOfWord } from '../core/mapping/consent-words.ts';
import { areAboutPayment, isUnwanted, plainStateOf, standingOfWord } from './words/word-lists.ts';
import { isGenderWord } from './words/genders.ts';

/** What a column's cells say of the meaning that its name proposes. */
export interface Confirmation {
  readonly fits: boolean;
  /** The cells leave no doubt; otherwise they merely do not contradict. */
  readonly isPlain: boolean;
  /** In words, about the column: "98% of its cells are email addresses". */
  readonly why: string;
}

type Judge = (column: SheetColumn) => Confirmation;

/** Asks a column's cells whether they are what its name says. */
export function confirm(meaning: Meaning, column: SheetColumn): Confirmation {
  return judges[meaning](column);
}

const judges: Readonly<Record<Meaning, Judge>> = {
  user_id: judgeId,
  first_name: judgeName,
  middle_name: judgeName,
  name_prefix: judgePrefix,
  last_name: judgeName,
  second_last_name: judgeName,
  full_name: judgeName,
  email: ({ evidence }) => byShare(evidence, evidence.shareOf('emailLike'), 'email addresses'),
  phone: judgePhone,
  address: (column) => judgeText(column, []),
  city: (column) => judgeText(column, ['hasDigit']),
  state: (column) => judgeText(column, ['hasDigit']),
  zip: judgeZip,
  country: (column) => judgeText(column, ['hasDigit']),
  source: (column) => judgeText(column, []),
  dob: judgeDate,
  created_date: judgeDate,
  gender: ({ evidence }) => byWords(evidence, isGenderWord, 'words for a gender', 12),
  status: judgeStatus,
  active: ({ evidence }) =>
    byWords(
      evidence,
      (word) => answerOfWord(word) !== undefined || standingOfWord(word) !== undefined,
      'yes and no',
      12,
    ),
  location: (column) =>
    column.evidence.hasMoreWords
      ? no('its cells have too many different values to be locations')
      : judgeText(column, []),
  tags: (column) => judgeText(column, []),
  tags_to_add: (column) => judgeText(column, []),
  tags_to_remove: (column) => judgeText(column, []),
  current_tags: (column) => judgeText(column, []),
  // Columns of consent are read before any other: see fields/consent.ts.
  consent: () => no('its cells do not answer who wants messages'),
  unwanted_since: judgeDate,
  unwanted: ({ evidence }) =>
    byWords(evidence, (word) => answerOfWord(word) !== undefined || isUnwanted(word), 'yes and no', 8),
};

function judgeId({ evidence }: SheetColumn): Confirmation {
  if (evidence.countOf('scientific') > 0)
    return no('a spreadsheet shortened its numbers (4.41E+11), so they no longer identify people');
  if (evidence.shareOf('long') > 0 || evidence.shareOf('emailLike') > 0.5 || evidence.shareOf('dateLike') > 0.5)
    return no(`its cells (like ${sample(evidence)}) are not ids`);
  if (evidence.shareOf('twoWords') > 0.2)
    return no(`its cells (like ${sample(evidence)}) are texts of several words, not ids`);
  if (!evidence.hasMoreWords && evidence.words.length * 4 < evidence.filled && evidence.filled > 8)
    return no(`its ${evidence.filled} cells hold only ${evidence.words.length} different values`);
  return { fits: true, isPlain: true, why: 'its cells are ids' };
}

function judgePhone({ evidence }: SheetColumn): Confirmation {
  if (evidence.shareOf('scientific') > 0.5)
    return no(
      'a spreadsheet shortened its numbers (4.41E+11). Export the list again, and do not open it in a spreadsheet',
    );
  return byShare(evidence, evidence.shareOf('phone'), 'phone numbers');
}

function judgeName({ evidence }: SheetColumn): Confirmation {
  const share = evidence.shareOf('letters');
  if (evidence.shareOf('hasDigit') > 0.2 || evidence.shareOf('emailLike') > 0.2 || share < 0.6)
    return no(`its cells (like ${sample(evidence)}) are not names`);
  if (evidence.filled >= 20 && !evidence.hasMoreWords && evidence.words.length <= Math.min(20, evidence.filled / 20))
    return no(`its ${evidence.filled} cells hold only ${evidence.words.length} different texts, too few for names`);
  return { fits: true, isPlain: share >= 0.9, why: `${percent(share)} of its cells are written like names` };
}

function judgeZip({ evidence }: SheetColumn): Confirmation {
  const share = evidence.shareOf('hasDigit');
  if (share < 0.6 || evidence.longest > 14 || evidence.shareOf('dateLike') > 0.2)
    return no(`its cells (like ${sample(evidence)}) are not postal codes`);
  const known = (['zip5', 'zip4', 'zipUk', 'zipCa', 'zipNl'] as const).reduce(
    (sum, shape) => sum + evidence.shareOf(shape),
    0,
  );
  return { fits: true, isPlain: known >= 0.8, why: `${percent(Math.min(1, known))} of its cells are postal codes` };
}

function judgeDate({ evidence }: SheetColumn): Confirmation {
  const { dates, filled } = evidence;
  return byShare(evidence, filled === 0 ? 0 : (dates.count + dates.serials + dates.withoutYear) / filled, 'dates');
}

function judgeStatus({ header, evidence }: SheetColumn): Confirmation {
  const words = evidence.words.map(({ text }) => text);
  if (areAboutPayment(words)) return no(`it holds ${list(words)}: how people pay, not whether they are members`);
  const isKnown = (word: string): boolean =>
    standingOfWord(word) !== undefined || isUnwanted(word) || plainStateOf(word) !== undefined;
  // A product's own words (Primary, PD) may be in most rows; next to two known ones the user is asked about them.
  const isNamed = /stat|estado|situacao|stage/.test(plainName(header));
  const least = isNamed && words.filter(isKnown).length >= (/stage/.test(plainName(header)) ? 1 : 2) ? 0 : 0.5;
  return byWords(evidence, isKnown, "words for a member's status", 40, least);
}

/** "van der", "de la": small words, and blank where a name has none. */
function judgePrefix({ evidence }: SheetColumn): Confirmation {
  const share = evidence.shareOf('letters');
  if (share < 0.8 || evidence.longest > 20 || evidence.hasMoreWords)
    return no(`its cells (like ${sample(evidence)}) are not parts of last names`);
  return { fits: true, isPlain: true, why: `${percent(share)} of its cells are words of last names` };
}

const otherThanText: readonly (readonly [Shape, string])[] = [
  ['emailLike', 'email addresses'],
  ['dateLike', 'dates'],
  ['phone', 'phone numbers'],
  ['money', 'amounts'],
];

/** Free text: only what it plainly is instead speaks against it. */
function judgeText({ evidence }: SheetColumn, unwanted: readonly Shape[]): Confirmation {
  for (const [shape, name] of otherThanText) {
    if (evidence.shareOf(shape) > 0.5) return no(`its cells (like ${sample(evidence)}) are ${name}`);
  }
  if (unwanted.some((shape) => evidence.shareOf(shape) > 0.5))
    return no(`its cells (like ${sample(evidence)}) hold something else`);
  const isYesNo = !evidence.hasMoreWords && evidence.words.every(({ text }) => answerOfWord(text) !== undefined);
  if (isYesNo) return no(`it holds ${list(evidence.words.map(({ text }) => text))}`);
  return { fits: true, isPlain: true, why: 'its name fits, and no cell contradicts it' };
}

function byShare(evidence: ColumnEvidence, share: number, what: string): Confirmation {
  if (share < 0.5) return no(`only ${percent(share)} of its cells are ${what}; others look like ${sample(evidence)}`);
  return { fits: true, isPlain: share >= 0.8, why: `${percent(Math.min(1, share))} of its cells are ${what}` };
}

/** Few words, and that share of the cells holds known ones. */
function byWords(
  evidence: ColumnEvidence,
  isKnown: (word: string) => boolean,
  what: string,
  most: number,
  least = 0.5,
): Confirmation {
  const { words, filled } = evidence;
  const known = words.filter(({ text }) => isKnown(text)).reduce((sum, { count }) => sum + count, 0);
  if (evidence.hasMoreWords || words.length > most || known < filled * least)
    return no(`it holds ${wordsOf(evidence)}, which are not ${what}`);
  return { fits: true, isPlain: known >= filled * 0.8, why: `${percent(known / filled)} of its cells are ${what}` };
}

function no(why: string): Confirmation {
  return { fits: false, isPlain: false, why };
}

export function percent(share: number): string {
  const value = share * 100;
  return `${value > 99 && value < 100 ? '99' : Math.round(value)}%`;
}

/** The first few words, for a sentence. */
export function list(words: readonly string[], most = 4): string {
  const shown = words.slice(0, most).map((word) => `"${word}"`);
  return words.length > most ? `${shown.join(', ')} and others` : shown.join(', ');
}

/** Words of a short list, or texts that may name people, masked. */
function wordsOf({ words, hasMoreWords }: ColumnEvidence): string {
  return list(words.map(({ text }) => (hasMoreWords || words.length > 20 ? maskValue(text) : text)));
}

/** A cell for a sentence, masked so that it does not show who it is. */
function sample(evidence: ColumnEvidence): string {
  return `"${maskValue(evidence.words[0]?.text ?? '...')}"`;
}
