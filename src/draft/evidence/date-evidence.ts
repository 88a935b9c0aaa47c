import { plural } from '../../core/reports/figures.ts';
import { isWithoutYear } from '../../core/values/dates.ts';
import { createUtcTimes } from '../../core/values/utc-times.ts';
import { formatOf, parseDate } from './date-layout.ts';
import type { LayoutParts, Order } from './date-layout.ts';

/** How many dates of one layout settle the order of their day and month, and cells that show it. */
interface LayoutCount {
  readonly parts: LayoutParts;
  /** The first of the two numbers is over 12, so it is the day. */
  readonly firstIsDay: Proof;
  readonly secondIsDay: Proof;
  /** Both are 12 or less: either order reads them. */
  readonly either: Proof;
  /** Whether the cell kept for `either` is another day in the other order. */
  isTelling: boolean;
}

interface Proof {
  count: number;
  cell: string | undefined;
  row: number | undefined;
}

export type DateVerdict =
  | { readonly kind: 'settled'; readonly formats: readonly string[]; readonly serial: boolean; readonly proof: string }
  | {
      readonly kind: 'open' | 'mixed';
      readonly readings: readonly Reading[];
      readonly because: readonly string[];
      readonly serial: boolean;
    };

/** One of the ways in which the dates can be read. */
export interface Reading {
  readonly order: Order;
  readonly formats: readonly string[];
  /** A cell of the file, and the day that it would be. */
  readonly example: string;
}

const mostLayouts = 12;

/**
 * Collects what all cells of a column say about how its dates are written. The order of day and month is decided for the
 * column, never for a cell: by a number over 12 that no other cell contradicts. Memory does not grow with the file.
 */
export class DateEvidence {
  /** Cells that are a date in some layout. */
  count = 0;
  /** Cells that could be Excel's day numbers, of the years 1927 to 2064. */
  serials = 0;
  /** Cells that are a day and a month without a year. */
  withoutYear = 0;
  /** Whether the dates are midnights that UTC puts on the day before: see `createUtcTimes`. */
  readonly times = createUtcTimes();
  readonly #layouts = new Map<string, LayoutCount>();

