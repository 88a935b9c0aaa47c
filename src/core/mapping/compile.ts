import { z } from 'zod';
import { contactSchema, identityFields } from '../api/contact.ts';
import type { Contact } from '../api/contact.ts';
import { hasMatchKey, matchKeysOf } from '../api/match-keys.ts';
import type { MatchKeys } from '../api/match-keys.ts';
import type { ProblemCode } from '../outcome/messages.ts';
import type { Problem, Warning } from '../outcome/problem.ts';
import { fold, plainText } from '../values/text.ts';
import { createColumnFinder } from './columns.ts';
import type { ColumnFinder } from './columns.ts';
import { listFields } from './fields.ts';
import type { MappedField } from './fields.ts';
import { compileField, valueIn } from './read-field.ts';
import type { FieldReader, FieldReading } from './read-field.ts';
import { compileTags } from './read-tags.ts';
import type { ExtraTags, TagAction, TagsReading } from './read-tags.ts';
import type { Mapping, RowFilter } from './schema.ts';

/** What a mapping makes of one row. */
export interface MappedRow {
  /** The payload without `tags`, `tag_action` and `app_id`. */
  readonly contact: Contact;
  readonly tags: TagsReading;
  readonly keys: MatchKeys;
  /** Why the row can't be sent: all reasons together. */
  readonly problems: readonly Problem[];
  /** What was left out or repaired. */
  readonly warnings: readonly Warning[];
  /** The mapping's `rows` leave this row out. */
  readonly filtered: boolean;
}

export interface RowContext {
  /** The calendar day of the run's start, `YYYY-MM-DD`: decides what lies in the future. */
  readonly today: string;
  readonly extraTags: ExtraTags;
}

export interface RowMapper {
  (cells: readonly string[]): MappedRow;
  /** Each field's own reading of a row, for `explain`. */
  trace(cells: readonly string[]): { readonly field: MappedField; readonly reading: FieldReading }[];
}

/** Maps a row of the file. Its warnings include those about the record itself. */
export function mapRow(
  map: RowMapper,
  { cells, hasStrayQuote }: { readonly cells: readonly string[]; readonly hasStrayQuote?: boolean },
): MappedRow {
  const mapped = map(cells);
  return hasStrayQuote === true ? { ...mapped, warnings: [...mapped.warnings, { code: 'stray_quote' }] } : mapped;
}

/** Compiles a mapping that `lintMapping` and `lintColumns` found good to a function over the cells of a row. */
export function compileMapping(
  mapping: Mapping,
  header: readonly string[],
  { today, extraTags }: RowContext,
): RowMapper {
  const find = createColumnFinder(header);
  const fields = listFields(mapping).map((field): ReadField => ({
    field,
    reader: compileField(field, mapping, find, today),
  }));
  const readTags = compileTags(mapping, find, extraTags);
  const isFiltered = compileFilters(mapping, find);
  const hasTagAction = mapping.fields.tag_action !== undefined;
  const liftOptOut = mapping.fields.optout_email?.liftOptOut === true;
  const isMinor = compileMinors(mapping, today);

  const map = (cells: readonly string[]): MappedRow => {
    const contact: Contact = {};
    const problems: Problem[] = [];
    const warnings: Problem[] = [];
    for (const { field, reader } of fields) {
      const read = reader.read(cells);
      if (read === undefined) continue;
      if (typeof read === 'object') {
        if (read.problem !== undefined && !saysTheSame(problems, read.problem)) problems.push(read.problem);
        warnings.push(...read.warnings);
      }
      const value = valueIn(read);
      if (value === undefined) continue;
      // optout_email: false may lift an opt-out, which only a mapping that says so may do.
      if (field.name === 'optout_email' && value === false && !liftOptOut) continue;
      setOwn(contact, field.name, value);
    }
    if (!z.validate(judge, contact)) {
      const judged = validate(contact, fields, cells, problems);
      problems.push(...judged.problems);
      warnings.push(...judged.warnings);
    }
    if (isMinor?.(contact['dob']) === true && contact['optin_sms'] === true) {
      delete contact['optin_sms'];
      warnings.push({ code: 'minor_not_opted_in', field: 'optin_sms' });
    }
    const tags = readTags(cells, hasTagAction ? takeTagAction(contact) : undefined);
    problems.push(...tags.problems);
    warnings.push(...tags.warnings);
    const keys = matchKeysOf(contact);
    // A key that is there but broken, or lacks only the first name, is a problem already.
    if (!hasMatchKey(keys) && !keyFields.some((name) => contact[name] !== undefined || isAbout(problems, name)))
      problems.push({ code: 'no_match_key' });
    return { contact, tags, keys, problems, warnings, filtered: isFiltered(cells) };
  };
  const trace = (cells: readonly string[]) =>
    fields.map(({ field, reader }) => ({ field, reading: reader.explain(cells) }));
  return Object.assign(map, { trace });
}

