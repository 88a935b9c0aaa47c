import type { Problem } from '../problem.ts';
import { compileDateFormats } from '../values/dates.ts';
import { createNumberParser } from '../values/numbers.ts';
import type { Parsed } from '../values/parsed.ts';
import { createPhoneParser, isPhoneCountry } from '../values/phones.ts';
import { cleanCell, createMissing, fold } from '../values/text.ts';
import { createYesNo } from '../values/words.ts';
import type { ColumnFinder } from './columns.ts';
import { columnsOf } from './fields.ts';
import type { MappedField } from './fields.ts';
import type { Mapping } from './schema.ts';

export type FieldValue = string | number | boolean;

/** What a field made of a row: its value if it has one, and everything worth saying on the way. */
export interface FieldReading {
  readonly value: FieldValue | undefined;
  /** The text that was taken from the row, before words and formats were applied. */
  readonly text: string | undefined;
  readonly column: string | undefined;
  readonly problem: Problem | undefined;
  readonly warnings: readonly Problem[];
}

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
    const reading: FieldReading = { ...nothing, value: constant, text: String(constant) };
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
    const word = listed.get(fold(text));
    if (word !== undefined) return word;
    if (otherwise === 'keep') return { kind: 'text', text };
    if (typeof otherwise === 'object') return { kind: 'text', text: otherwise.value };
    return { kind: 'unlisted', drop: otherwise === 'drop' };
  };
}

function compileParser(
  { name, kind, isAttribute, settings }: MappedField,
  mapping: Mapping,
  today: string,
): (text: string) => Parsed<FieldValue> {
  switch (kind) {
    case 'phone': {
      const { country } = mapping;
      // The rules ask for a country before any row is read.
      if (country === undefined || !isPhoneCountry(country)) return () => ({ kind: 'bad', code: 'bad_phone' });
      const format = settings.format as 'e164' | 'national' | 'digits' | 'asis' | undefined;
      return createPhoneParser({ country, format: format ?? 'e164' });
    }
    case 'date':
    case 'datetime': {
      const { format = [], serial = false } = settings;
      // Only a birthday is never in the future: a membership may begin tomorrow.
      const options = { serial, want: kind, today, neverFuture: name === 'dob' && !isAttribute };
      return compileDateFormats(typeof format === 'string' ? [format] : format, options);
    }
    case 'boolean':
      return createYesNo({ yes: settings.yes ?? [], no: settings.no ?? [] });
    case 'number':
      return createNumberParser({ decimal: settings.decimal ?? '.' });
    case 'text':
      return compileText(settings.case);
  }
}

function compileText(letterCase: 'lower' | 'upper' | undefined): (text: string) => Parsed<string> {
  return (cell) => {
    const text = cleanCell(cell);
    if (text === '') return { kind: 'missing' };
    const value = letterCase === 'lower' ? text.toLowerCase() : letterCase === 'upper' ? text.toUpperCase() : text;
    return { kind: 'value', value };
  };
}

function defaultReading(name: string, text: string, parse: (text: string) => Parsed<FieldValue>): FieldReading {
  const parsed = parse(text);
  const value = parsed.kind === 'value' ? parsed.value : text;
  const isName = name === 'first_name' || name === 'last_name';
  return { ...nothing, value, warnings: isName ? [{ code: 'default_used', field: name }] : [] };
}
