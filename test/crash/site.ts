import { copyFile, mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openLedger } from '../../src/ledger/ledger.ts';
import type { RowRecord, RunRecord } from '../../src/ledger/ledger.ts';
import { workplace } from '../cli/harness.ts';
import { loggedSimulator } from './server.ts';
import type { LoggedSimulator } from './server.ts';
import type { Workload } from './workload.ts';

/** A workplace with one workload and its own server: where one run is disturbed again and again. */
export interface Site {
  readonly cwd: string;
  /** The run folder, created empty so that it can be watched from the start. */
  readonly out: string;
  readonly ledger: string;
  readonly workload: Workload;
  readonly server: LoggedSimulator;
  /** `run` with all flags. */
  readonly run: readonly string[];
  /** The flags that `resume` takes, too. */
  readonly pace: readonly string[];
}

export async function createSite(workload: Workload, latencyMs = 0): Promise<Site> {
  const cwd = await realpath(await workplace());
  await writeFile(path.join(cwd, 'members.csv'), workload.csv);
  await writeFile(path.join(cwd, 'mapping.json'), JSON.stringify(workload.mapping));
  const out = path.join(cwd, 'gleantap-import', 'out');
  await mkdir(out, { recursive: true, mode: 0o700 });
  const { faults, faultTimes, seed } = workload;
  const server = await loggedSimulator({ faults, faultTimes, seed, latencyMs });
  const pace = ['--rate', '0', '--timeout', '2s', '--json'];
  const run = ['run', 'members.csv', '-o', out, '--base-url', server.url, '--yes', '--no-preflight', ...pace];
  return { cwd, out, ledger: path.join(cwd, 'gleantap-import/ledger.db'), workload, server, run, pace };
}

/** What the disk holds of a run. */
export interface Snapshot {
  readonly run: RunRecord | undefined;
  /** Rows whose outcome can't change any more, by row number. */
  readonly final: ReadonlyMap<number, RowRecord>;
}

/** Reads the ledger from a copy, so that it is the program itself that recovers the real one. */
export async function readLedger({ ledger }: Pick<Site, 'ledger'>): Promise<Snapshot> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ledger-copy-'));
  try {
    const copy = path.join(folder, path.basename(ledger));
    for (const suffix of ['', '-wal', '.seal'])
      if (existsSync(ledger + suffix)) await copyFile(ledger + suffix, copy + suffix);
    const opened = openLedger(copy);
    try {
      const [run] = opened.listRuns();
      const rows = run === undefined || run.state === 'checking' ? [] : opened.rowsAfter(run.id, 0, 1e9);
      const final = rows.filter(({ outcome, provisional }) => outcome !== 'pending' && !provisional);
      return { run, final: new Map(final.map((record) => [record.row, record])) };
    } finally {
      opened.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Names of files left where run folders are created, except for the run folder and the ledger. */
export async function leftovers({ cwd }: Site): Promise<string[]> {
  const names = await readdir(path.join(cwd, 'gleantap-import'), { recursive: true });
  return names.filter((name) => /partial|incoming/.test(name));
}
