import { decodeHTMLStrict } from 'entities';
import { undoDoubleUtf8 } from './double-utf8.ts';
import type { NoteCode } from './parsed.ts';
import {
  apostropheDropped,
  cleanCell,
  collapseSpaces,
  isBeyondAscii,
  isPlain,
  unwrapFormula,
  withoutFormatCharacters,
} from './text.ts';

/** Repairs that a mapping has to ask for, because they change what the cell said. */
export interface TextSettings {
  /** Decode `&amp;`, `&#39;`, `&eacute;`, once. */
  readonly entities?: boolean | undefined;
  /** Undo UTF-8 that was encoded twice. Without, it is only reported. */
  readonly repairUtf8?: boolean | undefined;
}

/**
 * `collapsed` makes each run of white space inside a text one blank and drops invisible characters (promise P10). `kept` leaves
 * both to a reader that takes several values out of one cell, where a line break may separate them.
 */
export type InnerSpaces = 'collapsed' | 'kept';

/** What a cell says, clean: a plain string, or with notes when something was repaired or dropped. `''` says nothing. */
export type CellText = string | NotedText;

export interface NotedText {
  readonly text: string;
  readonly notes: readonly NoteCode[];
}

export function textOf(said: CellText): string {
  return typeof said === 'string' ? said : said.text;
}

/**
 * Makes a reader of cells of any kind: `cleanCell`, then what spreadsheets and programs do to cells whatever they hold.
 * `="04101"` is unwrapped, an error of a spreadsheet (`#N/A`, `#REF!`, `#####`) says nothing.
 */
export function createCellReader(
  { entities = false, repairUtf8 = false }: TextSettings,
  innerSpaces: InnerSpaces = 'collapsed',
): (cell: string) => CellText {
  const repair = (cell: string): CellText => {
    const notes: NoteCode[] = [];
    // Before anything is trimmed: the second half of a doubly encoded à is a no-break space.
    const once = isBeyondAscii(cell) ? undoDoubleUtf8(cell) : undefined;
    if (once !== undefined) notes.push(repairUtf8 ? 'utf8_repaired' : 'utf8_doubled');
    const source = once !== undefined && repairUtf8 ? once : cell;
    let text = cleanCell(source);
    if (apostropheDropped(source, text)) notes.push('apostrophe_dropped');
    const inner = unwrapFormula(text);
    if (inner !== undefined) {
      text = cleanCell(inner);
      notes.push('formula_dropped');
    }
    const decoded = entities && text.includes('&') ? decodeHTMLStrict(text) : text;
    // An entity that encodes no character (&#0;) is left as it is.
    if (decoded !== text && (!decoded.includes('\ufffd') || text.includes('\ufffd'))) {
      text = cleanCell(decoded);
      notes.push('entities_decoded');
    }
    if (innerSpaces === 'collapsed') {
      const visible = withoutFormatCharacters(text);
      if (visible !== text) notes.push('invisible_dropped');
      const collapsed = collapseSpaces(visible);
      if (collapsed !== visible) notes.push('spaces_collapsed');
      text = collapsed;
    }
    if (spreadsheetError.test(text)) return { text: '', notes: [...notes, 'spreadsheet_error'] };
    return notes.length === 0 || text === '' ? text : { text, notes };
  };

  return (cell) => {
    const first = cell.charCodeAt(0);
    const isKept =
      first > hash && first !== apostrophe && first !== equals && isPlain(cell) && !(entities && cell.includes('&'));
    return isKept ? cell.trim() : repair(cell);
  };
}

/** Blanks and controls, `!`, `"` and `#` come no later in ASCII. Cells that start like this get the full check. */
const hash = 0x23;
const apostrophe = 0x27;
const equals = 0x3d;

/** Excel's and Google's, also in German, French and Spanish; `####` is what a column that was too narrow exports. */
const spreadsheetError =
  /^#(?:N\/[AD]|NV|REF!|BEZUG!|¡REF!|VALUE!|WERT!|VALEUR!|¡VALOR!|DIV\/0!|¡DIV\/0!|NAME\?|NOM\?|¿NOMBRE\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|BUSY!|BLOCKED!|CONNECT!|UNKNOWN!|ERROR!|GETTING_DATA|#{2,})$/;
