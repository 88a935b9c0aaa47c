import { apiFields } from '../api/contact.ts';
import { didYouMean } from '../settings/nearest.ts';
import { findDateFormatConflict, validateDateFormat } from '../values/dates.ts';
import { isPhoneCountry } from '../values/phones.ts';
import { createColumnFinder } from './columns.ts';
import { consentRules } from './consent-rules.ts';
import { fieldRules } from './field-rules.ts';
import { columnsOf, listFields, listTagSources } from './fields.ts';
import { errorAt, warningAt } from './finding.ts';
import type { Finding, Path } from './finding.ts';
import { isPattern } from './pattern.ts';
import type { Rule } from './rule.ts';
import type { Mapping } from './schema.ts';

export { isDateField } from './fields.ts';

/** What can be said of a mapping without its CSV. */
export function lintMapping(mapping: Mapping): Finding[] {
  const found: Finding[] = [];
  for (const rule of rules) rule(mapping, found);
  return found;
}

const namesAndKeys: Rule = ({ fields }, found) => {
  for (const name of ['first_name', 'last_name'] as const) {
    if (fields[name] === undefined) found.push(errorAt(['fields', name], 'is required by Gleantap and not mapped'));
  }
  if (fields.user_id === undefined && fields.email === undefined && fields.phone === undefined) {
    found.push(
      errorAt(
        ['fields'],
        'map at least one of user_id, email and phone. Without one, every import creates new contacts',
      ),
    );
  }
};

/** A column that holds whole names feeds both halves, or a half would be lost or sent twice. */
const splitNames: Rule = (mapping, found) => {
  const halves = listFields(mapping).filter(({ kind }) => kind === 'name');
  for (const { name, settings, path } of halves) {
    const { name: half, nameOrder } = settings;
    const wanted = name === 'first_name' ? 'first' : 'last';
    if (half !== undefined && half !== wanted) {
      found.push(errorAt([...path, 'name'], `${name} takes the ${wanted} half: write "${wanted}"`));
    }
    if (nameOrder !== undefined && half === undefined) {
      found.push(errorAt([...path, 'nameOrder'], '"nameOrder" goes with "name"'));
    }
  }
  const [first, last] = halves;
  if (first === undefined || last === undefined) return;
  const column = first.settings.column;
  if (column === undefined || String(column) !== String(last.settings.column)) return;
  for (const { settings, path } of halves) {
    if (settings.name === undefined)
      found.push(errorAt(path, `both names come from "${String(column)}": set "name" to the half to use`));
  }
  if (first.settings.nameOrder !== last.settings.nameOrder) {
    found.push(errorAt([...last.path, 'nameOrder'], 'must be the same for both halves'));
  }
};

/** What can be said of the mapping's regular expression. */
export async function lintFooter({ csv }: Mapping): Promise<Finding[]> {
  if (typeof csv?.footer !== 'string' || (await isPattern(csv.footer))) return [];
  return [
    errorAt(
      ['csv', 'footer'],
      'must be a valid regular expression that does not match an empty cell, like "^Total". It must not contain lookaheads, lookbehinds, backreferences or more than 1,000 repetitions',
    ),
  ];
}

const tagAction: Rule = ({ fields }, found) => {
  if (fields.tag_action === undefined) return;
  const { tags, tag_action: action } = fields;
  if (typeof action === 'object') {
    for (const key of ['onInvalid', 'otherwise'] as const) {
      if (action[key] === 'drop') found.push(errorAt(['fields', 'tag_action', key], '"drop" would add the tags'));
    }
  }
  if (tags === undefined) found.push(errorAt(['fields', 'tag_action'], 'needs "tags"'));
  else if (typeof tags === 'object' && (tags.add !== undefined || tags.remove !== undefined)) {
    found.push(
      errorAt(
        ['fields', 'tag_action'],
        'only works with a plain "tags" column, because "add" and "remove" already define what to do',
      ),
    );
  }
};

const country: Rule = (mapping, found) => {
  const { country: given } = mapping;
  if (given === undefined) {
    if (mapping.fields.phone !== undefined) {
      found.push(errorAt(['country'], 'is needed to read phone numbers: two letters, like "US"'));
    }
    return;
  }
  const judge = (path: Path, code: string | undefined): void => {
    if (code === undefined || code === '?' || isPhoneCountry(code)) return;
    found.push(errorAt(path, `"${code}" is not a country code (ISO 3166, like "US" or "GB")`));
  };
  if (typeof given === 'string') judge(['country'], given);
  else {
    judge(['country', 'default'], given.default);
    for (const [word, code] of Object.entries(given.values ?? {})) judge(['country', 'values', word], code);
  }
};

