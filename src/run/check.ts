import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Contact } from '../core/api/contact.ts';
import { requestsOf } from '../core/mapping/compile.ts';
import type { Movement } from '../core/quality/nightly-gate.ts';
import { exceeds } from '../core/settings/options.ts';
import { RunError } from '../core/outcome/run-error.ts';
import { openLedger } from '../ledger/ledger.ts';
import { readNights } from '../ledger/nights.ts';
import { tooManyOptouts } from './check/check-facts.ts';
import type { CheckFacts } from './check/check-facts.ts';
import { mapRows } from './check/check-pass.ts';
import { kindOf, openInput, runCheckPass, runReportPass } from './context.ts';
import type { RunContext } from './context.ts';
import { refuseOld, sayAloud } from './feed/export-health.ts';
import { copyInput } from './files/input-copy.ts';
import { compileOrHold, judgeNight } from './feed/night.ts';
import type { Ports } from './ports.ts';
import { readRecognition } from './feed/recognition.ts';
import { claimRunFolder, inputCopyOf } from './files/run-folder.ts';
import type { RunFile } from './files/run-folder.ts';
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
  readonly facts: CheckFacts;
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
    await refuseOld(setup, copy, clock);
    const { history } = setup;
    const nights = history === undefined ? [] : readNights(history.ledgerFile, { ...history, feed: mapping.name });
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
        selection: { limit: options.limit, rows: options.rows, duplicates: options.duplicates },
        tags: extraTagsOf(options),
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
      const recognition =
        history === undefined ? undefined : readRecognition(history.ledgerFile, history.account, mapping);
      let context: RunContext = {
        ...compileOrHold(laidOut, emit, setup.findings, kind === 'full' && !options.acceptChanges ? nights : []),
        recognition,
      };
      const { facts } = await runCheckPass(context, { emit, stop }, { samples: setup.show }).finally(() => {
        recognition?.close();
      });
      if (stop.signal.aborted) throw interrupted();
      context = { ...context, file: { ...file, check: facts } };
      await runReportPass(context);
      const night = kind === 'full' ? await judgeNight(context, facts, nights, options.gate) : undefined;
      if (night !== undefined) sayAloud(night, file, emit);
      const isReport = context.csv.report !== undefined;
      return {
        folder: out,
        facts,
        shown: await showRows(context, facts.sampleRows.slice(0, setup.show)),
        moved: night?.moved ?? [],
        isOverMaxInvalid: !isReport && exceeds(options.maxInvalid, facts.invalid, facts.read),
        tooManyOptouts: isReport || options.acceptOptouts ? undefined : tooManyOptouts(facts),
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

async function showRows({ csv, map }: RunContext, rows: readonly number[]): Promise<ShownRow[]> {
  const mapped = await mapRows(csv, map, new Set(rows));
  return mapped.map((row, index) => ({ row: rows[index] ?? 0, requests: requestsOf(row) }));
}

function interrupted(): RunError {
  return new RunError('interrupted', 'The check was interrupted; nothing was sent');
}
