/** The reports' own columns, DESIGN.md section 6. A CSV whose header starts with exactly one of these lists is a report. */
export const reportColumns = {
  success: ['_row', '_id', '_warnings'],
  failure: ['_row', '_source_row', '_code', '_column', '_problem', '_hint', '_attempts', '_http_status'],
  skipped: ['_row', '_reason'],
} as const;

/**
 * Columns that may follow the original ones in a report: surplus cells, the text of a record that could not be split, and for
 * a damaged row the seal of its cells (`cell-seal.ts`).
 */
export const trailingReportColumns = ['_extra', '_raw', '_seal'] as const;

/** `failure.csv` and `unknown.csv` have the same columns and are both `failure` here. */
export type ReportKind = keyof typeof reportColumns;

/** The kind of report that a header belongs to, or undefined for any other file. */
export function reportKindOf(header: readonly string[]): ReportKind | undefined {
  for (const kind of ['failure', 'success', 'skipped'] as const) {
    if (reportColumns[kind].every((name, index) => header[index] === name)) return kind;
  }
  return undefined;
}
