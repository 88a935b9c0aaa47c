import path from 'node:path';
import type { Contact } from '../../core/api/contact.ts';
import { separatedBy, tagColumns, tagSeparators } from '../../core/reports/tag-columns.ts';
import { guardForEditing } from '../../core/reports/spreadsheet-guard.ts';
import { createReportFile } from '../../report/report-file.ts';
import { mapRow, requestsOf } from '../../core/mapping/compile.ts';
import { inverseFile } from '../model.ts';
import type { ImportContext } from '../model.ts';
import type { CsvRow } from '../../csv/reader.ts';
import type { RowRecord } from '../../ledger/ledger.ts';
import { createCurrentTags } from './current-tags.ts';

const identityColumns = ['user_id', 'email', 'phone', 'first_name'] as const;

interface Undo {
  readonly identity: Contact;
  readonly add: readonly string[];
  readonly remove: readonly string[];
  readonly note: string;
}

/** The list that undoes a run, made from its rows. */
export interface Inverse {
  /** A pending row may have got one of its two requests through. */
  readonly mustRead: true;
  note(row: CsvRow, record: RowRecord): void;
  /** Writes the list. Returns how many rows it has. @throws RunError `not_writable` */
  write(): Promise<number>;
}

/**
 * Collects what undoes a run as far as it came, and writes it from the last row to the first: of two rows of one contact the later
 * is undone first. What the server may have done is undone too: that changes nothing where it has not.
 *
 * A row's tags are undone exactly where the list says which ones its person had. Elsewhere it is unknown who had a tag before it
 * was added, or lacked it when it was removed, and the row's message explains that.
 */
export function createInverse({ csv, map, file, folder }: ImportContext): Inverse {
  const currentOf = createCurrentTags(csv.header, file.tagList?.currentTags);
  const undos: Undo[] = [];
  /** What rows before have made of the tags that a contact is known to have. */
  const laterTags = new Map<string, Set<string>>();
  return {
    mustRead: true,
    note(row, record) {
      const isWhole = record.outcome === 'succeeded' || record.outcome === 'unknown';
      const isPartly = record.code === 'partly_applied' || (record.outcome === 'pending' && record.applied > 0);
      if (!isWhole && !isPartly) return;
      const mapped = mapRow(map, row);
      const [first] = requestsOf(mapped);
      const { tags: _tags, tag_action: _action, ...identity } = first ?? {};
      const add = isWhole ? mapped.tags.add : [];
      const { remove } = mapped.tags;
      const id = mapped.keys.userId ?? '';
      const listed = currentOf(row.cells);
      const current = listed === undefined ? undefined : (laterTags.get(id) ?? new Set(listed));
      const undo =
        current === undefined
          ? { identity, add: remove, remove: add, note: doubtOf(add, remove) }
          : {
              identity,
              add: remove.filter((tag) => current.has(tag)),
              remove: add.filter((tag) => !current.has(tag)),
              note: '',
            };
      if (current !== undefined) {
        for (const tag of remove) current.delete(tag);
        for (const tag of add) current.add(tag);
        laterTags.set(id, current);
      }
      if (undo.add.length + undo.remove.length > 0) undos.push(undo);
    },
    write: async () => writeUndos(path.join(folder, inverseFile), undos),
  };
}

async function writeUndos(file: string, undos: readonly Undo[]): Promise<number> {
  const all = undos.flatMap(({ add, remove }) => [...add, ...remove]);
  const separator = tagSeparators.find((sign) => !all.some((tag) => tag.includes(sign))) ?? tagSeparators[0];
  // A column of phones would ask for their country, though it held none.
  const keys = identityColumns.filter((name) => undos.some(({ identity }) => identity[name] !== undefined));
  const report = await createReportFile(file, [
    ...(keys.length === 0 ? identityColumns : keys).map((name) => tagColumns[name]),
    separatedBy(tagColumns.add, separator),
    separatedBy(tagColumns.remove, separator),
    'Note',
  ]);
  for (const { identity, add, remove, note } of undos.toReversed()) {
    const cells = keys.map((name) => String(identity[name] ?? ''));
    await report.add([...cells, add.join(separator), remove.join(separator), note].map(guarded));
  }
  return report.commit();
}

/** Reading a plain list removes an apostrophe only where it is before a digit or a sign. */
function guarded(cell: string): string {
  return cell.startsWith("'") ? cell : guardForEditing(cell, false);
}

function doubtOf(added: readonly string[], removed: readonly string[]): string {
  const parts: string[] = [];
  if (added.length > 0) parts.push(`did the contact already have ${added.map((tag) => `"${tag}"`).join(', ')}?`);
  if (removed.length > 0) parts.push(`did the contact have ${removed.map((tag) => `"${tag}"`).join(', ')}?`);
  return `Unknown: ${parts.join(' ')}`;
}
