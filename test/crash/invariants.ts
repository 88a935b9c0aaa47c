import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { AnySummary as Summary } from '../any-summary.ts';
import type { StoredContact } from '../../src/simulator/contact.ts';
import { readReport } from '../cli/harness.ts';
import type { Ended } from '../cli/harness.ts';
import { launch } from './process.ts';
import { createSite, leftovers, readLedger } from './site.ts';
import type { Site, Snapshot } from './site.ts';
import type { Workload } from './workload.ts';

type Report = readonly Readonly<Record<string, string>>[];
const reportNames = ['success.csv', 'failure.csv', 'unknown.csv', 'skipped.csv'] as const;
type Reports = Readonly<Record<(typeof reportNames)[number], Report | undefined>>;

/** How a workload ends without a disturbance. */
export interface Reference {
  readonly code: number;
  readonly reports: Reports;
  readonly contacts: readonly object[];
  readonly requests: number;
}

const references = new Map<string, Promise<Reference>>();

/** Runs a workload undisturbed, once for each workload. */
export async function referenceOf(workload: Workload): Promise<Reference> {
  let known = references.get(workload.name);
  if (known === undefined) references.set(workload.name, (known = undisturbed(workload)));
  return known;
}

async function undisturbed(workload: Workload): Promise<Reference> {
  const site = await createSite(workload);
  const ended = await launch(site.run, site).ended;
  expect(ended.code, ended.stderr).toBe(1);
  const reports = await readReports(site);
  expectAccounted(site, ended, reports);
  expect(site.server.contacts()).toHaveLength(peopleSent(reports).size);
  return {
    code: ended.code ?? -1,
    reports,
    contacts: comparable(site.server.contacts()),
    requests: site.server.requests.length,
  };
}

/**
 * Watches one run over kills and resumes. After each end of a process it compares what the ledger holds with what the server
 * saw: an outcome that was committed stays as it is, and its row is never sent again.
 */
export interface Witness {
  /** Checks ledger and server after a process has ended, however it did. */
  afterEnd(killedAt?: number): Promise<Snapshot>;
  /** Demands that the run has ended well and left what an undisturbed one leaves. */
  expectWhole(ended: Ended): Promise<void>;
}

/** Outcomes are committed within 200 ms (promise P2); the rest is what a busy machine may need to pass an answer on. */
const commitWindow = 200 + 800;

export function createWitness(site: Site, reference: Reference): Witness {
  const { server, workload } = site;
  let before: Snapshot = { run: undefined, final: new Map() };
  let seen = 0;
  const expected = new Map(
    reportNames.flatMap((name) => (reference.reports[name] ?? []).map((row) => [Number(row['_row']), name] as const)),
  );

  return {
    async afterEnd(killedAt) {
      const now = await readLedger(site);
      const fresh = server.requests.slice(seen);
      const again = fresh.filter(({ row }) => before.final.has(row)).map(({ row }) => row);
      expect(again, 'rows that were sent although their outcome was committed').toEqual([]);
      if (before.run !== undefined && now.run?.id === before.run.id) {
        for (const [row, { outcome }] of before.final) {
          expect(now.final.get(row)?.outcome, `committed outcome of row ${row}`).toBe(outcome);
        }
      }
      if (killedAt !== undefined) {
        const lost = fresh.filter(
          ({ row, answered }) =>
            answered?.status === 200 &&
            answered.at < killedAt - commitWindow &&
            expected.get(row) === 'success.csv' &&
            !workload.twoRequests.has(row) &&
            !now.final.has(row),
        );
        expect(lost, 'answers that were older than the commit window and not in the ledger').toEqual([]);
      }
      seen = server.requests.length;
      before = now;
      return now;
    },
    async expectWhole(ended) {
      expect(ended.code, ended.stderr + ended.stdout).toBe(reference.code);
      const { run, final } = await this.afterEnd();
      expect(run?.state).toBe('finished');
      expect(final.size).toBe(workload.rows);
      const reports = await readReports(site);
      expectAccounted(site, ended, reports);
      for (const name of reportNames) expect(plain(reports[name]), name).toEqual(plain(reference.reports[name]));
      expect(comparable(server.contacts())).toEqual(reference.contacts);
      expect(server.contacts()).toHaveLength(peopleSent(reports).size);
      expect(server.stats().perPersonOverlaps).toBe(0);
      expect(await leftovers(site)).toEqual([]);
    },
  };
}

/** Promise P1: every row in exactly one report, and the equation in the summary. */
function expectAccounted({ workload }: Site, { stdout }: Ended, reports: Reports): void {
  const { counts } = JSON.parse(stdout) as Summary;
  const sizes = reportNames.map((name) => reports[name]?.length ?? 0);
  const [succeeded, failed, unknown, skipped] = sizes;
  expect(counts).toMatchObject({ read: workload.rows, pending: 0, succeeded, failed, unknown, skipped });
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(workload.rows);
  const rows = reportNames.flatMap((name) => (reports[name] ?? []).map((row) => row['_row']));
  expect(new Set(rows).size).toBe(workload.rows);
}

export async function readReports({ out }: Pick<Site, 'out'>): Promise<Reports> {
  const read = reportNames.map(async (name) => {
    const file = path.join(out, name);
    return [name, existsSync(file) ? await readReport(file) : undefined] as const;
  });
  return Object.fromEntries(await Promise.all(read)) as Reports;
}

/** The people of the rows that the server took: each must be there once. */
function peopleSent(reports: Reports): Set<string> {
  const rows = [...(reports['success.csv'] ?? []), ...(reports['unknown.csv'] ?? [])];
  return new Set(rows.map((row) => row['Email'] ?? ''));
}

/** Rows without what may differ between two histories (promise P2). */
function plain(report: Report | undefined): object[] | undefined {
  return report?.map(({ _id, _attempts, _http_status, ...rest }) => rest);
}

function comparable(contacts: readonly StoredContact[]): object[] {
  return contacts
    .map(({ id: _id, writes: _writes, created: _created, updated: _updated, tags, ...rest }) => ({
      ...rest,
      tags: [...tags].sort(),
    }))
    .sort((a, b) => ((a.email ?? '') < (b.email ?? '') ? -1 : 1));
}
