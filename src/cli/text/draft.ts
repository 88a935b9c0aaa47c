import type { Draft } from '../../draft/draft.ts';
import { plural, table } from './words.ts';

/** What `init` found in a file: evidence, the table of columns, and notes. */
export function findingLines(draft: Draft, csv: string): string[] {
  const { rows, sheet, layout, country, product, columns, constants, notes } = draft;
  return [
    `${csv}: ${plural(rows, 'row')}, ${plural(columns.length, 'column')}`,
    ...table([
      ...(sheet === undefined ? textLines(draft) : [['sheet', sheet, 'of an Excel workbook']]),
      ['header', `row ${layout.headerRow}`, layout.headerProof],
      ...(country === undefined
        ? []
        : [['country', typeof country.country === 'string' ? country.country : 'by row', country.because.join('; ')]]),
      ...(product === undefined
        ? []
        : [
            [
              'looks like',
              product.name,
              `${product.slug === undefined ? '' : `see docs/products/${product.slug}.md. `}Columns: ${product.columns.map((name) => `"${name}"`).join(', ')}${product.hint === undefined ? '' : `. Note: ${product.hint}`}`,
            ],
          ]),
    ]),
    '',
    ...table([
      ['COLUMN', 'GOES TO', 'CERTAINTY', 'EXAMPLE', 'WHY'],
      ...columns.map(({ column, fields, certainty, example, why }) => [
        short(column),
        fields.length === 0 ? '-' : fields.join(', '),
        certainty,
        short(example),
        why,
      ]),
      ...constants.map(({ field, value, why }) => ['(every row)', field, 'constant', short(value), why]),
    ]),
    '',
    ...notes.map((note) => `  ${note}`),
    ...(notes.length > 0 ? [''] : []),
  ].map(flat);
}

/** How the text of a CSV file is written. */
function textLines({ encoding, layout }: Draft): string[][] {
  return [
    ['encoding', encoding.encoding, encoding.proof],
    ...encoding.readings.flatMap((reading) =>
      reading.words.length === 0 ? [] : [['', '', `as ${reading.encoding}: ${reading.words.slice(0, 6).join(' ')}`]],
    ),
    ['delimiter', layout.delimiter === '\t' ? 'tab' : layout.delimiter, layout.delimiterProof],
  ];
}

/** What is left to do with a draft: the open questions and the next command. */
export function outcomeLines({ questions }: Draft, { mapping, next }: { mapping: string; next: string }): string[] {
  const lines: string[] = [];
  for (const [index, { question, because, answers, paths, likely }] of questions.entries()) {
    lines.push(`Question ${index + 1} of ${questions.length}: ${question}`);
    lines.push(...because.map((line) => `    ${line}`));
    lines.push(...answers.slice(0, likely).map(({ answer, consequence }) => `  - ${answer}: ${consequence}`));
    lines.push(`    Answer in ${mapping}: ${paths.map((parts) => parts.join('.')).join(' and ')}`, '');
  }
  lines.push(
    questions.length === 0
      ? `${mapping} is ready, with no open questions. Review it, then run:`
      : `${mapping} is drafted with ${plural(questions.length, 'open question')}, marked with "?". Answer in the file (its comments explain how), then run:`,
    next,
  );
  return lines.map(flat);
}

/** Line breaks and tabs of the file would break the table. */
function flat(line: string): string {
  return line.replaceAll(/[\t\n\r]+/g, ' ');
}

function short(text: string): string {
  const oneLine = text.replaceAll(/\s+/g, ' ');
  return oneLine.length > 28 ? `${oneLine.slice(0, 27)}…` : oneLine;
}
