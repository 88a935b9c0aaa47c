import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AnySummary as Summary } from '../any-summary.ts';
import { expectAccounted } from './accounted.ts';
import type { Expected } from './accounted.ts';
import { fixture, gleantapImport, readJson, root, runFolderIn, simulator, workplace } from './harness.ts';

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
      await expectAccounted(runFolderIn(cwd), server.contacts(), expected);
      expect(server.stats().perPersonOverlaps).toBe(0);
    },
  );
});
