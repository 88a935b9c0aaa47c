import type { MappedRow, RowMapper } from '../../core/mapping/compile.ts';
import type { CsvRow } from '../../csv/reader.ts';

/** Maps a row, with what the record itself has to be warned of. */
export function mapRow(map: RowMapper, { cells, hasStrayQuote }: CsvRow): MappedRow {
  const mapped = map(cells);
  return hasStrayQuote === true ? { ...mapped, warnings: [...mapped.warnings, { code: 'stray_quote' }] } : mapped;
}
