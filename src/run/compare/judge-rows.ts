import path from 'node:path';
import { comparedFields } from '../../core/compare/person.ts';
import { guardFormula } from '../../core/reports/spreadsheet-guard.ts';
import { mapRow } from '../../core/mapping/compile.ts';
import { createRowCursor } from '../../ledger/row-cursor.ts';
import { createReportFile } from '../../report/report-file.ts';
import { isSentOrHeld } from './account-view.ts';
import { compareFile } from '../model.ts';
import type { ComparedPeople } from '../../core/compare/compared-people.ts';
import type { AccountView, ImportContext } from '../model.ts';
import type { Stop } from '../events.ts';

const columns = [
  '_row',
  '_verdict',
  '_id',
  '_changes',
  ...comparedFields.flatMap((field) => [`${field}_in_gleantap`, `${field}_in_file`]),
];

/**
 * Judges every row to be sent, rows that are kept back included, and lists them in `compare.csv`. People with several rows are counted
 * once, by the first of them.
 *
 * @throws RunError `not_writable`
 */
export async function judgeRows(
  { csv, map, ledger, file, folder }: ImportContext,
  view: AccountView,
  stop: Stop,
): Promise<ComparedPeople> {
  const storedAt = createRowCursor(ledger, file.run);
  const list = await createReportFile(path.join(folder, compareFile), columns);
  const counts = { new: 0, known: 0, changed: 0, otherName: 0, twoCandidates: 0 };
  const persons = new Set<number>();
  /** Contacts of the account that the file names. */
  const shared = new Set<string>();
  try {
    for await (const { rows } of csv.batches()) {
      if (stop.signal.aborted) break;
      for (const row of rows) {
        const stored = storedAt(row.row);
        const isHeld = stored?.outcome === 'failed' && stored.code === 'invalid';
        if (row.damage !== undefined || (stored !== undefined && stored.outcome !== 'pending' && !isHeld)) continue;
        const mapped = mapRow(map, row);
        if (!isSentOrHeld(mapped)) continue;
        const { verdict, people, changes } = view.judgmentOf(mapped);
        const [only, ...others] = people;
        const of = (field: (typeof comparedFields)[number]): string[] => [
          others.length === 0
            ? (only?.[field] ?? '')
            : [...new Set(people.map((person) => person[field]))].filter((text) => text !== '').join(' | '),
          String(mapped.contact[field] ?? ''),
        ];
        const ids = people.map(({ id }) => id).join(' | ');
        const changed = changes.map(({ field }) => field).join(' ');
        await list.add([String(row.row), ...[verdict, ids, changed, ...comparedFields.flatMap(of)].map(guardFormula)]);
        if (stored?.person !== undefined) {
          if (persons.has(stored.person)) continue;
          persons.add(stored.person);
        }
        if (verdict === 'new') counts.new += 1;
        if (verdict === 'known_other_name') counts.otherName += 1;
        if (verdict === 'two_candidates') counts.twoCandidates += 1;
        if (verdict === 'known') {
          counts.known += 1;
          for (const { id } of people) shared.add(id);
          if (changes.length > 0) counts.changed += 1;
        }
      }
    }
    await list.commit();
  } catch (error) {
    await list.discard();
    throw error;
  }
  const people = counts.new + counts.known + counts.otherName + counts.twoCandidates;
  return { ...counts, people, account: view.size, shared: shared.size, taken: view.taken };
}
