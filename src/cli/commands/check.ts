import path from 'node:path';
import { changedSettings, resolveSettings } from '../../config/settings.ts';
import { worstOf } from '../../core/outcome/exit-codes.ts';
import { mappingError } from '../../core/mapping/finding.ts';
import { movementSentence } from '../../core/quality/nightly-gate.ts';
import { checkFile } from '../../run/check.ts';
import { createStop } from '../../run/events.ts';
import { pilotCommand } from '../../run/next-command.ts';
import { freshFolder, ledgerFileOf } from '../../run/files/places.ts';
import { inputCopyOf } from '../../run/files/run-folder.ts';
import type { CheckSummary } from '../../report/summary.ts';
import { printLine } from '../io.ts';
import type { Io } from '../io.ts';
import { accountIfKnown, inputOf, findMapping, timeOf } from '../launch.ts';
import { hearSignals } from '../signals.ts';
import { healthLines } from '../text/health.ts';
import { rowsRead } from '../text/plan.ts';
import { plural } from '../text/words.ts';
import type { Command } from './command.ts';

export const check: Command<{ csv: string | undefined; show: number | undefined }, CheckSummary> = async (
  { csv, show = 0, flags },
  io: Io,
) => {
  const settings = await resolveSettings(flags, io.environment);
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
  const { folder, facts, shown, isOverMaxInvalid, tooManyOptouts, moved } = await checkFile(
    {
      input: inputOf(csv, io),
      mapping,
      mappingFile: file,
      findings,
      options: values,
      settings: changed,
      show,
      history: account === undefined ? undefined : { account, ledgerFile: ledgerFileOf(values.ledger, file) },
      out: values.out === undefined ? freshFolder(csv, new Date(), 'check-') : path.resolve(values.out),
      today: time.today,
    },
    {
      clock: time.clock,
      stop,
      emit: (event) => {
        if (event.type === 'warning' && !values.quiet) printLine(io.stderr, `Warning: ${event.message}`);
      },
    },
  ).finally(unhear);
  if (!values.json) {
    printLine(io.stdout, `${csv}: ${rowsRead(facts)}`);
    // Not a screen, but a file or a pipe: as wide as a page.
    const width = io.stdout.columns || 100;
    for (const line of ['', ...healthLines(facts, shown, width), '']) printLine(io.stdout, line);
  }
  const sentence = isOverMaxInvalid
    ? `More rows are invalid than --max-invalid allows: "run" would send nothing. ${path.join(folder, 'failure.csv')} lists them.`
    : tooManyOptouts !== undefined
      ? `This file would opt ${tooManyOptouts} % of its people out of email: "run" would send nothing without --accept-optouts. Check "yes" and "no" of optout_email first.`
      : facts.invalid > 0
        ? `${plural(facts.invalid, 'row')} would not be sent; ${path.join(folder, 'failure.csv')} lists them with reasons.`
        : facts.read === 0
          ? 'The file has a header and no rows: there is nothing to send.'
          : 'Every row is fit to be sent.';
  const filled = Object.entries(facts.filled).map(
    ([field, rows]) => [field, rows / Math.max(1, facts.toSend)] as const,
  );
  const held = values.acceptChanges ? [] : moved.map(movementSentence);
  return {
    ...base,
    exitCode: worstOf([tooManyOptouts === undefined ? 0 : 2, facts.invalid > 0 ? 1 : 0, held.length > 0 ? 5 : 0]),
    sentence:
      held.length === 0
        ? sentence
        : `"run" would hold this file, which is not like those of earlier nights: ${held.join('; ')}. ${sentence}`,
    ...(held.length === 0
      ? {}
      : { moved: moved.map((movement) => ({ ...movement, sentence: movementSentence(movement) })) }),
    next:
      facts.toSend === 0
        ? undefined
        : // A pipe is spent; its copy is not.
          pilotCommand(csv === '-' ? inputCopyOf(folder) : csv, values.mapping, changed, facts.pilotRows),
    out: folder,
    input: csv,
    problems: counted(facts.problems),
    warnings: counted(facts.warnings),
    ...(facts.people === undefined ? {} : { people: facts.people }),
    fillRate: Object.fromEntries(filled),
    health: { ...facts, ...(show === 0 ? {} : { shown }) },
  };
};

function counted(codes: Readonly<Record<string, { readonly count: number }>>): Record<string, number> {
  return Object.fromEntries(Object.entries(codes).map(([code, { count }]) => [code, count]));
}
