import { rm } from 'node:fs/promises';
import type { Contact } from '../core/api/contact.ts';
import { requestsOf } from '../core/mapping/compile.ts';
import { exitCodeOf, worstOf } from '../core/outcome/exit-codes.ts';
import type { ExitCode } from '../core/outcome/exit-codes.ts';
import { RunError } from '../core/outcome/run-error.ts';
import type { Movement } from '../core/quality/nightly-gate.ts';
import { openLedger } from '../ledger/ledger.ts';
import { readPilotRows } from '../ledger/pilot-rows.ts';
import { readRuns } from '../ledger/read-runs.ts';
import { assess } from './assess.ts';
import type { Refusal } from './assess.ts';
import { createFieldGallery } from './check/field-gallery.ts';
import { judgeRows } from './compare/judge-rows.ts';
import { openImport, runReportPass } from './context.ts';
import { rejectStaleExport } from './feed/export-health.ts';
import { readHistory } from './feed/history.ts';
import { readMatcher } from './feed/matcher.ts';
import { writeCheckFile } from './files/check-folder.ts';
import type { CheckFile } from './files/check-folder.ts';
import { copyInput, withSheet } from './files/input-copy.ts';
import { decisionsOf, removeIfEmpty, removeOwnFiles } from './files/own-files.ts';
import { claimRunFolder, inputCopyOf } from './files/run-folder.ts';
import type { ComparedPeople } from '../core/compare/compared-people.ts';
import type { AccountView, CheckStats, ImportContext } from './model.ts';
import type { Ports } from './ports.ts';
import { writeCheckPage } from './report/check-page.ts';
import { identityOf, specOf } from './setup.ts';
import type { ImportSetup } from './setup.ts';

export type CheckSetup = Pick<ImportSetup, 'input' | 'mapping' | 'mappingFile' | 'findings' | 'out' | 'today'> & {
  /** How many rows to show with what would be sent. */
  readonly show: number;
  readonly options: Pick<
    ImportSetup['options'],
    | 'sheet'
    | 'excel'
    | 'limit'
    | 'rows'
    | 'duplicates'
    | 'addTags'
    | 'removeTags'
    | 'maxInvalid'
    | 'onlyChanged'
    | 'acceptChanges'
    | 'acceptOptouts'
    | 'respectOptouts'
    | 'listUnchanged'
    | 'listVanished'
    | 'maxAge'
    | 'gate'
    | 'reportValues'
  >;
  /** Settings that are not the default, as a run keeps them. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The command to type after this check. */
  next(folder: string, stats: CheckStats): string | undefined;
  /** Reads the account and compares the file with it. Only the command `compare` does. */
  readonly readAccount?: ((context: ImportContext) => Promise<AccountView | undefined>) | undefined;
  /** The memory with which the file is compared, where the account is known. */
  readonly memory: { readonly ledgerFile: string; readonly account: string } | undefined;
};

export interface ShownRow {
  readonly row: number;
  readonly requests: readonly Contact[];
}

/** What a check found. `failure.csv` in the folder lists the invalid rows, and `report.html` is for the people whose list it is. */
export interface CheckResult {
  readonly folder: string;
  readonly stats: CheckStats;
  /** What would be sent for the first rows, request by request. */
  readonly shown: readonly ShownRow[];
  /** Why `run` would send nothing, the reason that it would give first. */
  readonly refusals: readonly Refusal[];
  /** What differs from the feed's earlier files by more than the gate allows, whether that is accepted or not. */
  readonly drift: readonly Movement[];
  /** The feed's last finished run, when its file was the same byte for byte. */
  readonly sameAs: number | undefined;
  /** Undefined where the account was not read. */
  readonly compared: ComparedPeople | undefined;
}

/**
 * Everything that an import does up to the first request, without network. Decisions go to a temporary database.
 *
 * @throws RunError as `importFile`
 */
