import type { TextSource } from './text-source.ts';

/** Longest piece of text that is held back for its line end. Longer lines are rewritten in pieces. */
const longestLine = 4 * 1024 * 1024;

/**
 * A text with each line rewritten, so that what separates its cells is what the scanner knows. Its line ends stay, so rows
 * and lines keep their numbers.
 *
 * @param rewrite Gets a line without its line end.
 */
export function rewriteLines(source: TextSource, rewrite: (line: string) => string): TextSource {
  return {
    ...source,
    isTranscoded: true,
    skipped: 0,
    async *chunks(from = 0) {
      let toDrop = from;
      for await (const text of lines(source)) {
        const bytes = Buffer.from(text.replaceAll(/[^\r\n]+/g, rewrite));
        if (bytes.length > toDrop) yield bytes.subarray(toDrop);
        toDrop = Math.max(0, toDrop - bytes.length);
      }
    },
  };
}

/** The text in pieces that end at line ends. */
async function* lines(source: TextSource): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let rest = '';
  for await (const chunk of source.chunks()) {
    const text = rest + decoder.decode(chunk, { stream: true });
    const end = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1;
    const cut = end === 0 && text.length > longestLine ? text.length : end;
    if (cut > 0) yield text.slice(0, cut);
    rest = text.slice(cut);
  }
  const last = rest + decoder.decode();
  if (last !== '') yield last;
}

/** Marks that enclose cells and are not ASCII, by the text that `csv.quote` has for them. */
export const quotePairs = ['“”', '„“', '‘’', '«»'] as const;

export function isQuotePair(quote: string): boolean {
  return (quotePairs as readonly string[]).includes(quote);
}

/** The same text with straight quotes where a cell begins or ends with one of the pair. */
export function straightenQuotes(source: TextSource, pair: string, delimiters: string): TextSource {
  const [open = '', close = ''] = pair;
  const edge = delimiters.replaceAll('|', String.raw`\|`);
  const edges = new RegExp(`(?<=^|[${edge}]) *${open}|${close} *(?=[${edge}]|$)`, 'gu');
  return rewriteLines(source, (line) => line.replaceAll('"', '""').replaceAll(edges, '"'));
}

const wrappedLine = /^"((?:[^"]|"")*)"[,;\t]*$/;

/** The line inside a line that is one quoted cell. */
export function unwrapLine(line: string): string | undefined {
  return wrappedLine.exec(line)?.[1]?.replaceAll('""', '"');
}

/** A text whose lines are quoted as a whole, without these quotes. */
export function unwrapLines(source: TextSource): TextSource {
  return rewriteLines(source, (line) => unwrapLine(line) ?? line);
}

/**
 * A text in which a backslash escapes the next character, as MySQL writes it, with doubled quotes instead. A cell with an
 * escape gets quotes around it. `\N`, which is NULL, stays as it is.
 */
export function resolveEscapes(source: TextSource, delimiter: string, quote: string): TextSource {
  const [d, q] = [delimiter, quote].map((character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
  const cells = new RegExp(
    String.raw`(?<=^|${d})(?:${q}((?:\\.|${q}${q}|[^${q}\\])*)${q}(?=${d}|$)|((?:\\.|[^${d}${q}\\])(?:\\.|[^${d}\\])*))`,
    'g',
  );
  const resolve = (text: string): string =>
    text.replaceAll(/\\(.)/gs, (all, next: string) => (next === 'N' ? all : (controls[next] ?? next)));
  const double = (text: string): string => text.replaceAll(quote, quote + quote);
  return rewriteLines(source, (line) => {
    if (!line.includes('\\')) return line;
    return line
      .replace(/(?<!\\)((?:\\\\)*)\\$/, '$1')
      .replaceAll(cells, (cell, quoted: string | undefined, bare: string | undefined) => {
        if (!cell.includes('\\') || cell === String.raw`\N`) return cell;
        return quote + double(resolve(quoted?.replaceAll(quote + quote, quote) ?? bare ?? '')) + quote;
      });
  });
}

/** Escapes that stand for characters a value does not have: white space is collapsed, others do not show. */
const controls: Readonly<Record<string, string>> = { n: ' ', r: ' ', t: ' ', 0: '', b: '', Z: '' };
