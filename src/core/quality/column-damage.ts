import type { ColumnDamageCode } from '../outcome/column-messages.ts';
import { defaultCountry } from '../mapping/country.ts';
import { createColumnFinder } from '../mapping/columns.ts';
import { columnsOf, listFields, listTagSources } from '../mapping/fields.ts';
import type { FieldKind } from '../mapping/fields.ts';
import type { Mapping } from '../mapping/schema.ts';
import { dateLayoutOf, showDateLayout } from '../values/date-layout.ts';
import { createUtcTimes } from '../values/utc-times.ts';
import type { DateLayout } from '../values/date-layout.ts';

/** Damage that shows only when a whole column is looked at: single cells may be right. */
export interface ColumnDamage {
  readonly code: ColumnDamageCode;
  readonly column: string;
  /** Cells that show it, and cells that were looked at. */
  readonly count: number;
  readonly of: number;
  /** The first rows where. */
  readonly rows: readonly number[];
  /** More to say, like the two layouts of a date column. */
  readonly detail?: string;
}

/** Looks at all cells of the mapped columns, one row at a time, with a bounded memory. */
export interface DamageDetectors {
  note(row: number, cells: readonly string[]): void;
  found(): ColumnDamage[];
}

/** What a column is read as. An undecided date is one whose mapping does not say whether its times are midnights in UTC. */
type Watching = FieldKind | 'tags' | 'undecided date';

/** One kind of damage in one column. */
interface Detector {
  note(row: number, cell: string): void;
  found(column: string, filled: number): ColumnDamage | undefined;
}

interface Watched {
  readonly index: number;
  readonly column: string;
  /** Detectors that need to see every cell, and those that ignore short cells of usual characters. */
  readonly ofAll: readonly Detector[];
  readonly ofOdd: readonly Detector[];
  filled: number;
}

export function createDamageDetectors(mapping: Mapping, header: readonly string[]): DamageDetectors {
  const find = createColumnFinder(header);
  const kindsOf = new Map<number, Set<Watching>>();
  const watch = (column: string, kind: Watching | undefined): void => {
    const lookup = find(column);
    if (lookup.kind !== 'found') return;
    const kinds = kindsOf.get(lookup.index) ?? new Set();
    kindsOf.set(lookup.index, kinds);
    if (kind !== undefined) kinds.add(kind);
  };
  for (const field of listFields(mapping)) {
    const { restoreZeros, utcMidnights } = field.settings;
    // A zip whose zeros are restored is not damaged. Its column may be another field's too.
    const kind = restoreZeros === true ? undefined : field.kind;
    for (const { name } of columnsOf(field)) {
      watch(name, kind);
      if (utcMidnights === undefined && isDateKind(kind)) watch(name, 'undecided date');
    }
  }
  for (const { column } of listTagSources(mapping)) if (column !== undefined) watch(column, 'tags');
  const watched = [...kindsOf].map(([index, kinds]): Watched => ({
    index,
    column: header[index] ?? '',
    ...detectorsFor(kinds, defaultCountry(mapping)),
    filled: 0,
  }));
  return {
    note(row, cells) {
      for (const column of watched) {
        const cell = cells[column.index];
        if (cell === undefined || cell === '') continue;
        column.filled += 1;
        for (const detector of column.ofAll) detector.note(row, cell);
        if (cell.length < shortestCut && !odd.test(cell)) continue;
        for (const detector of column.ofOdd) detector.note(row, cell);
      }
    },
    found: () =>
      watched.flatMap(({ column, ofAll, ofOdd, filled }) =>
        [...ofOdd, ...ofAll].flatMap((detector) => detector.found(column, filled) ?? []),
      ),
  };
}