const pickedRows: Rule = ({ people }, found) => {
  const pick = people?.pick;
  if (pick === undefined) return;
  const { column, order, ties } = pick;
  if ((column === undefined) !== (order === undefined))
    found.push(errorAt(['people', 'pick'], '"column" and "order" need each other'));
  else if (column === undefined && ties === undefined)
    found.push(errorAt(['people', 'pick'], 'needs "column" and "order", or "ties"'));
};

const pickedDates: Rule = ({ people }, found) => {
  const ties = people?.pick?.ties;
  const formats = [ties?.format ?? []].flat();
  const conflict = formats.some(validateDateFormat) ? undefined : findDateFormatConflict(formats);
  const problem =
    conflict === undefined
      ? formats.map(validateDateFormat).find((each) => each !== undefined)
      : `"${conflict[0]}" and "${conflict[1]}" read the same text as different days: keep one`;
  if (problem !== undefined) found.push(errorAt(['people', 'pick', 'ties', 'format'], problem));
};

const bodyKeys: readonly string[] = ['app_id', ...apiFields];
/** What Gleantap calls a contact in its answers. An attribute of this name could be taken for it. */
const answerKey = '_id';

const attributeNames: Rule = (mapping, found) => {
  for (const name of Object.keys(mapping.attributes ?? {})) {
    if (bodyKeys.some((key) => key === name)) {
      found.push(errorAt(['attributes', name], 'is a field of the API: put it under "fields"'));
    } else if (name.trim().toLowerCase() === answerKey) {
      found.push(errorAt(['attributes', name], 'is the name of the ID that Gleantap gives a contact: choose another'));
    } else {
      const near = bodyKeys.find((key) => key.replaceAll('_', '') === name.toLowerCase().replaceAll(/[^a-z0-9]/g, ''));
      if (near !== undefined)
        found.push(
          errorAt(['attributes', name], `would become an attribute next to the field "${near}": put it under "fields"`),
        );
    }
  }
};

const rules: readonly Rule[] = [
  ...fieldRules,
  namesAndKeys,
  splitNames,
  ...consentRules,
  tagAction,
  country,
  pickedRows,
  pickedDates,
  attributeNames,
];

/** What can be said of a mapping once the CSV's header is known. */
export function lintColumns(mapping: Mapping, header: readonly string[], isReport = false): Finding[] {
  const found: Finding[] = [];
  const find = createColumnFinder(header);
  const named = listFields(mapping).flatMap((field) => columnsOf(field));
  if (named.length > 1 && named.every(({ name }) => find(name).kind === 'missing')) {
    const names = header
      .map((name) => `"${name}"`)
      .join(', ')
      .slice(0, 200);
    return [
      errorAt(
        ['csv', 'headerRow'],
        `none of the mapped columns is in the header (${names}): is it the right row, and the right file?`,
      ),
    ];
  }
  const used = new Set<number>();
  const check = (name: string, path: Path): void => {
    const lookup = find(name);
    if (lookup.kind === 'found') used.add(lookup.index);
    else if (name === '?') return;
    else if (lookup.kind === 'ambiguous') {
      const places = lookup.positions.map((index, nth) => `"${lookup.names[nth]}" (column ${index + 1})`).join(' or ');
      found.push(errorAt(path, `the file has several columns "${name}": write ${places}`));
    } else found.push(errorAt(path, `the file has no column "${name}"${didYouMean(name, header)}`));
  };
  for (const field of listFields(mapping)) for (const { name, path } of columnsOf(field)) check(name, path);
  for (const { column, path } of listTagSources(mapping)) if (column !== undefined) check(column, path);
  for (const side of ['skip', 'keep'] as const) {
    mapping.rows?.[side]?.forEach(({ column }, index) => check(column, ['rows', side, index, 'column']));
  }
  const pick = mapping.people?.pick;
  if (pick?.column !== undefined) check(pick.column, ['people', 'pick', 'column']);
  if (pick?.ties !== undefined) check(pick.ties.column, ['people', 'pick', 'ties', 'column']);
  if (typeof mapping.country === 'object') check(mapping.country.column, ['country', 'column']);
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

/** Columns that no field, attribute or tag reads, ignored or not. */
export function unsentColumns(mapping: Mapping, header: readonly string[]): string[] {
  const find = createColumnFinder(header);
  const named = [
    ...listFields(mapping).flatMap((field) => columnsOf(field).map(({ name }) => name)),
    ...listTagSources(mapping).flatMap(({ column }) => column ?? []),
  ];
  const sent = new Set(named.map(find).flatMap((lookup) => (lookup.kind === 'found' ? [lookup.index] : [])));
  return header.filter((name, index) => name !== '' && !sent.has(index));
}
