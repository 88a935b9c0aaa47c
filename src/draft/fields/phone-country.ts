import { getCountries, getCountryCallingCode } from 'libphonenumber-js/min';
import { createPhoneParser, isPhoneCountry } from '../../core/values/phones.ts';
import { percent } from '../confirm.ts';
import type { Drafting } from '../drafting.ts';
import type { Shape } from '../evidence/cell-shape.ts';
import type { SheetColumn } from '../column.ts';
import { languageOf } from '../words/header-words.ts';
import { spacedHeader } from '../../core/mapping/consent-words.ts';
import { candidateOf } from '../words/header-words.ts';
import { countries, countriesOfState, countryName, countryOfWord } from '../words/countries.ts';
import type { CountryTraits } from '../words/countries.ts';

/** The country of numbers without a country code: `?` where the file leaves it open. */
export interface CountryFinding {
  /** A code, `?`, or what the mapping says where a column names each row's country. */
  readonly country:
    string | { readonly column: string; readonly values: Record<string, string>; readonly default?: string };
  readonly certainty: 'given' | 'sure' | 'likely' | 'asked';
  readonly because: readonly string[];
}

interface Judged {
  readonly code: string;
  /** The share of the numbers without a country code that are numbers of this country. */
  readonly valid: number;
  /** A column of countries names it. */
  readonly isNamed: boolean;
  readonly points: number;
  readonly because: readonly string[];
}

interface Facts {
  readonly columns: readonly SheetColumn[];
  readonly phones: readonly SheetColumn[];
  /** Different numbers without and with a country code. */
  readonly national: readonly string[];
  readonly international: readonly string[];
}

const mostNumbers = 200;
/** The share of numbers that must be valid in a country, unless a column of countries names it. */
const leastValid = 0.7;

/**
 * Decides by whose numbers they are, and by what else points to a country: a column of countries, numbers with their code,
 * postal codes, states, the way of writing numbers and dates, the header's language, currency. Numbers alone prove nothing:
 * ten digits are a number in several countries.
 */
export function findPhoneCountry(drafting: Drafting, given: string | undefined): CountryFinding | undefined {
  const { columns } = drafting.sheet;
  const phones = columns.filter(({ verdict }) => verdict?.fields.includes('phone') === true);
  const byColumn = columns.map((column) => countryColumn(column, given)).find((found) => found !== undefined);
  if (given !== undefined) {
    if (byColumn !== undefined && phones.length > 0) return byColumn;
    return { country: given, certainty: 'given', because: ['set by --country'] };
  }
  if (phones.length === 0) return undefined;
  const cells = phones.flatMap(({ evidence }) => [...evidence.phones]);
  const facts: Facts = {
    columns,
    phones,
    national: cells.filter((cell) => !isInternational(cell)).slice(0, mostNumbers),
    international: cells.filter(isInternational).slice(0, mostNumbers),
  };
  if (byColumn !== undefined) return byColumn;
  const judged = countries
    .map((traits) => judge(traits, facts))
    .filter(({ valid, isNamed }) => isNamed || valid >= leastValid)
    .sort((a, b) => b.points - a.points || b.valid - a.valid);
  const [best] = judged;
  if (best !== undefined) {
    const rival = judged.find(({ code }) => !sharePlan(code, best.code));
    const lead = best.points - (rival?.points ?? 0);
    const numbers = facts.national.length === 0 ? 'all have their country code' : validity(best, facts);
    const because = [...best.because, numbers];
    if (best.points >= 2 && lead >= 1) return { country: best.code, certainty: lead >= 3 ? 'sure' : 'likely', because };
    // Nothing hangs on it as long as no number lacks its code.
    if (facts.national.length === 0 && facts.international.length > 0 && best.points > 0)
      return { country: best.code, certainty: 'likely', because };
  }
  return ask(drafting, judged, facts);
}

