import { columnName } from './columns.ts';
import type { PartWriter } from './zip-writer.ts';
import { ZipWriter } from './zip-writer.ts';

/** A column of the sheet that is written. */
export interface WrittenColumn {
  readonly name: string;
  /** In characters. */
  readonly width: number;
  /** Whether its texts are long and broken into lines. */
  readonly isWrapped?: boolean;
  /** Words to choose from in a list. Others may be typed. */
  readonly words?: readonly string[];
}

export interface WrittenSheet {
  readonly name: string;
  readonly columns: readonly WrittenColumn[];
  /** A second sheet with one line a row, the first of which is its title. */
  readonly guide: { readonly name: string; readonly lines: readonly string[] };
}

/** A cell to look at, with a note about it. */
export interface Mark {
  readonly column: number;
  readonly note: string;
}

/** What Excel allows. */
export const mostRows = 1_048_576;
export const longestText = 32_767;

/** Notes take much room each, and Excel gets slow with many. */
const mostNotes = 2000;

const lineHeight = 15;
const mostLines = 10;

const wordsSheet = 'Words';
const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packages = 'http://schemas.openxmlformats.org/package/2006';
const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** Entries of `cellXfs`. All are text (`@`), so that Excel changes nothing that is typed. */
const style = { text: 1, header: 2, marked: 3, wrapped: 4, title: 5 } as const;

/** Writes a workbook to be corrected in Excel: a sheet of texts with a frozen header, marked cells, notes and lists of words, and a sheet that explains it. */
export class WorkbookWriter {
  readonly #zip: ZipWriter;
  readonly #sheet: WrittenSheet;
  readonly #notes: { readonly row: number; readonly column: number; readonly note: string }[] = [];
  #part: PartWriter | undefined;
  #rows = 1;

  constructor(sheet: WrittenSheet, write: (bytes: Buffer) => Promise<void>) {
    this.#sheet = sheet;
    this.#zip = new ZipWriter(write);
  }

