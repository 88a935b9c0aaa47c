import path from 'node:path';
import { changedSettings, resolveSettings } from '../../config/settings.ts';
import { mappingError } from '../../core/mapping/finding.ts';
import { errorOf, movedOf } from '../../report/summary.ts';
import type { CheckSummary } from '../../report/summary.ts';
import { refusalError } from '../../run/assess.ts';
import { checkFile, exitCodeOfCheck } from '../../run/check.ts';
import { createStop } from '../../run/events.ts';
import type { CheckStats } from '../../run/model.ts';
import { pilotCommand } from '../../run/next-command.ts';
import { checkPrefix, freshFolder, ledgerFileOf } from '../../run/files/places.ts';
import { inputCopyOf } from '../../run/files/run-folder.ts';
import { fileSettings } from '../file-settings.ts';
import { printLine } from '../io.ts';
import type { Io } from '../io.ts';
import { accountIfKnown, inputOf, findMapping, timeOf } from '../launch.ts';
import { warningText } from '../errors.ts';
import { progressOn } from '../session.ts';
import { hearSignals } from '../signals.ts';
import { healthLines } from '../text/health.ts';
import { here } from '../text/paths.ts';
import { rowsRead } from '../text/plan.ts';
import { screenOf } from '../text/screen.ts';
import { plural, wrap } from '../text/words.ts';
import type { Command } from './command.ts';

export const check: Command<{ csv: string | undefined; show: number | undefined }, CheckSummary> = async (
  { csv, show = 0, flags },
  io: Io,
) => {
  const settings =
    csv === undefined ? await resolveSettings(flags, io.environment) : (await fileSettings(csv, flags, io)).settings;
  const { values } = settings;
  const time = timeOf(io, undefined);
  const { file, mapping, findings } = await findMapping(settings, time.today);
  const base = { version: 1, kind: 'check', simulator: false } as const;
  if (csv === undefined) {
    if (findings.some(({ severity }) => severity === 'error')) throw mappingError(path.basename(file), findings);
    const examples = plural(mapping.examples?.length ?? 0, 'example');
    return {
      ...base,
      exitCode: 0,
      sentence: `The mapping ${file} is sound, ${examples} included.`,
      next: undefined,
      problems: {},
      warnings: {},
      fillRate: {},
    };
  }
  const account = await accountIfKnown(io, values, { mappingFile: file, pinned: mapping.account?.app_id });
  const stop = createStop();
  const unhear = hearSignals(stop);
  const changed = changedSettings(settings);
  const progress = progressOn(io, values);
  const mappingTyped = settings.sources.mapping === 'run folder' ? undefined : values.mapping;
  const next = (folder: string, { toSend, pilotRows }: CheckStats): string | undefined =>
    toSend === 0
      ? undefined
      : // A pipe is spent; its copy is not.
        pilotCommand(csv === '-' ? inputCopyOf(folder) : csv, mappingTyped, changed, pilotRows);
  const { folder, stats, shown, refusals, drift, sameAs } = await checkFile(
    {
      input: inputOf(csv, io),
      mapping,
      mappingFile: file,
      findings,
      options: values,
      show,
      settings: changed,
      next,
      memory: account === undefined ? undefined : { account, ledgerFile: ledgerFileOf(values.ledger, file) },
      out: values.out === undefined ? freshFolder(csv, new Date(), checkPrefix) : path.resolve(values.out),
      today: time.today,
    },
    {
      clock: time.clock,
      stop,
      emit: (event) => {
        progress.note(event);
        if (event.type === 'warning' && !values.quiet) progress.write(warningText(io, event.message));
      },
    },
  ).finally(() => {
    unhear();
    progress.stop();
  });
  if (!values.json) {
    const screen = screenOf(io.stdout, io.environment);
    const title = wrap(`${csv}: ${rowsRead(stats)}`, screen.width);
    for (const line of [...title, '', ...healthLines(stats, shown, screen), '']) printLine(io.stdout, line);
  }
  const aboutRows =
    stats.invalid > 0
      ? `${plural(stats.invalid, 'row')} would not be sent. ${here(path.join(folder, 'failure.csv'))} lists them with reasons.`
      : stats.read === 0
        ? 'The file has a header but no rows. There is nothing to send.'
        : 'Every row can be sent.';
  const [refusal] = refusals;
  const refused = refusals.map(({ reason }) => `"run" would send nothing: ${reason}. `).join('');
  const filled = Object.entries(stats.filled).map(
    ([field, rows]) => [field, rows / Math.max(1, stats.toSend)] as const,
  );
  return {
    ...base,
    exitCode: exitCodeOfCheck(stats, refusals),
    sentence: `${refused}${aboutRows}`,
    ...(refusal === undefined ? {} : { error: errorOf(refusalError(refusal)) }),
    ...(drift.length === 0 ? {} : { moved: movedOf(drift) }),
    ...(sameAs === undefined ? {} : { sameAs }),
    next: refusal === undefined ? next(folder, stats) : undefined,
    out: folder,
    input: csv,
    problems: counted(stats.problems),
    warnings: counted(stats.warnings),
    ...(stats.people === undefined ? {} : { people: stats.people }),
    fillRate: Object.fromEntries(filled),
    health: { ...stats, ...(show === 0 ? {} : { shown }) },
  };
};

function counted(codes: Readonly<Record<string, { readonly count: number }>>): Record<string, number> {
  return Object.fromEntries(Object.entries(codes).map(([code, { count }]) => [code, count]));
}