interface ReadField {
  readonly field: MappedField;
  readonly reader: FieldReader;
}

const keyFields = ['user_id', 'email', 'phone'] as const;

/** The same judge as the schema itself at a fifth of its time; checks that it says the same stand in the tests. */
const judge = z.compile(contactSchema);

/** The row's own `tag_action`, taken out of the payload: it goes with the tags. */
function takeTagAction(contact: Contact): TagAction | undefined {
  const action = contact['tag_action'];
  delete contact['tag_action'];
  return action === 'add' || action === 'remove' ? action : undefined;
}

const adultAge = 18;

/**
 * Whether somebody born on a day (`YYYY-MM-DD`) is too young for an opt-in; who has no such day is not. Undefined where the
 * mapping opts nobody in, or minors too.
 */
function compileMinors(
  { fields, minorAge = adultAge }: Mapping,
  today: string,
): ((dob: Contact[string] | undefined) => boolean) | undefined {
  if (fields.optin_sms === undefined || fields.optin_sms.allowMinors === true) return undefined;
  // Whoever was born after this day is younger. As texts, days order as in the calendar.
  const latest = `${String(Number(today.slice(0, 4)) - minorAge).padStart(4, '0')}${today.slice(4)}`;
  return (dob) => typeof dob === 'string' && dob > latest;
}

/** What zod has against the finished payload; what may be dropped is dropped with a warning, the rest are problems of the row. */
function validate(
  contact: Contact,
  fields: readonly ReadField[],
  cells: readonly string[],
  known: readonly Problem[],
): { readonly problems: readonly Problem[]; readonly warnings: readonly Problem[] } {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  for (const issue of contactSchema.safeParse(contact).error?.issues ?? []) {
    const name = String(issue.path[0]);
    const found = fields.find(({ field }) => field.name === name);
    const reading = found?.reader.explain(cells);
    if (reading?.problem !== undefined || isAbout(known, name) || isAbout(problems, name)) continue;
    const problem: Problem = {
      code: codeOf(name, contact[name] === undefined),
      field: name,
      ...(reading?.column === undefined ? {} : { column: reading.column }),
      ...(reading?.text === undefined ? {} : { value: reading.text }),
    };
    if (found?.field.settings.onInvalid === 'drop') {
      Reflect.deleteProperty(contact, name);
      warnings.push(problem);
    } else problems.push(problem);
  }
  return { problems, warnings };
}

function isAbout(problems: readonly Problem[], name: string): boolean {
  return problems.some(({ field }) => field === name);
}

/** Both halves of a name that can't be split have one problem. */
function saysTheSame(problems: readonly Problem[], { code, column, value, field }: Problem): boolean {
  return (
    field === 'last_name' &&
    problems.some((other) => other.code === code && other.column === column && other.value === value)
  );
}

function codeOf(field: string, isMissing: boolean): ProblemCode {
  if (isMissing) return 'required_missing';
  return field === 'email' ? 'bad_email' : 'bad_value';
}

function compileFilters(mapping: Mapping, find: ColumnFinder): (cells: readonly string[]) => boolean {
  const compile = ({ column, in: words }: RowFilter): ((cells: readonly string[]) => boolean) => {
    const lookup = find(column);
    const listed = new Set(words.map((word) => fold(word)));
    return (cells) => lookup.kind === 'found' && listed.has(fold(plainText(cells[lookup.index] ?? '')));
  };
  const skip = (mapping.rows?.skip ?? []).map(compile);
  const keep = (mapping.rows?.keep ?? []).map(compile);
  return (cells) => skip.some((matches) => matches(cells)) || !keep.every((matches) => matches(cells));
}

/**
 * The requests that send a row: one, or two when it both takes tags off and puts others on, since `tag_action` covers a
 * whole request (API page newContact). Then the first carries everything and the second identity, names and added tags.
 */
export function requestsOf({ contact, tags }: Pick<MappedRow, 'contact' | 'tags'>): Contact[] {
  const { add, remove } = tags;
  if (add.length === 0 && remove.length === 0) return [contact];
  if (remove.length === 0) return [{ ...contact, tags: add.join(','), tag_action: 'add' }];
  const first: Contact = { ...contact, tags: remove.join(','), tag_action: 'remove' };
  if (add.length === 0) return [first];
  const second: Contact = {};
  for (const name of identityFields) {
    const value = contact[name];
    if (value !== undefined) second[name] = value;
  }
  return [first, { ...second, tags: add.join(','), tag_action: 'add' }];
}

/** An attribute may be called `__proto__`; assigning that would change the object instead. */
function setOwn(contact: Contact, name: string, value: Contact[string]): void {
  if (name === '__proto__')
    Object.defineProperty(contact, name, { value, enumerable: true, writable: true, configurable: true });
  else contact[name] = value;
}
