import { type CountryCode, Metadata } from 'libphonenumber-js/min';

/** A country's numbering plan as the library keeps it; its own types leave these out. */
interface Plan {
  callingCode(): string;
  IDDPrefix(): string;
  nationalNumberPattern(): string;
  possibleLengths(): readonly number[];
  /** 0 when there is none. */
  nationalPrefixForParsing(): string | 0;
  hasTypes(): boolean;
  type(name: string): { pattern(): string; possibleLengths(): readonly number[] } | undefined;
}

/** Every kind of number by which the library judges the plans of countries that share a calling code. */
const kinds = 'FIXED_LINE MOBILE PREMIUM_RATE TOLL_FREE SHARED_COST VOIP PERSONAL_NUMBER PAGER UAN VOICEMAIL'.split(
  ' ',
);

/** Digits with blanks, hyphens, dots and brackets. After a dot come three digits, or it could be a spreadsheet's `.0`. */
const plainText = /^(\+?)((?:[\d ()-]|\.\d{3})+)$/;
const longestText = 40;
const notDigits = /\D+/g;

/** A number that is good for certain: +`callingCode``national`. */
export type ReadPlain = (text: string) => string | undefined;

/**
 * Makes a reader for numbers of the mapping's own country in their usual forms (national with or without prefix, or with + and
 * the country's calling code): the library's own rules, compiled once, at a tenth of its time or less. It answers the national
 * number only where the library would find the same one and call it valid; everything else is for the library to decide
 * (a test compares the two for every country).
 */
export function createPlainReader(country: CountryCode): ReadPlain {
  const plan = planOf(country);
  const callingCode = plan.callingCode();
  const main = planOf(callingCode as CountryCode);
  const prefix = plan.nationalPrefixForParsing() || undefined;
  // Carrier codes and rewritten prefixes (Brazil, Mexico, the Caribbean) are the library's business.
  if (prefix !== undefined && /\((?!\?:)/.test(prefix)) return () => undefined;
  const sharesRules =
    main.nationalPrefixForParsing() === plan.nationalPrefixForParsing() &&
    main.nationalNumberPattern() === plan.nationalNumberPattern();
  const isGood = compilePlan(plan);
  const abroad = whole(`(?:${plan.IDDPrefix()}).*`);
  const home = prefix === undefined ? undefined : new RegExp(`^(?:${prefix})`);

  return (text) => {
    if (text.length > longestText) return undefined;
    const [, plus, body] = plainText.exec(text) ?? [];
    if (body === undefined) return undefined;
    let digits = body.replace(notDigits, '');
    if (plus === '+') {
      if (!sharesRules || !digits.startsWith(callingCode)) return undefined;
      digits = digits.slice(callingCode.length);
    } else if (abroad.test(digits)) return undefined;
    const national = home === undefined ? digits : digits.replace(home, '');
    return isGood(national) ? national : undefined;
  };
}

function planOf(countryOrCode: CountryCode): Plan {
  const metadata = new Metadata();
  metadata.selectNumberingPlan(countryOrCode);
  return metadata.numberingPlan as unknown as Plan;
}

function compilePlan(plan: Plan): (national: string) => boolean {
  const pattern = whole(plan.nationalNumberPattern());
  // E.164 allows 15 digits, and no number has fewer than 7.
  const fits = (length: number): boolean =>
    length + plan.callingCode().length >= 7 && length + plan.callingCode().length <= 15;
  const lengths = new Set(plan.possibleLengths().filter(fits));
  const types = kinds.flatMap((name) => {
    const type = plan.hasTypes() ? plan.type(name) : undefined;
    if (type === undefined || type.pattern() === '') return [];
    return [{ pattern: whole(type.pattern()), lengths: new Set(type.possibleLengths()) }];
  });
  return (national) =>
    lengths.has(national.length) &&
    pattern.test(national) &&
    (types.length === 0 || types.some((type) => type.lengths.has(national.length) && type.pattern.test(national)));
}

function whole(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}
