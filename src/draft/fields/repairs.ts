import type { Drafting } from '../drafting.ts';
import { remark } from '../drafting.ts';
import type { Shape } from '../evidence/cell-shape.ts';
import type { JsonValue } from '../question.ts';
import type { SheetColumn } from '../column.ts';

const repairs: readonly {
  readonly setting: 'entities' | 'repairUtf8';
  readonly shape: Shape;
  readonly says: string;
}[] = [
  { setting: 'entities', shape: 'entity', says: 'hold HTML entities like &amp;, which are decoded' },
  { setting: 'repairUtf8', shape: 'doubledUtf8', says: 'are UTF-8 that was encoded twice (JosÃ©), which is undone' },
];

/** Fields of text, which may come with what another program did to them. */
const textFields = ['first_name', 'last_name', 'address', 'city', 'state', 'location', 'source'];

/** Sets what undoes damage of other programs, on fields whose cells show it. */
export function draftRepairs(drafting: Drafting): void {
  const { sheet, fields } = drafting;
  for (const field of textFields) {
    const columns = sheet.columns.filter(({ verdict }) => verdict?.fields.includes(field) === true);
    for (const { setting, shape, says } of repairs) {
      const count = columns.reduce((sum, { evidence }) => sum + evidence.countOf(shape), 0);
      const written = fields[field];
      if (count === 0 || written === undefined || written === '?') continue;
      fields[field] = { ...settingsOf(written), [setting]: true };
      remark(drafting, ['fields', field], `${count === 1 ? '1 cell' : `${count} cells`} ${says}.`);
    }
  }
}

/** The same settings for a single column. */
export function repairSettings({ evidence }: SheetColumn): Record<string, JsonValue> {
  return Object.fromEntries(
    repairs.flatMap(({ setting, shape }) => (evidence.countOf(shape) > 0 ? [[setting, true]] : [])),
  );
}

function settingsOf(written: JsonValue): Record<string, JsonValue> {
  return typeof written === 'object' && written !== null && !Array.isArray(written) ? written : { column: written };
}
