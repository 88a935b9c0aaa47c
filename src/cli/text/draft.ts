import type { Draft } from '../../draft/draft.ts';
import { plural, table } from './words.ts';

/** What `init` says of a draft: proofs, the table of columns, notes, questions, and the next command. */
export function draftLines(
  draft: Draft,
  { csv, mapping, next }: { csv: string; mapping: string; next: string },
): string[] {
  const { rows, encoding, layout, country, product, columns, questions, notes } = draft;
  const lines = [
    `${csv}: ${plural(rows, 'row')}, ${plural(columns.length, 'column')}`,
    ...table([
      ['encoding', encoding.encoding, encoding.proof],
      ...encoding.readings.flatMap((reading) =>
        reading.words.length === 0 ? [] : [['', '', `as ${reading.encoding}: ${reading.words.slice(0, 6).join(' ')}`]],
      ),
      ['delimiter', layout.delimiter === '\t' ? 'tab' : layout.delimiter, layout.delimiterProof],
      ['header', `row ${layout.headerRow}`, layout.headerProof],
      ...(country === undefined ? [] : [['country', country.country, country.because.join('; ')]]),
      ...(product === undefined
        ? []
        : [
            [
              'looks like',
              product.name,
              `docs/products/${product.slug}.md; it has ${product.columns.map((name) => `"${name}"`).join(', ')}${product.hint === undefined ? '' : `; ${product.hint}`}`,
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
    ]),
    '',
    ...notes.map((note) => `  ${note}`),
    ...(notes.length > 0 ? [''] : []),
  ];
  for (const [index, { question, because, answers, paths }] of questions.entries()) {
    lines.push(`Question ${index + 1} of ${questions.length}: ${question}`);
    lines.push(...because.map((line) => `    ${line}`));
    lines.push(...answers.map(({ answer, consequence }) => `  - ${answer}: ${consequence}`));
    lines.push(`    Answer it in ${mapping}: ${paths.map((parts) => parts.join('.')).join(' and ')}`, '');
  }
  lines.push(
    questions.length === 0
      ? `${mapping} is drafted and leaves nothing open. Look at it, then type:`
      : `${mapping} is drafted; it holds "?" where ${questions.length === 1 ? 'a question is' : `${questions.length} questions are`} open. Answer in the file (its comments say how), then type:`,
    next,
  );
  // Nothing of the file may move the cursor.
  return lines.map((line) => line.replaceAll(/\p{Cc}+/gu, ' '));
}

function short(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ');
  return flat.length > 28 ? `${flat.slice(0, 27)}…` : flat;
}
