import type { Problem } from '../../core/outcome/problem.ts';

/** What is wrong with rows, by code and column. */
export interface Finding {
  readonly first: Problem;
  rows: number;
  /** The first rows, with the name of the person where the row has one. */
  readonly firstRows: { readonly row: number; readonly name: string }[];
  /** Values that the problem is about, and how many rows have each. */
  readonly values: Map<string, number>;
  /** The same for problems that are about other rows or about numbers: `rows 4 and 9`. No cell is in them. */
  readonly cases: string[];
}

export interface FindingCollector {
  /** @param nameOf Asked only for the rows that are listed. */
  add(row: number, problems: readonly Problem[], nameOf: () => string): void;
  /** The most frequent first. */
  findings(): Finding[];
}

const listedRows = 20;
const listedCases = 5;
/** Different values that are counted. Later ones say the same. */
const countedValues = 200;

export function createFindingCollector(): FindingCollector {
  const all = new Map<string, Finding>();
  return {
    add(row, problems, nameOf) {
      const seen = new Set<string>();
      for (const problem of problems) {
        const key = `${problem.code}\0${problem.column ?? ''}\0${problem.field ?? ''}`;
        if (seen.has(key)) continue;
        seen.add(key);
        let finding = all.get(key);
        if (finding === undefined) {
          finding = { first: problem, rows: 0, firstRows: [], values: new Map(), cases: [] };
          all.set(key, finding);
        }
        finding.rows += 1;
        if (finding.firstRows.length < listedRows) finding.firstRows.push({ row, name: nameOf() });
        const { value } = problem;
        const times = value === undefined ? undefined : finding.values.get(value);
        if (value !== undefined && value !== '' && (times !== undefined || finding.values.size < countedValues))
          finding.values.set(value, (times ?? 0) + 1);
        const text = caseOf(row, problem);
        if (text !== undefined && finding.cases.length < listedCases) finding.cases.push(text);
      }
    },
    findings: () => [...all.values()].sort((a, b) => b.rows - a.rows),
  };
}

function caseOf(row: number, { detail }: Problem): string | undefined {
  const { row: other, found, expected, firstRow, lastRow } = detail ?? {};
  if (other !== undefined) return `rows ${Math.min(row, Number(other))} and ${Math.max(row, Number(other))}`;
  if (found !== undefined && expected !== undefined) return `row ${row}: ${found} cells instead of ${expected}`;
  if (firstRow !== undefined && lastRow !== undefined && firstRow !== lastRow) return `rows ${firstRow} to ${lastRow}`;
  return undefined;
}
