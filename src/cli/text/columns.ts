import { columnMessages } from '../../core/outcome/column-messages.ts';
import type { ColumnDamage } from '../../core/quality/column-damage.ts';
import { count, plural, rowsAt, table } from './words.ts';

/** Damage of whole columns with example rows, and on request with an explanation and a hint. */
export function columnLines(columns: readonly ColumnDamage[], withHints: boolean): string[] {
  if (columns.length === 0) return [];
  const rows = table(
    columns.map(({ code, column, count: times, of, rows: examples }) => [
      `  ${code}`,
      count(times),
      `of ${plural(of, 'cell')} of "${column}", ${rowsAt(examples, times)}`,
    ]),
  );
  const lines = rows.flatMap((row, index) => {
    const damage = columns[index];
    if (damage === undefined || !withHints) return [row];
    const { problem, hint } = columnMessages[damage.code];
    const more = damage.detail === undefined ? '' : ` (${damage.detail})`;
    return [row, `        ${problem}${more}`, `        ${hint}`];
  });
  return ['', '  Damaged columns:', ...lines];
}