/** Only these cells may have lost letters or digits, or kept quotes. A shorter cell than `shortestCut` was not cut either. */
const odd = /[?+\uFFFD"'“„‘«]|^\d{16}/;

function detectorsFor(kinds: ReadonlySet<Watching>, country: string | undefined): Pick<Watched, 'ofAll' | 'ofOdd'> {
  const isText = kinds.has('text') || kinds.has('tags') || kinds.has('name') || kinds.has('email') || kinds.has('zip');
  const isNumber = kinds.has('id') || kinds.has('phone') || kinds.has('text') || kinds.has('tags');
  const ofOdd = [
    ...(isText ? [lettersLost(), replacementCharacters(), cellsCut()] : []),
    ...(isNumber ? [scientificNotation()] : []),
    ...(isText || isNumber ? [quotesKept(kinds.has('tags'))] : []),
    ...(kinds.has('id') || kinds.has('text') || kinds.has('tags') ? [digitsRounded()] : []),
  ];
  const ofAll = [
    ...(kinds.has('zip') && country === 'US' ? [zipsShort()] : []),
    ...(kinds.has('date') || kinds.has('datetime') ? [dateLayouts()] : []),
    ...(kinds.has('undecided date') ? [midnightsInUtc()] : []),
  ];
  return { ofAll, ofOdd };
}

const listedRows = 3;

/** Counts cells that a test picks; it is damage when enough of them are. */
function counting(
  code: ColumnDamageCode,
  isHit: (cell: string) => boolean,
  isEnough: (hits: number, filled: number) => boolean,
): Detector {
  let count = 0;
  const rows: number[] = [];
  return {
    note(row, cell) {
      if (!isHit(cell)) return;
      count += 1;
      if (rows.length < listedRows) rows.push(row);
    },
    found: (column, filled) => (isEnough(count, filled) ? { code, column, count, of: filled, rows } : undefined),
  };
}

/** `Jos?`, `M?ller`: a program that did not know a letter wrote `?` in its place. A question mark ends a word in order. */
function lettersLost(): Detector {
  const inside = /\p{L}\?\p{L}/u;
  const atEdge = /^\?\p{Ll}/u;
  // A link, and the query of a mail link.
  const notText = /:\/\/|@[^?]*\?/;
  const isHit = (cell: string): boolean =>
    cell.includes('?') && !notText.test(cell) && (inside.test(cell) || atEdge.test(cell));
  return counting('letters_lost', isHit, (hits) => hits > 0);
}

/** `"Ana"`, `'1001'`: quote marks around most cells belong to the file, not to what they enclose. Tags lose their double quotes. */
function quotesKept(isTags: boolean): Detector {
  const enclosed = /^\s*(?:"[^]*"|'[^]*'|[“„][^]*[”“]|‘[^]*’|«[^]*»)\s*$/;
  return counting(
    'quotes_kept',
    (cell) => enclosed.test(cell) && !(isTags && cell.startsWith('"')),
    (hits, filled) => hits >= 2 && hits * 2 > filled,
  );
}

/** U+FFFD in the file itself: an earlier program read the text in the wrong encoding and saved what was left. */
function replacementCharacters(): Detector {
  return counting(
    'replacement_characters',
    (cell) => cell.includes('\uFFFD'),
    (hits) => hits > 0,
  );
}

/** 4.41E+11: a spreadsheet took a number for a quantity. */
function scientificNotation(): Detector {
  const pattern = /^['"=]*\d(?:[.,]\d+)?E\+\d{1,3}"?$/i;
  return counting(
    'scientific_notation',
    (cell) => cell.includes('+') && pattern.test(cell.trim()),
    (hits) => hits > 0,
  );
}

/** Spreadsheets keep 15 digits of a number and write zeros for the rest (IEEE 754 double precision). */
function digitsRounded(): Detector {
  const long = /^\d{16,}$/;
  let longIds = 0;
  const rounded = counting(
    'digits_rounded',
    (cell) => {
      if (cell.length < 16 || !long.test(cell)) return false;
      longIds += 1;
      return /^0+$/.test(cell.slice(15));
    },
    // One id in ten ends in a zero by chance.
    (hits) => hits >= 3 && hits >= longIds / 2,
  );
  return rounded;
}

/** What a cell of Excel holds, and a text column of most databases by default. */
const shortestCut = 255;
const cutLengths: readonly number[] = [32_767, shortestCut];

/** Texts that all end at the same length, with none that is longer. */
function cellsCut(): Detector {
  const cuts = cutLengths.map((length) => ({ length, count: 0, rows: [] as number[] }));
  let longest = 0;
  return {
    note(row, { length }) {
      if (length > longest) longest = length;
      if (length < shortestCut) return;
      for (const cut of cuts) {
        if (cut.length !== length) continue;
        cut.count += 1;
        if (cut.rows.length < listedRows) cut.rows.push(row);
      }
    },
    found(column, filled) {
      const cut = cuts.find(({ length }) => length === longest);
      if (cut === undefined) return undefined;
      const { length, count, rows } = cut;
      return { code: 'cells_cut', column, count, of: filled, rows, detail: `${length} characters` };
    },
  };
}

/** 4101 for 04101. */
function zipsShort(): Detector {
  const short = /^\d{4}(?:-\d{4})?(?:\.0)?$/;
  return counting(
    'zips_short',
    (cell) => short.test(cell.trim()),
    (hits) => hits > 0,
  );
}

/** The fewest cells and the smallest share that make a layout one of two, rather than a slip. */
const fewestOfLayout = 3;
const leastShareOfLayout = 0.1;
const mostLayouts = 50;

/**
 * Dates half in one layout and half in another. A spreadsheet of another country reads those that make sense to it and writes
 * them back with day and month swapped, and leaves the rest as text. That shows in separators, the order of the year, or
 * zeros in front.
 */
function dateLayouts(): Detector {
  const layouts = new Map<DateLayout, { count: number; rows: number[] }>();
  return {
    note(row, cell) {
      const layout = dateLayoutOf(cell);
      if (layout === undefined) return;
      const known = layouts.get(layout);
      if (known === undefined) {
        if (layouts.size < mostLayouts) layouts.set(layout, { count: 1, rows: [row] });
      } else {
        known.count += 1;
        if (known.rows.length < listedRows) known.rows.push(row);
      }
    },
    found(column, filled) {
      const [first, second] = [...layouts].sort(([, a], [, b]) => b.count - a.count);
      if (first === undefined || second === undefined) return undefined;
      const [layout, { count, rows }] = second;
      if (count < fewestOfLayout || count < filled * leastShareOfLayout) return undefined;
      return {
        code: 'dates_two_layouts',
        column,
        count,
        of: filled,
        rows,
        detail: `${showDateLayout(first[0])} and ${showDateLayout(layout)}`,
      };
    },
  };
}

/**
 * Midnights of a place east of Greenwich, written in UTC: in summer and winter one hour apart, always in the evening or, for the
 * Far East, the afternoon before. Nothing else gives all people of a list the same one or two times.
 */
function midnightsInUtc(): Detector {
  const evidence = createUtcTimes();
  const rows: number[] = [];
  return {
    note(row, cell) {
      evidence.note(cell);
      if (rows.length < listedRows) rows.push(row);
    },
    found: (column, filled) =>
      evidence.areMovedMidnights(filled)
        ? { code: 'dates_moved_by_zone', column, count: filled, of: filled, rows, detail: evidence.shown() }
        : undefined,
  };
}

function isDateKind(kind: FieldKind | undefined): boolean {
  return kind === 'date' || kind === 'datetime';
}
