import { compileDateFormats } from '../values/dates.ts';
import { createNumberParser } from '../values/numbers.ts';
import type { Parsed } from '../values/parsed.ts';
import { createPhoneParser, isPhoneCountry } from '../values/phones.ts';
import { cleanCell } from '../values/text.ts';
import { createYesNo } from '../values/words.ts';
import type { MappedField } from './fields.ts';
import type { Mapping } from './schema.ts';

export type FieldValue = string | number | boolean;

/**
 * Compiles what a field makes of a text, by its kind and settings.
 *
 * @param today The calendar day of the run's start, `YYYY-MM-DD`.
 */
export function compileParser(
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
