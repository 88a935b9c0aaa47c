import { columnMessages } from '../../core/outcome/column-messages.ts';
import type { ColumnDamage } from '../../core/quality/column-damage.ts';
import type { Screen } from './screen.ts';
import { count, plural, rowsAt, table } from './words.ts';

/** Damage of whole columns with example rows, and on request with an explanation and a hint. */
export function columnLines(columns: readonly ColumnDamage[], screen: Screen, withHints: boolean): string[] {
  if (columns.length === 0) return [];
  const rows = columns.map(({ code, column, count: times, of, rows: examples }) => [
    code,
    count(times),
    `of ${plural(of, 'cell')} of "${column}", ${rowsAt(examples, times)}`,
  ]);
  const below = columns.map(({ code, detail }) => {
    const { problem, hint } = columnMessages[code];
    return withHints ? [problem + (detail === undefined ? '' : ` (${detail})`), hint] : [];
  });
  return ['', `  ${screen.paint('warning', 'Damaged columns:')}`, ...table(rows, screen, { indent: '    ', below })];
}
