import { plural } from '../core/reports/figures.ts';
import { defaultCountry } from '../core/mapping/country.ts';
import path from 'node:path';
import { unsentConsent } from '../core/mapping/consent-rules.ts';
import { createMarkReader } from '../core/people/opt-outs.ts';
import { guardFormula } from '../core/reports/spreadsheet-guard.ts';
import type { Vanished } from '../ledger/ledger.ts';
import { createReportFile } from '../report/report-file.ts';
import { createDamageDetectors } from '../core/quality/column-damage.ts';
import { movementSentence } from '../core/quality/nightly-gate.ts';
import type { GateLimits, Movement } from '../core/quality/nightly-gate.ts';
import { RunError } from '../core/outcome/run-error.ts';
import { exceeds } from '../core/settings/option-values.ts';
import type { Share } from '../core/settings/option-values.ts';
import { checkPass } from './check/check-pass.ts';
import type { FieldGallery } from './check/field-gallery.ts';
import { createPilotPicker } from './check/pilot.ts';
import { createRowKinds } from './check/row-kinds.ts';
import { rowsGoingFirst } from './check/rows-first.ts';
import { createComparison } from './feed/comparison.ts';
import { warnAboutExport } from './feed/export-health.ts';
import type { FeedHistory } from './feed/history.ts';
import { takeSnapshot } from './feed/snapshot.ts';
import { kindOf } from './model.ts';
import type { Checked, CheckStats, FeedSnapshot, ImportContext, ImportSpec } from './model.ts';
import { settingText } from '../core/settings/typed-option.ts';
import type { Ports } from './ports.ts';

/** What a file would do: everything that is known before the first request. The decisions about its rows are in the ledger. */
export interface Assessment extends Checked {
  /** Undefined for anything but a whole file of a feed. */
  readonly snapshot: FeedSnapshot | undefined;
  /** Why nothing of the file is sent. The first one is the one that a run ends with. */
  readonly refusals: readonly Refusal[];
}

/** Why nothing of a file is sent, unless the user accepts it. */
export interface Refusal {
  readonly code: 'too_many_invalid' | 'too_many_optouts' | 'held';
  /** In numbers, as part of a sentence. */
  readonly reason: string;
  readonly hint: string;
}

export interface AssessOptions {
  readonly maxInvalid: Share;
  readonly acceptOptouts: boolean;
  readonly gate: GateLimits;
  /** How many rows to be sent the caller wants to show. */
  readonly samples?: number;
  /** Finds the match keys of people who go first. */
  readonly findWaiting?: (() => Promise<ReadonlySet<number>>) | undefined;
  /** Rows that earlier pilots of the same file sent: a new pilot is better made of others. */
  readonly piloted?: ReadonlySet<number>;
  /** Notes what is shown of the fields. */
  readonly gallery?: FieldGallery;
  /** Whether the rows will be compared with a list of opt-outs. */
  readonly forOptOuts?: boolean;
}

/**
 * Rows that are looked up before anything is sent. If half of the people are known, 8 look-ups find none of them once in 256
 * files; more would only make the plan come later, as each takes a request at the run's rate.
 */
const peopleLookedUp = 8;

/**
 * Checks a whole file and judges it: the one way in which `check` and `run` find out what a file would do.
 *
 * @param history What the ledger remembers of the feed's earlier files.
 * @returns Worth nothing when `stop` aborted it.
 * @throws RunError `input` when a column contradicts the order of its days and months or its decimal separator
 */
export async function assess(
  context: ImportContext,
  history: FeedHistory,
  options: AssessOptions,
  { emit, stop }: Pick<Ports, 'emit' | 'stop'>,
): Promise<Assessment> {
  const { file } = context;
  const kind = kindOf(context);
  const checked = await checkAll(context, options, { emit, stop });
  const { stats } = checked;
  if (stop.signal.aborted) return { ...checked, snapshot: undefined, refusals: [] };
  const snapshot = kind === 'full' ? await takeSnapshot(context, stats, history, options.gate) : undefined;
  const refusals =
    kind === 'report' ? [] : refusalsOf(stats, file.acceptChanges ? [] : (snapshot?.drift ?? []), options);
  const warn = (message: string): void => emit({ type: 'warning', message });
  if (snapshot !== undefined) warnAboutExport(snapshot, file, warn);
  if (file.selection.rows !== undefined && stats.toSend === 0 && stats.failed === 0 && refusals.length === 0)
    warn('None of the --rows can be sent. The header counts as a row too');
  return { ...checked, snapshot, refusals };
}

