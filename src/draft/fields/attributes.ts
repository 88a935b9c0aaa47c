import { apiFields } from '../../core/api/contact.ts';
import type { Drafting } from '../drafting.ts';
import type { ColumnEvidence } from '../evidence/column-evidence.ts';
import type { JsonValue } from '../question.ts';

/**
 * Columns that no field has taken are left out, so that nothing is sent unseen. Those that could be custom
 * attributes are offered as attributes. Gleantap keeps any, and the user decides which.
 */
export function leaveOutTheRest({ sheet, attributes }: Drafting): void {
  for (const column of sheet.columns) {
    if (column.verdict === undefined)
      sheet.leaveOut(column, 'no field of Gleantap matches it, but it could be sent as a custom attribute');
    const { verdict, address, header, evidence } = column;
    if (address === undefined || verdict?.certainty !== 'left out' || verdict.isRefused === true) continue;
    const name = attributeName(header, attributes);
    if (name !== undefined) attributes[name] = attributeSetting(address, evidence);
  }
}

const reserved = new Set(['app_id', ...apiFields].map((name) => name.replaceAll('_', '')));

/** `account_balance` of "Account Balance"; undefined where there is no usable name. */
function attributeName(header: string, taken: Readonly<Record<string, JsonValue>>): string | undefined {
  const plain = header
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '_')
    .replaceAll(/^_+|_+$/g, '');
  // It could not be distinguished from a field of the API.
  const name = reserved.has(plain.replaceAll(/[^a-z0-9]/g, '')) ? `export_${plain}` : plain;
  return plain === '' || Object.hasOwn(taken, name) ? undefined : name;
}

/** A number or a date where all cells are one; anything else is best sent as it is written. */
function attributeSetting(column: string, evidence: ColumnEvidence): JsonValue {
  const { dates, filled } = evidence;
  const comma = evidence.countOf('decimalComma');
  const point = evidence.countOf('decimalPoint');
  if (comma + point > filled / 2 && (comma === 0 || point === 0))
    return { column, type: 'number', ...(comma > 0 ? { decimal: ',' } : {}) };
  const verdict = dates.count === filled ? dates.verdict : undefined;
  if (verdict?.kind !== 'settled' || verdict.serial) return column;
  const [format, ...more] = verdict.formats;
  if (format === undefined) return { column, type: 'date' };
  return { column, type: 'date', format: more.length === 0 ? format : [format, ...more] };
}
