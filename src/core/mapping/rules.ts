import { apiFields } from '../contact.ts';
import { didYouMean } from '../nearest.ts';
import { findDateFormatConflict, validateDateFormat } from '../values/dates.ts';
import { isPhoneCountry } from '../values/phones.ts';
import { fold } from '../values/text.ts';
import { createColumnFinder } from './columns.ts';
import { columnsOf, listFields, listTagSources } from './fields.ts';
import type { MappedField } from './fields.ts';
import { errorAt, warningAt } from './finding.ts';
import type { Finding, Path } from './finding.ts';
import type { Mapping } from './schema.ts';

/** A rule looks at the whole mapping and pushes what it finds, so that the user sees everything at once. */
type Rule = (mapping: Mapping, found: Finding[]) => void;

/** What can be said of a mapping without its CSV. */
export function lintMapping(mapping: Mapping): Finding[] {
  const found: Finding[] = [];
  for (const rule of rules) rule(mapping, found);
  return found;
}

const oneSourceEach: Rule = (mapping, found) => {
  for (const { settings, path } of listFields(mapping)) {
    const given = (['column', 'columns', 'value'] as const).filter((key) => settings[key] !== undefined);
    if (given.length === 0 && settings.default === undefined) {
      found.push(errorAt(path, 'says nowhere where the value comes from: add "column", "columns" or "value"'));
    }
    if (given.length > 1)
      found.push(errorAt(path, `takes one of ${given.map((key) => `"${key}"`).join(' and ')}, not both`));
    if (settings.columns !== undefined && settings.join === undefined) {
      found.push(errorAt(path, '"columns" needs "join": what stands between them'));
    }
    if (settings.join !== undefined && settings.columns === undefined) {
      found.push(errorAt([...path, 'join'], '"join" goes with "columns"'));
    }
    if (settings.otherwise !== undefined && settings.values === undefined) {
      found.push(errorAt([...path, 'otherwise'], '"otherwise" goes with "values"'));
    }
  }
  for (const { column, value, split, path } of listTagSources(mapping)) {
    if ((column === undefined) === (value === undefined)) found.push(errorAt(path, 'takes either "column" or "value"'));
    if (split !== undefined && column === undefined)
      found.push(errorAt([...path, 'split'], '"split" goes with "column"'));
    if (value?.includes(',') === true) {
      found.push(errorAt([...path, 'value'], 'a tag must not hold a comma: Gleantap would read two tags'));
    }
  }
};

const namesAndKeys: Rule = ({ fields }, found) => {
  for (const name of ['first_name', 'last_name'] as const) {
    if (fields[name] === undefined) found.push(errorAt(['fields', name], 'is required by Gleantap and not mapped'));
  }
  if (fields.user_id === undefined && fields.email === undefined && fields.phone === undefined) {
    found.push(
      errorAt(['fields'], 'map at least one of user_id, email and phone: without, every import makes new contacts'),
    );
  }
};

