import leven from 'leven';
import { consentOfHeader, entriesOf } from '../../core/mapping/consent-words.ts';
import type { WordLists } from '../../core/mapping/consent-words.ts';
import parts from './header-parts.json' with { type: 'json' };
import headers from './headers.json' with { type: 'json' };

/** What a column may mean. Those that are not fields of the API help to find out something else. */
export type Meaning =
  | 'user_id'
  | 'first_name'
  | 'middle_name'
  | 'name_prefix'
  | 'second_last_name'
  | 'last_name'
  | 'full_name'
  | 'address'
  | 'city'
  | 'state'
  | 'zip'
  | 'country'
  | 'source'
  | 'dob'
  | 'created_date'
  | 'gender'
  | 'status'
  | 'active'
  | 'location'
  | 'tags'
  | 'tags_to_add'
  | 'tags_to_remove'
  | 'current_tags'
  | 'unwanted'
  | 'unwanted_since'
  | 'email'
  | 'phone'
  | 'consent';

/** A header's candidate meaning. The lower the rank, the better the name fits when several columns want one field. */
export interface Candidate {
  readonly meaning: Meaning;
  readonly rank: number;
  /** `near` is a name one or two letters off a known one. */
  readonly match: 'known' | 'near';
  /** Which tier of `headers.json` has the name: the second one of `address` holds second lines. */
  readonly tier?: number;
  /** Which address of the person it belongs to: 0 is home, 2 billing. Undefined where the header does not say. */
  readonly place?: number;
}

type Known = Omit<Candidate, 'match'>;

/** Names of a lower tier come after all names of the tier before it, whatever their language. */
const tierStep = 100;

const known = new Map<string, Known>();
const languagesOf = new Map<string, Set<string>>();
for (const [meaning, tiers] of Object.entries(headers) as [Meaning, readonly WordLists[]][]) {
  tiers.forEach((byLanguage, tier) => {
    noteLanguages(byLanguage);
    for (const list of Object.values(byLanguage)) {
      entriesOf({ list }).forEach((entry, position) => {
        const name = plainName(entry);
        if (!known.has(name))
          known.set(name, { meaning, tier, rank: tier * tierStep + Math.min(position, tierStep - 1) });
      });
    }
  });
}

function noteLanguages(byLanguage: WordLists): void {
  for (const [language, list] of Object.entries(byLanguage))
    for (const entry of entriesOf({ list })) {
      const name = plainName(entry);
      languagesOf.set(name, (languagesOf.get(name) ?? new Set()).add(language));
    }
}

/** A header without case, accents, blanks and punctuation: `Agreement #` is `agreementnumber`, `E-Mail` is `email`. */
export function plainName(header: string): string {
  return header
    .toLowerCase()
    .replaceAll('#', ' number ')
    .replaceAll(/n[°º]/g, 'n')
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .normalize('NFD')
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/** What a header may mean, by its name alone: values have to confirm it. Consent comes first, since it names channels. */
export function candidateOf(header: string): Candidate | undefined {
  const plain = plainName(header);
  if (plain === '' || plain.length > longestName) return undefined;
  if (known.get(plain)?.meaning === 'unwanted') return { meaning: 'unwanted', rank: 0, match: 'known' };
  // "Mailing State" is a part of an address.
  const part = inPlace(plain);
  if (part !== undefined) return { ...part, match: 'known' };
  if (consentOfHeader(header) !== undefined) return { meaning: 'consent', rank: 0, match: 'known' };
  // "Date of Birth (MM/DD/YYYY)", "Create Date (EST)"
  const bare = plainName(header.replaceAll(/\([^)]*\)/g, ''));
  const exact = lookUp(plain) ?? (bare === plain ? undefined : lookUp(bare));
  if (exact !== undefined) return { ...exact, match: 'known' };
  const near = nearest(bare);
  return near === undefined ? undefined : { ...near, match: 'near' };
}

const longestName = 60;

function lookUp(plain: string): Known | undefined {
  return (
    known.get(plain) ??
    reachable(plain) ??
    afterPrefix(plain, owners, () => true) ??
    inPlace(plain) ??
    numbered(plain) ??
    later(
      afterPrefix(plain, products, ({ meaning }) => meaning === 'user_id'),
      50,
    )
  );
}

/** "Phone Number 3", "JOIN_DT" */
function numbered(plain: string): Known | undefined {
  const bare = plain
    .replace(/\d$/, '')
    .replace(/dt$/, 'date')
    .replace(/required$/, '');
  return bare === plain ? undefined : later(known.get(bare) ?? afterPrefix(bare, owners, () => true), 50);
}

function later(found: Known | undefined, by: number): Known | undefined {
  return found === undefined ? undefined : { ...found, rank: found.rank + by };
}

/** What is known of a name once a word is taken off its start. */
function afterPrefix(
  plain: string,
  prefixes: readonly string[],
  isTaken: (found: Known) => boolean,
): Known | undefined {
  for (const prefix of prefixes) {
    if (!plain.startsWith(prefix)) continue;
    const found = known.get(plain.slice(prefix.length));
    if (found !== undefined && isTaken(found)) return found;
  }
  return undefined;
}

/** Words that say whose the value is, where that is the row's own person. */
const owners = longestFirst(parts.owner);
/** Programs that name an id after themselves: "Square Customer ID". */
const products = longestFirst(parts.product);
/** "Home City", "Default Address Zip", "billing_city", "Address 1 - Region". */
const places = parts.place.map((byLanguage) => longestFirst(byLanguage));

