import { isContradiction } from '../outcome/problem.ts';
import type { Problem } from '../outcome/problem.ts';
import { createCellReader, textOf } from '../values/cell-text.ts';
import type { CellText } from '../values/cell-text.ts';
import type { Parsed } from '../values/parsed.ts';
import { cleanCell, createMissing, fold } from '../values/text.ts';
import type { ColumnFinder } from './columns.ts';
import { columnsOf } from './fields.ts';
import type { FieldKind, MappedField } from './fields.ts';
import { compileRowCountry } from './country.ts';
import { compileParser, compilePhoneParsers, compileWrittenParser } from './parsers.ts';
import type { FieldValue } from './parsers.ts';
import type { Mapping } from './schema.ts';

export type { FieldValue };

/** One step on the way from the cells of a row to the value of a field. */
export type ReadingStep =
  /** A column was read, or several were joined. `text` is what it says, clean; `''` when it counts as missing. */
  | {
      readonly kind: 'source';
      readonly column: string;
      readonly cells: readonly { readonly column: string; readonly cell: string }[];
      readonly text: string;
    }
  /** The mapping's own `value` or `default` was taken. */
  | { readonly kind: 'constant' | 'default'; readonly text: string }
  /** `values` or `otherwise` put another word in the place of the text. */
  | { readonly kind: 'word'; readonly text: string }
  /** Something failed the row, was left out or was repaired. */
  | { readonly kind: 'problem' | 'warning'; readonly problem: Problem }
  /** An `optout_email: false` was left out, because only `liftOptOut` may send one. */
  | { readonly kind: 'opt_out_kept' };

/** What a field reader has to say besides the value. One object serves all fields of a row. */
export interface ReadingNotes {
  readonly problems: Problem[];
  readonly warnings: Problem[];
  /** Give a list to record each step. Without one, nothing is recorded. */
  steps: ReadingStep[] | undefined;
}

/** Reads one field of a row: its value, or undefined when the field is left out. */
export type FieldReader = (cells: readonly string[], notes: ReadingNotes) => FieldValue | undefined;

/**
 * Compiles one field of a mapping to a function over a row's cells: take the text, look for its word in "values", parse it
 * as the field's kind. All that can be decided once is decided here, not for every row.
 *
 * @param today The calendar day of the run's start, `YYYY-MM-DD`.
 */
export function compileField(field: MappedField, mapping: Mapping, find: ColumnFinder, today: string): FieldReader {
  const { name, kind, settings } = field;
  const { value: constant, default: fallback, onInvalid } = settings;
  if (constant !== undefined) return compileWritten('constant', constant, field, mapping, today);
  const readDefault = fallback === undefined ? undefined : compileWritten('default', fallback, field, mapping, today);
  const sources = compileSources(field, mapping, find);
  const translate = compileWords(field);
  // A damaged number in the first of several columns lets the next have its turn. A word of consent or status does not.
  const givesWay = sources.length > 1 && lastingKinds.has(kind);
  const parserFor = compileParserChoice(field, mapping, find, today);
  /** The parser would hand the text back unchanged. */
  const isPlainText = kind === 'text' && settings.case === undefined;

  const about = ({ column, textIn }: FieldSource, cells: readonly string[], code: Problem['code']): Problem => ({
    code,
    field: name,
    column,
    value: textIn(cells),
  });

  return (cells, notes) => {
    /** What was wrong with an earlier column, should no later one have a value. */
    let damaged: Problem | undefined;
    const { steps } = notes;
    for (const source of sources) {
      const taken = source.take(cells);
      steps?.push(stepOf(source, cells, taken));
      if (taken === '') continue;
      if (typeof taken !== 'string') for (const code of taken.notes) warn(notes, about(source, cells, code));
      const text = textOf(taken);
      if (text === '') continue;
      const word = translate(text);
      if (typeof word === 'string') {
        if (steps !== undefined && word !== text) steps.push({ kind: 'word', text: word });
        if (isPlainText) return word;
      }
      const parsed = typeof word === 'string' ? parserFor(cells).ofText(word) : word;
      switch (parsed.kind) {
        case 'missing':
          if (parsed.dropped !== undefined) warn(notes, about(source, cells, parsed.dropped));
          continue;
        case 'bad': {
          const problem = about(source, cells, parsed.code);
          if (givesWay && !isContradiction(parsed.code)) {
            if (damaged === undefined) damaged = problem;
            else warn(notes, problem);
            continue;
          }
          (isLeftOut(parsed.code, onInvalid) ? warn : fail)(notes, problem);
          return undefined;
        }
        case 'value':
          if (damaged !== undefined) warn(notes, damaged);
          if (parsed.notes !== undefined) for (const code of parsed.notes) warn(notes, about(source, cells, code));
          return parsed.value;
      }
    }
    if (damaged !== undefined) {
      (isLeftOut(damaged.code, onInvalid) ? warn : fail)(notes, damaged);
      return undefined;
    }
    return readDefault?.(cells, notes);
  };
}

