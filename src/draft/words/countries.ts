import { countryOfCallingCode, phoneCountries } from '../../core/values/phones.ts';
import { fold } from '../../core/values/text.ts';

/** Countries whose exports are met, with what points to them. */
export interface CountryTraits {
  readonly code: string;
  /** Three-letter code, as in Gymflow's template. */
  readonly alpha3: string;
  readonly language: 'en' | 'de' | 'fr' | 'es' | 'nl' | 'it' | 'pt' | 'other';
  readonly zip: 'zip5' | 'zip4' | 'zipUk' | 'zipCa' | 'zipNl' | undefined;
  readonly currency: string;
  readonly monthFirst?: true;
}

export const countries: readonly CountryTraits[] = [
  { code: 'US', alpha3: 'USA', language: 'en', zip: 'zip5', currency: '$', monthFirst: true },
  { code: 'CA', alpha3: 'CAN', language: 'en', zip: 'zipCa', currency: '$' },
  { code: 'GB', alpha3: 'GBR', language: 'en', zip: 'zipUk', currency: '£' },
  { code: 'IE', alpha3: 'IRL', language: 'en', zip: undefined, currency: '€' },
  { code: 'AU', alpha3: 'AUS', language: 'en', zip: 'zip4', currency: '$' },
  { code: 'NZ', alpha3: 'NZL', language: 'en', zip: 'zip4', currency: '$' },
  { code: 'ZA', alpha3: 'ZAF', language: 'en', zip: 'zip4', currency: 'R' },
  { code: 'IN', alpha3: 'IND', language: 'en', zip: undefined, currency: '₹' },
  { code: 'SG', alpha3: 'SGP', language: 'en', zip: undefined, currency: '$' },
  { code: 'AE', alpha3: 'ARE', language: 'en', zip: undefined, currency: 'AED' },
  { code: 'DE', alpha3: 'DEU', language: 'de', zip: 'zip5', currency: '€' },
  { code: 'AT', alpha3: 'AUT', language: 'de', zip: 'zip4', currency: '€' },
  { code: 'CH', alpha3: 'CHE', language: 'de', zip: 'zip4', currency: 'CHF' },
  { code: 'FR', alpha3: 'FRA', language: 'fr', zip: 'zip5', currency: '€' },
  { code: 'BE', alpha3: 'BEL', language: 'nl', zip: 'zip4', currency: '€' },
  { code: 'NL', alpha3: 'NLD', language: 'nl', zip: 'zipNl', currency: '€' },
  { code: 'ES', alpha3: 'ESP', language: 'es', zip: 'zip5', currency: '€' },
  { code: 'MX', alpha3: 'MEX', language: 'es', zip: 'zip5', currency: '$' },
  { code: 'IT', alpha3: 'ITA', language: 'it', zip: 'zip5', currency: '€' },
  { code: 'PT', alpha3: 'PRT', language: 'pt', zip: undefined, currency: '€' },
  { code: 'BR', alpha3: 'BRA', language: 'pt', zip: undefined, currency: 'R$' },
  { code: 'SE', alpha3: 'SWE', language: 'other', zip: 'zip5', currency: 'kr' },
  { code: 'NO', alpha3: 'NOR', language: 'other', zip: 'zip4', currency: 'kr' },
  { code: 'DK', alpha3: 'DNK', language: 'other', zip: 'zip4', currency: 'kr' },
  { code: 'FI', alpha3: 'FIN', language: 'other', zip: 'zip5', currency: '€' },
  { code: 'PL', alpha3: 'POL', language: 'other', zip: undefined, currency: 'zł' },
];

const byWord = new Map<string, string>();
for (const language of ['en', 'de', 'fr', 'es', 'nl', 'it', 'pt']) {
  const names = new Intl.DisplayNames([language], { type: 'region' });
  for (const code of phoneCountries) byWord.set(fold(names.of(code) ?? code), code);
}
for (const code of phoneCountries) byWord.set(fold(code), code);
for (const { code, alpha3 } of countries) byWord.set(fold(alpha3), code);
for (const [word, code] of Object.entries({
  usa: 'US',
  'u.s.': 'US',
  'u.s.a.': 'US',
  'united states of america': 'US',
  uk: 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  holland: 'NL',
  'great britain': 'GB',
  'northern ireland': 'GB',
  'republic of ireland': 'IE',
  korea: 'KR',
  russia: 'RU',
  'czech republic': 'CZ',
}))
  byWord.set(word, code);

/** The country that a cell of a country column names, by name, code or calling code; undefined for other words. */
export function countryOfWord(word: string): string | undefined {
  const [, callingCode] = /^(?:\+|00)?([1-9]\d{0,2})$/.exec(word.trim()) ?? [];
  return callingCode === undefined ? byWord.get(fold(word)) : countryOfCallingCode(callingCode);
}

const englishNames = new Intl.DisplayNames(['en'], { type: 'region' });

export function countryName(code: string): string {
  return englishNames.of(code) ?? code;
}

const states: Readonly<Record<string, ReadonlySet<string>>> = {
  US: new Set(
    'AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY'.split(
      ' ',
    ),
  ),
  CA: new Set('AB BC MB NB NL NS NT NU ON PE QC SK YT'.split(' ')),
  AU: new Set('ACT NSW NT QLD SA TAS VIC WA'.split(' ')),
};

/** The countries that have a state of this code. */
export function countriesOfState(state: string): string[] {
  return Object.entries(states).flatMap(([code, codes]) => (codes.has(state.trim().toUpperCase()) ? [code] : []));
}
