import { compileDateFormats } from '../values/dates.ts';
import { createEmailParser } from '../values/emails.ts';
import { createNameParser } from '../values/names.ts';
import { createNumberParser } from '../values/numbers.ts';
import { bad, type CellParser, ofCell } from '../values/parsed.ts';
import { createInternationalParser, createPhoneParser, isPhoneCountry } from '../values/phones.ts';
import type { PhoneCountry, PhoneFormat } from '../values/phones.ts';
import { createYesNo } from '../values/words.ts';
import { createZipParser } from '../values/zips.ts';
import { defaultCountry } from './country.ts';
import type { MappedField } from './fields.ts';
import type { FieldSettings, Mapping } from './schema.ts';

export type FieldValue = string | number | boolean;

type Parser = CellParser<FieldValue>;

/**
 * Compiles what a field makes of a cell's text, by its kind and settings.
 *
 * @param today The calendar day of the run's start, `YYYY-MM-DD`.
 */
export function compileParser(
  { name, kind, isAttribute, settings }: MappedField,
  mapping: Mapping,
  today: string,
): Parser {
  switch (kind) {
    case 'phone': {
      const country = defaultCountry(mapping);
      // The rules ask for a country before any row is read.
      if (country === undefined || !isPhoneCountry(country)) return ofCell(() => bad('phone_country_unknown'));
      return createPhoneParser({ country, format: phoneFormatOf(settings) });
    }
    case 'date':
    case 'datetime': {
      const { format = [], serial = false, utcMidnights = false } = settings;
      // Only a birthday is never in the future: a membership may start tomorrow.
      const options = { serial, utcMidnights, want: kind, today, neverFuture: name === 'dob' && !isAttribute };
      return compileDateFormats(typeof format === 'string' ? [format] : format, options);
    }
    case 'boolean':
      return createYesNo({ yes: settings.yes ?? [], no: settings.no ?? [] });
    case 'number':
      return createNumberParser({ decimal: settings.decimal, separator: settings.separator });
    case 'name':
      return inCase(
        settings.case,
        createNameParser({ part: settings.name, order: settings.nameOrder, isFirstName: name === 'first_name' }),
      );
    case 'email':
      return inCase(settings.case ?? 'lower', createEmailParser());
    case 'zip':
      return inCase(settings.case, createZipParser({ restoreZeros: settings.restoreZeros === true }));
    case 'id':
      return inCase(settings.case, readId);
    case 'text':
      return inCase(settings.case, readText);
  }
}

/**
 * Compiles what a phone field makes of a cell whose row names its own country. A number of a row without one that is known is
 * read only with its country code.
 */
export function compilePhoneParsers({ settings }: MappedField): (country: PhoneCountry | undefined) => Parser {
  const parsers = new Map<PhoneCountry | undefined, Parser>();
  const format = phoneFormatOf(settings);
  return (country) => {
    let parser = parsers.get(country);
    if (parser === undefined) {
      parser = country === undefined ? createInternationalParser(format) : createPhoneParser({ country, format });
      parsers.set(country, parser);
    }
    return parser;
  };
}

function phoneFormatOf({ format }: FieldSettings): PhoneFormat {
  return (format as PhoneFormat | undefined) ?? 'e164';
}

/** Compiles what a field makes of a text that the mapping itself writes: as of a cell, but a name is not split. */
export function compileWrittenParser(field: MappedField, mapping: Mapping, today: string): Parser {
  return compileParser({ ...field, settings: { ...field.settings, name: undefined } }, mapping, today);
}

/** 1.23E+11 says three of twelve digits; rows that share it would be written onto one person. */
const readId = ofCell<string>((text) =>
  /^\d(?:[.,]\d+)?E\+\d+$/i.test(text) ? bad('id_digits_lost') : { kind: 'value', value: text },
);

const readText = ofCell<string>((text) => ({ kind: 'value', value: text }));

function inCase(letterCase: FieldSettings['case'], parse: CellParser<string>): Parser {
  if (letterCase === undefined || letterCase === 'keep') return parse;
  return ofCell((text) => {
    const parsed = parse.ofText(text);
    if (parsed.kind !== 'value') return parsed;
    return { ...parsed, value: letterCase === 'lower' ? parsed.value.toLowerCase() : parsed.value.toUpperCase() };
  });
}
