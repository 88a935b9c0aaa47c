import { decodeHTMLStrict } from 'entities';

/**
 * The tags of one cell, as written there. A list of a program is recognized by its own form: JSON (`["Yoga","VIP"]`),
 * PostgreSQL (`{Yoga,"Open Gym"}`), quoted (`"Yoga","VIP"`). Any other cell is split at the separators and at line breaks,
 * never at the semicolon of an HTML entity (`Kids &amp; Family`).
 */
export function tagsIn(cell: string, separators: readonly string[]): readonly string[] {
  const first = cell.charCodeAt(0);
  const list = first === bracket ? jsonList(cell) : first === brace ? postgresList(cell) : quotedList(cell);
  return list ?? splitAt(cell, separators);
}

const bracket = 0x5b;
const brace = 0x7b;

function jsonList(cell: string): string[] | undefined {
  let list: unknown;
  try {
    list = JSON.parse(cell);
  } catch {
    return undefined;
  }
  if (!Array.isArray(list)) return undefined;
  return list.every((tag) => typeof tag === 'string' || typeof tag === 'number') ? list.map(String) : undefined;
}

const postgresItem = /\s*(?:"((?:[^"\\]|\\.)*)"|([^",{}\\]*))\s*(?:,|$)/y;

/** https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO: NULL is not an element, and quotes keep commas and braces. */
function postgresList(cell: string): string[] | undefined {
  if (!cell.endsWith('}')) return undefined;
  const inner = cell.slice(1, -1);
  if (inner.trim() === '') return [];
  const list: string[] = [];
  postgresItem.lastIndex = 0;
  while (postgresItem.lastIndex < inner.length) {
    const match = postgresItem.exec(inner);
    if (match === null) return undefined;
    const [, quoted, bare = ''] = match;
    if (quoted !== undefined) list.push(quoted.replaceAll(/\\(.)/g, '$1'));
    else if (bare.trim() !== 'NULL') list.push(bare);
  }
  return list;
}

const quotedItems = /^"(?:[^"]|"")*"(?:\s*[,;|]\s*"(?:[^"]|"")*")*$/;

function quotedList(cell: string): string[] | undefined {
  if (!cell.startsWith('"') || !quotedItems.test(cell)) return undefined;
  return [...cell.matchAll(/"((?:[^"]|"")*)"/g)].map(([, tag = '']) => tag.replaceAll('""', '"'));
}

const lineBreak = /[\r\n]+/;
const openEntity = /&#?[a-z\d]+$/i;

/** `Kids &amp; Family;Yoga` is two tags. The semicolon of `R&B;Yoga` separates, since `&B;` is not an entity. */
function splitAtSemicolons(text: string): string[] {
  const parts: string[] = [];
  let open = '';
  for (const piece of text.split(';')) {
    const part = open + piece;
    const entity = `${openEntity.exec(part)?.[0] ?? ''};`;
    if (entity !== ';' && decodeHTMLStrict(entity) !== entity) open = `${part};`;
    else {
      parts.push(part);
      open = '';
    }
  }
  return open === '' ? parts : [...parts, open];
}

function splitAt(cell: string, separators: readonly string[]): readonly string[] {
  let parts: readonly string[] = lineBreak.test(cell) ? cell.split(lineBreak) : [cell];
  for (const separator of separators) {
    if (!cell.includes(separator)) continue;
    const isHtml = separator === ';' && cell.includes('&');
    parts = parts.flatMap((part) => (isHtml ? splitAtSemicolons(part) : part.split(separator)));
  }
  return parts;
}
