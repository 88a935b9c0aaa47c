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

/** A way of writing dates, but for the order of day and month. */
interface LayoutParts {
  /** Where the year stands; `named` layouts name the month, so their order is plain. */
  readonly kind: 'year-first' | 'year-last' | 'named';
  readonly separator: string;
  /** A whole format for `named`, the year's token otherwise. */
  readonly token: string;
  /** What follows the date: a time, with what stands before it. */
  readonly time: string;
  /** Understood by every mapping without a format. */
  readonly isIso: boolean;
}

export type Order = 'day first' | 'month first';

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
  readonly #layouts = new Map<string, LayoutCount>();

  /** Takes in a cell that stands so many times in the column. */
  add(text: string, row: number, times = 1): void {
    if (/^[1-5]\d{4}(?:\.\d+)?$/.test(text)) this.serials += times;
    const found = parseDate(text);
    if (found === undefined) return;
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
    // 5/5/1990 shows nobody the difference; a later 5/6/1990 does.
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
      return { kind: 'settled', formats: [], serial, proof: `${this.serials} cells are day numbers of Excel` };
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
      const says = `${many === 1 ? 'one cell proves it' : `${many} cells prove it`}, such as "${shown?.cell}" in row ${shown?.row}; none contradicts`;
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
        because: [`in all ${either} cells both numbers are 12 or less, so day and month could be either`],
      };
    }
    const lines = [...monthFirst.slice(0, 1), ...dayFirst.slice(0, 1)].map(({ cell, row }, index) => {
      const many = (index === 0 ? monthFirst : dayFirst).reduce((sum, { count }) => sum + count, 0);
      return `${many === 1 ? '1 cell can' : `${many} cells can`} only be ${index === 0 ? 'month' : 'day'} first, such as "${cell}" in row ${row}`;
    });
    return { kind: 'mixed', readings, serial, because: lines };
  }
}

const timePattern =
  /^(\s*,?\s+|T)(\d{1,2}):\d{2}(:\d{2})?(\.\d+)?(?:(\s?)[ap]\.?m\.?)?(\s?(?:Z|UTC|[+-]\d{2}:?\d{2}))?$/i;

function parseDate(text: string): { parts: LayoutParts; first: number; second: number } | undefined {
  const match = /^(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})(\D.*)?$/.exec(text);
  if (match === null) return parseNamed(text);
  const [, a = '', separator = '', b = '', c = '', rest = ''] = match;
  const time = timeOf(rest);
  if (time === undefined) return undefined;
  if (a.length === 4 && c.length <= 2) {
    const isIso = separator === '-' && b.length === 2 && c.length === 2;
    const parts: LayoutParts = { kind: 'year-first', separator, token: 'YYYY', time: isIso ? '' : time, isIso };
    return { parts, first: Number(b), second: Number(c) };
  }
  if (a.length > 2 || (c.length !== 4 && c.length !== 2)) return undefined;
  const parts: LayoutParts = {
    kind: 'year-last',
    separator,
    token: c.length === 4 ? 'YYYY' : 'YY',
    time,
    isIso: false,
  };
  return { parts, first: Number(a), second: Number(b) };
}

/** 22 Mar 1983, 22-Mar-83, March 22, 1983. Full English month names count as MMM. */
function parseNamed(text: string): { parts: LayoutParts; first: number; second: number } | undefined {
  const dayFirst =
    /^(\d{1,2})([ .-]{1,2})(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?([ ,.-]{1,2})(\d{4}|\d{2})(\D.*)?$/i.exec(
      text,
    );
  const monthFirst =
    /^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?([ .-]{1,2})(\d{1,2})([ ,.-]{1,2})(\d{4}|\d{2})(\D.*)?$/i.exec(
      text,
    );
  const yearToken = (year = ''): string => (year.length === 4 ? 'YYYY' : 'YY');
  if (dayFirst !== null) {
    const [, , before = '', after = '', year, rest = ''] = dayFirst;
    const time = timeOf(rest);
    if (time === undefined) return undefined;
    return named(`D${before}MMM${after}${yearToken(year)}`, time);
  }
  if (monthFirst === null) return undefined;
  const [, before = '', , after = '', year, rest = ''] = monthFirst;
  const time = timeOf(rest);
  return time === undefined ? undefined : named(`MMM${before}D${after}${yearToken(year)}`, time);
}

function named(token: string, time: string): { parts: LayoutParts; first: number; second: number } {
  return { parts: { kind: 'named', separator: '', token, time, isIso: false }, first: 1, second: 1 };
}

/** The tokens of a time after a date, with what stands before it; undefined for other text. */
function timeOf(rest: string): string | undefined {
  if (rest.trim() === '') return '';
  const match = timePattern.exec(rest);
  if (match === null) return undefined;
  const [, before = '', , seconds, fraction, , offset] = match;
  if (fraction !== undefined || offset !== undefined) return undefined;
  const half = /[ap]\.?m\.?$/i.test(rest);
  const gap = half ? (match[5] === '' ? 'A' : ' A') : '';
  return `${before.replaceAll(/\s+/g, ' ')}${half ? 'h' : 'H'}:mm${seconds === undefined ? '' : ':ss'}${gap}`;
}

function formatOf({ kind, separator, token, time }: LayoutParts, order: Order): string {
  if (kind === 'named') return token + time;
  const [first, second] = order === 'day first' ? ['D', 'M'] : ['M', 'D'];
  return (kind === 'year-first' ? [token, first, second] : [first, second, token]).join(separator) + time;
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
