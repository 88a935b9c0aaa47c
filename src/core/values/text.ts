/** Whether a text has anything beyond ASCII: only that text needs Unicode normalization, and only there do odd blanks occur. */
export function isBeyondAscii(text: string): boolean {
  return beyondAscii.test(text);
}

const beyondAscii = /[\u0080-\uffff]/;

/** Whether a text is ASCII with no white space but single blanks, as most are: it needs no repair but `trim`. */
export function isPlain(text: string): boolean {
  return !unusual.test(text);
}

const unusual = /[\u0080-\uffff\t-\r]| {2}/;

/**
 * White space (NBSP and the byte order mark are part of `\s`), zero-width characters and the direction marks that
 * address books put around phone numbers. None of them shows, so none of them belongs to a value's edge.
 */
const zeroWidth = String.raw`\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff`;
const invisible = new RegExp(String.raw`[\s${zeroWidth}]`);
const zeroWidths = new RegExp(`[${zeroWidth}]`, 'g');

/** The same inside a text, where the joiners U+200C and U+200D stay: Persian, Hindi and emoji are written with them. */
const formatCharacters = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
const oddSpace = /[^\S ]|\s\s/;

/** What a spreadsheet marks as text with an apostrophe: numbers and formulas. Names like 'Aisha keep theirs. */
const markedAsText = /^'[0-9=+\-@]/;

/**
 * A cell as it is meant: NFC, without blanks at its edges, and without the apostrophe that a spreadsheet puts before a
 * digit or `= + - @` to mark text. Nothing inside the text changes. Idempotent.
 */
export function cleanCell(text: string): string {
  const trimmed = trimCell(text);
  return trimmed.charCodeAt(0) === 39 && markedAsText.test(trimmed) ? trimmed.slice(1) : trimmed;
}

/** A text without what doesn't show and takes no room, for what can hold none of it: addresses and numbers. */
export function withoutZeroWidth(text: string): string {
  return isBeyondAscii(text) ? text.replace(zeroWidths, '') : text;
}

/** A text with each run of white space (tabs, line breaks, no-break spaces) as one blank. */
export function collapseSpaces(text: string): string {
  return oddSpace.test(text) ? text.replaceAll(/\s+/g, ' ') : text;
}

/** A text without invisible format characters, like soft hyphens and zero-width spaces. Joiners stay. */
export function withoutFormatCharacters(text: string): string {
  return isBeyondAscii(text) ? text.replace(formatCharacters, '') : text;
}

/** Whether `cleanCell` took an apostrophe off, for the repair `apostrophe_dropped`. */
export function apostropheDropped(cell: string, cleaned: string): boolean {
  return cleaned !== cell && trimCell(cell) !== cleaned;
}

/**
 * The form in which match keys, words and headers are compared: NFC, trimmed, case-folded, with single blanks and without
 * invisible characters. JavaScript has no case folding;
 * lower, upper, lower is the nearest to Unicode's full one (`Straße` = `STRASSE` = `STRAẞE`), independent of any locale.
 */
export function fold(text: string): string {
  if (isPlain(text)) return text.trim().toLowerCase();
  if (!isBeyondAscii(text)) return collapseSpaces(text.trim()).toLowerCase();
  const trimmed = collapseSpaces(withoutFormatCharacters(trimCell(text)));
  return trimmed.toLowerCase().toUpperCase().toLowerCase().normalize('NFC');
}

/** The form in which two spellings of one name are equal: `fold` without accents and with one kind of apostrophe. */
export function foldName(text: string): string {
  const folded = fold(text);
  return isBeyondAscii(folded)
    ? folded
        .normalize('NFD')
        .replaceAll(/[\u0300-\u036f]/g, '')
        .replaceAll(/[\u2018\u2019\u02bc]/g, "'")
    : folded;
}

/** The text inside `="..."`, by which some programs keep Excel from eating leading zeros; undefined for any other text. */
export function unwrapFormula(text: string): string | undefined {
  return /^="((?:[^"]+|"")*)"$/.exec(text)?.[1]?.replaceAll('""', '"');
}

/** A cell as it is meant, without what a program wrapped around it: what row filters compare. */
export function plainText(cell: string): string {
  const text = cleanCell(cell);
  return unwrapFormula(text) ?? text;
}

/** What MySQL and Postgres write for NULL. It is never a value. */
export const databaseNull = String.raw`\N`;

/** In name fields these are missing: Null, Na and None are surnames (see the traps in gym exports). */
const missingNames = ['-', 'N/A'];

/** Whether a word of the mapping's `missing` can't be a name: it has a character that no name has, or no letter. */
function isNoName(word: string): boolean {
  return /[^\p{L}\p{M}\s'’.,-]/u.test(word) || !/\p{L}/u.test(word);
}

/**
 * A predicate for cells that say nothing: empty ones, `\N`, and the mapping's `missing` words, compared folded. In name fields
 * only the words count that can't be names, like `(null)`, and `NULL` exactly as it is. A cell is also missing when it is
 * `-` or `N/A`.
 */
export function createMissing(words: readonly string[], kind: 'name' | 'other'): (text: string) => boolean {
  const compared = kind === 'name' ? [...missingNames, ...words.filter(isNoName)] : words;
  const folded = new Set(['', databaseNull, ...compared].map((word) => fold(word)));
  const hasNull = kind === 'name' && words.includes('NULL');
  // Most cells begin with a letter or digit that none of the words begins with. They need no folding.
  const firstLetters = new Set([...folded].map((word) => word.normalize('NFD').charAt(0).toUpperCase()));
  const mayBegin = Uint8Array.from({ length: 128 }, (_, code) => {
    const character = String.fromCharCode(code);
    return !/[0-9A-Za-z]/.test(character) || (hasNull && code === 0x4e) || firstLetters.has(character.toUpperCase())
      ? 1
      : 0;
  });
  return (text) =>
    mayBegin[text.charCodeAt(0)] !== 0 && (folded.has(fold(text)) || (hasNull && text.trim() === 'NULL'));
}

function trimCell(text: string): string {
  if (!isBeyondAscii(text)) return text.trim(); // hands back the same string when there is nothing to trim
  const normal = text.normalize('NFC');
  // Not one regular expression for both edges: /blank+$/ takes quadratic time on a cell full of blanks.
  let start = 0;
  let end = normal.length;
  while (start < end && invisible.test(normal.charAt(start))) start += 1;
  while (end > start && invisible.test(normal.charAt(end - 1))) end -= 1;
  return normal.slice(start, end);
}