  /** Takes in a cell and how often it is in the column. */
  add(text: string, row: number, times = 1): void {
    this.times.note(text, times);
    if (/^[1-5]\d{4}(?:\.\d+)?$/.test(text)) this.serials += times;
    const found = parseDate(text);
    if (found === undefined) {
      if (isWithoutYear(text)) this.withoutYear += times;
      return;
    }
    const { parts, first, second } = found;
    const key = JSON.stringify(parts);
    let layout = this.#layouts.get(key);
    if (layout === undefined) {
      if (this.#layouts.size >= mostLayouts) return;
      layout = { parts, firstIsDay: proof(), secondIsDay: proof(), either: proof(), isTelling: false };
      this.#layouts.set(key, layout);
    }
    if (first === 0 || second === 0) return; // 00/00/0000 says nothing
    if (first > 31 || second > 31 || (first > 12 && second > 12)) return;
    this.count += times;
    const kind = first > 12 ? layout.firstIsDay : second > 12 ? layout.secondIsDay : layout.either;
    note(kind, text, row, times);
    // 5/5/1990 does not show the difference. A later 5/6/1990 does.
    if (kind === layout.either && first !== second && !layout.isTelling) {
      layout.isTelling = true;
      Object.assign(kind, { cell: text, row });
    }
  }

  /** What the cells settle; undefined when none is a date. */
  get verdict(): DateVerdict | undefined {
    const layouts = [...this.#layouts.values()].filter((layout) => countOf(layout) > 0);
    const serial = this.serials > 0 && this.serials * 50 >= this.count;
    if (layouts.length === 0) {
      if (!serial) return undefined;
      return {
        kind: 'settled',
        formats: [],
        serial,
        proof: `${plural(this.serials, 'cell')} with day numbers of Excel`,
      };
    }
    const numbered = layouts.filter(({ parts }) => parts.kind !== 'named');
    // Year first means month next, unless a number over 12 in the month's place says otherwise.
    const open = numbered.filter((layout) => !isPlain(layout));
    const plain = layouts.filter((layout) => !open.includes(layout));
    const plainFormats = plain.flatMap(({ parts }) => (parts.isIso ? [] : [formatOf(parts, 'month first')]));
    if (open.length === 0) {
      const [layout] = plain;
      const shown = layout === undefined ? '' : exampleOf(layout);
      return { kind: 'settled', formats: plainFormats, serial, proof: `"${shown}" can be read in one way only` };
    }
    const dayFirst = open.map(({ firstIsDay }) => firstIsDay).filter(({ count }) => count > 0);
    const monthFirst = open.map(({ secondIsDay }) => secondIsDay).filter(({ count }) => count > 0);
    const formats = (order: Order): string[] => [
      ...new Set([...open.map(({ parts }) => formatOf(parts, order)), ...plainFormats]),
    ];
    if (dayFirst.length > 0 !== monthFirst.length > 0) {
      const order = dayFirst.length > 0 ? 'day first' : 'month first';
      const [shown] = [...dayFirst, ...monthFirst];
      const many = [...dayFirst, ...monthFirst].reduce((sum, { count }) => sum + count, 0);
      const says = `${many === 1 ? 'one cell proves it' : `${many} cells prove it`}, like "${shown?.cell}" in row ${shown?.row}; none contradicts`;
      return { kind: 'settled', formats: formats(order), serial, proof: `${order}: ${says}` };
    }
    const readings = (['month first', 'day first'] as const).map((order): Reading => {
      const layout = open.find(({ either }) => either.cell !== undefined) ?? open[0];
      return { order, formats: formats(order), example: layout === undefined ? '' : readingOf(layout, order) };
    });
    if (dayFirst.length === 0) {
      const either = open.reduce((sum, layout) => sum + layout.either.count, 0);
      return {
        kind: 'open',
        readings,
        serial,
        because: [
          `in ${either === 1 ? 'the one cell' : `all ${either} cells`} both numbers are 12 or less, so day and month could be either`,
        ],
      };
    }
    const lines = [...monthFirst.slice(0, 1), ...dayFirst.slice(0, 1)].map(({ cell, row }, index) => {
      const many = (index === 0 ? monthFirst : dayFirst).reduce((sum, { count }) => sum + count, 0);
      return `${many === 1 ? '1 cell can' : `${many} cells can`} only be ${index === 0 ? 'month' : 'day'} first, like "${cell}" in row ${row}`;
    });
    return { kind: 'mixed', readings, serial, because: lines };
  }
}

function isPlain({ parts, firstIsDay }: LayoutCount): boolean {
  return parts.kind === 'named' || (parts.kind === 'year-first' && firstIsDay.count === 0);
}

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** A cell that both orders can read, and what day this one makes of it. */
function readingOf({ parts, either, firstIsDay, secondIsDay }: LayoutCount, order: Order): string {
  const cell = either.cell ?? (order === 'day first' ? firstIsDay.cell : secondIsDay.cell);
  if (cell === undefined) return '';
  const numbers = cell.split(/\D+/).map(Number);
  const [first = 0, second = 0] = parts.kind === 'year-first' ? numbers.slice(1) : numbers;
  const [day, month] = order === 'day first' ? [first, second] : [second, first];
  return `"${cell}" is ${day} ${months[month - 1] ?? '?'}`;
}

function exampleOf({ firstIsDay, secondIsDay, either }: LayoutCount): string {
  return secondIsDay.cell ?? firstIsDay.cell ?? either.cell ?? '';
}

function countOf({ firstIsDay, secondIsDay, either }: LayoutCount): number {
  return firstIsDay.count + secondIsDay.count + either.count;
}

function proof(): Proof {
  return { count: 0, cell: undefined, row: undefined };
}

function note(into: Proof, cell: string, row: number, times: number): void {
  into.count += times;
  into.cell ??= cell;
  into.row ??= row;
}
