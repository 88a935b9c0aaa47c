import { bad, type NoteCode, ofCell, type Parsed, type ValueCode, valueOf, type CellParser } from './parsed.ts';

export interface NameOptions {
  /** Which half of a column that holds whole names; the whole cell without. */
  readonly part?: 'first' | 'last' | undefined;
  /** How whole names without a comma are written. */
  readonly order?: 'first last' | 'last first' | undefined;
  /** First names are where two people in one row show. */
  readonly isFirstName?: boolean;
}

/**
 * Makes a reader of name cells. What is written into a name but is none is never sent as one: `(Deleted Customer)` and
 * `DECEASED - Ana Diaz` are bad; a company, a test row and a couple are noted, and a company can't be split.
 */
export function createNameParser({ part, order = 'first last', isFirstName = false }: NameOptions): CellParser<string> {
  const read = (text: string): Parsed<string> => {
    if (marked.test(text)) return bad('name_marked');
    const notes: NoteCode[] = [];
    if (testRow.test(text)) notes.push('test_name');
    if (isFirstName && isCouple(text)) notes.push('couple_name');
    if (company.test(text)) {
      if (part !== undefined) return bad('company_name');
      notes.push('company_name');
    }
    if (part === undefined) return valueOf(text, notes);
    if (text.length > longestName) return bad('name_unclear');
    const split = splitName(text, order);
    return typeof split === 'string' ? bad(split) : valueOf(split[part], notes);
  };
  /** Names recur: most are judged once. */
  const known = new Map<string, Parsed<string>>();
  return ofCell((text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const parsed = read(text);
    if (known.size < mostKnown) known.set(text, parsed);
    return parsed;
  });
}

/** Whether a name is that of two people or a household: `John & Mary`, `Ana und Ben`, `Familie Berg`. `Jos&eacute;` is one person. */
export function isCouple(name: string): boolean {
  return couple.test(name) || joinedBySmallWord.test(name);
}

const couple =
  /\p{L}\s*(?:[+/]|&(?!(?!amp;)[a-z]+;)(?:amp;)?)\s*\p{L}|\p{L}\s(?:and|und|et|en)\s\p{L}|^(?:the|familie|fam\.|famille|familia|famiglia|família|family)\s\p{L}|\p{L}\s(?:family|household)$/iu;
/** Spanish, Portuguese and Italian. A capital is an initial, and Ortega y Gasset a last name. */
const joinedBySmallWord = /^\p{L}+\s(?:y|e|ed)\s\p{L}/u;

/** Bounded, because a file may have millions of names. */
const mostKnown = 5000;

const marked =
  /\b(?:deceased|deleted|do not (?:use|contact|call|e-?mail|text|mail)|duplicate (?:account|record|client|member|profile))\b|^[*([{]*(?:banned|duplicate|merged|removed|inactive|void|dnc|rip)[*)\]}]*\s*[-–—:*/]\s|[-–—:*([{]\s*(?:banned|duplicate|merged|removed|inactive|void|dnc|rip)[*)\]}]*$/i;
const testRow = /^test(?:ing|er)?\d*(?:$|\s+(?:test|user|member|account|client|customer|person|name)\b)/i;
const company = /[\s,](?:l\.?l\.?[cp]|inc|ltd|corp|corporation|gmbh|plc|pty|limited|company|s\.?r\.?l|b\.v|s\.a)\.?$/i;

/** Longer text is not a name and only slows regular expressions down. */
const longestName = 500;

export interface SplitName {
  readonly first: string;
  readonly last: string;
}

type Unsplittable = Extract<ValueCode, 'name_single_word' | 'name_unclear'>;

/**
 * Splits a whole name. No word is lost and no letter changed: the words of both halves are those of the name, but for commas
 * between them. A comma decides by itself (`Diaz, Ana`); without one the last word is the last name, with the particles before
 * it (van der Berg, de la Cruz) and the suffix after it (Jr., III). A nickname in quotes or brackets goes with the first name.
 */
