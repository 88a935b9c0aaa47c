import { RunError } from '../core/outcome/run-error.ts';
import { damaged } from './archive.ts';
import type { WorkbookLimits } from './archive.ts';
import { showCell } from './cells.ts';
import type { ShownCell } from './cells.ts';
import { columnOf } from './columns.ts';
import { richText } from './shared-strings.ts';
import { relationshipsOf } from './workbook.ts';
import type { Workbook, Worksheet } from './workbook.ts';
import { isTrue, parseXml, readXml } from './xml.ts';

/** A row that holds something. */
export interface SheetRow {
  /** As Excel numbers it. */
  readonly row: number;
  readonly isHidden: boolean;
  /** By column, with gaps. */
  readonly cells: readonly (ShownCell | undefined)[];
}

/** What a sheet says of itself besides its cells; complete when all rows have been read. */
export interface SheetTraits {
  /** Numbers of hidden columns, counted from 0, as pairs of first and last. */
  readonly hiddenColumns: [first: number, last: number][];
  /** Merged ranges: how many, and the first one. */
  mergedCount: number;
  firstMerged: string;
  /** Whether a filter hides rows. */
  isFiltered: boolean;
}

const mostColumns = 16_384;

/** The rows of a sheet in batches, as they are read. */
export async function* sheetRows(
  workbook: Workbook,
  { part }: Worksheet,
  limits: WorkbookLimits,
  traits: SheetTraits,
): AsyncGenerator<SheetRow[], void, undefined> {
  const { archive } = workbook;
  const refuse = (why: string): never => {
    throw damaged(archive.name, new Error(why));
  };
  let rows: SheetRow[] = [];
  let row = 0;
  let isHidden = false;
  let cells: (ShownCell | undefined)[] = [];
  let column = -1;
  let type = 'n';
  let style = 0;
  let value = '';
  let isValue = false;
  let hasFormula = false;
  const inline = richText((text) => {
    value = text;
  }, 'is');
  let isInline = false;

  const pieces = parseXml(archive, part, {
    open(name, attributes) {
      switch (name) {
        case 'c': {
          const place = attributes['r'];
          const at = place === undefined ? column + 1 : columnOf(place);
          if (at <= column || at >= mostColumns)
            refuse(`row ${row} has no cell ${place ?? at} after the one before it`);
          column = at;
          type = attributes['t'] ?? 'n';
          style = Number(attributes['s'] ?? 0);
          value = '';
          hasFormula = false;
          break;
        }
        case 'v':
          isValue = true;
          break;
        case 'f':
          hasFormula = true;
          break;
        case 'row': {
          const at = attributes['r'] === undefined ? row + 1 : Number(attributes['r']);
          if (!Number.isInteger(at) || at <= row) refuse(`row ${attributes['r']} comes after row ${row}`);
          if (at > limits.rows) throw tooManyRows(archive.name, limits.rows);
          row = at;
          isHidden = isTrue(attributes['hidden']);
          cells = [];
          column = -1;
          break;
        }
        case 'is':
          isInline = true;
          inline.open(name);
          break;
        case 'col':
          if (isTrue(attributes['hidden']))
            traits.hiddenColumns.push([Number(attributes['min']) - 1, Number(attributes['max']) - 1]);
          break;
        case 'sheetPr':
          traits.isFiltered ||= isTrue(attributes['filterMode']);
          break;
        case 'mergeCell':
          if (traits.mergedCount === 0) traits.firstMerged = attributes['ref'] ?? '';
          traits.mergedCount += 1;
          break;
        default:
          if (isInline) inline.open(name);
      }
    },
    text(text) {
      if (isValue) value += text;
      else if (isInline) inline.text(text);
    },
    close(name) {
      if (name === 'v') isValue = false;
      else if (isInline) {
        inline.close(name);
        if (name === 'is') isInline = false;
      } else if (name === 'c') {
        if (value === '' && !hasFormula) return;
        const shown = showCell({ type, style, value, hasFormula }, workbook);
        if (shown.text !== '') cells[column] = shown;
      } else if (name === 'row' && cells.length > 0) rows.push({ row, isHidden, cells });
    },
  });
  for await (const _ of pieces) {
    if (rows.length === 0) continue;
    yield rows;
    rows = [];
  }
  if (rows.length > 0) yield rows;
}

/** Whether a table on the sheet is filtered, of which the sheet itself says nothing. */
export async function hasFilteredTable({ archive }: Workbook, { part }: Worksheet): Promise<boolean> {
  const tables = [...(await relationshipsOf(archive, part)).values()].filter(({ type }) => type === 'table');
  let isFiltered = false;
  for (const table of tables) {
    await readXml(archive, table.part, {
      open(name) {
        isFiltered ||= name === 'filterColumn';
      },
    });
  }
  return isFiltered;
}

function tooManyRows(name: string, limit: number): RunError {
  return new RunError('input', `${name} has a row beyond ${limit}, which no Excel sheet has`, {
    hint: 'Open it in Excel, save it under another name, and import that file.',
  });
}
