/** What a number format makes of a number. */
export type NumberFormat =
  | { readonly kind: 'number' }
  /** A calendar day, a time of day, or both; `duration` counts hours beyond 24. */
  | { readonly kind: 'date' | 'datetime' | 'time' | 'duration' }
  /** Digits with other characters between them, like `(000) 000-0000`, by the section that a value takes. */
  | { readonly kind: 'mask'; readonly sections: readonly MaskSection[] };

interface MaskSection {
  readonly condition: Condition | undefined;
  /** Undefined where the section is not a mask: then the number is written in full. */
  readonly tokens: readonly Token[] | undefined;
}

interface Condition {
  readonly sign: string;
  readonly than: number;
}

type Token =
  /** `0` is always shown, `#` only if the number has the digit, `?` is a blank otherwise. */
  | { readonly kind: 'digit'; readonly digit: string }
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'day' | 'month or minute' | 'hour or second' | 'elapsed' | 'currency' | 'calculation' };

interface Section {
  readonly condition: Condition | undefined;
  readonly tokens: readonly Token[];
}

export const plainNumber: NumberFormat = { kind: 'number' };

/** Formats that a workbook names without writing them. Those of 27 to 36 and 50 to 58 depend on the language, but all are dates or times. */
export function builtInFormat(id: number): NumberFormat {
  if (id === 22) return { kind: 'datetime' };
  if (id >= 14 && id <= 17) return { kind: 'date' };
  if ((id >= 18 && id <= 21) || id === 45 || id === 47 || id === 32 || id === 33) return { kind: 'time' };
  if (id === 46) return { kind: 'duration' };
  if ((id >= 27 && id <= 36) || (id >= 50 && id <= 58)) return { kind: 'date' };
  return plainNumber;
}

/** Understands a format code as Excel does. */
export function readNumberFormat(code: string): NumberFormat {
  const sections = splitSections(code).map(readSection);
  const kinds = new Set(sections[0]?.tokens.map(({ kind }) => kind));
  if (kinds.has('elapsed')) return { kind: 'duration' };
  const hasTime = kinds.has('hour or second');
  if (kinds.has('day') || (kinds.has('month or minute') && !hasTime)) return { kind: hasTime ? 'datetime' : 'date' };
  if (hasTime) return { kind: 'time' };
  const masks = sections.map(({ condition, tokens }) => ({ condition, tokens: isMask(tokens) ? tokens : undefined }));
  return masks.some(({ tokens }) => tokens !== undefined) ? { kind: 'mask', sections: masks } : plainNumber;
}

function splitSections(code: string): string[] {
  const pieces = code.match(/"[^"]*"?|\\[^]|[_*][^]|\[[^\]]*\]?|;|[^]/g) ?? [];
  const sections = [''];
  for (const piece of pieces) {
    if (piece === ';') sections.push('');
    else sections[sections.length - 1] += piece;
  }
  return sections;
}

const pieceOfSection =
  /"(?<quoted>[^"]*)"?|\\(?<escaped>[^])|_(?<blank>[^])|\*[^]|\[(?<bracket>[^\]]*)\]?|(?<word>General|AM\/PM|A\/P|上午\/下午)|E[+-]|[^]/gi;

function readSection(text: string): Section {
  const tokens: Token[] = [];
  let condition: Condition | undefined;
  const literal = (shown: string): number => tokens.push({ kind: 'literal', text: shown });
  for (const { 0: piece, groups = {} } of text.matchAll(pieceOfSection)) {
    const { quoted, escaped, blank, bracket, word } = groups;
    if (quoted !== undefined) literal(quoted);
    else if (escaped !== undefined) literal(escaped);
    else if (blank !== undefined) literal(' ');
    else if (bracket !== undefined) {
      const [, sign, than] = /^(<=|>=|<>|<|>|=)(-?[\d.]+)$/.exec(bracket.trim()) ?? [];
      if (sign !== undefined) condition = { sign, than: Number(than) };
      if (/^(?:h+|m+|s+)$/i.test(bracket)) tokens.push({ kind: 'elapsed' });
      if (/^\$[^-]/.test(bracket)) tokens.push({ kind: 'currency' });
    } else if (word !== undefined) {
      tokens.push({ kind: word.toLowerCase() === 'general' ? 'calculation' : 'hour or second' });
    } else if (/^[0#?]$/.test(piece)) tokens.push({ kind: 'digit', digit: piece });
    else if (/^(?:[.,%/@]|E[+-])$/i.test(piece)) tokens.push({ kind: 'calculation' });
    else if (/^[ydeg]$/i.test(piece)) tokens.push({ kind: 'day' });
    else if (/^m$/i.test(piece)) tokens.push({ kind: 'month or minute' });
    else if (/^[hs]$/i.test(piece)) tokens.push({ kind: 'hour or second' });
    else if (/^[$€£¥]$/.test(piece)) tokens.push({ kind: 'currency' });
    else if (!piece.startsWith('*')) literal(piece);
  }
  return { condition, tokens };
}

/**
 * Whether a section shows the digits of a code rather than an amount: two zeros or more that are always shown (`00000`), or
 * groups with signs of phone numbers between them (`###-####`). `#,##0`, `0.00` and `# ##0` are amounts.
 */
function isMask(tokens: readonly Token[]): boolean {
  if (tokens.some(({ kind }) => kind !== 'digit' && kind !== 'literal')) return false;
  const digits = tokens.flatMap((token) => (token.kind === 'digit' ? [token.digit] : []));
  const zeros = digits.filter((digit) => digit === '0').length;
  if (zeros >= 2) return true;
  if (zeros === 1 && digits.at(-1) === '0') return false;
  const written = tokens.map((token) => (token.kind === 'digit' ? '#' : token.kind === 'literal' ? token.text : ''));
  return /^[ +(]*#[# ().+–-]*[ ().+–-]#+[ )]*$/.test(written.join(''));
}

/** The digits as the mask shows them, or undefined where the value takes a section that is not a mask. */
export function showMasked(digits: string, sections: readonly MaskSection[]): string | undefined {
  const { tokens } = sectionFor(Number(digits), sections) ?? {};
  if (tokens === undefined) return undefined;
  const places = tokens.filter(({ kind }) => kind === 'digit').length;
  const significant = digits.replace(/^0+/, '');
  let left = Math.max(0, significant.length - places);
  let shown = '';
  let place = 0;
  for (const token of tokens) {
    if (token.kind === 'literal') shown += token.text;
    if (token.kind !== 'digit') continue;
    // Digits for which there is no place come before the first one.
    if (place === 0) shown += significant.slice(0, left);
    const index = significant.length - places + place;
    if (index >= 0) shown += significant[index];
    else if (token.digit === '0') shown += '0';
    else if (token.digit === '?') shown += ' ';
    place += 1;
    left = 0;
  }
  return shown.trim();
}

/** Positive, negative, zero and text, unless conditions say otherwise. Only whole numbers that are not negative come here. */
function sectionFor(value: number, sections: readonly MaskSection[]): MaskSection | undefined {
  const [first, second, third] = sections;
  if (sections.some(({ condition }) => condition !== undefined)) {
    return sections.find(({ condition }) => condition === undefined || holds(condition, value));
  }
  return value === 0 && third !== undefined ? third : (first ?? second);
}

function holds({ sign, than }: Condition, value: number): boolean {
  if (value === than) return sign.includes('=');
  return value < than ? sign.includes('<') : sign.includes('>');
}
