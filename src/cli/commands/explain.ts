import { exitCodeOf } from '../../core/outcome/exit-codes.ts';
import type { Damage } from '../../csv/reader.ts';
import { explainRow } from '../../run/explain.ts';
import { withInputFile, withSheet } from '../../run/files/input-copy.ts';
import { extraTagsOf } from '../../run/setup.ts';
import { hintOf, problemSentence } from '../../core/outcome/messages.ts';
import type { Problem } from '../../core/outcome/problem.ts';
import { RunError } from '../../core/outcome/run-error.ts';
import { printLine } from '../io.ts';
import { fileSettings } from '../file-settings.ts';
import type { Io } from '../io.ts';
import { inputOf, findMapping, timeOf } from '../launch.ts';
import { screenOf } from '../text/screen.ts';
import { table } from '../text/words.ts';
import type { PlainCommand } from './command.ts';

export const explain: PlainCommand<{ csv: string; row: number }> = async ({ csv, row, flags }, io: Io) => {
  const { settings } = await fileSettings(csv, flags, io);
  const { values } = settings;
  const { today } = timeOf(io, undefined);
  const { file, mapping, findings } = await findMapping(settings, today);
  const explained = await withInputFile(withSheet(inputOf(csv, io), mapping, values.sheet), async (input) =>
    explainRow({
      csv: input,
      name: csv,
      row,
      mapping,
      mappingFile: file,
      findings,
      today,
      tags: extraTagsOf(values),
    }),
  ).catch((error: unknown) => {
    if (values.json && error instanceof RunError) {
      const { code, message, hint } = error;
      printLine(io.stdout, asJson({ version: 1, exitCode: exitCodeOf(code), error: { code, message, hint } }));
    }
    throw error;
  });
  const { cells, fields, requests, problems, warnings, damage, skipped } = explained;
  const exitCode = problems.length > 0 ? 1 : 0;
  if (values.json) {
    printLine(io.stdout, asJson({ version: 1, exitCode, ...explained }));
    return exitCode;
  }
  const show = (title: string, lines: readonly string[]): void => {
    if (lines.length === 0) return;
    for (const line of [title, ...lines, '']) printLine(io.stdout, line);
  };
  const source = explained.sourceRow === explained.row ? '' : ` (row ${explained.sourceRow} of the first file)`;
  const screen = screenOf(io.stdout, io.environment);
  const shownCells = damage?.raw === undefined ? table(cells.map(({ column, cell }) => [column, asJson(cell)]), screen) : []; // prettier-ignore
  show(`Row ${row} of ${csv}${source}`, [...shownCells, ...(damage === undefined ? [] : damageLines(damage))]);
  show(
    'Fields',
    fields.flatMap(({ name, steps }) => [`  ${name}`, ...steps.map((step) => `    ${step}`)]),
  );
  show('Problems that keep this row from being sent', problems.flatMap(problemLines));
  show('Left out or repaired', warnings.flatMap(problemLines));
  if (skipped !== undefined) show('Not sent', [`  ${problemSentence({ code: skipped })}.`]);
  if (problems.length === 0)
    requests.forEach((request, index) => show(`Request ${index + 1} of ${requests.length}`, [asJson(request)]));
  return exitCode;
};

/** Longest text of a damaged stretch that is shown whole; `--json` and failure.csv have all of it. */
const shownRaw = 2000;

/** What a damaged record costs, and what of it is not in the cells. */
function damageLines({ firstRow, lastRow, extra = [], raw }: Damage): string[] {
  const lines = extra.map((cell) => `  beyond the header: ${asJson(cell)}`);
  if (lastRow > firstRow) lines.push(`  Rows ${firstRow} to ${lastRow} are lost with it.`);
  if (raw !== undefined) {
    const more = raw.length > shownRaw ? ` (the first ${shownRaw} of ${raw.length} characters)` : '';
    lines.push(`  The text as it is in the file${more}:`);
    lines.push(
      ...raw
        .slice(0, shownRaw)
        .split(/\r\n|\n|\r/)
        .map((line) => `    ${line}`),
    );
  }
  return lines;
}

function problemLines(problem: Problem): string[] {
  const where = [problem.field, problem.column === undefined ? undefined : `column "${problem.column}"`]
    .filter((part) => part !== undefined)
    .join(', ');
  return [
    `  ${problem.code}${where === '' ? '' : ` (${where})`}: ${problemSentence(problem)}`,
    `    ${hintOf(problem.code)} (docs/errors.md#${problem.code})`,
  ];
}

function asJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}
