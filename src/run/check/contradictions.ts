import { isContradiction } from '../../core/outcome/problem.ts';
import type { ContradictionCode, Problem } from '../../core/outcome/problem.ts';
import { RunError } from '../../core/outcome/run-error.ts';

/** A cell that says that its whole column is not as the mapping says. */
interface Contradiction {
  readonly code: ContradictionCode;
  readonly row: number;
  readonly column: string;
  readonly value: string;
}

/** How many cells a message lists. */
const listed = 3;

/** Collects the cells that contradict their column. */
export function createContradictions() {
  const cells: Contradiction[] = [];
  return {
    note(row: number, problems: readonly Problem[]): void {
      for (const { code, column = '', value = '' } of problems) {
        if (isContradiction(code) && cells.length < listed) cells.push({ code, row, column, value });
      }
    },
    refuse: () => {
      refuse(cells);
    },
  };
}

const contradictionTexts: Record<ContradictionCode, { readonly holds: string; readonly hint: string }> = {
  date_opposite_order: {
    holds: 'dates with day and month swapped compared to its format',
    hint: 'Correct "format" in the mapping (M/D/YYYY or D/M/YYYY), or these cells. Until then, no date in this column can be trusted.',
  },
  number_decimal_comma: {
    holds: 'numbers with a decimal comma, and the mapping does not set its decimal separator',
    hint: 'Set "decimal" to "," or "." in the mapping. "." makes these cells invalid. Until then, no number in this column can be trusted.',
  },
};

/** @throws RunError `input` when there was any: then no value of the column can be trusted. */
function refuse(cells: readonly Contradiction[]): void {
  const [first] = cells;
  if (first === undefined) return;
  const { holds, hint } = contradictionTexts[first.code];
  const list = cells
    .filter(({ code, column }) => code === first.code && column === first.column)
    .map(({ row, value }) => `row ${row} "${value}"`)
    .join(', ');
  throw new RunError('input', `Column "${first.column}" contains ${holds}: ${list}`, { hint });
}
