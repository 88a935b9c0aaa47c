/** The reports' own columns, DESIGN.md section 6: those before the original columns, and those after them. */
interface ReportColumns {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/**
 * `failure.csv` and `unknown.csv` start with what a person looks for. The rest is at their end, and last of all a column that
 * every row fills: a spreadsheet never cuts a filled row short, so a row that is too short has lost a cell.
 */
export const reportColumns = {
  success: { before: ['_row', '_id', '_effect', '_warnings'], after: [] },
  failure: {
    before: ['_row', '_problem', '_hint'],
    after: ['_code', '_column', '_attempts', '_http_status', '_source_row'],
  },
  skipped: { before: ['_row', '_reason'], after: [] },
} as const satisfies Record<string, ReportColumns>;

/**
 * Columns that may be the last ones of a report: surplus cells, the text of a record that could not be split, and for a damaged
 * row the seal of its cells (`cell-seal.ts`).
 */
export const damageColumns = ['_extra', '_raw', '_seal'] as const;

/** `failure.csv` and `unknown.csv` have the same columns and are both `failure` here. */
export type ReportKind = keyof typeof reportColumns;

/** How version 0.1.0 wrote reports. They can still be corrected and imported. */
const earlierFailure: ReportColumns = {
  before: ['_row', '_source_row', '_code', '_column', '_problem', '_hint', '_attempts', '_http_status'],
  after: [],
};

const earlierSuccess: ReportColumns = { before: ['_row', '_id', '_warnings'], after: [] };

/** Where everything is in a report, by the indexes of its header. */
export interface ReportShape {
  readonly kind: ReportKind;
  /** The original columns: from here, up to there. */
  readonly from: number;
  readonly to: number;
  /** Fewest cells that a row may have. Spreadsheets leave out empty cells at the end of rows. */
  readonly leastWidth: number;
  /** The report's own columns by their names. An original column may be called the same. */
  readonly own: ReadonlyMap<string, number>;
}

/**
 * Recognizes a report by its header, which starts with exactly the columns of one kind. `cut` is a report that lacks columns
 * after the original ones, which it can't be read without. Columns that someone added at the end are ignored.
 */
export function reportShapeOf(header: readonly string[]): ReportShape | 'cut' | undefined {
  const layouts: readonly (readonly [ReportKind, ReportColumns])[] = [
    ['failure', reportColumns.failure],
    ['failure', earlierFailure],
    ['success', reportColumns.success],
    ['success', earlierSuccess],
    ['skipped', reportColumns.skipped],
  ];
  const found = layouts.find(([, { before }]) => standsAt(header, 0, before));
  if (found === undefined) return undefined;
  const [kind, { before, after }] = found;
  const from = before.length;
  const [to, rest] = after.length === 0 ? endsAt(header, from) : startOfLast(header, from, after);
  if (to === undefined) return 'cut';
  const own = new Map([...before, ...after].map((name, nth) => [name, nth < from ? nth : to + nth - from] as const));
  for (const name of damageColumns) {
    const index = header.indexOf(name, rest);
    if (index !== -1) own.set(name, index);
  }
  return { kind, from, to, leastWidth: after.length === 0 ? Math.min(header.length, from + 1) : rest, own };
}

function standsAt(header: readonly string[], start: number, names: readonly string[]): boolean {
  return names.every((name, index) => header[start + index] === name);
}

/** Where the original columns end in a report that has none after them but those of damaged rows, and where these start. */
function endsAt(header: readonly string[], from: number): readonly [number, number] {
  let end = header.length;
  for (const name of damageColumns.toReversed()) if (end > from && header[end - 1] === name) end -= 1;
  return [end, end];
}

/** Where the report's last columns start, and where they end. */
function startOfLast(
  header: readonly string[],
  from: number,
  names: readonly string[],
): readonly [number | undefined, number] {
  let start = header.length - names.length;
  while (start >= from && !standsAt(header, start, names)) start -= 1;
  return start < from ? [undefined, header.length] : [start, start + names.length];
}
