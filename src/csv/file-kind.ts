import { RunError } from '../core/outcome/run-error.ts';

const toWorkbook = 'In Excel or LibreOffice: File, Save As, type "Excel Workbook (.xlsx)". Then import that file.';
const fromExcel =
  'In Excel: File, Save As, type "CSV UTF-8 (Comma delimited)". In Google Sheets: File, Download, Comma-separated values (.csv).';
const fromSource = 'Export the list as CSV from the program it came from.';
const unpack = 'Unpack it and import the CSV file inside.';

type Test = (start: string) => boolean;

const begins =
  (...marks: readonly string[]): Test =>
  (start) =>
    marks.some((mark) => start.startsWith(mark));
const matches =
  (pattern: RegExp): Test =>
  (start) =>
    pattern.test(start);
/** Starts with certain bytes and contains a mark some bytes later. */
const holds =
  (mark: string, at: number, first = ''): Test =>
  (start) =>
    start.startsWith(first) && start.startsWith(mark, at);
/** A zip archive whose first entries have one of these names or contents. */
const zipOf =
  (pattern: RegExp): Test =>
  (start) =>
    start.startsWith('PK\x03\x04') && pattern.test(start);

/** Files that are not CSV, by their first bytes as Latin-1, and what to do with each. The first that fits counts. */
const otherKinds: readonly { readonly is: Test; readonly name: string; readonly hint: string }[] = [
  {
    is: zipOf(/mimetypeapplication\/vnd\.oasis\.opendocument/),
    name: 'an OpenDocument file (.ods)',
    hint: toWorkbook,
  },
  {
    is: zipOf(/Index\/(?:Document|Tables?|Metadata|ViewState|CalculationEngine)/),
    name: 'a Numbers spreadsheet',
    hint: 'In Numbers: File, Export To, Excel. Then import that file.',
  },
  { is: zipOf(/word\//), name: 'a Word document (.docx)', hint: fromSource },
  {
    is: zipOf(/\[Content_Types\]\.xml|xl\//),
    name: 'an Excel workbook (.xlsx) in a pipe or an archive',
    hint: 'Name the .xlsx file itself. Only CSV can come through a pipe or from an archive.',
  },
  { is: begins('PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08'), name: 'a zip archive', hint: unpack },
  { is: begins('\xd0\xcf\x11\xe0'), name: 'an old Excel workbook (.xls)', hint: toWorkbook },
  { is: matches(/^\s*%PDF/), name: 'a PDF', hint: fromSource },
  { is: begins('\x1f\x8b'), name: 'a gzip archive in another', hint: unpack },
  {
    is: begins('BZh91AY', '\xfd7zXZ\0', '7z\xbc\xaf', 'Rar!\x1a', '\x28\xb5\x2f\xfd'),
    name: 'a packed archive',
    hint: unpack,
  },
  { is: holds('ustar\0', 257), name: 'a tar archive', hint: unpack },
  { is: holds('ustar  \0', 257), name: 'a tar archive', hint: unpack },
  { is: begins('{\\rtf'), name: 'a document in rich text (RTF)', hint: fromSource },
  {
    is: begins('\x89PNG', '\xff\xd8\xff', 'GIF87a', 'GIF89a', 'II*\0', 'MM\0*'),
    name: 'an image',
    hint: fromSource,
  },
  { is: holds('WEBP', 8, 'RIFF'), name: 'an image', hint: fromSource },
  { is: holds('ftyp', 4, '\0\0'), name: 'an image or film', hint: fromSource },
  { is: begins('SQLite format 3\0'), name: 'an SQLite database', hint: fromSource },
  { is: begins('\0\x01\0\0Standard Jet', '\0\x01\0\0Standard ACE'), name: 'an Access database', hint: fromSource },
  { is: matches(/^\s*BEGIN:VCARD/i), name: 'a file of vCards', hint: fromSource },
  {
    is: matches(/^\s*<\?xml[^]*?(?:progid="Excel|urn:schemas-microsoft-com:office:spreadsheet)/i),
    name: 'an Excel workbook as XML',
    hint: toWorkbook,
  },
  { is: matches(/^\s*<\?xml/i), name: 'XML', hint: fromSource },
  {
    is: matches(/^\s*<(?:!doctype|html|head|body|table|div|script|style|meta|svg|center)\b|^\s*<!--/i),
    name: 'a web page',
    hint: `It may be a login page saved instead of the export: sign in and export again. A web page named .xls opens in Excel: ${fromExcel}`,
  },
  { is: matches(/^\s*(?:\{\s*["}]|\[\s*[[{"\]\d])/), name: 'JSON', hint: fromSource },
];

/** The encoding that a byte order mark declares, and its length. */
export interface ByteOrderMark {
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be';
  readonly length: number;
}

/** Finds the byte order mark at the start of a file. UTF-32 is refused. */
export function readByteOrderMark(start: Buffer, file: string): ByteOrderMark | undefined {
  const isMarked = (...mark: number[]): boolean => mark.every((byte, index) => start[index] === byte);
  if (isMarked(0xff, 0xfe, 0, 0) || isMarked(0, 0, 0xfe, 0xff)) {
    throw new RunError('input', `${file} is UTF-32 text.`, { hint: 'Save it as UTF-8.' });
  }
  if (isMarked(0xef, 0xbb, 0xbf)) return { encoding: 'utf-8', length: 3 };
  if (isMarked(0xff, 0xfe)) return { encoding: 'utf-16le', length: 2 };
  if (isMarked(0xfe, 0xff)) return { encoding: 'utf-16be', length: 2 };
  return undefined;
}

/** Refuses a file whose first bytes are those of something else than text in columns. */
export function refuseOtherKinds(start: Buffer, file: string, isUtf16: boolean): void {
  // In UTF-16 every other byte of plain English is a NUL.
  const text = start.toString('latin1').replace(/^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)/, '');
  const shown = isUtf16 ? text.replaceAll('\0', '') : text;
  const kind = otherKinds.find(({ is }) => is(shown));
  if (kind !== undefined) throw new RunError('input', `${file} is ${kind.name}, not CSV.`, { hint: kind.hint });
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