/** "Country", and "Country of residence" over countries. Where people were born says nothing about their phones. */
function isOfCountries({ candidate, header, evidence }: SheetColumn): boolean {
  if (candidate !== undefined) return candidate.meaning === 'country';
  const words = spacedHeader(header);
  if (/birth|born|origin|citizen|geburt|herkunft|naissance|nacimiento|nascita|nascimento|geboorte/.test(words))
    return false;
  const named = evidence.words.filter(({ text }) => countryOfWord(text) !== undefined);
  return (
    words.split(' ').some((word) => candidateOf(word)?.meaning === 'country') &&
    named.reduce((sum, { count }) => sum + count, 0) >= evidence.filled * 0.8
  );
}

/**
 * A column that names several countries decides for each row: a British number read as one of the majority's country would be
 * another person's there. `given` is the country of rows that name none. Without it, the numbers of these rows are read only with
 * a country code, unless nearly all rows name the same country.
 */
function countryColumn(column: SheetColumn, given: string | undefined): CountryFinding | undefined {
  const { evidence, address } = column;
  if (!isOfCountries(column) || address === undefined || evidence.hasMoreWords) return undefined;
  const named = evidence.words.flatMap(({ text, count }) => {
    const code = countryOfWord(text);
    return code === undefined ? [] : [{ text, count, code }];
  });
  const codes = new Map<string, number>();
  for (const { code, count } of named) codes.set(code, (codes.get(code) ?? 0) + count);
  if (codes.size < 2) return undefined;
  const values = named
    .filter(({ text, code }) => text.toUpperCase() !== code)
    .map(({ text, code }) => [text, code] as const);
  const because = [...codes].map(
    ([code, count]) => `${count === 1 ? '1 row is' : `${count} rows are`} of ${countryName(code)}`,
  );
  const unread = evidence.words.filter(({ text }) => countryOfWord(text) === undefined);
  const [most] = [...codes].sort(([, a], [, b]) => b - a);
  const rows = evidence.filled + evidence.blank;
  const usual = most !== undefined && most[1] >= rows * 0.9 && evidence.blank > 0 ? most[0] : undefined;
  const forBlank = given ?? usual;
  return {
    country: {
      column: address,
      values: Object.fromEntries(values),
      ...(forBlank === undefined ? {} : { default: forBlank }),
    },
    certainty: 'sure',
    because: [
      `the column "${address}" names each row's country: ${because.slice(0, 6).join(', ')}`,
      ...(given === undefined ? [] : ['--country is for rows without a country']),
      ...(unread.length === 0
        ? []
        : [
            `numbers without a code are left out in rows of ${unread
              .slice(0, 5)
              .map(({ text }) => `"${text}"`)
              .join(', ')}`,
          ]),
    ],
  };
}

function ask({ questions }: Drafting, judged: readonly Judged[], facts: Facts): CountryFinding {
  const because =
    judged.length === 0
      ? ['they are not numbers of any country that init looks for']
      : judged.slice(0, 4).map((one) => [validity(one, facts), ...one.because].join('; '));
  const likely = judged.length === 0 ? ['US', 'CA', 'GB', 'AU'] : judged.slice(0, 6).map(({ code }) => code);
  const others = getCountries()
    .filter((code) => code.length === 2 && !likely.includes(code))
    .map((code) => ({ code, name: countryName(code) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ code }) => code);
  questions.push({
    id: 'country',
    paths: [['country']],
    question: 'In which country are phone numbers written without a country code?',
    because: [...because, 'any other two-letter country code is valid too, and --country sets it'],
    answers: [...likely, ...others].map((code) => ({
      answer: code,
      consequence: `they are read as numbers of ${countryName(code)}`,
      edits: [{ path: ['country'], value: code }],
    })),
    likely: likely.length,
  });
  return { country: '?', certainty: 'asked', because };
}

const northAmerica = new Set(['US', 'CA']);

/** North America has one plan of numbers: among its countries the choice changes nothing. */
function sharePlan(a: string, b: string): boolean {
  return a === b || (northAmerica.has(a) && northAmerica.has(b));
}

function validity({ code, valid }: Judged, { national }: Facts): string {
  return `${percent(valid)} of ${national.length} different numbers without a code are numbers of ${countryName(code)}`;
}

