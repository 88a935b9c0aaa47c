import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { resolveSettings } from '../../config/settings.ts';
import { commandText } from '../../core/settings/command-text.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import { isPhoneCountry } from '../../core/values/phones.ts';
import { draftMapping } from '../../draft/draft.ts';
import type { DraftOptions } from '../../draft/draft.ts';
import { writeAtomically } from '../../report/atomic-file.ts';
import { withInputFile, withSheet } from '../../run/files/input-copy.ts';
import type { InputSource } from '../../run/model.ts';
import { isInteractive, printLine } from '../io.ts';
import type { Io } from '../io.ts';
import { inputOf, timeOf } from '../launch.ts';
import { findingLines, outcomeLines } from '../text/draft.ts';
import type { PlainCommand } from './command.ts';

/** Drafts a mapping file. Ends with 0 also when questions are open: the draft is written, and nothing else was asked for. */
export const init: PlainCommand<{
  csv: string;
  country: string | undefined;
  encoding: string | undefined;
  force: boolean;
}> = async ({ csv, flags, country, encoding, force }, io: Io) => {
  const { values } = await resolveSettings(flags, io.environment);
  const target = path.resolve(values.mapping);
  if (!force) await refuseExisting(target, values.mapping);
  const options: DraftOptions = {
    name: csv,
    today: timeOf(io, undefined).today,
    country: country === undefined ? undefined : countryOf(country),
    encoding,
  };
  const found = await withInputFile(inputForInit(csv, values, io), async (file, sheet) =>
    draftMapping(file, { ...options, sheet }),
  );
  const next = commandText('check', csv, ...(values.mapping === 'mapping.json' ? [] : ['--mapping', values.mapping]));
  const isAsked = isInteractive(io) && csv !== '-' && !values.json && found.questions.length > 0;
  if (isAsked) for (const line of findingLines(found, csv)) printLine(io.stdout, line);
  const draft = isAsked
    ? found.answered(await (await import('../ask-questions.ts')).askQuestions(found.questions, io))
    : found;
  await writeAtomically(target, draft.text);
  if (values.json) {
    const { text: _, ...facts } = draft;
    io.stdout.write(`${JSON.stringify({ ...facts, mappingFile: target, next }, undefined, 2)}\n`);
    return 0;
  }
  if (!isAsked) for (const line of findingLines(draft, csv)) printLine(io.stdout, line);
  for (const line of outcomeLines(draft, { mapping: values.mapping, next })) printLine(io.stdout, line);
  return 0;
};

/** Several sheets may hold lists: on a terminal, a person says which one is meant. */
function inputForInit(
  csv: string,
  { sheet, json }: { sheet?: string | undefined; json: boolean },
  io: Io,
): InputSource {
  const input = withSheet(inputOf(csv, io), {}, sheet);
  if (!isInteractive(io) || json) return input;
  const ask = async (names: readonly string[]): Promise<string | undefined> =>
    (await import('../ask-questions.ts')).askSheet(names, io);
  return { ...input, excel: { ...input.excel, ask } };
}

function countryOf(text: string): string {
  const code = text.toUpperCase();
  if (isPhoneCountry(code)) return code;
  throw new RunError('usage', `--country ${text} is not a valid country code`, {
    hint: 'Write two letters (ISO 3166), like US or GB.',
  });
}

async function refuseExisting(target: string, shown: string): Promise<void> {
  const found = await lstat(target).catch(() => undefined);
  if (found === undefined) return;
  throw new RunError('usage', `${shown} exists, and init does not overwrite it`, {
    hint: 'Name another file with --mapping, or add --force to replace it.',
  });
}
