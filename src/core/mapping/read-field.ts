import type { Problem } from '../outcome/problem.ts';
import { createCellReader, textOf } from '../values/cell-text.ts';
import type { CellText } from '../values/cell-text.ts';
import type { Parsed, ValueCode } from '../values/parsed.ts';
import { cleanCell, createMissing, fold } from '../values/text.ts';
import type { ColumnFinder } from './columns.ts';
import { columnsOf } from './fields.ts';
import type { MappedField } from './fields.ts';
import { compileParser, compileWrittenParser } from './parsers.ts';
import type { FieldValue } from './parsers.ts';
import type { Mapping } from './schema.ts';

/** What a field made of a row: its value if it has one, and everything worth saying on the way. */
export interface FieldReading {
  readonly value: FieldValue | undefined;
  /** The text that was taken from the row, before words and formats were applied. */
  readonly text: string | undefined;
  readonly column: string | undefined;
  readonly problem: Problem | undefined;
  readonly warnings: readonly Problem[];
}

export type { FieldValue };

export interface FieldReader {
  /** The field's value, or nothing; a whole reading when there is more to say. Costs nothing more for a cell in good order. */
  read(cells: readonly string[]): FieldValue | FieldReading | undefined;
  /** The same, and how it came about. */
  explain(cells: readonly string[]): FieldReading;
}

/** What `read` came to, whichever way it said so. */
export function valueIn(read: FieldValue | FieldReading | undefined): FieldValue | undefined {
  return typeof read === 'object' ? read.value : read;
}

const nothing: FieldReading = {
  value: undefined,
  text: undefined,
  column: undefined,
  problem: undefined,
  warnings: [],
};
const noWarnings: readonly Problem[] = [];

/**
 * Compiles one field of a mapping to a function over a row's cells: take the text, look for its word in "values", parse it
 * as the field's kind. All that can be decided once is decided here, not for every row.
 *
 * @param today The calendar day of the run's start, `YYYY-MM-DD`.
 */
export function compileField(field: MappedField, mapping: Mapping, find: ColumnFinder, today: string): FieldReader {
  const { name, settings } = field;
  const sources = compileSources(field, mapping, find);
  const translate = compileWords(field);
  const parse = compileParser(field, mapping, today);
  const { value: constant, default: fallback, onInvalid } = settings;
  if (constant !== undefined) {
    const reading = writtenReading(name, constant, compileWrittenParser(field, mapping, today));
    return { read: () => reading, explain: () => reading };
  }
  const fallbackReading =
    fallback === undefined ? nothing : defaultReading(name, fallback, compileWrittenParser(field, mapping, today));

  const problemIn = (cells: readonly string[], { column, textIn }: Source, code: Problem['code']): Problem => ({
    code,
    field: name,
    column,
    value: textIn(cells),
  });

  const explain = (cells: readonly string[]): FieldReading => {
    let said: Problem[] | undefined;
    for (const source of sources) {
      const { column } = source;
      const taken = source.take(cells);
      const text = textOf(taken);
      if (typeof taken !== 'string') (said ??= []).push(...taken.notes.map((code) => problemIn(cells, source, code)));
      if (text === '') continue;
      const word = translate(text);
      const parsed = typeof word === 'string' ? parse.ofText(word) : word;
      switch (parsed.kind) {
        case 'missing':
          if (parsed.dropped !== undefined) (said ??= []).push(problemIn(cells, source, parsed.dropped));
          continue;
        case 'bad': {
          const problem = problemIn(cells, source, parsed.code);
          if (!isLeftOut(parsed.code, onInvalid))
            return { value: undefined, text, column, problem, warnings: said ?? noWarnings };
          (said ??= []).push(problem);
          return { value: undefined, text, column, problem: undefined, warnings: said };
        }
        case 'value':
          if (parsed.notes !== undefined)
            (said ??= []).push(...parsed.notes.map((code) => problemIn(cells, source, code)));
          return { value: parsed.value, text, column, problem: undefined, warnings: said ?? noWarnings };
      }
    }
    return said === undefined
      ? fallbackReading
      : { ...fallbackReading, warnings: [...said, ...fallbackReading.warnings] };
  };

  const isText = field.kind === 'text' && settings.case === undefined;
  const read: FieldReader['read'] = (cells) => {
    for (const source of sources) {
      const text = source.take(cells);
      if (text === '') continue;
      if (typeof text !== 'string') return explain(cells);
      const word = translate(text);
      if (typeof word !== 'string') return explain(cells);
      if (isText) return word;
      const parsed = parse.ofText(word);
      if (parsed.kind === 'value' && parsed.notes === undefined) return parsed.value;
      if (parsed.kind !== 'missing' || parsed.dropped !== undefined) return explain(cells);
    }
    return fallbackReading === nothing ? undefined : fallbackReading;
  };
  return { read, explain };
}