function isInternational(cell: string): boolean {
  return /^\(?\+|^00[1-9]/.test(cell);
}

function judge(traits: CountryTraits, facts: Facts): Judged {
  const { code } = traits;
  const { columns, phones, national, international } = facts;
  const read = readerOf(code);
  const valid =
    national.length === 0 ? 1 : national.filter((cell) => read(cell) !== undefined).length / national.length;
  const because: string[] = [];
  let points = 0;
  const point = (worth: number, why: string): void => {
    // Two columns that say the same are one piece of evidence.
    if (because.includes(why)) return;
    points += worth;
    because.push(why);
  };

  const isNamed = columns.some((column) => column.candidate?.meaning === 'country' && shareNaming(column, code) >= 0.8);
  if (isNamed) point(4, 'a column of countries names it');
  const nanp = shareIn(phones, 'nanp');
  if (sharePlan(code, 'US') && nanp >= 0.5)
    point(3, `${percent(nanp)} of the phone numbers are written as in North America`);
  const own = international.filter(
    (cell) => read(cell.replace(/^00/, '+'))?.startsWith(callingCode(code)) === true,
  ).length;
  if (own * 2 > international.length)
    point(own >= 3 ? 2 : 1, `${own} of ${international.length} numbers with a country code are from this country`);
  for (const { candidate, evidence } of columns) {
    if (evidence.filled === 0) continue;
    switch (candidate?.meaning) {
      case 'zip':
        // Five digits are written in many countries, letters in one.
        if (traits.zip !== undefined && evidence.shareOf(traits.zip) >= 0.8)
          point(
            traits.zip === 'zip5' || traits.zip === 'zip4' ? 1 : 2,
            'the postal codes are written as in this country',
          );
        break;
      case 'state': {
        const named = evidence.words.filter(({ text }) => countriesOfState(text).includes(code));
        const share = named.reduce((sum, { count }) => sum + count, 0) / evidence.filled;
        if (share >= 0.8) point(2, 'a column has its states');
        break;
      }
      case 'dob':
      case 'created_date': {
        const verdict = evidence.dates.verdict;
        const isMonthFirst = verdict?.kind === 'settled' && verdict.proof.startsWith('month first');
        if (traits.monthFirst === true && isMonthFirst) point(2, 'dates are written with the month first');
        break;
      }
      default:
    }
  }
  const language = languageOf(columns.map(({ header }) => header));
  if (language !== undefined && language === traits.language) point(1, "the header's language is spoken there");
  const amounts = columns
    .filter(({ evidence }) => evidence.shareOf('money') > 0.5)
    .flatMap(({ evidence }) => evidence.words.slice(0, 3));
  // The dollar is the money of too many, and the euro of some.
  if (traits.currency !== '$' && amounts.length > 0 && amounts.every(({ text }) => text.includes(traits.currency)))
    point(traits.currency === '€' || traits.currency === 'kr' ? 1 : 2, `amounts are in ${traits.currency}`);
  return { code, valid, isNamed, points, because };
}

/** Reads a number as one of a country: E.164, or undefined. */
function readerOf(code: string): (cell: string) => string | undefined {
  if (!isPhoneCountry(code)) return () => undefined;
  const parse = createPhoneParser({ country: code, format: 'e164' });
  return (cell) => {
    const parsed = parse(cell);
    return parsed.kind === 'value' ? parsed.value : undefined;
  };
}

function callingCode(code: string): string {
  return isPhoneCountry(code) ? `+${getCountryCallingCode(code)}` : '+';
}

/** The share of a column's cells that name a country. */
function shareNaming({ evidence }: SheetColumn, code: string): number {
  const named = evidence.words.filter(({ text }) => countryOfWord(text) === code);
  return named.reduce((sum, { count }) => sum + count, 0) / Math.max(1, evidence.filled);
}

function shareIn(columns: readonly SheetColumn[], shape: Shape): number {
  const filled = columns.reduce((sum, { evidence }) => sum + evidence.filled, 0);
  return columns.reduce((sum, { evidence }) => sum + evidence.countOf(shape), 0) / Math.max(1, filled);
}
