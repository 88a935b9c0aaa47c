import type { ColumnWords } from '../../draft/column-words.ts';
import type { Certainty } from '../../draft/column.ts';
import type { Draft } from '../../draft/draft.ts';
import { visible } from '../../core/reports/visible.ts';
import type { Screen, Style } from './screen.ts';
import { count, plural, table, wrap } from './words.ts';

const styles: Readonly<Record<Certainty, Style | undefined>> = {
  sure: 'ok',
  likely: undefined,
  asked: 'warning',
  'left out': 'dim',
};

/** What `init` found in a file: evidence, the table of columns, and notes. */
export function findingLines(draft: Draft, csv: string, screen: Screen): string[] {
  const { rows, columns, constants, notes } = draft;
  const header = ['COLUMN', 'GOES TO', 'CERTAINTY', 'EXAMPLES', 'WHY'];
  return [
    ...sentence(`${csv}: ${plural(rows, 'row')}, ${plural(columns.length, 'column')}`, screen),
    ...table(evidenceOf(draft), screen),
    '',
    ...table(
      [
        header.map((text) => ({ text, style: 'dim' as const })),
        ...columns.map(({ column, fields, certainty, examples, why }) => {
          const style = styles[certainty];
          return [
            short(column),
            fields.length === 0 ? '-' : fields.join(', '),
            style === undefined ? certainty : { text: certainty, style },
            short(asManyAsFit(examples.map(flat))),
            flat(why),
          ];
        }),
        ...constants.map(({ field, value, why }) => ['(every row)', field, 'constant', short(value), flat(why)]),
      ],
      screen,
    ),
    '',
    ...notes.flatMap((note) => sentence(`  ${note}`, screen)),
    ...(notes.length > 0 ? [''] : []),
  ];
}

function evidenceOf(draft: Draft): string[][] {
  const { sheet, layout, country, product } = draft;
  const rows = [
    ...(sheet === undefined ? textLines(draft) : [['sheet', sheet, 'of an Excel workbook']]),
    ['header', `row ${layout.headerRow}`, layout.headerProof],
  ];
  if (country !== undefined)
    rows.push([
      'country',
      typeof country.country === 'string' ? country.country : 'by row',
      country.because.join('; '),
    ]);
  if (product !== undefined) {
    const page = product.slug === undefined ? '' : `see docs/products/${product.slug}.md. `;
    const names = product.columns.map((name) => `"${name}"`).join(', ');
    rows.push([
      'looks like',
      product.name,
      `${page}Columns: ${names}${product.hint === undefined ? '' : `. Note: ${product.hint}`}`,
    ]);
  }
  return rows.map((row) => row.map(flat));
}

/** The words of a column with their counts. */
export function wordLines({ column, rows, blank, words }: ColumnWords, screen: Screen): string[] {
  const blanks = blank > 0 ? `, ${count(blank)} blank` : '';
  const width = Math.max(...words.map(({ count: times }) => count(times).length), 0);
  return [
    ...sentence(`"${column}": ${plural(words.length, 'different word')} in ${plural(rows, 'row')}${blanks}`, screen),
    ...table(
      words.map(({ word, count: times }) => [count(times).padStart(width), flat(word)]),
      screen,
    ),
  ];
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
export function outcomeLines(
  { questions }: Draft,
  { mapping, next }: { mapping: string; next: string },
  screen: Screen,
): string[] {
  const lines: string[] = [];
  const say = (text: string): void => void lines.push(...sentence(text, screen));
  for (const [index, { question, because, answers, paths, likely }] of questions.entries()) {
    say(`Question ${index + 1} of ${questions.length}: ${question}`);
    for (const line of because) say(`    ${line}`);
    for (const { answer, consequence } of answers.slice(0, likely)) say(`  - ${answer}: ${consequence}`);
    say(`    Answer in ${mapping}: ${paths.map((parts) => parts.join('.')).join(' and ')}`);
    lines.push('');
  }
  say(
    questions.length === 0
      ? `${mapping} is ready, with no open questions. Review it, then run:`
      : `${mapping} is drafted with ${plural(questions.length, 'open question')}, marked with "?". Answer in the file (its comments explain how), then run:`,
  );
  return [...lines, flat(next)];
}

function sentence(text: string, { sentenceWidth }: Screen): string[] {
  return wrap(visible(flat(text)), sentenceWidth);
}

/** Line breaks and tabs of the file would break the table. */
function flat(text: string): string {
  return text.replaceAll(/[\t\n\r]+/g, ' ');
}

const longestCell = 28;

function short(text: string): string {
  const oneLine = text.replaceAll(/\s+/g, ' ');
  return oneLine.length > longestCell ? `${oneLine.slice(0, longestCell - 1)}…` : oneLine;
}

/** Examples side by side, none of which is cut unless the first one is too long. */
function asManyAsFit([first = '', ...more]: readonly string[]): string {
  return more.reduce((text, next) => (`${text}, ${next}`.length > longestCell ? text : `${text}, ${next}`), first);
}
