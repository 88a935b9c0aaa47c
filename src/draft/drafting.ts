import { formatPath } from '../core/mapping/finding.ts';
import type { Path } from '../core/mapping/finding.ts';
import type { JsonValue, Question } from './question.ts';
import type { Sheet } from './sheet.ts';

/** A mapping in the making: what the parts of `fields/` write into, one after the other. */
export interface Drafting {
  readonly sheet: Sheet;
  readonly fields: Record<string, JsonValue>;
  readonly questions: Question[];
  readonly skip: { column: string; in: string[] }[];
  /** Only rows that match all of these are sent. */
  readonly keep: { column: string; in: string[] }[];
  /** Which row of a person is sent. Undefined where the rows of a person do not differ. */
  people?: JsonValue;
  /** Custom attributes that could be sent. Nothing is sent there unless the user asks for it. */
  readonly attributes: Record<string, JsonValue>;
  /** Sentences for the person, about the file as a whole. */
  readonly notes: string[];
  /** Remarks, by the written path of what they are above. */
  readonly comments: Map<string, string[]>;
}

export function remark(drafting: Drafting, path: Path, text: string): void {
  const key = formatPath(path);
  drafting.comments.set(key, [...(drafting.comments.get(key) ?? []), text]);
}

/** Leaves a row out whose cell in a column is one of the words; one filter a column. */
export function skipRows(drafting: Drafting, column: string, words: readonly string[]): void {
  const filter = drafting.skip.find((known) => known.column === column);
  if (filter === undefined) drafting.skip.push({ column, in: [...new Set(words)] });
  else filter.in = [...new Set([...filter.in, ...words])];
}
