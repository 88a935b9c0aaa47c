/** The two characters that give a CSV file its structure. Both are ASCII, and neither is a line end. */
export interface Dialect {
  readonly delimiter: string;
  readonly quote: string;
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
