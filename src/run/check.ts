import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Contact } from '../core/api/contact.ts';
import { requestsOf } from '../core/mapping/compile.ts';
import type { Movement } from '../core/quality/nightly-gate.ts';
import { exceeds } from '../core/settings/options.ts';
import { RunError } from '../core/outcome/run-error.ts';
import { openLedger } from '../ledger/ledger.ts';
import { readBaselines } from '../ledger/baselines.ts';
import { tooManyOptouts } from './check/check-stats.ts';
import { compileOrHold, openInput, runCheckPass, runReportPass } from './context.ts';
import { rejectStaleExport, warnAboutExport } from './feed/export-health.ts';
import { copyInput } from './files/input-copy.ts';
import { checkDrift } from './feed/snapshot.ts';
import { kindOf } from './model.ts';
import type { CheckStats, RunContext, RunFile } from './model.ts';
import type { Ports } from './ports.ts';
import { readMatcher } from './feed/matcher.ts';
import { claimRunFolder, inputCopyOf } from './files/run-folder.ts';
import { extraTagsOf } from './setup.ts';
import type { ImportSetup } from './setup.ts';

export type CheckSetup = Pick<
  ImportSetup,
  'input' | 'mapping' | 'mappingFile' | 'findings' | 'settings' | 'out' | 'today'
> & {
  /** How many rows to show with what would be sent. */
  readonly show: number;
  readonly options: Pick<
    ImportSetup['options'],
    | 'limit'
    | 'rows'
    | 'duplicates'
    | 'addTags'
    | 'removeTags'
    | 'tagRun'
    | 'encoding'
    | 'maxInvalid'
    | 'tolerate'
    | 'onlyChanged'
    | 'acceptChanges'
    | 'acceptOptouts'
    | 'listUnchanged'
    | 'listVanished'
    | 'maxAge'
    | 'gate'
  >;
  /** The memory with which the file is compared, where the account is known. */
  readonly history: { readonly ledgerFile: string; readonly account: string } | undefined;
};

export interface ShownRow {
  readonly row: number;
  readonly requests: readonly Contact[];
}

/** What a check found out. `failure.csv` in the folder lists the invalid rows. */
export interface CheckResult {
  readonly folder: string;
  readonly stats: CheckStats;
  /** What would be sent for the first rows, request by request. */
  readonly shown: readonly ShownRow[];
  /** Whether `run` would refuse the file for its invalid rows. */
  readonly isOverMaxInvalid: boolean;
  /** How many percent of its people the file would opt out of email, when `run` would refuse it for that. */
  readonly tooManyOptouts: number | undefined;
  /** Why `run` would hold the file: what moved away from earlier nights. */
  readonly moved: readonly Movement[];
}

/**
 * Everything that an import does up to the first request: no network, and decisions go to a temporary database.
 *
 * @throws RunError as `importFile`
 */
export async function checkFile(
  setup: CheckSetup,
  { emit, clock, stop }: Pick<Ports, 'emit' | 'clock' | 'stop'>,
): Promise<CheckResult> {
  const { out, options, mapping } = setup;
  await claimRunFolder(out, () => false);
  const database = path.join(out, 'decisions.db');
  try {
    const copy = await copyInput(setup.input, inputCopyOf(out), stop.signal);
    if (copy === undefined) throw interrupted();
    await rejectStaleExport(setup, copy, clock);
    const { history } = setup;
    const nights = history === undefined ? [] : readBaselines(history.ledgerFile, { ...history, feed: mapping.name });
    const ledger = openLedger(database);
    try {
      const file: RunFile = {
        version: 1,
        run: 1,
        identity: '',
        ledger: database,
        started: new Date(clock.now()).toISOString(),
        today: setup.today,
        input: { name: setup.input.name, sha256: copy.sha256, bytes: copy.bytes },
        account: { origin: 'https://api.gleantap.com', appId: '' },
        mappingFile: setup.mappingFile,
        mapping,
        encoding: options.encoding,
        selection: { limit: options.limit, rows: options.rows, duplicates: options.duplicates },
        tags: extraTagsOf(options, setup.today),
        tolerate: options.tolerate,
        acceptRefusals: false,
        onlyChanged: options.onlyChanged,
        acceptChanges: options.acceptChanges,
        lists: { unchanged: options.listUnchanged, vanished: options.listVanished },
        pace: { rate: 0, concurrency: 1, timeout: 0, attempts: 1, maxOutage: 0 },
        settings: { ...setup.settings },
      };
      const laidOut = { folder: out, file, ledger, csv: await openInput(out, file) };
      const kind = kindOf(laidOut);
      const matcher = history === undefined ? undefined : readMatcher(history.ledgerFile, history.account, mapping);
      let context: RunContext = {
        ...compileOrHold(laidOut, emit, setup.findings, kind === 'full' && !options.acceptChanges ? nights : []),
        matcher,
      };
      const { stats, samples } = await runCheckPass(context, { emit, stop }, { samples: setup.show }).finally(() => {
        matcher?.close();
      });
      if (stop.signal.aborted) throw interrupted();
      context = { ...context, file: { ...file, check: stats } };
      await runReportPass(context);
      const snapshot = kind === 'full' ? await checkDrift(context, stats, nights, options.gate) : undefined;
      if (snapshot !== undefined) warnAboutExport(snapshot, file, emit);
      const isReport = context.csv.report !== undefined;
      return {
        folder: out,
        stats,
        shown: samples.slice(0, setup.show).map(({ row, mapped }) => ({ row, requests: requestsOf(mapped) })),
        moved: snapshot?.drift ?? [],
        isOverMaxInvalid: !isReport && exceeds(options.maxInvalid, stats.invalid, stats.read),
        tooManyOptouts: isReport || options.acceptOptouts ? undefined : tooManyOptouts(stats),
      };
    } finally {
      ledger.close();
    }
  } catch (error) {
    await rm(out, { recursive: true, force: true });
    throw error;
  } finally {
    for (const suffix of ['', '-wal', '-shm']) await rm(database + suffix, { force: true });
  }
}

function interrupted(): RunError {
  return new RunError('interrupted', 'The check was interrupted; nothing was sent');
}
