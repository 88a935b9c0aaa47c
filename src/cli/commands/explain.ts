import { resolveSettings } from '../../config/settings.ts';
import { explainRow } from '../../run/explain.ts';
import { withInputFile } from '../../run/input-copy.ts';
import { extraTagsOf } from '../../run/setup.ts';
import { hintOf, problemSentence } from '../../core/messages.ts';
import type { Problem } from '../../core/problem.ts';
import { printLine } from '../io.ts';
import type { Io } from '../io.ts';
import { inputOf, loadMapping, timeOf } from '../launch.ts';
import { safeJson, safeText } from '../text/safe.ts';
import { table } from '../text/words.ts';
import type { PlainCommand } from './command.ts';

export const explain: PlainCommand<{ csv: string; row: number }> = async ({ csv, row, flags }, io: Io) => {
  const settings = await resolveSettings(flags, io.environment);
  const { values } = settings;
  const { today } = timeOf(io, undefined);
  const { file, mapping, findings } = await loadMapping(settings, today);
  const explained = await withInputFile(inputOf(csv, io), async (input) =>
    explainRow({
      csv: input,
      name: csv,
      row,
      mapping,
      mappingFile: file,
      findings,
      today,
      encoding: values.encoding,
      tags: extraTagsOf(values, today),
    }),
  );
  const { cells, fields, requests, problems, warnings, skipped } = explained;
  const exitCode = problems.length > 0 ? 1 : 0;
  if (values.json) {
    printLine(io.stdout, safeJson({ version: 1, exitCode, ...explained }));
    return exitCode;
  }
  const show = (title: string, lines: readonly string[]): void => {
    if (lines.length === 0) return;
    for (const line of [title, ...lines, '']) printLine(io.stdout, line);
  };
  const source = explained.sourceRow === explained.row ? '' : ` (row ${explained.sourceRow} of the first file)`;
  show(`Row ${row} of ${csv}${source}`, table(cells.map(({ column, cell }) => [column, safeJson(cell)])));
  show(
    'Fields',
    fields.flatMap(({ name, steps }) => [`  ${name}`, ...steps.map((step) => `    ${safeText(step)}`)]),
  );
  show('Problems', problems.flatMap(problemLines));
  show('Left out or repaired', warnings.flatMap(problemLines));
  if (skipped !== undefined) show('Not sent', [`  ${problemSentence({ code: skipped })}.`]);
  if (problems.length === 0)
    requests.forEach((request, index) => show(`Request ${index + 1} of ${requests.length}`, [safeJson(request)]));
  return exitCode;
};

function problemLines(problem: Problem): string[] {
  const where = [problem.field, problem.column === undefined ? undefined : `column "${problem.column}"`]
    .filter((part) => part !== undefined)
    .join(', ');
  return [
    `  ${problem.code}${where === '' ? '' : ` (${where})`}: ${safeText(problemSentence(problem))}`,
    `    ${hintOf(problem.code)}`,
  ];
}
