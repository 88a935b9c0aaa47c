import { stringify } from 'csv-stringify/sync';
import { RunError } from '../../core/outcome/run-error.ts';
import { mapRow } from '../../core/mapping/compile.ts';
import type { MappedRow, RowMapper } from '../../core/mapping/compile.ts';
import type { Contact } from '../../core/api/contact.ts';
import type { Mapping } from '../../core/mapping/schema.ts';
import { createRowCursor } from '../../ledger/row-cursor.ts';
import type { RunContext } from '../model.ts';

/** What of a contact can be put back as it was. */
const restored = ['first_name', 'last_name', 'email', 'phone'] as const;
const columns = ['action', '_id', 'row', 'user_id', ...restored, 'changed_since'] as const;
type Column = (typeof columns)[number];
type Entry = Readonly<Record<Column, string>>;

/** The list that an undo runs through like any other file. Its mapper reads it by the names of its columns. */
export interface UndoList {
  readonly text: string;
  readonly remove: number;
  readonly restore: number;
  /** Contacts that would be put back with --restore, where that was not asked for. */
  readonly couldRestore: number;
  readonly changedSince: number;
}

/**
 * Lists the contacts that a run created, and on request those that it changed with what they were before, in the order of its rows.
 * A contact that changed since is on the list too, so that it is reported, but it is kept.
 *
 * @param changed Contacts that changed after the run.
 */
export async function listUndo(
  { csv, map, ledger, file, account }: RunContext,
  changed: ReadonlySet<string>,
  restores: boolean,
): Promise<UndoList> {
  const storedAt = createRowCursor(ledger, file.run);
  const entries = new Map<string, Entry>();
  let couldRestore = 0;
  for await (const { rows } of csv.batches()) {
    for (const row of rows) {
      const stored = storedAt(row.row);
      if (stored?.outcome !== 'succeeded' || stored.id === undefined || entries.has(stored.id)) continue;
      const { id } = stored;
      const base = { _id: id, row: String(row.row), changed_since: changed.has(id) ? 'yes' : '' };
      if (stored.effect === 'created') {
        entries.set(id, { ...base, ...nothing, action: 'remove' });
        continue;
      }
      const { contact } = mapRow(map, row);
      const found = stored.effect === 'updated' ? account?.changesOf(contact, id) : undefined;
      if (found === undefined || !canRestore(found)) continue;
      if (!restores) {
        couldRestore += 1;
        continue;
      }
      const { first_name, last_name, email, phone } = found.person;
      const user_id = String(contact['user_id'] ?? '');
      entries.set(id, { ...base, action: 'restore', user_id, first_name, last_name, email, phone });
    }
  }
  const all = [...entries.values()];
  const text = stringify([[...columns], ...all.map((entry) => columns.map((column) => entry[column]))]);
  return {
    text,
    remove: all.filter(({ action }) => action === 'remove').length,
    restore: all.filter(({ action }) => action === 'restore').length,
    couldRestore,
    changedSince: all.filter(({ changed_since: since }) => since !== '').length,
  };
}

const nothing = { user_id: '', first_name: '', last_name: '', email: '', phone: '' };

/** The API needs both names, and an empty value is never sent. */
function canRestore({
  person,
  changes,
}: NonNullable<ReturnType<NonNullable<RunContext['account']>['changesOf']>>): boolean {
  const fields = changes.filter(({ field, before }) => field !== 'location' && before !== '');
  return fields.length > 0 && person.first_name !== '' && person.last_name !== '';
}

/** Each undone run has its own name, so that undoing one does not hold up another. */
export function undoMapping(run: number): Mapping {
  return {
    version: 1,
    name: `(undo ${run})`,
    missing: [],
    fields: { first_name: 'first_name', last_name: 'last_name' },
    ignore: '*',
  };
}

/** Makes the mapper of an undo list: a row's payload is the `_id`, alone where the contact is removed, else with what it was before. */
export function mapUndo(map: RowMapper, header: readonly string[]): RowMapper {
  const at = new Map(header.map((name, index) => [name, index]));
  const undo = (cells: readonly string[]): MappedRow => {
    const of = (column: Column): string => cells[at.get(column) ?? -1] ?? '';
    const id = of('_id');
    const contact: Contact = { _id: id };
    if (of('action') === 'restore')
      for (const name of ['user_id', ...restored] as const) if (of(name) !== '') contact[name] = of(name);
    return {
      contact,
      tags: { add: [], remove: [], ownAdd: [], ownRemove: [], problems: [], warnings: [] },
      keys: { userId: id, email: undefined, phone: undefined },
      problems: of('changed_since') === '' ? [] : [{ code: 'changed_since' }],
      warnings: [],
      filtered: false,
      withholdsOptIn: false,
      rank: undefined,
    };
  };
  return Object.assign(undo, { trace: map.trace });
}

/** Makes sure that a run can be undone. @throws RunError `usage` */
export function requireUndoable({ file, account }: RunContext, state: string): void {
  const refuse = (why: string, hint: string): never => {
    throw new RunError('usage', `Run ${file.run} cannot be undone: ${why}`, { hint });
  };
  if (file.tagList !== undefined) refuse('it changed tags', 'Import its inverse.csv with "tags".');
  if (file.undo !== undefined) refuse('it undid another run', 'Import the file again with "run --again".');
  if (file.onlyChanged)
    refuse(
      'it is a recurring import',
      'The next run would create the same contacts again. Correct the export instead.',
    );
  if (file.compared === undefined || account === undefined)
    refuse(
      'the account was not read before it',
      'Only runs with --compare can be undone, as long as account.db is in their folder.',
    );
  if (state !== 'finished' && state !== 'stopped')
    refuse('it has sent nothing, or was killed', 'Continue it with "resume" first.');
  if (file.ended === undefined) refuse('it is unknown when it ended', 'Continue it with "resume" first.');
}