function isLeftOut(code: ValueCode | Unlisted['code'], onInvalid: 'fail' | 'drop' | undefined): boolean {
  // A date in the opposite order casts doubt on the whole column, whatever onInvalid says.
  if (code === 'date_opposite_order') return false;
  // A word of consent that nobody listed is unknown, not wrong.
  return onInvalid === 'drop' || code === 'word_not_listed' || code === 'word_dropped';
}

/** A column, or several joined. */
interface Source {
  readonly column: string;
  /** The text as it stands in the file. */
  readonly textIn: (cells: readonly string[]) => string;
  /** What it says, clean; `''` when it is missing. */
  readonly take: (cells: readonly string[]) => CellText;
}

/** Where the text comes from: the first column that is not missing wins. */
function compileSources(field: MappedField, mapping: Mapping, find: ColumnFinder): Source[] {
  const isMissing = createMissing(mapping.missing ?? [], field.kind === 'name' ? 'name' : 'other');
  // An email or phone cell may hold several, one on each line.
  const holdsSeveral = field.kind === 'email' || field.kind === 'phone';
  const read = createCellReader(field.settings, holdsSeveral ? 'kept' : 'collapsed');
  const columns = columnsOf(field).flatMap(({ name: column }): Source[] => {
    const lookup = find(column);
    if (lookup.kind !== 'found') return [];
    const textIn = (cells: readonly string[]): string => cells[lookup.index] ?? '';
    const take = (cells: readonly string[]): CellText => {
      const cell = textIn(cells);
      if (cell === '') return cell;
      const said = read(cell);
      const text = textOf(said);
      return text !== '' && isMissing(text) ? '' : said;
    };
    return [{ column, textIn, take }];
  });
  const { join } = field.settings;
  if (field.settings.columns === undefined || join === undefined) return columns;
  const joined = (texts: readonly string[]): string => texts.filter((text) => text !== '').join(join);
  return [
    {
      column: columns.map(({ column }) => column).join(' + '),
      textIn: (cells) => joined(columns.map(({ textIn }) => textIn(cells))),
      take: (cells) => {
        const taken = columns.map(({ take }) => take(cells));
        const notes = taken.flatMap((said) => (typeof said === 'string' ? [] : said.notes));
        const text = joined(taken.map(textOf));
        return notes.length === 0 ? text : { text, notes };
      },
    },
  ];
}

/** A word that "values" does not list. */
interface Unlisted {
  readonly kind: 'bad';
  readonly code: 'word_not_mapped' | 'word_dropped';
}

function compileWords({ settings }: MappedField): (text: string) => string | Unlisted {
  const { values, otherwise = 'fail' } = settings;
  if (values === undefined) return (text) => text;
  const listed = new Map<string, string>();
  for (const [word, text] of Object.entries(values)) listed.set(fold(word), cleanCell(text));
  const written = typeof otherwise === 'object' ? cleanCell(otherwise.value) : undefined;
  const unlisted: Unlisted = { kind: 'bad', code: otherwise === 'drop' ? 'word_dropped' : 'word_not_mapped' };
  return (text) => {
    const word = listed.get(fold(text));
    if (word !== undefined) return word;
    if (otherwise === 'keep') return text;
    return written ?? unlisted;
  };
}

/** What a mapping writes itself goes through the field's own parser; the rules have refused what that can't read. */
function writtenReading(name: string, written: FieldValue, parse: (text: string) => Parsed<FieldValue>): FieldReading {
  const text = String(written);
  const parsed: Parsed<FieldValue> = typeof written === 'string' ? parse(written) : { kind: 'value', value: written };
  if (parsed.kind === 'bad') return { ...nothing, text, problem: { code: parsed.code, field: name, value: text } };
  return parsed.kind === 'value' ? { ...nothing, text, value: parsed.value } : nothing;
}

function defaultReading(name: string, text: string, parse: (text: string) => Parsed<FieldValue>): FieldReading {
  const reading = writtenReading(name, text, parse);
  const isName = name === 'first_name' || name === 'last_name';
  return isName ? { ...reading, warnings: [{ code: 'default_used', field: name }] } : reading;
}
