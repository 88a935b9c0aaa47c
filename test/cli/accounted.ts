import path from 'node:path';
import { expect } from 'vitest';
import type { StoredContact } from '../../src/simulator/index.ts';
import { readReport } from './harness.ts';

/** What a fixture's `expected.json` says: see fixtures/README.md. */
export interface Expected {
  readonly rows: Readonly<Record<string, ExpectedRow>>;
  /** Rows that are not people: repeated headers, totals. They may be skipped or not counted at all, but they never fail. */
  readonly nobody?: readonly number[];
  readonly contacts: readonly Contact[];
  readonly counts: {
    readonly read: number;
    readonly blankLines: number;
    readonly succeeded: number;
    readonly failed: number;
    readonly skipped: number;
    readonly requests?: number;
  };
}

interface ExpectedRow {
  readonly outcome: 'succeeded' | 'failed' | 'skipped';
  readonly code?: string | readonly string[];
  readonly warnings?: readonly string[];
  readonly person: string;
}

type Contact = Readonly<Record<string, unknown>>;

/**
 * The contacts of the account are the expected ones, field by field; every row is in exactly one report, with its codes and
 * warnings; the rows of one person were written onto one contact of its own.
 *
 * @param folder of the run
 * @returns how many rows the reports list
 */
export async function expectAccounted(
  folder: string,
  stored: readonly StoredContact[],
  { rows, nobody = [], contacts }: Expected,
): Promise<number> {
  expect(inOrder(stored.map(essence))).toEqual(inOrder(contacts));

  const reports = await Promise.all(
    ['success.csv', 'failure.csv', 'skipped.csv'].map(async (name) =>
      readReport(path.join(folder, name)).catch(() => []),
    ),
  );
  const [success = [], failure = [], skipped = []] = reports;
  const reported = reports.flat().map((row) => row['_row'] ?? '');
  expect(new Set(reported).size).toBe(reported.length);
  const outcomes = Object.fromEntries([
    ...success.map(({ _row: row = '' }) => [row, { outcome: 'succeeded' }]),
    ...failure.map(({ _row: row = '', _code: codes = '' }) => [row, { outcome: 'failed', codes: codesOf(codes) }]),
    ...skipped
      .filter(({ _row: row = '' }) => !nobody.includes(Number(row)))
      .map(({ _row: row = '' }) => [row, { outcome: 'skipped' }]),
  ]) as unknown;
  expect(outcomes).toEqual(
    Object.fromEntries(
      Object.entries(rows).map(([row, { outcome, code = [] }]) => [
        row,
        outcome === 'failed' ? { outcome, codes: [code].flat().sort() } : { outcome },
      ]),
    ),
  );

  const idsOf = new Map<string, Set<string>>();
  for (const { _row: row = '', _id: id = '', _warnings: warned } of success) {
    const { person = '', warnings = [] } = rows[row] ?? {};
    idsOf.set(person, (idsOf.get(person) ?? new Set()).add(id));
    for (const warning of warnings) expect(warned).toContain(`:${warning}`);
  }
  const ids = [...idsOf.values()].flatMap((set) => [...set]);
  expect(ids).toHaveLength(idsOf.size);
  expect(new Set(ids)).toEqual(new Set(stored.map(({ id }) => id)));
  return reported.length;
}

const codesOf = (text: string): string[] => [...new Set(text.split(' | '))].sort();

/** A contact without the simulator's own bookkeeping. */
function essence({ id: _id, writes: _writes, created: _created, updated: _updated, ...contact }: StoredContact) {
  return { ...contact, attributes: { ...contact.attributes } };
}

/** Contacts and their tags in a stable order. */
function inOrder(contacts: readonly Contact[]): Contact[] {
  const key = (contact: Contact): string =>
    ['user_id', 'email', 'phone', 'first_name'].map((name) => String(contact[name])).join(' ');
  return contacts
    .map((contact): Contact => ({ ...contact, tags: [...(contact['tags'] as string[])].sort() }))
    .sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
