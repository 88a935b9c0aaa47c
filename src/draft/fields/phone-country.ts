import { getCountryCallingCode } from 'libphonenumber-js/min';
import { createPhoneParser, isPhoneCountry } from '../../core/values/phones.ts';
import { list, percent } from '../confirm.ts';
import type { Drafting } from '../drafting.ts';
import type { SheetColumn } from '../sheet.ts';
import { plainName } from '../words/header-words.ts';
import { countries, countriesOfState, countryName, countryOfWord, languageOf } from '../words/countries.ts';
import type { CountryTraits } from '../words/countries.ts';

/** The country of numbers without a country code: `?` where the file leaves it open. */
export interface CountryFinding {
  readonly country: string;
  readonly certainty: 'given' | 'sure' | 'likely' | 'asked';
  readonly because: readonly string[];
}

interface Judged {
  readonly code: string;
  /** The share of the file's numbers that are numbers of that country. */
  readonly valid: number;
  readonly points: number;
  readonly because: readonly string[];
}

const mostNumbers = 200;
/** So many of the numbers must be numbers of a country. */
const leastValid = 0.7;

/**
 * Decides by whose numbers they are, and by what else points to a country: a country column, numbers with their code, postal
 * codes, states, the way of writing numbers and dates, the header's language, currency. Numbers alone do not prove it: ten
 * digits are a number in several countries.
 */
