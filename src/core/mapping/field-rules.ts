import { contactSchema } from '../api/contact.ts';
import type { ApiField } from '../api/contact.ts';
import { problemSentence } from '../outcome/messages.ts';
import { findDateFormatConflict, validateDateFormat } from '../values/dates.ts';
import { isPhoneCountry } from '../values/phones.ts';
import { cleanCell, createMissing, fold } from '../values/text.ts';
import { defaultCountry } from './country.ts';
import { isDateField, listFields, listTagSources } from './fields.ts';
import type { MappedField } from './fields.ts';
import { errorAt, warningAt } from './finding.ts';
import { compileWrittenParser } from './parsers.ts';
import type { FieldValue } from './parsers.ts';
import type { Rule } from './rule.ts';

const oneSourceEach: Rule = (mapping, found) => {
  for (const { settings, path } of listFields(mapping)) {
    const given = (['column', 'columns', 'value'] as const).filter((key) => settings[key] !== undefined);
    if (given.length === 0 && settings.default === undefined) {
      found.push(errorAt(path, 'has no source for its value: add "column", "columns" or "value"'));
    }
    if (given.length > 1)
      found.push(errorAt(path, `takes one of ${given.map((key) => `"${key}"`).join(' and ')}, not both`));
    if (settings.columns !== undefined && settings.join === undefined) {
      found.push(errorAt(path, '"columns" needs "join", the text between them'));
    }
    if (settings.join !== undefined && settings.columns === undefined) {
      found.push(errorAt([...path, 'join'], '"join" goes with "columns"'));
    }
    if (settings.otherwise !== undefined && settings.values === undefined) {
      found.push(errorAt([...path, 'otherwise'], '"otherwise" goes with "values"'));
    }
    for (const key of ['default', 'values', 'onInvalid'] as const) {
      if (settings.value === undefined || settings[key] === undefined) continue;
      found.push(errorAt([...path, key], `has no effect with "value"`));
    }
  }
  for (const { column, value, split, path } of listTagSources(mapping)) {
    if ((column === undefined) === (value === undefined)) found.push(errorAt(path, 'takes either "column" or "value"'));
    if (split !== undefined && column === undefined)
      found.push(errorAt([...path, 'split'], '"split" goes with "column"'));
    if (value?.includes(',') === true) {
      found.push(
        errorAt([...path, 'value'], 'a tag must not contain a comma, because Gleantap would read it as two tags'),
      );
    }
    if (value !== undefined && cleanCell(value) === '') found.push(errorAt([...path, 'value'], 'is blank'));
  }
};

const foldedValues: Rule = (mapping, found) => {
  const isMissing = createMissing(mapping.missing ?? [], 'other');
  for (const { settings, path } of listFields(mapping)) {
    const seen = new Map<string, string>();
    for (const word of Object.keys(settings.values ?? {})) {
      const at = [...path, 'values', word];
      if (fold(word) === '') found.push(errorAt(at, 'an empty cell is missing: use "default"'));
      else if (isMissing(word)) found.push(warningAt(at, 'is also under "missing", which comes first'));
      const twin = seen.get(fold(word));
      if (twin !== undefined) found.push(errorAt(at, `is the same word as "${twin}"`));
      seen.set(fold(word), word);
    }
  }
};

const dateFormats: Rule = (mapping, found) => {
  for (const { kind, settings, path } of listFields(mapping)) {
    if (kind !== 'date' && kind !== 'datetime') continue;
    const { format } = settings;
    if (format === undefined) continue;
    const formats = typeof format === 'string' ? [format] : format;
    const conflict = formats.some((text) => validateDateFormat(text) !== undefined)
      ? undefined
      : findDateFormatConflict(formats);
    if (conflict !== undefined) {
      found.push(
        errorAt(
          [...path, 'format'],
          `"${conflict[0]}" and "${conflict[1]}" read the same text as different days. Keep one of them`,
        ),
      );
    }
    formats.forEach((text, index) => {
      if (text === '?') return;
      const problem = validateDateFormat(text);
      if (problem === undefined) return;
      found.push(errorAt(typeof format === 'string' ? [...path, 'format'] : [...path, 'format', index], problem));
    });
  }
};

const numbers: Rule = (mapping, found) => {
  for (const { settings, path } of listFields(mapping)) {
    if (settings.separator === undefined || settings.separator !== (settings.decimal ?? '.')) continue;
    found.push(errorAt([...path, 'separator'], `"${settings.separator}" is the decimal sign: thousands need another`));
  }
};

const zeros: Rule = (mapping, found) => {
  const { zip } = mapping.fields;
  if (typeof zip !== 'object' || zip.restoreZeros !== true) return;
  const code = defaultCountry(mapping);
  if (code === 'US' || code === '?') return;
  found.push(errorAt(['fields', 'zip', 'restoreZeros'], 'applies only to codes of "country": "US"'));
};

/** What the mapping writes itself must be readable by the very field that sends it. */
const writtenValues: Rule = (mapping, found) => {
  const code = defaultCountry(mapping);
  const hasCountry = code !== undefined && isPhoneCountry(code);
  for (const field of listFields(mapping)) {
    const formats = [field.settings.format ?? []].flat();
    const isReadable = field.kind === 'phone' ? hasCountry : !isDateField(field) || !formats.some(validateDateFormat);
    if (!isReadable) continue;
    const parse = compileWrittenParser(field, mapping, endOfTime);
    for (const key of ['value', 'default'] as const) {
      const text = field.settings[key];
      if (typeof text !== 'string' || text === '?') continue;
      const parsed = parse(text);
      const problem = parsed.kind === 'bad' ? problemSentence({ code: parsed.code, value: text }) : undefined;
      if (problem !== undefined) found.push(errorAt([...field.path, key], problem));
      else if (parsed.kind === 'missing') found.push(errorAt([...field.path, key], 'has no meaning for this field'));
      else if (parsed.kind === 'value' && !isTakenBy(field, parsed.value)) {
        found.push(errorAt([...field.path, key], `${field.name} does not take "${text}"`));
      }
    }
  }
};

/** Whether a birthday is in the future is known only when a run starts. */
const endOfTime = '9999-12-31';

function isTakenBy({ name, isAttribute }: MappedField, value: FieldValue): boolean {
  const schema = isAttribute ? undefined : contactSchema.shape[name as ApiField];
  return schema === undefined || schema.safeParse(value).success;
}

/** What can be said of each field by itself. */
export const fieldRules: readonly Rule[] = [oneSourceEach, foldedValues, dateFormats, numbers, zeros, writtenValues];
