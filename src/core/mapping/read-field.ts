import type { Problem } from '../problem.ts';
import type { Parsed } from '../values/parsed.ts';
import { cleanCell, createMissing, fold } from '../values/text.ts';
import type { ColumnFinder } from './columns.ts';
import { columnsOf } from './fields.ts';
import type { MappedField } from './fields.ts';
import { compileParser } from './parsers.ts';
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

export type FieldReader = (cells: readonly string[]) => FieldReading;

interface Taken {
  readonly text: string;
  readonly column: string | undefined;
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
  const take = compileSource(field, mapping, find);
  const translate = compileWords(field);
  const parse = compileParser(field, mapping, today);
  const { value: constant, default: fallback, onInvalid } = settings;
  if (constant !== undefined) {
    const reading = writtenReading(name, constant, parse);
    return () => reading;
  }
  const fallbackReading = fallback === undefined ? nothing : defaultReading(name, fallback, parse);

  return (cells) => {
    const taken = take(cells);
    if (taken === undefined) return fallbackReading;
    const { text, column } = taken;
    const about = { field: name, ...(column === undefined ? {} : { column }), value: text };
    const word = translate(text);
    if (word.kind === 'unlisted') {
      const problem: Problem = { code: word.drop ? 'word_dropped' : 'word_not_mapped', ...about };
      return word.drop || onInvalid === 'drop'
        ? { ...nothing, text, column, warnings: [problem] }
        : { ...nothing, text, column, problem };
    }
    const parsed = parse(word.text);
    switch (parsed.kind) {
      case 'missing':
        return fallbackReading;
      case 'bad': {
        const problem: Problem = { code: parsed.code, ...about };
        // Words of consent that nobody listed are unknown, not wrong: the field is left out.
        const leaveOut = onInvalid === 'drop' || parsed.code === 'word_not_listed';
        // A date in the opposite order casts doubt on the whole column, whatever onInvalid says.
        if (leaveOut && parsed.code !== 'date_opposite_order') return { ...nothing, text, column, warnings: [problem] };
        return { ...nothing, text, column, problem };
      }
      case 'value': {
        const warnings = parsed.repairs?.map((code): Problem => ({ code, ...about })) ?? noWarnings;
        return { value: parsed.value, text, column, problem: undefined, warnings };
      }
    }
  };
}

/** Where the text comes from: the first column that is not missing, or several joined. */
function compileSource(
  field: MappedField,
  mapping: Mapping,
  find: ColumnFinder,
): (cells: readonly string[]) => Taken | undefined {
  const isName = field.name === 'first_name' || field.name === 'last_name';
  const isMissing = createMissing(mapping.missing ?? [], isName && !field.isAttribute ? 'name' : 'other');
  const columns = columnsOf(field).flatMap(({ name }) => {
    const lookup = find(name);
    return lookup.kind === 'found' ? [{ name, index: lookup.index }] : [];
  });
  const { join } = field.settings;
  if (field.settings.columns !== undefined && join !== undefined) {
    const name = columns.map((column) => column.name).join(' + ');
    return (cells) => {
      const parts = columns.map(({ index }) => cells[index] ?? '').filter((cell) => !isMissing(cell));
      return parts.length === 0 ? undefined : { text: parts.map(cleanCell).join(join), column: name };
    };
  }
  return (cells) => {
    for (const { name, index } of columns) {
      const cell = cells[index] ?? '';
      if (cell !== '' && !isMissing(cell)) return { text: cell, column: name };
    }
    return undefined;
  };
}

type Word = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'unlisted'; readonly drop: boolean };

function compileWords({ settings }: MappedField): (text: string) => Word {
  const { values, otherwise = 'fail' } = settings;
  if (values === undefined) return (text) => ({ kind: 'text', text });
  const listed = new Map<string, Word>();
  for (const [word, text] of Object.entries(values)) listed.set(fold(word), { kind: 'text', text });
  return (text) => {
    const word = listed.get(fold(cleanCell(text)));
    if (word !== undefined) return word;
    if (otherwise === 'keep') return { kind: 'text', text };
    if (typeof otherwise === 'object') return { kind: 'text', text: otherwise.value };
    return { kind: 'unlisted', drop: otherwise === 'drop' };
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