  async begin(): Promise<void> {
    const { columns } = this.#sheet;
    this.#part = await this.#zip.begin('xl/worksheets/sheet1.xml');
    const widths = columns.map(
      ({ width, isWrapped }, index) =>
        `<col min="${index + 1}" max="${index + 1}" width="${width}" style="${isWrapped === true ? style.wrapped : style.text}" customWidth="1"/>`,
    );
    const names = columns.map(({ name }, index) => textCell(`${columnName(index)}1`, name, style.header));
    await this.#part.write(
      `${xml}<worksheet ${main} xmlns:r="${relations}"><sheetViews><sheetView tabSelected="1" workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${widths.join('')}</cols><sheetData><row r="1">${names.join('')}</row>`,
    );
  }

  async add(cells: readonly string[], marks: readonly Mark[]): Promise<void> {
    this.#rows += 1;
    const row = this.#rows;
    const marked = new Set(marks.map(({ column }) => column));
    const written = cells.map((text, column) => {
      if (text === '' && !marked.has(column)) return '';
      const look = marked.has(column)
        ? style.marked
        : this.#sheet.columns[column]?.isWrapped === true
          ? style.wrapped
          : style.text;
      return textCell(`${columnName(column)}${row}`, text, look);
    });
    await this.#part?.write(`<row r="${row}" ht="${this.#heightOf(cells)}" customHeight="1">${written.join('')}</row>`);
    for (const { column, note } of marks) if (this.#notes.length < mostNotes) this.#notes.push({ row, column, note });
  }

  async end(): Promise<void> {
    const lists = this.#sheet.columns.flatMap(({ words = [] }, column) =>
      words.length === 0 ? [] : [{ words, column }],
    );
    await this.#part?.write(
      `</sheetData>${this.#validations(lists)}${ignored}<legacyDrawing r:id="rId2"/></worksheet>`,
    );
    await this.#part?.end();
    const zip = this.#zip;
    await zip.add(
      'xl/worksheets/_rels/sheet1.xml.rels',
      relationships(['comments', '../comments1.xml'], ['vmlDrawing', '../drawings/vmlDrawing1.vml']),
    );
    await zip.add('xl/comments1.xml', this.#comments());
    await zip.add('xl/drawings/vmlDrawing1.vml', this.#drawing());
    const { name, guide } = this.#sheet;
    const lines = guide.lines.map((line, index) => [
      textCell(`A${index + 1}`, line, index === 0 ? style.title : style.wrapped),
    ]);
    await zip.add('xl/worksheets/sheet2.xml', plainSheet(lines, 100));
    const longest = Math.max(0, ...lists.map(({ words }) => words.length));
    const words = Array.from({ length: longest }, (_, index) =>
      lists.flatMap((list, column) => {
        const word = list.words[index];
        return word === undefined ? [] : [textCell(`${columnName(column)}${index + 1}`, word, style.text)];
      }),
    );
    await zip.add('xl/worksheets/sheet3.xml', plainSheet(words, 20));
    const sheets = [attribute(name), attribute(guide.name), `${wordsSheet}" state="hidden`].map(
      (written, index) => `<sheet name="${written}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
    );
    await zip.add(
      'xl/workbook.xml',
      `${xml}<workbook ${main} xmlns:r="${relations}"><sheets>${sheets.join('')}</sheets></workbook>`,
    );
    await zip.add(
      'xl/_rels/workbook.xml.rels',
      relationships(
        ['worksheet', 'worksheets/sheet1.xml'],
        ['worksheet', 'worksheets/sheet2.xml'],
        ['worksheet', 'worksheets/sheet3.xml'],
        ['styles', 'styles.xml'],
      ),
    );
    await zip.add('xl/styles.xml', styles);
    await zip.add('_rels/.rels', relationships(['officeDocument', 'xl/workbook.xml']));
    await zip.add('[Content_Types].xml', contentTypes);
    await zip.end();
  }

  /** In points. Not every program makes room for text that is broken into lines. */
  #heightOf(cells: readonly string[]): number {
    const lines = this.#sheet.columns.map(({ isWrapped, width }, column) =>
      isWrapped === true ? Math.ceil((cells[column]?.length ?? 0) / (width - 3)) : 1,
    );
    return lineHeight * Math.min(mostLines, Math.max(1, ...lines));
  }

  #validations(lists: readonly { readonly words: readonly string[]; readonly column: number }[]): string {
    if (lists.length === 0) return '';
    const each = lists.map(({ words, column }, index) => {
      const [place, from] = [columnName(column), columnName(index)];
      return `<dataValidation type="list" allowBlank="1" showErrorMessage="0" sqref="${place}2:${place}${Math.max(2, this.#rows)}"><formula1>${wordsSheet}!$${from}$1:$${from}$${words.length}</formula1></dataValidation>`;
    });
    return `<dataValidations count="${each.length}">${each.join('')}</dataValidations>`;
  }

  #comments(): string {
    const each = this.#notes.map(
      ({ row, column, note }) =>
        `<comment ref="${columnName(column)}${row}" authorId="0"><text><r><t xml:space="preserve">${content(note)}</t></r></text></comment>`,
    );
    return `${xml}<comments ${main}><authors><author>gleantap-import</author></authors><commentList>${each.join('')}</commentList></comments>`;
  }

  /** Excel shows a note only where an old drawing has a box for it. */
  #drawing(): string {
    const boxes = this.#notes.map(
      ({ row, column }, index) =>
        `<v:shape id="_x0000_s${1025 + index}" type="#_x0000_t202" style="position:absolute;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"/><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>${column + 1}, 15, ${row - 1}, 2, ${column + 4}, 15, ${row + 5}, 4</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>${row - 1}</x:Row><x:Column>${column}</x:Column></x:ClientData></v:shape>`,
    );
    return `<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>${boxes.join('')}</xml>`;
  }
}

/** The green corners of numbers that are text. */
const ignored = `<ignoredErrors><ignoredError sqref="A1:XFD${mostRows}" numberStoredAsText="1"/></ignoredErrors>`;

const wrap = '<alignment vertical="top" wrapText="1"/>';
const top = '<alignment vertical="top"/>';
const formats = [
  '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
  `<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">${top}</xf>`,
  `<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"/>`,
  `<xf numFmtId="49" fontId="0" fillId="3" borderId="0" xfId="0" applyNumberFormat="1" applyFill="1" applyAlignment="1">${top}</xf>`,
  `<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">${wrap}</xf>`,
  `<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>`,
];
const fill = (color: string): string =>
  `<fill><patternFill patternType="solid"><fgColor rgb="FF${color}"/><bgColor indexed="64"/></patternFill></fill>`;
const font = (look: string): string => `<font>${look}<sz val="11"/><name val="Calibri"/><family val="2"/></font>`;
const styles = `${xml}<styleSheet ${main}><fonts count="2">${font('')}${font('<b/>')}</fonts><fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>${fill('E7E6E6')}${fill('FFD9B3')}</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="${formats.length}">${formats.join('')}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;

const sheetType = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const override = (part: string, type: string): string =>
  `<Override PartName="/xl/${part}" ContentType="${sheetType}.${type}+xml"/>`;
const contentTypes = `${xml}<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>${override('workbook.xml', 'sheet.main')}${[1, 2, 3].map((nth) => override(`worksheets/sheet${nth}.xml`, 'worksheet')).join('')}${override('styles.xml', 'styles')}${override('comments1.xml', 'comments')}</Types>`;

function relationships(...list: readonly (readonly [type: string, target: string])[]): string {
  const each = list.map(
    ([type, target], index) => `<Relationship Id="rId${index + 1}" Type="${relations}/${type}" Target="${target}"/>`,
  );
  return `${xml}<Relationships xmlns="${packages}/relationships">${each.join('')}</Relationships>`;
}

function plainSheet(rows: readonly (readonly string[])[], width: number): string {
  const written = rows.map((cells, index) => `<row r="${index + 1}">${cells.join('')}</row>`);
  return `${xml}<worksheet ${main}><cols><col min="1" max="1" width="${width}" customWidth="1"/></cols><sheetData>${written.join('')}</sheetData></worksheet>`;
}

function textCell(place: string, text: string, look: number): string {
  const start = `<c r="${place}" s="${look}"`;
  return text === ''
    ? `${start}/>`
    : `${start} t="inlineStr"><is><t xml:space="preserve">${content(text)}</t></is></c>`;
}

/** What XML cannot hold is written as Excel writes it, like `_x000D_`; and so is the underscore of a text that already looks like that. */
function content(text: string): string {
  return attribute(
    text
      .replaceAll(/_(?=x[0-9a-fA-F]{4}_)/g, '_x005F_')
      .replaceAll(
        /(?![\t\n])\p{Cc}|\p{Cs}|[\ufffe\uffff]/gu,
        (sign) => `_x${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
      ),
  );
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