async function checkAll(
  { folder, file, ledger, csv, map, matcher }: ImportContext,
  { samples = 0, findWaiting, forOptOuts = false, piloted = new Set(), gallery }: AssessOptions,
  { emit, stop }: Pick<Ports, 'emit' | 'stop'>,
): Promise<Checked> {
  ledger.clearRows(file.run);
  const known = matcher === undefined ? undefined : createComparison(matcher, !file.acceptChanges);
  const waiting = (await findWaiting?.()) ?? new Set<number>();
  emit({ type: 'checking', rows: 0 });
  const found = await checkPass({
    csv,
    map,
    detectors: createDamageDetectors(file.mapping, csv.header),
    kinds: createRowKinds(file.mapping),
    pilot: createPilotPicker(file.mapping),
    piloted,
    sampleSize: Math.max(peopleLookedUp, samples),
    ledger,
    run: file.run,
    selection: file.selection,
    known,
    onlyChanged: file.onlyChanged && known !== undefined && csv.report === undefined,
    goesFirst: (people) => rowsGoingFirst(people, waiting),
    marks: forOptOuts && canOptIn(file) ? createMarkReader(defaultCountry(file.mapping)) : undefined,
    gallery,
    onProgress: (rows) => emit({ type: 'checking', rows }),
    signal: stop.signal,
  });
  const expected = known?.expected();
  if (file.lists.vanished && csv.report === undefined && matcher !== undefined && expected !== undefined)
    await writeVanished(folder, matcher.memory.vanished(expected.seen));
  const stats = { ...found.stats, unsentConsent: unsentConsent(file.mapping, csv.header) };
  return { ...found, stats, expected };
}

/** Whether an import could send something that an opt-out contradicts. */
function canOptIn({ mapping: { fields }, tagList }: ImportSpec): boolean {
  return tagList === undefined && (fields.optin_sms !== undefined || fields.optout_email?.liftOptOut === true);
}

/** Lists people of earlier files who are not in this one, with the row and the run where each was last seen. */
async function writeVanished(folder: string, vanished: Iterable<Vanished>): Promise<void> {
  const file = await createReportFile(path.join(folder, 'vanished.csv'), ['_id', '_last_row', '_last_run']);
  for (const { id, row, run } of vanished) await file.add([guardFormula(id), String(row), String(run)]);
  await file.commit();
}

/** Judges what was counted; reports are never refused. @param drift What differs from earlier files, unless that is accepted. */
export function refusalsOf(
  stats: CheckStats,
  drift: readonly Movement[],
  { maxInvalid, acceptOptouts }: Pick<AssessOptions, 'maxInvalid' | 'acceptOptouts'>,
): Refusal[] {
  const refusals: Refusal[] = [];
  const { invalid, read, emailOptouts } = stats;
  if (exceeds(maxInvalid, invalid, read)) {
    refusals.push({
      code: 'too_many_invalid',
      reason: `${invalid} of ${plural(read, 'row')} ${invalid === 1 ? 'is' : 'are'} invalid, more than --max-invalid allows (${settingText(maxInvalid)})`,
      hint: 'failure.csv lists them with reasons. Correct the mapping or the file, or raise --max-invalid.',
    });
  }
  const percent = acceptOptouts ? undefined : tooManyOptouts(stats);
  if (percent !== undefined) {
    refusals.push({
      code: 'too_many_optouts',
      reason: `this file would opt ${percent} % of its people out of email (${emailOptouts.rows} of ${emailOptouts.of})`,
      hint: 'Check "yes" and "no" of optout_email in the mapping: they may be the wrong way round. If the file is right, add --accept-optouts.',
    });
  }
  if (drift.length > 0) {
    refusals.push({
      code: 'held',
      reason: `this file is not like the earlier files of its feed: ${drift.map(movementSentence).join('; ')}`,
      hint: 'Check the export. If it is right, add --accept-changes to the "run" command. It sends this file, and later files are compared with it.',
    });
  }
  return refusals;
}

/** How a run ends that was refused. */
export function refusalError({ code, reason, hint }: Refusal): RunError {
  return new RunError(code, `Nothing was sent: ${reason}`, { hint });
}

/** A file that opts more people out of email than this was probably mapped the wrong way round. Percent. */
const mostEmailOptouts = 30;

/**
 * How many percent of a file's people it would opt out of email, when that is too many to be meant: of the whole file and of the
 * rows to be sent, so that a file in which only three members changed is not refused because two of them unsubscribed.
 */
function tooManyOptouts({ emailOptouts, consent, toSend }: CheckStats): number | undefined {
  const percent = (100 * emailOptouts.rows) / Math.max(1, emailOptouts.of);
  const isMany = percent > mostEmailOptouts && 100 * consent.optoutYes > mostEmailOptouts * toSend;
  return isMany ? Math.round(percent) : undefined;
}