const foldedValues: Rule = (mapping, found) => {
  for (const { settings, path } of listFields(mapping)) {
    const seen = new Map<string, string>();
    for (const word of Object.keys(settings.values ?? {})) {
      const twin = seen.get(fold(word));
      if (twin !== undefined) found.push(errorAt([...path, 'values', word], `is the same word as "${twin}"`));
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
          `"${conflict[0]}" and "${conflict[1]}" read the same text as different days: keep one`,
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

const yesNoWords: Rule = (mapping, found) => {
  for (const { kind, settings, path } of listFields(mapping)) {
    if (kind !== 'boolean' || settings.value !== undefined) continue;
    const yes = settings.yes ?? [];
    const no = settings.no ?? [];
    if (yes.length === 0 && no.length === 0) {
      found.push(errorAt(path, 'list the words of the file under "yes" and "no": other words leave the field out'));
    }
    const both = yes.filter((word) => no.some((other) => fold(other) === fold(word)));
    for (const word of both) found.push(errorAt([...path, 'no'], `"${word}" is in both "yes" and "no"`));
  }
};

const saysOptIn = /subscri|opt(ed)?[- _]?in|consent|newsletter/;
const saysOptOut = /unsubscri|opt(ed)?[- _]?out|do[- _]?not|don'?t/;

/** Consent is never derived from a header that says the opposite, unless a person has confirmed it. */
const consentPolarity: Rule = (mapping, found) => {
  for (const field of listFields(mapping)) {
    if (field.settings.confirmed === true) continue;
    for (const { name, path } of columnsOf(field)) {
      const header = fold(name);
      const optOut = saysOptOut.test(header);
      const contradicts =
        (field.name === 'optout_email' && !optOut && saysOptIn.test(header)) || (field.name === 'optin_sms' && optOut);
      if (contradicts) {
        found.push(
          errorAt(
            path,
            `the header "${name}" says the opposite of ${field.name}: swap "yes" and "no" if needed, then add "confirmed": true`,
          ),
        );
      }
    }
  }
};

const tagAction: Rule = ({ fields }, found) => {
  if (fields.tag_action === undefined) return;
  const { tags } = fields;
  if (tags === undefined) found.push(errorAt(['fields', 'tag_action'], 'needs "tags"'));
  else if (typeof tags === 'object' && (tags.add !== undefined || tags.remove !== undefined)) {
    found.push(
      errorAt(['fields', 'tag_action'], 'goes with a plain "tags" column; "add" and "remove" already say what to do'),
    );
  }
};

const country: Rule = (mapping, found) => {
  const code = mapping.country;
  if (code === '?') return;
  if (code === undefined) {
    if (mapping.fields.phone !== undefined) {
      found.push(errorAt(['country'], 'is needed to read phone numbers: two letters, such as "US"'));
    }
    return;
  }
  if (!isPhoneCountry(code))
    found.push(errorAt(['country'], `"${code}" is no country code (ISO 3166, such as "US" or "GB")`));
};

const attributeNames: Rule = (mapping, found) => {
  for (const name of Object.keys(mapping.attributes ?? {})) {
    if (name === 'app_id' || apiFields.some((field) => field === name)) {
      found.push(errorAt(['attributes', name], 'is a field of the API: put it under "fields"'));
    } else {
      const near = apiFields.find(
        (field) => field.replaceAll('_', '') === name.toLowerCase().replaceAll(/[^a-z]/g, ''),
      );
      if (near !== undefined)
        found.push(
          errorAt(['attributes', name], `would become an attribute beside the field "${near}": put it under "fields"`),
        );
    }
  }
};

const rules: readonly Rule[] = [
  oneSourceEach,
  namesAndKeys,
  foldedValues,
  dateFormats,
  yesNoWords,
  consentPolarity,
  tagAction,
  country,
  attributeNames,
];

/** What can be said of a mapping once the CSV's header is known. */
export function lintColumns(mapping: Mapping, header: readonly string[], isReport = false): Finding[] {
  const found: Finding[] = [];
  const find = createColumnFinder(header);
  const used = new Set<number>();
  const check = (name: string, path: Path): void => {
    const lookup = find(name);
    if (lookup.kind === 'found') used.add(lookup.index);
    else if (name === '?') return;
    else if (lookup.kind === 'ambiguous') {
      const places = lookup.positions.map((index, nth) => `"${name}#${nth + 1}" (column ${index + 1})`).join(' or ');
      found.push(errorAt(path, `the file has several columns "${name}": write ${places}`));
    } else found.push(errorAt(path, `the file has no column "${name}"${didYouMean(name, header)}`));
  };
  for (const field of listFields(mapping)) for (const { name, path } of columnsOf(field)) check(name, path);
  for (const { column, path } of listTagSources(mapping)) if (column !== undefined) check(column, path);
  for (const side of ['skip', 'keep'] as const) {
    mapping.rows?.[side]?.forEach(({ column }, index) => check(column, ['rows', side, index, 'column']));
  }
  if (mapping.ignore === '*' || isReport) return found;
  for (const name of mapping.ignore ?? []) {
    const lookup = find(name);
    if (lookup.kind === 'found') used.add(lookup.index);
    if (lookup.kind === 'ambiguous') for (const index of lookup.positions) used.add(index);
  }
  const unused = header.filter((name, index) => name !== '' && !used.has(index));
  if (unused.length > 0) {
    const at = mapping.strictColumns === true ? errorAt : warningAt;
    const names = unused.map((name) => `"${name}"`).join(', ');
    found.push(at([], `not sent, neither mapped nor under "ignore": ${names}`));
  }
  return found;
}

/** Whether a field's kind is a date, whose cells a spreadsheet would rewrite. */
export function isDateField(field: MappedField): boolean {
  return field.kind === 'date' || field.kind === 'datetime';
}