export function findPhoneCountry(drafting: Drafting, given: string | undefined): CountryFinding | undefined {
  if (given !== undefined) return { country: given, certainty: 'given', because: ['--country says so'] };
  const { sheet, questions } = drafting;
  const phones = sheet.columns.filter(({ verdict }) => verdict?.fields.includes('phone') === true);
  if (phones.length === 0) return undefined;
  const cells = phones.flatMap(({ evidence }) => [...evidence.phones]);
  const isWhole = (cell: string): boolean => /^\(?\+|^00[1-9]/.test(cell);
  const national = cells.filter((cell) => !isWhole(cell)).slice(0, mostNumbers);
  const judged = countries
    .map((traits) =>
      judge(traits, { sheet: sheet.columns, phones, national, whole: cells.filter(isWhole).slice(0, mostNumbers) }),
    )
    .filter(({ valid }) => valid >= leastValid)
    // North America has one plan of numbers, so among its countries the choice changes nothing.
    .sort((a, b) => b.points - a.points || b.valid - a.valid);
  const [best] = judged;
  const rival = judged.find(({ code }) => best !== undefined && !sameplan(code, best.code));
  if (best !== undefined) {
    const lead = best.points - (rival?.points ?? 0);
    if (best.points >= 2 && lead >= 1)
      return { country: best.code, certainty: lead >= 2 ? 'sure' : 'likely', because: best.because };
    if (national.length === 0 && best.points > 0)
      return {
        country: best.code,
        certainty: 'likely',
        because: ['all numbers have their country code', ...best.because],
      };
  }
  const shown = judged.slice(0, 6);
  const because =
    shown.length === 0
      ? ['its numbers fit no country that is looked for']
      : shown
          .slice(0, 3)
          .map(
            ({ code, valid, because: why }) =>
              `${percent(valid)} are numbers of ${countryName(code)}${why.length > 0 ? ` (${why.join('; ')})` : ''}`,
          );
  questions.push({
    id: 'country',
    paths: [['country']],
    question:
      'In which country are the phone numbers written without a country code? (two letters, also any other than these)',
    because,
    answers: (shown.length > 0 ? shown.map(({ code }) => code) : ['US', 'GB', 'CA', 'AU']).map((code) => ({
      answer: code,
      consequence: `numbers are read as numbers of ${countryName(code)}`,
      edits: [{ path: ['country'], value: code }],
    })),
  });
  return { country: '?', certainty: 'asked', because };
}

function sameplan(a: string, b: string): boolean {
  return a === b || (['US', 'CA'].includes(a) && ['US', 'CA'].includes(b));
}

interface PhoneFacts {
  readonly sheet: readonly SheetColumn[];
  readonly phones: readonly SheetColumn[];
  readonly national: readonly string[];
  readonly whole: readonly string[];
}

function judge(traits: CountryTraits, { sheet, phones, national, whole }: PhoneFacts): Judged {
  const { code } = traits;
  const read = isPhoneCountry(code) ? createPhoneParser({ country: code, format: 'e164' }) : undefined;
  const validOf = (cells: readonly string[]): number => cells.filter((cell) => read?.(cell).kind === 'value').length;
  const valid = national.length === 0 ? 1 : validOf(national) / national.length;
  const because: string[] = [];
  let points = 0;
  const point = (worth: number, why: string): void => {
    // Two columns that say the same are one piece of evidence.
    if (because.includes(why)) return;
    points += worth;
    because.push(why);
  };
  if (valid < leastValid) return { code, valid, points, because };

  const isNorthAmerica = code === 'US' || code === 'CA';
  const nanp = shareIn(phones, 'nanp');
  if (isNorthAmerica && nanp >= 0.5) point(2, `${percent(nanp)} of the numbers are written as in North America`);
  const own = whole.filter(
    (cell) => read?.(cell.replace(/^00/, '+')).kind === 'value' && startsWithCode(cell, code),
  ).length;
  if (own > 0 && own * 2 > whole.length)
    point(own >= 3 ? 2 : 1, `${own} of ${whole.length} numbers with a country code are its own`);
  for (const { candidate, evidence, header } of sheet) {
    if (evidence.filled === 0) continue;
    const share = (count: number): number => count / evidence.filled;
    const meaning = candidate?.meaning;
    if (meaning === 'country') {
      const named = evidence.words
        .filter(({ text }) => countryOfWord(text) === code)
        .reduce((sum, { count }) => sum + count, 0);
      if (share(named) >= 0.8) point(3, `"${header}" names it in ${percent(share(named))} of its cells`);
    } else if (meaning === 'zip' && traits.zip !== undefined && evidence.shareOf(traits.zip) >= 0.8) {
      point(['zip5', 'zip4'].includes(traits.zip) ? 1 : 2, 'the postal codes are written as there');
    } else if (meaning === 'state') {
      const named = evidence.words
        .filter(({ text }) => countriesOfState(text).includes(code))
        .reduce((sum, { count }) => sum + count, 0);
      if (share(named) >= 0.8)
        point(2, `"${header}" holds its states (${list(evidence.words.slice(0, 3).map(({ text }) => text))})`);
    } else if (meaning === 'dob' || meaning === 'created_date') {
      const verdict = evidence.dates.verdict;
      if (traits.monthFirst === true && verdict?.kind === 'settled' && verdict.proof.startsWith('month first'))
        point(1, 'dates are written with the month first');
    }
  }
  const language = languageOf(sheet.map(({ header }) => plainName(header)));
  if (language !== undefined && language === traits.language) point(1, "the header's language is spoken there");
  const money = sheet
    .filter(({ evidence }) => evidence.shareOf('money') > 0.5)
    .flatMap(({ evidence }) => evidence.words.slice(0, 3));
  if (money.length > 0 && traits.currency !== '$' && money.every(({ text }) => text.includes(traits.currency)))
    point(1, `amounts are in ${traits.currency}`);
  return {
    code,
    valid,
    points,
    because: [
      ...because,
      ...(national.length > 0
        ? [`${percent(valid)} of ${national.length} numbers without a code are numbers of ${countryName(code)}`]
        : []),
    ],
  };
}

function shareIn(columns: readonly SheetColumn[], shape: 'nanp'): number {
  const filled = columns.reduce((sum, { evidence }) => sum + evidence.filled, 0);
  const found = columns.reduce((sum, { evidence }) => sum + evidence.countOf(shape), 0);
  return filled === 0 ? 0 : found / filled;
}

/** Whether a number that states its country code states this country's. */
function startsWithCode(cell: string, code: string): boolean {
  if (!isPhoneCountry(code)) return false;
  const parsed = createPhoneParser({ country: code, format: 'e164' })(cell.replace(/^00/, '+'));
  return parsed.kind === 'value' && parsed.value.startsWith(`+${getCountryCallingCode(code)}`);
}
