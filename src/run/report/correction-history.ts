import { count } from '../../core/reports/figures.ts';
import path from 'node:path';
import type { Ledger, RunRecord } from '../../ledger/ledger.ts';
import { openCsv } from '../../csv/reader.ts';
import { csvSettings } from '../../csv/csv-settings.ts';
import { createRowCursor } from '../../ledger/row-cursor.ts';
import { inputCopyOf, readRunFile } from '../files/run-folder.ts';

/** What has become of a file over all rounds: its own run, and the corrected reports that were imported since. */
export interface CorrectionHistory {
  /** The run of the file itself. */
  readonly run: number;
  readonly file: string;
  readonly read: number;
  readonly in: number;
  readonly leftOut: number;
  /** Failed, unknown or not sent yet. */
  readonly open: number;
  /** The first open rows, as the file numbers them. */
  readonly openRows: readonly number[];
}

const listedRows = 10;

/** "members.csv: 7,988 of 8,000 are in, 12 open (rows 17, 44)". */
export function historySentence({ file, read, in: isIn, leftOut, open, openRows }: CorrectionHistory): string {
  const rows = `row${openRows.length === 1 ? '' : 's'} ${openRows.join(', ')}${open > openRows.length ? ', ...' : ''}`;
  return [
    `${path.basename(file)}: ${count(isIn)} of ${count(read)} are in`,
    ...(leftOut > 0 ? [`${count(leftOut)} left out`] : []),
    open === 0 ? 'none open' : `${count(open)} open (${rows})`,
  ].join(', ');
}

/** The statement over all rounds of the file that a report run belongs to; undefined when that file's run is not known. */
export async function historyOfReport(ledger: Ledger, report: RunRecord): Promise<CorrectionHistory | undefined> {
  const root = await rootOf(ledger, report);
  return root === undefined ? undefined : historyOf(ledger, root);
}

/** The statement over a file's own run and all reports of it that were imported; undefined when there were none. */
export async function historyOf(ledger: Ledger, root: RunRecord): Promise<CorrectionHistory | undefined> {
  const settled = new Set<number>();
  const rounds = await roundsOf(ledger, root);
  if (rounds.length === 0) return undefined;
  for (const round of rounds) await readSettled(ledger, round, settled);
  const counts = ledger.countRows(root.id);
  const openRows: number[] = [];
  let failed = 0;
  for (const row of failedRows(ledger, root.id)) {
    if (settled.has(row)) continue;
    failed += 1;
    if (openRows.length < listedRows) openRows.push(row);
  }
  const sent = counts.succeeded + counts.failed + counts.unknown;
  const unchanged = ledger.countUnchanged(root.id);
  const leftOut = counts.skipped - unchanged;
  const pending = root.read - sent - counts.skipped;
  const open = failed + pending;
  return {
    run: root.id,
    file: root.inputName,
    read: root.read,
    in: root.read - leftOut - open,
    leftOut,
    open,
    openRows,
  };
}

/** The imports of a run's reports, and of their reports, newest first. */
export async function roundsOf(ledger: Ledger, record: RunRecord): Promise<RunRecord[]> {
  const root = await rootOf(ledger, record);
  const rounds: RunRecord[] = [];
  if (root === undefined) return rounds;
  for (const round of ledger.listRuns({ account: root.account })) {
    if (round.kind === 'report' && round.id > root.id && (await rootOf(ledger, round))?.id === root.id)
      rounds.push(round);
  }
  return rounds;
}

/** The run of the file that a report comes from, through all the reports in between. */
async function rootOf(ledger: Ledger, report: RunRecord): Promise<RunRecord | undefined> {
  let at: RunRecord | undefined = report;
  while (at?.kind === 'report') at = await parentOf(ledger, at);
  return at;
}

/** The run that wrote a report: the one whose folder it is in, else the feed's last run that did not import a report. */
async function parentOf(ledger: Ledger, report: RunRecord): Promise<RunRecord | undefined> {
  const folder = path.dirname(path.resolve(report.inputName));
  const wrote = await readRunFile(folder).catch(() => undefined);
  const parent = wrote?.ledger === ledger.file ? ledger.findRun(wrote.run) : undefined;
  if (parent !== undefined && parent.id < report.id) return parent;
  return ledger
    .listRuns({ account: report.account })
    .find(
      ({ id, kind, feed, state }) => id < report.id && kind === 'full' && feed === report.feed && state !== 'refused',
    );
}

/** Adds the rows of the first file that a round has brought in, or that a later row made needless. */
async function readSettled(ledger: Ledger, { id, out }: RunRecord, settled: Set<number>): Promise<void> {
  const file = await readRunFile(out).catch(() => undefined);
  if (file === undefined) return;
  const csv = await openCsv(inputCopyOf(out), csvSettings(file.mapping)).catch(() => undefined);
  if (csv === undefined) return;
  const recordAt = createRowCursor(ledger, id);
  for await (const { rows } of csv.batches()) {
    for (const { row, sourceRow } of rows) {
      const record = recordAt(row);
      if (record?.outcome === 'succeeded' || record?.code === 'superseded') settled.add(sourceRow);
    }
  }
}

const pageSize = 1000;

function* failedRows(ledger: Ledger, run: number): Generator<number> {
  let last = 0;
  for (;;) {
    const page = ledger.rowsAfter(run, last, pageSize);
    for (const { row, outcome, code } of page) {
      const isOpen = (outcome === 'failed' || outcome === 'unknown') && code !== 'superseded';
      if (isOpen) yield row;
      last = row;
    }
    if (page.length < pageSize) return;
  }
}