export function splitName(name: string, order: 'first last' | 'last first' = 'first last'): SplitName | Unsplittable {
  const nicknames: string[] = [];
  const maiden: string[] = [];
  const plain = name.replace(aside, (_match, before: string, inner: string) => {
    (bornAs.test(inner) ? maiden : nicknames).push(inner);
    return before;
  });
  const suffix: string[] = [];
  const parts: string[][] = [];
  for (const part of plain.split(/[,،，]/)) {
    const words = part.split(/\s+/).filter((word) => word !== '');
    if (words.length === 0) continue;
    const isSuffix = parts.length > 0 && words.every(isSuffixWord);
    // A suffix moves to the end of the last name, whichever half it is next to.
    const cut = isSuffix ? 0 : words.length - trailingSuffixes(words);
    suffix.push(...words.slice(cut));
    if (cut > 0) parts.push(words.slice(0, cut));
  }
  const [one = [], two, ...more] = parts;
  if (more.length > 0) return 'name_unclear';
  const halves = two === undefined ? splitWords(one, order) : joinParticles(two, one);
  const mixedCase = name !== name.toLowerCase();
  const isNoName = (word: string): boolean => isTitle(word) || (mixedCase && isParticle(word) && isSmall(word));
  if (halves === undefined || halves[0].every(isNoName)) return 'name_single_word';
  const [first, last] = halves;
  return { first: [...first, ...nicknames].join(' '), last: [...last, ...maiden, ...suffix].join(' ') };
}

/** "Bob", “Bob”, (Bob), 'Bob': in quotes or brackets, with blanks or an edge around. O'Brien and D'Angelo hold no quotes. */
const aside = /(^|[\s,])("[^"]+"|“[^”]+”|„[^“”]+[“”]|«[^»]+»|\([^()]+\)|\[[^\][]+\]|'[^']+'|‘[^’]+’)(?=$|[\s,])/gu;
const bornAs = /^.(?:née?|nee|geb\.?|geborene?|formerly|maiden)\s/iu;

function isSuffixWord(word: string): boolean {
  return /^(?:jr|sr|jnr|snr|ii|iii|iv|esq|ph\.?d|m\.d)\.?$/i.test(word);
}

function isSmall(word: string): boolean {
  return /^\p{Ll}/u.test(word);
}

function isTitle(word: string): boolean {
  return /^(?:&|and|mr|mrs|ms|miss|mx|dr|prof|herr|frau|sig|sra?)\.?$/i.test(word);
}

/** How many words at the end are suffixes, when another word is left before them. */
function trailingSuffixes(words: readonly string[]): number {
  let count = 0;
  while (count < words.length - 1 && isSuffixWord(words[words.length - 1 - count] ?? '')) count += 1;
  return count;
}

/** Particles that start a last name, in any case; then those that are also given names or initials unless they are small. */
const particle =
  /^(?:van|von|vom|vander|vanden|ver|der|den|des|del|della|dello|dei|degli|de|di|da|das|dos|du|el|al|la|las|le|los|ter|ten|zu|zum|zur|st\.?|ste\.?)$/i;
const smallParticle = /^(?:do|al|el|af|av|ben|bin|bint|ibn|abu|ap|'t|op|in|auf)$/;

function isParticle(word: string): boolean {
  return particle.test(word) || smallParticle.test(word);
}

/** `Berg, Anna van der`, as lists sorted by last name have it. */
function joinParticles(
  first: readonly string[],
  last: readonly string[],
): readonly [first: readonly string[], last: readonly string[]] {
  let end = first.length;
  while (end > 1 && isParticle(first[end - 1] ?? '') && isSmall(first[end - 1] ?? '')) end -= 1;
  return [first.slice(0, end), [...first.slice(end), ...last]];
}

/** Two letters or more, all of them capitals. */
function isCapital(word: string): boolean {
  return /\p{Lu}.*\p{Lu}/u.test(word) && !/\p{Ll}/u.test(word);
}

function splitWords(
  words: readonly string[],
  order: 'first last' | 'last first',
): readonly [first: readonly string[], last: readonly string[]] | undefined {
  if (words.length < 2) return undefined;
  if (order === 'last first') {
    const capitals = words.findIndex((word) => !isCapital(word));
    // GARCIA LOPEZ Ana: the capitals show where the last name ends.
    if (capitals > 0) return [words.slice(capitals), words.slice(0, capitals)];
    let end = 1;
    while (end < words.length - 1 && isParticle(words[end - 1] ?? '')) end += 1;
    return [words.slice(end), words.slice(0, end)];
  }
  const small = words.findLastIndex((word) => !isCapital(word));
  if (small >= 0 && small < words.length - 2) return [words.slice(0, small + 1), words.slice(small + 1)];
  let start = words.length - 1;
  for (let index = words.length - 2; index > 0; index -= 1) {
    const word = words[index] ?? '';
    // Ortega y Gasset: the word before belongs to it too.
    if (/^y$/.test(word) && index > 1) start = index - 1;
    else if (isParticle(word)) start = index;
  }
  return [words.slice(0, start), words.slice(start)];
}