/** Kinds of fields that are the same person's in every column of a list: a second phone will do, a second consent will not. */
const lastingKinds: ReadonlySet<FieldKind> = new Set(['phone', 'email', 'date', 'datetime', 'number']);

/** The parser of a row: the same for all, but for phones where each row names its country. */
function compileParserChoice(
  field: MappedField,
  mapping: Mapping,
  find: ColumnFinder,
  today: string,
): (cells: readonly string[]) => ReturnType<typeof compileParser> {
  if (field.kind !== 'phone' || typeof mapping.country !== 'object') {
    const parser = compileParser(field, mapping, today);
    return () => parser;
  }
  const countryOf = compileRowCountry(mapping, find);
  const parserOf = compilePhoneParsers(field);
  return (cells) => parserOf(countryOf(cells));
}

function warn({ warnings, steps }: ReadingNotes, problem: Problem): void {
  warnings.push(problem);
  steps?.push({ kind: 'warning', problem });
}

function fail({ problems, steps }: ReadingNotes, problem: Problem): void {
  problems.push(problem);
  steps?.push({ kind: 'problem', problem });
}

function stepOf({ column, cellsIn }: FieldSource, cells: readonly string[], taken: CellText): ReadingStep {
  return { kind: 'source', column, cells: cellsIn(cells), text: textOf(taken) };
}

function isLeftOut(code: Problem['code'], onInvalid: 'fail' | 'drop' | undefined): boolean {
  if (isContradiction(code)) return false;
  // A word of consent that the mapping does not list is unknown, not wrong.
  return onInvalid === 'drop' || code === 'word_not_listed' || code === 'word_dropped';
}

/** A column, or several joined. */
interface FieldSource {
  readonly column: string;
  /** The text as the file has it. */
  readonly textIn: (cells: readonly string[]) => string;
  /** The cells that it reads, by column. */
  readonly cellsIn: (cells: readonly string[]) => { readonly column: string; readonly cell: string }[];
  /** What it says, clean; `''` when it is missing. */
  readonly take: (cells: readonly string[]) => CellText;
}

/** Where the text comes from: the first column that is not missing wins. */
function compileSources(field: MappedField, mapping: Mapping, find: ColumnFinder): FieldSource[] {
  const isMissing = createMissing(mapping.missing ?? [], field.kind === 'name' ? 'name' : 'other');
  // An email or phone cell may hold several, one on each line.
  const holdsSeveral = field.kind === 'email' || field.kind === 'phone';
  const read = createCellReader(field.settings, holdsSeveral ? 'kept' : 'collapsed');
  const columns = columnsOf(field).flatMap(({ name: column }): FieldSource[] => {
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
    return [{ column, textIn, cellsIn: (cells) => [{ column, cell: textIn(cells) }], take }];
  });
  const { join } = field.settings;
  if (field.settings.columns === undefined || join === undefined) return columns;
  const joined = (texts: readonly string[]): string => texts.filter((text) => text !== '').join(join);
  return [
    {
      column: columns.map(({ column }) => column).join(' + '),
      textIn: (cells) => joined(columns.map(({ textIn }) => textIn(cells))),
      cellsIn: (cells) => columns.flatMap(({ cellsIn }) => cellsIn(cells)),
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

/**
 * What the mapping writes itself goes through the field's own parser, once. The rules have refused what that can't read.
 * A default for a name is worth a warning, because it overwrites the name that Gleantap has.
 */
function compileWritten(
  kind: 'constant' | 'default',
  written: FieldValue,
  field: MappedField,
  mapping: Mapping,
  today: string,
): FieldReader {
  const { name } = field;
  const text = String(written);
  const parsed: Parsed<FieldValue> =
    typeof written === 'string'
      ? compileWrittenParser(field, mapping, today)(written)
      : { kind: 'value', value: written };
  const isNameDefault = kind === 'default' && (name === 'first_name' || name === 'last_name');
  return (_cells, notes) => {
    notes.steps?.push({ kind, text });
    if (parsed.kind === 'bad') fail(notes, { code: parsed.code, field: name, value: text });
    if (isNameDefault) warn(notes, { code: 'default_used', field: name });
    return parsed.kind === 'value' ? parsed.value : undefined;
  };
}
