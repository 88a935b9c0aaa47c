import { formatPath } from '../core/mapping/finding.ts';
import type { Path } from '../core/mapping/finding.ts';
import type { JsonValue, Question } from './question.ts';

const width = 110;

/**
 * A drafted mapping as the text of its file: JSON with comments, in the style of `mapping.example.json`. Each question stands
 * above its `"?"`, each remark above what it is about.
 *
 * @param remarks Lines by the written path (`fields.dob`) of what they stand above.
 */
export function mappingText(
  mapping: JsonValue,
  questions: readonly Question[],
  remarks: ReadonlyMap<string, readonly string[]>,
): string {
  const above = new Map<string, string[]>();
  const add = (path: string, lines: readonly string[]): void => {
    above.set(path, [...(above.get(path) ?? []), ...lines]);
  };
  for (const [path, lines] of remarks) add(path, lines);
  for (const question of questions) {
    const [first] = question.paths;
    if (first !== undefined) add(formatPath(first), questionLines(question));
  }
  return `${write(mapping, [], above, '')}\n`;
}

function questionLines({ question, because, answers }: Question): string[] {
  return [
    `QUESTION: ${question}`,
    ...because.map((line) => `  ${line}`),
    ...answers.map(({ answer, consequence, edits }) => {
      const written = edits.map(
        ({ path, value }) => `${formatPath(path)}: ${value === undefined ? 'delete it' : JSON.stringify(value)}`,
      );
      return `  - ${answer}: ${consequence}  [${written.join(', ')}]`;
    }),
  ];
}

function write(value: JsonValue, path: Path, above: ReadonlyMap<string, readonly string[]>, indent: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const hasComment = [...above.keys()].some((key) => isInside(key, formatPath(path)));
  const short = oneLine(value);
  if (path.length > 0 && !hasComment && short.length + indent.length <= width) return short;
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  const members = (isList ? value.map((item, index) => [index, item] as const) : Object.entries(value)).map(
    ([key, item]) => {
      const here = [...path, key];
      const comments = (above.get(formatPath(here)) ?? []).map(
        (line) => `${inner}// ${line.replaceAll(/\s+/g, ' ').trimEnd().replace(/^ - /, '  - ')}\n`,
      );
      return `${comments.join('')}${inner}${isList ? '' : `${JSON.stringify(key)}: `}${write(item, here, above, inner)}`;
    },
  );
  if (members.length === 0) return isList ? '[]' : '{}';
  return `${isList ? '[' : '{'}\n${members.join(',\n')}\n${indent}${isList ? ']' : '}'}`;
}

/** Whether a written path is that of something inside another. */
function isInside(path: string, place: string): boolean {
  return (
    path.length > place.length &&
    path.startsWith(place) &&
    (place === '' || path.startsWith(`${place}.`) || path.startsWith(`${place}[`))
  );
}

/** JSON on one line, with blanks where people put them. */
export function oneLine(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${oneLine(item)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}
