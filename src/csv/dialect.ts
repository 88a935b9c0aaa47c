/** The two characters that give a CSV file its structure. Both are ASCII, and neither is a line end. */
export interface Dialect {
  readonly delimiter: string;
  readonly quote: string;
  /** Whether blanks before an opening and after a closing quote are ignored, as in `1001, "Ana"`. */
  readonly skipsBlanks?: boolean;
}

/** The delimiters that are looked for when none is set. */
export const knownDelimiters = [',', ';', '\t', '|'] as const;

/** Line ends, as bytes. */
export const lineFeed = 0x0a;
export const carriageReturn = 0x0d;

/** Whether a text can be a dialect's delimiter or quote. */
export function isStructural(text: string): boolean {
  return /^[\t\x20-\x7e]$/.test(text);
}

/** Matches a text of any number of cells that are empty or hold only spaces, quoted or not. */
export function blankCells({ delimiter, quote }: Dialect): RegExp {
  const [d, q] = [delimiter, quote].map((character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
  const blank = delimiter === ' ' ? `(?:${q}${q})?` : `(?:\\x20*|${q}\\x20*${q})`;
  return new RegExp(`^${blank}(?:${d}${blank})*$`);
}
