import { SaxesParser } from 'saxes';
import type { Archive } from './archive.ts';
import { damaged } from './archive.ts';

type Attributes = Readonly<Record<string, string>>;

/** What a reader of a part wants to hear of. Names come without their namespace prefix. */
export interface XmlListener {
  open?(name: string, attributes: Attributes): void;
  text?(text: string): void;
  close?(name: string): void;
}

/** Parts of a workbook are some ten elements deep. Deeper ones would fill the memory. */
const deepest = 64;
/** Longer than any cell, formula or attribute that Excel allows. */
const longestRun = 1024 ** 2;

/**
 * Parses a part. Yields after each piece of it, so that what the listener has gathered can be passed on.
 *
 * @throws RunError `input` when the part is damaged or has a DTD, whose entities could refer to anything.
 */
export async function* parseXml(
  archive: Archive,
  part: string,
  listener: XmlListener,
): AsyncGenerator<void, void, undefined> {
  const parser = new SaxesParser();
  const refuse = (why: string): never => {
    throw damaged(archive.name, new Error(`${part}: ${why}`));
  };
  let depth = 0;
  parser.on('error', ({ message }) => refuse(message));
  parser.on('doctype', () => refuse('it has a document type definition (DTD)'));
  parser.on('opentag', ({ name, attributes }) => {
    depth += 1;
    if (depth > deepest) refuse('its elements are nested too deeply');
    listener.open?.(localName(name), attributes);
  });
  parser.on('closetag', ({ name }) => {
    depth -= 1;
    listener.close?.(localName(name));
  });
  if (listener.text !== undefined) {
    const text = listener.text.bind(listener);
    parser.on('text', text);
    parser.on('cdata', text);
  }
  let run = 0;
  for await (const piece of archive.text(part)) {
    run = piece.includes('<') ? piece.length - piece.lastIndexOf('<') : run + piece.length;
    if (run > longestRun) refuse('it has a text that is too long for a cell');
    parser.write(piece);
    yield;
  }
  parser.close();
}

/** Parses a small part in one go. */
export async function readXml(archive: Archive, part: string, listener: XmlListener): Promise<void> {
  const pieces = parseXml(archive, part, listener);
  while ((await pieces.next()).done !== true);
}

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon === -1 ? name : name.slice(colon + 1);
}

/** An attribute by its local name, like `r:id`, whatever the prefix. */
export function attributeOf(attributes: Attributes, name: string): string | undefined {
  for (const [key, value] of Object.entries(attributes)) if (localName(key) === name) return value;
  return undefined;
}

/** Whether an attribute says yes. */
export function isTrue(value: string | undefined): boolean {
  return value === '1' || value === 'true';
}

/** `_x000D_` is how Excel writes characters that XML has no room for, and `_x005F_` an underscore that would look like that. */
export function decodeEscapes(text: string): string {
  return text.includes('_x')
    ? text.replaceAll(/_x([0-9a-fA-F]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text;
}
