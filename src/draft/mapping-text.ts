import { formatPath } from '../core/mapping/finding.ts';
import type { Path } from '../core/mapping/finding.ts';
import type { Drafting } from './drafting.ts';
import type { Answer, JsonValue, Question } from './question.ts';

const width = 110;

/**
 * A drafted mapping as the text of its file: JSON with comments, in the style of `mapping.example.json`. Each question is
 * above its `"?"`, each remark above what it is about, and each column that is left out has its reason next to it.
 */
export function mappingText(mapping: JsonValue, drafting: Drafting): string {
  const comments: Comments = { above: new Map(drafting.comments), beside: new Map() };
  for (const question of drafting.questions) {
    const [first] = question.paths;
    if (first !== undefined) put(comments.above, formatPath(first), questionLines(question));
  }
  const leftOut = drafting.sheet.columns.filter(
    ({ address, verdict }) => address !== undefined && verdict?.certainty === 'left out',
  );
  leftOut.forEach(({ verdict }, index) => comments.beside.set(`ignore[${index}]`, verdict?.why ?? ''));
  put(comments.above, 'ignore', attributeLines(drafting.attributes));
  return `${write(mapping, [], comments, '')}\n`;
}

/** By the written path of what they are above or next to. */
interface Comments {
  readonly above: Map<string, readonly string[]>;
  readonly beside: Map<string, string>;
}

function put(above: Comments['above'], path: string, lines: readonly string[]): void {
  above.set(path, [...(above.get(path) ?? []), ...lines]);
}

/** Ready to be used: without its slashes it is a part of the mapping. */
function attributeLines(attributes: Drafting['attributes']): string[] {
  const names = Object.entries(attributes);
  if (names.length === 0) return [];
  const lines = names.map(([name, setting]) => `  ${JSON.stringify(name)}: ${oneLine(setting)},`);
  return [
    'To send left-out columns as custom attributes, uncomment these lines and keep those you want:',
    '"attributes": {',
    ...lines,
    '},',
  ];
}

function questionLines({ question, because, answers, paths, likely }: Question): string[] {
  return [
    `QUESTION: ${question}`,
    ...because.map((line) => `  (${line})`),
    ...answers
      .slice(0, likely)
      .map((answer) => `  - ${answer.answer}: ${answer.consequence}. ${whatToWrite(answer, paths)}`),
  ];
}

/** How an answer is written into the file. */
function whatToWrite({ edits }: Answer, paths: Question['paths']): string {
  const [only] = edits;
  const places = new Set(paths.map(formatPath));
  if (only !== undefined && edits.length === 1 && places.size === 1 && places.has(formatPath(only.path)))
    return only.value === undefined ? 'Remove the line.' : `Write ${oneLine(only.value)}`;
  return edits
    .map(({ path, value }) =>
      value === undefined ? `remove ${formatPath(path)}` : `${formatPath(path)}: ${oneLine(value)}`,
    )
    .join(', ');
}

function write(value: JsonValue, path: Path, comments: Comments, indent: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const place = formatPath(path);
  const hasComment = [...comments.above.keys(), ...comments.beside.keys()].some((key) => isInside(key, place));
  const short = oneLine(value);
  if (path.length > 0 && !hasComment && short.length + indent.length <= width) return short;
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  const members = isList ? value.map((item, index) => [index, item] as const) : Object.entries(value);
  if (members.length === 0) return isList ? '[]' : '{}';
  const lines = members.map(([key, item], index) => {
    const here = [...path, key];
    const above = (comments.above.get(formatPath(here)) ?? []).map((line) => `${inner}// ${flat(line)}\n`).join('');
    const beside = comments.beside.get(formatPath(here));
    const text = `${isList ? '' : `${JSON.stringify(key)}: `}${write(item, here, comments, inner)}`;
    const comma = index === members.length - 1 ? '' : ',';
    return `${above}${inner}${text}${comma}${beside === undefined ? '' : ` // ${flat(beside)}`}`;
  });
  return `${isList ? '[' : '{'}\n${lines.join('\n')}\n${indent}${isList ? ']' : '}'}`;
}

/** A comment ends with its line, so nothing of the file may break it. */
function flat(line: string): string {
  return line.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trimEnd();
}

/** Whether a written path is that of something inside another. */
function isInside(path: string, place: string): boolean {
  if (path.length <= place.length || !path.startsWith(place)) return false;
  return place === '' || path[place.length] === '.' || path[place.length] === '[';
}

/** JSON on one line, with blanks where people put them. */
function oneLine(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${oneLine(item)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}
