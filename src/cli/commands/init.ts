import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { resolveSettings } from '../../config/settings.ts';
import { commandText } from '../../core/settings/command-text.ts';
import type { OptionValues } from '../../core/settings/options.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import { maskValue } from '../../core/reports/mask-value.ts';
import { isPhoneCountry } from '../../core/values/phones.ts';
import { columnWords } from '../../draft/column-words.ts';
import { draftMapping } from '../../draft/draft.ts';
import type { DraftOptions } from '../../draft/draft.ts';
import { writeAtomically } from '../../report/atomic-file.ts';
import { withInputFile, withSheet } from '../../run/files/input-copy.ts';
import { isInteractive, printLine } from '../io.ts';
import type { Io } from '../io.ts';
import { inputOf, timeOf } from '../launch.ts';
import { progressOn } from '../session.ts';
import { findingLines, outcomeLines, wordLines } from '../text/draft.ts';
import { screenOf } from '../text/screen.ts';
import type { PlainCommand } from './command.ts';

interface InitArguments {
  readonly csv: string;
  readonly country: string | undefined;
  readonly encoding: string | undefined;
  readonly force: boolean;
  /** Whether cells are masked, for people who share their screen. */
  readonly mask: boolean;
  /** A column whose words are listed, instead of drafting anything. */
  readonly words: string | undefined;
}

/** Drafts a mapping file. Ends with 0 also when questions are open: the draft is written, and nothing else was asked for. */
export const init: PlainCommand<InitArguments> = async (typed, io: Io) => {
  const { csv, flags, country, encoding, force, mask, words } = typed;
  const { values } = await resolveSettings(flags, io.environment);
  if (words !== undefined) return listWords(typed, words, values, io);
  const target = path.resolve(values.mapping);
  if (!force) await refuseExisting(target, values.mapping);
  const options: DraftOptions = {
    name: csv,
    today: timeOf(io, undefined).today,
    country: country === undefined ? undefined : countryOf(country),
    encoding,
    showValues: !mask && !values.json,
  };
  const found = await whileReading(csv, io, values, async (file, sheet) => draftMapping(file, { ...options, sheet }));
  const next = commandText('check', csv, ...(values.mapping === 'mapping.json' ? [] : ['--mapping', values.mapping]));
  const screen = screenOf(io.stdout, io.environment);
  const isAsked = isInteractive(io) && csv !== '-' && !values.json && found.questions.length > 0;
  if (isAsked) for (const line of findingLines(found, csv, screen)) printLine(io.stdout, line);
  const draft = isAsked
    ? found.answered(await (await import('../ask-questions.ts')).askQuestions(found.questions, io))
    : found;
  await writeAtomically(target, draft.text);
  if (values.json) {
    const { text: _, ...facts } = draft;
    io.stdout.write(`${JSON.stringify({ ...facts, mappingFile: target, next }, undefined, 2)}\n`);
    return 0;
  }
  if (!isAsked) for (const line of findingLines(draft, csv, screen)) printLine(io.stdout, line);
  for (const line of outcomeLines(draft, { mapping: values.mapping, next }, screen)) printLine(io.stdout, line);
  return 0;
};

/** Lists the words of a column, as a mapping's "yes", "no" and "values" name them. */
async function listWords(
  { csv, encoding, mask }: InitArguments,
  column: string,
  values: OptionValues,
  io: Io,
): Promise<number> {
  const found = await whileReading(csv, io, values, async (file) => columnWords(file, { name: csv, encoding }, column));
  const words = found.words.map(({ word, count }) => ({ word: mask ? maskValue(word) : word, count }));
  const lines = values.json
    ? [JSON.stringify({ ...found, words }, undefined, 2)]
    : wordLines({ ...found, words }, screenOf(io.stdout, io.environment));
  for (const line of lines) printLine(io.stdout, line);
  return 0;
}

/**
 * Reads a file for a command that keeps nothing of it, and shows that it takes a while. Several sheets may hold lists: on a
 * terminal, a person says which one is meant.
 */
async function whileReading<Found>(
  csv: string,
  io: Io,
  values: OptionValues,
  work: Parameters<typeof withInputFile<Found>>[1],
): Promise<Found> {
  const progress = progressOn(io, values);
  progress.show(`Reading ${csv}`);
  const input = withSheet(inputOf(csv, io), undefined, values.sheet);
  const ask = async (names: readonly string[]): Promise<string | undefined> => {
    progress.stop();
    return (await import('../ask-questions.ts')).askSheet(names, io);
  };
  const asking = isInteractive(io) && !values.json ? { ...input, excel: { ...input.excel, ask } } : input;
  return withInputFile(asking, work).finally(() => progress.stop());
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
