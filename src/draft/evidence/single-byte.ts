import { analyse } from 'chardet';
import { createDecoder } from '../../csv/decoders.ts';
import type { EncodingProof } from './encoding-proof.ts';

/** Encodings that are always compared, besides what chardet names: a small sample gives its statistics little to count. */
const usual = [
  'windows-1252',
  'macintosh',
  'windows-1250',
  'windows-1251',
  'windows-1254',
  'iso-8859-2',
  'cp850',
  'cp437',
  'cp852',
  'gb18030',
  'shift_jis',
  'euc-kr',
  'big5',
];

/**
 * Which encoding makes words of bytes that are not UTF-8: a single-byte one, mostly, which any bytes are valid in. An encoding is
 * judged by the share of words that it makes and by chardet's statistics of languages; windows-1252, which Excel writes in the
 * West, has the benefit of the doubt.
 */
export function proveSingleByte(sample: Buffer, lines: number): EncodingProof {
  const matches = analyse(sample);
  const named = new Map<string, number>();
  for (const { name, confidence } of matches) {
    const encoding = standardName(name);
    if (encoding !== undefined && !encoding.startsWith('utf'))
      named.set(encoding, Math.max(confidence, named.get(encoding) ?? 0));
  }
  const judged = [...new Set([...usual, ...[...named.keys()].slice(0, 6)])]
    .map((encoding) => {
      const words = wordsOf(sample, encoding);
      const common = commonLetters(encoding);
      const sum = words.reduce((total, word) => total + plausibility(word, encoding) * commonness(word, common), 0);
      const plausible = sum / Math.max(1, words.length);
      const score = plausible + (named.get(encoding) ?? 0) / 200 + (encoding === 'windows-1252' ? 0.15 : 0);
      return { encoding, words, score };
    })
    .sort((a, b) => b.score - a.score);
  const [best, ...others] = judged;
  if (best === undefined) throw new Error('some encodings are always judged');
  const rivals = others.filter(({ encoding, words, score }) => {
    // Names of one or two letters say little of encodings that have thousands.
    const margin = encoding in commonRows && best.encoding in commonRows ? 0.25 : 0.1;
    return words.join() !== best.words.join() && best.score - score < margin;
  });
  const readings = [best, ...rivals.slice(0, 2)].map((one) => ({
    encoding: one.encoding,
    words: tellingWords(one.words, best.words, rivals[0]?.words),
  }));
  const proof = `${lines === 1 ? '1 line is' : `${lines} lines are`} not valid UTF-8`;
  if (rivals.length > 0)
    return { encoding: '?', certainty: 'open', proof: `${proof}, and several encodings make words of them`, readings };
  return {
    encoding: best.encoding,
    certainty: 'likely',
    proof: `${proof}, and ${best.encoding} makes words of them`,
    readings,
  };
}

/**
 * The first bytes of the letters that are in daily use, by encoding: of each of these character sets the first half is sorted
 * by use, and the rest are rare letters. https://encoding.spec.whatwg.org/#indexes
 */
const commonRows: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  gb18030: [[0xb0, 0xd7]],
  big5: [[0xa4, 0xc6]],
  shift_jis: [
    [0x82, 0x83],
    [0x88, 0x98],
  ],
  'euc-jp': [
    [0xa4, 0xa5],
    [0xb0, 0xcf],
  ],
  'euc-kr': [[0xb0, 0xc8]],
};

const commonSets = new Map<string, ReadonlySet<string>>();

/** The letters of an encoding that are in daily use; undefined for those of which all are. */
function commonLetters(encoding: string): ReadonlySet<string> | undefined {
  const rows = commonRows[encoding];
  const known = commonSets.get(encoding);
  if (rows === undefined || known !== undefined) return known;
  const bytes: number[] = [];
  for (const [first, last] of rows)
    for (let lead = first; lead <= last; lead += 1)
      for (let trail = 0x40; trail <= 0xfe; trail += 1) bytes.push(lead, trail, 10);
  const decoder = createDecoder(encoding);
  const letters = new Set(decoder.decode(Uint8Array.from(bytes)).match(/[^\n\0-\x7f\ufffd]/gu));
  commonSets.set(encoding, letters);
  return letters;
}

/** From 0.4 for a word of rare letters to 1 for one of letters in daily use. */
function commonness(word: string, common: ReadonlySet<string> | undefined): number {
  const letters = word.match(/[^\0-\x7f]/gu);
  if (common === undefined || letters === null) return 1;
  return 0.4 + (0.6 * letters.filter((letter) => common.has(letter)).length) / letters.length;
}

/** Words that differ between two readings, so that the user can see which is right. */
function tellingWords(
  words: readonly string[],
  best: readonly string[],
  rival: readonly string[] | undefined,
): string[] {
  return words.filter((_, index) => rival === undefined || best[index] !== rival[index]).slice(0, 6);
}

function standardName(label: string): string | undefined {
  try {
    return createDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

/** The first different words with a letter beyond ASCII. */
export function wordsOf(sample: Buffer, encoding: string): string[] {
  const decoder = createDecoder(encoding);
  const text = decoder.decode(sample) + decoder.end();
  return [...new Set(text.match(/[^\s,;"\t|<>()@]*[^\0-\x7f][^\s,;"\t|<>()@]*/gu) ?? [])].slice(0, 200);
}

/**
 * How much a text looks like a word, from 0 to 1: letters of one script, capitals only first or throughout, and in Latin script
 * no long runs of letters with marks, which is what other scripts look like in a Western encoding.
 */
function plausibility(word: string, encoding: string): number {
  if (/[\u0080-\u009f\ufffd]/.test(word)) return 0;
  const text = word.replaceAll(/^\p{P}+|\p{P}+$/gu, '');
  // Amounts and signs say little. A sign next to letters is a letter in the wrong encoding.
  if (!/\p{L}/u.test(text)) return /^[\p{Sc}\p{N}\p{P}°]*$/u.test(text) ? 1 : 0;
  if (/[^\p{L}\p{M}\p{N}'’.&/+°-]/u.test(text) || /[‘‚„“][^\p{L}\p{N}]*$/u.test(word)) return 0;
  const scripts = [
    /\p{Script=Latin}/u,
    /\p{Script=Cyrillic}/u,
    /\p{Script=Greek}/u,
    /\p{Script=Hebrew}|\p{Script=Arabic}/u,
    /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}/u,
    /\p{Script=Hangul}/u,
  ];
  if (scripts.filter((script) => script.test(text)).length > 1) return 0;
  if (/\p{Ll}\p{Lu}|\p{Lu}{2}\p{Ll}/u.test(text.replaceAll(/^(?:Mc|Mac|[DdLO]e?)(?=\p{Lu})/gu, ''))) return 0;
  if (/(?:(?=\p{Script=Latin})[^\0-\x7f]){3}/u.test(text)) return 0;
  // Two letters and both with marks, or a degree sign next to a letter: Chinese names of two bytes a letter look like this.
  if (/^[^\0-\x7f]{2,}$/u.test(text) && /\p{Script=Latin}/u.test(text)) return 0;
  if (/\p{L}°|°\p{L}{2}/u.test(text)) return 0;
  // Icelandic, or Turkish in the wrong encoding: only the words can decide.
  return encoding === 'windows-1252' && /[þÞðÐýÝ]/.test(text) ? 0.7 : 1;
}
