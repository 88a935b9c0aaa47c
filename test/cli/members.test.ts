import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StoredContact } from '../../src/simulator/index.ts';
import type { Summary } from '../../src/report/summary.ts';
import { fixture, gleantapImport, readJson, readReport, root, runFolderIn, simulator, workplace } from './harness.ts';

interface ExpectedRow {
  readonly outcome: 'succeeded' | 'failed' | 'skipped';
  readonly code?: string | string[];
  readonly reason?: string;
  readonly warnings?: string[];
  readonly person: string;
}

interface Expected {
  readonly rows: Record<string, ExpectedRow>;
  readonly contacts: Record<string, unknown>[];
  readonly counts: {
    read: number;
    blankLines: number;
    succeeded: number;
    failed: number;
    skipped: number;
    requests: number;
  };
}

const identity = ['user_id', 'email', 'phone', 'first_name'] as const;

/** A contact as the expectations write it: fields, tags, attributes; nothing of the simulator's own book-keeping. */
function essence({ id: _id, writes: _writes, created: _created, updated: _updated, ...contact }: StoredContact) {
  return { ...contact, tags: [...contact.tags].sort(), attributes: { ...contact.attributes } };
}

function sorted(contacts: readonly Record<string, unknown>[]): Record<string, unknown>[] {
  const key = (contact: Record<string, unknown>): string => identity.map((name) => String(contact[name])).join(' ');
  return contacts
    .map((contact) => ({ ...contact, tags: [...(contact['tags'] as string[])].sort() }))
    .sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

const cases = [
  {
    csv: 'mindbody-members.csv',
    mapping: path.join(root, 'mapping.example.json'),
    expectation: 'mindbody-members.expected.json',
  },
  {
    csv: 'club-semicolon.csv',
    mapping: fixture('club-semicolon.mapping.json'),
    expectation: 'club-semicolon.expected.json',
  },
  { csv: 'tag-cleanup.csv', mapping: fixture('tag-cleanup.mapping.json'), expectation: 'tag-cleanup.expected.json' },
];

describe('a real member list', () => {
  it.each(cases)(
    '$csv ends in the expected contacts, each row in one report',
    async ({ csv, mapping, expectation }) => {
      const expected = await readJson<Expected>(fixture(expectation));
      const server = await simulator({ latencyMs: 2, latencyJitterMs: 5 });
      const cwd = await workplace();
      const args = [
        'run',
        fixture(csv),
        '-m',
        mapping,
        '--ledger',
        'ledger.db',
        '--env-file',
        '.env',
        '--base-url',
        server.url,
      ];
      const ended = await gleantapImport(
        [...args, '--yes', '--rate', '0', '-c', '16', '--max-invalid', '50%', '--json'],
        { cwd },
      );

      expect(ended).toMatchObject({ code: 1 });
      const summary = JSON.parse(ended.stdout) as Summary;
      const { read, blankLines: blank, succeeded, failed, skipped, requests } = expected.counts;
      expect(summary).toMatchObject({
        version: 1,
        exitCode: 1,
        simulator: true,
        counts: { read, blank, succeeded, failed, skipped, unknown: 0, pending: 0 },
        traffic: { requests },
      });
      expect(sorted(server.contacts().map(essence))).toEqual(sorted(expected.contacts));
      expect(server.stats().perPersonOverlaps).toBe(0);

      const folder = runFolderIn(cwd);
      const [success, failure, skippedRows] = await Promise.all(
        ['success.csv', 'failure.csv', 'skipped.csv'].map(async (name) =>
          readReport(path.join(folder, name)).catch(() => []),
        ),
      );
      const outcomes: Record<string, unknown> = {};
      for (const row of success ?? []) outcomes[row['_row'] ?? ''] = { outcome: 'succeeded' };
      for (const row of failure ?? []) {
        expect(outcomes).not.toHaveProperty(row['_row'] ?? '');
        outcomes[row['_row'] ?? ''] = { outcome: 'failed', codes: [...new Set(row['_code']?.split(' | '))].sort() };
      }
      for (const row of skippedRows ?? []) {
        expect(outcomes).not.toHaveProperty(row['_row'] ?? '');
        outcomes[row['_row'] ?? ''] = { outcome: 'skipped' };
      }
      const wanted = Object.fromEntries(
        Object.entries(expected.rows).map(([row, { outcome, code }]) => [
          row,
          outcome === 'failed' ? { outcome, codes: [code ?? []].flat().sort() } : { outcome },
        ]),
      );
      expect(outcomes).toEqual(wanted);

      const idOf = new Map<string, Set<string>>();
      for (const row of success ?? []) {
        const person = expected.rows[row['_row'] ?? '']?.person ?? '';
        idOf.set(person, (idOf.get(person) ?? new Set()).add(row['_id'] ?? ''));
        for (const warning of expected.rows[row['_row'] ?? '']?.warnings ?? [])
          expect(row['_warnings']).toContain(`:${warning}`);
      }
      const known = new Set(server.contacts().map(({ id }) => id));
      expect([...idOf.values()].every((ids) => ids.size === 1 && known.has([...ids][0] ?? ''))).toBe(true);
      expect(new Set([...idOf.values()].map((ids) => [...ids][0])).size).toBe(server.contacts().length);
    },
  );
});
