import path from 'node:path/posix';
import { RunError } from '../core/outcome/run-error.ts';
import type { Archive } from './archive.ts';
import { damaged } from './archive.ts';
import { builtInFormat, plainNumber, readNumberFormat } from './number-format.ts';
import type { NumberFormat } from './number-format.ts';
import { SharedStrings } from './shared-strings.ts';
import { attributeOf, isTrue, readXml } from './xml.ts';

/** A worksheet, not yet read. */
export interface Worksheet {
  readonly name: string;
  readonly isHidden: boolean;
  readonly part: string;
}

/** A workbook's parts that say what its cells mean. Links to other files are not followed, and macros are not read. */
export interface Workbook {
  readonly archive: Archive;
  readonly worksheets: readonly Worksheet[];
  /** Whether days are counted from 1904. */
  readonly is1904: boolean;
  readonly hasMacros: boolean;
  /** The number format of each cell style, by its index. */
  readonly formats: readonly NumberFormat[];
  readonly strings: SharedStrings;
}

interface Relationship {
  readonly type: string;
  readonly part: string;
}

/** @returns undefined when the archive is not a workbook. @throws RunError `input` for a damaged one, and for .xlsb. */
export async function openWorkbook(archive: Archive): Promise<Workbook | undefined> {
  if (!archive.has('_rels/.rels') || !archive.some(/^xl\//)) return undefined;
  const root = [...(await relationshipsOf(archive, '')).values()].find(({ type }) => type === 'officeDocument');
  if (root?.part.endsWith('.bin') === true) {
    throw new RunError('input', `${archive.name} is a binary Excel workbook (.xlsb)`, {
      hint: 'In Excel: File, Save As, type "Excel Workbook (.xlsx)". Then import that file.',
    });
  }
  if (root === undefined) throw damaged(archive.name, new Error('it does not say where its workbook is'));
  const related = await relationshipsOf(archive, root.part);
  const { sheets, is1904 } = await readWorkbookPart(archive, root.part);
  const worksheets = sheets.flatMap(({ id, ...sheet }): Worksheet[] => {
    const target = related.get(id);
    return target?.type === 'worksheet' ? [{ ...sheet, part: target.part }] : [];
  });
  const others = [...related.values()];
  const styles = others.find(({ type }) => type === 'styles');
  const strings = others.find(({ type }) => type === 'sharedStrings');
  return {
    archive,
    worksheets,
    is1904,
    hasMacros: others.some(({ type }) => type === 'vbaProject'),
    formats: styles === undefined ? [] : await readFormats(archive, styles.part),
    strings: strings === undefined ? SharedStrings.none : await SharedStrings.read(archive, strings.part),
  };
}

/** What a part refers to, by id, without what is outside the file. @param part `''` for the whole file. */
export async function relationshipsOf(archive: Archive, part: string): Promise<Map<string, Relationship>> {
  const folder = path.dirname(part);
  const own = part === '' ? '_rels/.rels' : path.join(folder, '_rels', `${path.basename(part)}.rels`);
  const found = new Map<string, Relationship>();
  if (!archive.has(own)) return found;
  await readXml(archive, own, {
    open(name, { Id, Type = '', Target = '', TargetMode }) {
      if (name !== 'Relationship' || Id === undefined || TargetMode === 'External') return;
      const target = Target.startsWith('/') ? Target.slice(1) : path.join(folder, Target);
      found.set(Id, { type: path.basename(Type), part: target });
    },
  });
  return found;
}

async function readWorkbookPart(archive: Archive, part: string) {
  const sheets: { name: string; isHidden: boolean; id: string }[] = [];
  let is1904 = false;
  await readXml(archive, part, {
    open(element, attributes) {
      if (element === 'workbookPr') is1904 = isTrue(attributes['date1904']);
      if (element !== 'sheet') return;
      const { name = '', state = 'visible' } = attributes;
      sheets.push({ name, isHidden: state !== 'visible', id: attributeOf(attributes, 'id') ?? '' });
    },
  });
  return { sheets, is1904 };
}

/** The number format of each entry of `cellXfs`, to which cells refer. */
async function readFormats(archive: Archive, part: string): Promise<NumberFormat[]> {
  const custom = new Map<number, NumberFormat>();
  const formats: NumberFormat[] = [];
  let isCells = false;
  await readXml(archive, part, {
    open(name, { numFmtId = '0', formatCode = '' }) {
      if (name === 'numFmt') custom.set(Number(numFmtId), readNumberFormat(formatCode));
      if (name === 'cellXfs') isCells = true;
      if (name === 'xf' && isCells) formats.push(custom.get(Number(numFmtId)) ?? builtInFormat(Number(numFmtId)));
    },
    close(name) {
      if (name === 'cellXfs') isCells = false;
    },
  });
  return formats.length === 0 ? [plainNumber] : formats;
}
