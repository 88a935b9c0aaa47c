import { RunError } from '../core/run-error.ts';

/** What files that are no CSV begin with, and what to do with each. */
const otherKinds: readonly { readonly start: string | RegExp; readonly name: string; readonly hint: string }[] = [
  {
    start: 'PK\x03\x04',
    name: 'an Excel workbook or a zip archive',
    hint: 'Open it in Excel and save the sheet with "Save As", type "CSV UTF-8 (Comma delimited)"; unpack an archive first.',
  },
  {
    start: '\xd0\xcf\x11\xe0',
    name: 'an old Excel workbook (.xls)',
    hint: 'Open it in Excel and save the sheet with "Save As", type "CSV UTF-8 (Comma delimited)".',
  },
  { start: '%PDF', name: 'a PDF', hint: 'Export the list as CSV from the program it came from.' },
  { start: '\x1f\x8b', name: 'a gzip archive', hint: 'Unpack it first, for instance with gunzip.' },
  {
    start: /^\s*<(?:!doctype|html|head|body|table|\?xml)/i,
    name: 'a web page or XML',
    hint: 'It may be a login page saved instead of the export, or a web page named .xls: export the list as CSV.',
  },
  { start: /^\s*(?:\{\s*["}]|\[\s*[[{"\]\d])/, name: 'JSON', hint: 'Export the list as CSV instead.' },
];

/** The encoding that a byte order mark stands for, and its length. */
export interface ByteOrderMark {
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be';
  readonly length: number;
}

/** Finds the byte order mark at the start of a file. UTF-32 is refused. */
export function readByteOrderMark(start: Buffer, file: string): ByteOrderMark | undefined {
  const begins = (...mark: number[]): boolean => mark.every((byte, index) => start[index] === byte);
  if (begins(0xff, 0xfe, 0, 0) || begins(0, 0, 0xfe, 0xff)) {
    throw new RunError('input', `${file} is UTF-32 text.`, { hint: 'Save it as UTF-8.' });
  }
  if (begins(0xef, 0xbb, 0xbf)) return { encoding: 'utf-8', length: 3 };
  if (begins(0xff, 0xfe)) return { encoding: 'utf-16le', length: 2 };
  if (begins(0xfe, 0xff)) return { encoding: 'utf-16be', length: 2 };
  return undefined;
}

/** Refuses a file whose first bytes are those of something else than text in columns. */
export function refuseOtherKinds(start: Buffer, file: string, isUtf16: boolean): void {
  // In UTF-16 every other byte of plain English is a NUL.
  const text = start.toString('latin1').replace(/^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)/, '');
  const shown = isUtf16 ? text.replaceAll('\0', '') : text;
  for (const { start: pattern, name, hint } of otherKinds) {
    if (typeof pattern === 'string' ? shown.startsWith(pattern) : pattern.test(shown))
      throw new RunError('input', `${file} is ${name}, not CSV.`, { hint });
  }
  if (isUtf16) return;
  refuseNuls(start, file);
  const strange = start.filter(isNoText).length;
  if (strange >= 4 && strange * 20 > start.length) refuseBinary(file);
}

/** Control characters that no text has, but for a stray one: all but tab, line ends, and the vertical tab of some databases. */
function isNoText(byte: number): boolean {
  return byte < 9 || (byte > 13 && byte < 32 && byte !== 27);
}

function refuseBinary(file: string): never {
  throw new RunError('input', `${file} is a binary file, not CSV.`, {
    hint: 'Export the list as CSV from the program it came from.',
  });
}

/** A stray NUL costs its row only; where they abound the file is UTF-16 or binary. */
function refuseNuls(start: Buffer, file: string): void {
  let even = 0;
  let odd = 0;
  for (const [index, byte] of start.entries()) {
    if (byte !== 0) continue;
    if (index % 2 === 0) even += 1;
    else odd += 1;
  }
  const nuls = even + odd;
  if (nuls < 4 || nuls * 20 < start.length) return;
  const few = nuls / 20;
  if (even > few && odd > few) refuseBinary(file);
  throw new RunError('input', `${file} looks like UTF-16 text without a byte order mark.`, {
    hint: `Add "csv": { "encoding": "${odd > even ? 'utf-16le' : 'utf-16be'}" } to the mapping, or save the file as UTF-8.`,
  });
}