export async function checkFile(
  setup: CheckSetup,
  { emit, clock, stop }: Pick<Ports, 'emit' | 'clock' | 'stop'>,
): Promise<CheckResult> {
  const { out, options, mapping, memory } = setup;
  const isNew = await claimRunFolder(out, () => false);
  const database = decisionsOf(out);
  const note: CheckFile = {
    version: 1,
    started: new Date(clock.now()).toISOString(),
    feed: mapping.name,
    account: memory?.account,
    mappingFile: setup.mappingFile,
  };
  try {
    await writeCheckFile(out, note);
    const input = withSheet(setup.input, mapping, options.sheet);
    emit({ type: 'copying', input: input.name });
    const copy = await copyInput(input, inputCopyOf(out), stop.signal);
    if (copy === undefined) throw interrupted();
    for (const message of copy.sheet?.notes ?? []) emit({ type: 'warning', message });
    await rejectStaleExport(setup, copy, clock);
    const ledger = openLedger(database);
    let matcher: ReturnType<typeof readMatcher>;
    try {
      const file = specOf(setup, copy, 1);
      const history =
        memory === undefined
          ? { baselines: [], last: undefined }
          : readHistory(memory.ledgerFile, { account: memory.account, feed: mapping.name });
      const opened = await openImport(out, file, emit, setup.findings, history.baselines);
      matcher = memory === undefined ? undefined : readMatcher(memory.ledgerFile, memory.account, mapping);
      const context: ImportContext = { folder: out, file, ledger, ...opened, matcher };
      const piloted =
        memory === undefined ? new Set<number>() : readPilotRows(memory.ledgerFile, memory.account, copy.sha256);
      const gallery = createFieldGallery(mapping, opened.csv.header, file.today);
      const assessing = { ...options, samples: setup.show, piloted, gallery };
      const assessed = await assess(context, history, assessing, { emit, stop });
      if (stop.signal.aborted) throw interrupted();
      const account = await setup.readAccount?.(context);
      const compared =
        account === undefined ? undefined : await judgeRows(context, account, stop).finally(account.close);
      if (stop.signal.aborted) throw interrupted();
      warnOfFinished(setup, copy.sha256, emit);
      const { stats, samples, snapshot, refusals } = assessed;
      const checked = { ...file, check: stats };
      emit({ type: 'reporting', out });
      const { findings, files } = await runReportPass({ ...context, file: checked });
      await writeCheckPage(
        {
          folder: out,
          file: checked,
          header: opened.csv.header,
          stats,
          samples: gallery.fields(),
          findings,
          files,
          compared,
          refusals,
        },
        {
          exitCode: exitCodeOfCheck(stats, refusals),
          at: new Date(clock.now()).toISOString(),
          next: setup.next(out, stats),
          settings: setup.settings,
          showsValues: options.reportValues,
        },
      );
      await writeCheckFile(out, note);
      return {
        folder: out,
        stats,
        shown: samples.slice(0, setup.show).map(({ row, mapped }) => ({ row, requests: requestsOf(mapped) })),
        refusals,
        drift: snapshot?.drift ?? [],
        sameAs: snapshot?.sameAs,
        compared,
      };
    } finally {
      matcher?.close();
      ledger.close();
    }
  } catch (error) {
    await removeOwnFiles(out);
    if (isNew) await removeIfEmpty(out);
    throw error;
  } finally {
    for (const suffix of ['', '-wal', '-shm', '.seal']) await rm(database + suffix, { force: true });
  }
}

/** Too many invalid rows are invalid rows: the same exit code, whatever `run` makes of them (DESIGN.md section 4). */
export function exitCodeOfCheck({ invalid }: CheckStats, refusals: readonly Refusal[]): ExitCode {
  const refused = refusals.map(({ code }) => (code === 'too_many_invalid' ? 1 : exitCodeOf(code)));
  return worstOf([...refused, invalid > 0 ? 1 : 0]);
}

/** What `run` would answer instead of importing the file once more. */
function warnOfFinished({ memory, mapping, options }: CheckSetup, sha256: string, emit: Ports['emit']): void {
  if (memory === undefined || options.onlyChanged) return;
  const identity = identityOf({ account: memory.account, mapping }, sha256, options);
  const finished = readRuns(memory.ledgerFile, memory.account).find(
    (run) => run.identity === identity && run.state === 'finished',
  );
  if (finished === undefined) return;
  const message = `Run ${finished.id} already imported exactly this file, so "run" sends nothing unless you add --again`;
  emit({ type: 'warning', message });
}

function interrupted(): RunError {
  return new RunError('interrupted', 'The check was interrupted. Nothing was sent');
}
