import { columnMessages } from '../../core/column-messages.ts';
import type { ColumnDamage } from '../../core/column-damage.ts';
import { count, plural } from './words.ts';

/** Damage of whole columns, each with rows to look at; with what to do about it when asked for. */
export function columnLines(columns: readonly ColumnDamage[], withHints: boolean): string[] {
  if (columns.length === 0) return [];
  const lines = columns.flatMap(({ code, column, count: times, of, rows, detail }) => {
    const { problem, hint } = columnMessages[code];
    const where = `row ${rows.join(', ')}${times > rows.length ? ', ...' : ''}`;
    const more = detail === undefined ? '' : ` (${detail})`;
    return [
      `    ${code}  "${column}": ${problem}${more}, in ${count(times)} of ${plural(of, 'cell')} (${where})`,
      ...(withHints ? [`        ${hint}`] : []),
    ];
  });
  return ['', '  Damaged columns:', ...lines];
}