function longestFirst(byLanguage: WordLists): string[] {
  return entriesOf(byLanguage)
    .map(plainName)
    .sort((a, b) => b.length - a.length);
}

const partsOfAddress: ReadonlySet<Meaning> = new Set<Meaning>(['address', 'city', 'state', 'zip', 'country']);

function inPlace(plain: string): Known | undefined {
  for (const [place, prefixes] of places.entries()) {
    const found = afterPrefix(plain, prefixes, ({ meaning }) => partsOfAddress.has(meaning));
    // Any part of a home address comes before all of a billing address.
    if (found !== undefined) return { ...found, rank: found.rank + 20 + 300 * place, place };
  }
  return undefined;
}

type Part = 'email' | 'phone' | 'mobile' | 'landline' | 'primary' | 'home' | 'other' | 'work' | 'place' | 'filler';

const vocabulary = new Map<string, Part>();
for (const [part, byLanguage] of [
  ['email', parts.email.words],
  ['mobile', parts.phone.mobile],
  ['landline', parts.phone.landline],
  ['phone', parts.phone.words],
  ['primary', parts.rank.primary],
  ['home', parts.rank.home],
  ['other', parts.rank.other],
  ['work', parts.rank.work],
  ['filler', parts.filler],
  ['filler', parts.owner],
  ...parts.place.map((place) => ['place', place] as const),
] as const satisfies readonly (readonly [Part, WordLists])[]) {
  for (const entry of entriesOf(byLanguage)) {
    const name = plainName(entry);
    if (!vocabulary.has(name)) vocabulary.set(name, part);
  }
}
for (const byLanguage of [parts.email.words, parts.phone.words, parts.phone.mobile]) noteLanguages(byLanguage);

/** The first part that a name has decides. A mobile divides its rank, so that any mobile comes before any landline. */
const ranks: readonly (readonly [Part, number])[] = [
  ['work', 300],
  ['other', 250],
  ['home', 200],
  ['landline', 200],
  ['place', 150],
  ['primary', 90],
];

/**
 * Emails and phones, whose names are put together from a few words in any order: "Telefon mobil", "Phone 1 - Value",
 * "workEmail". A mobile comes before a landline, and a home before an office.
 */
function reachable(plain: string): Known | undefined {
  const found = segment(plain);
  if (found === undefined) return undefined;
  const has = (part: Part): boolean => found.includes(part);
  const isPhone = has('phone') || has('mobile') || has('landline');
  if (isPhone === has('email')) return undefined;
  const step = ranks.find(([part]) => has(part));
  const rank = step?.[1] ?? 100;
  return { meaning: isPhone ? 'phone' : 'email', rank: has('mobile') ? rank / 10 : rank };
}

/** Whether a label like "Mobile" or "Handy" names a mobile phone. */
export function isMobileName(label: string): boolean {
  return segment(plainName(label))?.includes('mobile') === true;
}

/** The words that a name without blanks consists of; undefined when a part of it is unknown. */
function segment(plain: string, from = 0): Part[] | undefined {
  if (from === plain.length) return [];
  for (let to = plain.length; to > from; to -= 1) {
    const word = plain.slice(from, to);
    const part = vocabulary.get(word) ?? (/^\d$/.test(word) ? 'other' : undefined);
    const rest = part === undefined ? undefined : segment(plain, to);
    if (part !== undefined && rest !== undefined) return [part, ...rest];
  }
  return undefined;
}

/** Short names have too many neighbors; meanings that no value can confirm are never guessed from a near name. */
function nearest(plain: string): Known | undefined {
  if (plain.length < 5) return undefined;
  let best: Known | undefined;
  let bestDistance = plain.length >= 8 ? 2 : 1;
  for (const [name, entry] of confirmableNames) {
    if (Math.abs(name.length - plain.length) > bestDistance) continue;
    const distance = leven(name, plain);
    if (distance > bestDistance || (distance === bestDistance && best !== undefined)) continue;
    best = entry;
    bestDistance = distance;
  }
  return best;
}

const confirmable: ReadonlySet<Meaning> = new Set<Meaning>([
  'first_name',
  'last_name',
  'zip',
  'dob',
  'created_date',
  'gender',
  'status',
]);
const confirmableNames: readonly (readonly [string, Known])[] = [
  ...[...known].filter(([name, { meaning }]) => confirmable.has(meaning) && name.length >= 5),
  ...[...vocabulary].flatMap(([name, part]): (readonly [string, Known])[] =>
    name.length < 5 || (part !== 'email' && part !== 'phone' && part !== 'mobile')
      ? []
      : [[name, { meaning: part === 'email' ? 'email' : 'phone', rank: 100 }]],
  ),
  ...['mobilenumber', 'cellphonenumber', 'mobilephone', 'phonenumber'].map((name): [string, Known] => [
    name,
    { meaning: 'phone', rank: 100 },
  ]),
];

/** The language of a header other than English, when at least two of its names are of that language and of no other more. */
export function languageOf(header: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const name of header) {
    const languages = languagesOf.get(plainName(name));
    if (languages === undefined || languages.has('en')) continue;
    for (const language of languages) counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  const [best, second] = [...counts].sort(([, a], [, b]) => b - a);
  return best !== undefined && best[1] >= 2 && best[1] > (second?.[1] ?? 0) ? best[0] : undefined;
}
