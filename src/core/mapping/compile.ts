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
import { compilePick } from './pick.ts';
import { compileField } from './read-field.ts';
import type { FieldReader, FieldValue, ReadingNotes, ReadingStep } from './read-field.ts';
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
  /** Whether no row of this row's person may opt them in to text messages: they are a minor, or may be one. */
  readonly withholdsOptIn: boolean;
  /** What `people.pick` makes of the row: see `compilePick`. Undefined without the setting. */
  readonly rank: number | undefined;
}

export interface RowContext {
  /** The calendar day of the run's start, `YYYY-MM-DD`: decides what is in the future. */
  readonly today: string;
  readonly extraTags: ExtraTags;
}

/** Maps the cells of a row. */
export interface RowMapper {
  (cells: readonly string[]): MappedRow;
  /** Maps them by the same code and records how each field and attribute came about, in the order in which they are sent. */
  trace(cells: readonly string[]): FieldTrace[];
}

/** How a field of a row came about. */
export interface FieldTrace {
  readonly field: MappedField;
  readonly steps: readonly ReadingStep[];
  /** What is sent; undefined when the field is left out. */
  readonly value: FieldValue | undefined;
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
    read: compileField(field, mapping, find, today),
  }));
  const readTags = compileTags(mapping, find, extraTags);
  const isFiltered = compileFilters(mapping, find);
  const hasTagAction = mapping.fields.tag_action !== undefined;
  const liftOptOut = mapping.fields.optout_email?.liftOptOut === true;
  const isMinor = compileMinors(mapping, today);
  const rankOf = compilePick(mapping, find, today);

  const map = (cells: readonly string[], steps?: FieldSteps): MappedRow => {
    const contact: Contact = {};
    const problems: Problem[] = [];
    const warnings: Problem[] = [];
    const notes: ReadingNotes = { problems, warnings, steps: undefined };
    for (const { field, read } of fields) {
      if (steps !== undefined) steps.set(field.name, (notes.steps = []));
      const value = read(cells, notes);
      if (value === undefined) continue;
      // optout_email: false may lift an opt-out, which the mapping must allow explicitly.
      if (field.name === 'optout_email' && value === false && !liftOptOut) notes.steps?.push({ kind: 'opt_out_kept' });
      else setOwn(contact, field.name, value);
    }
    if (!z.validate(judge, contact)) {
      for (const problem of refusalsOf(contact, fields, cells, problems)) {
        if (isDroppable(problem, fields)) leaveOut(contact, problem, warnings, steps);
        else {
          problems.push(problem);
          steps?.get(problem.field)?.push({ kind: 'problem', problem });
        }
      }
    }
    const age = isMinor === undefined ? undefined : ageOf(contact['dob'], [...warnings, ...problems], isMinor);
    if (age !== undefined && contact['optin_sms'] === true)
      leaveOut(contact, { code: age, field: 'optin_sms' }, warnings, steps);
    const tags = readTags(cells, hasTagAction ? takeTagAction(contact) : undefined);
    problems.push(...tags.problems);
    warnings.push(...tags.warnings);
    const keys = matchKeysOf(contact);
    // A key that is there but broken, or lacks only the first name, is a problem already.
    if (!hasMatchKey(keys) && !keyFields.some((name) => contact[name] !== undefined || isAbout(problems, name)))
      problems.push({ code: 'no_match_key' });
    return {
      contact,
      tags,
      keys,
      problems: eachOnce(problems),
      warnings,
      filtered: isFiltered(cells),
      withholdsOptIn: age !== undefined,
      rank: rankOf?.(cells),
    };
  };
  const trace = (cells: readonly string[]): FieldTrace[] => {
    const steps: FieldSteps = new Map();
    const mapped = map(cells, steps);
    return fields.map(({ field }) => ({
      field,
      steps: steps.get(field.name) ?? [],
      value: valueSent(mapped, field.name),
    }));
  };
  return Object.assign((cells: readonly string[]) => map(cells), { trace });
}

interface ReadField {
  readonly field: MappedField;
  readonly read: FieldReader;
}

/** The steps of each field, by its name. */
type FieldSteps = Map<string, ReadingStep[]>;

/** Takes a field out of the finished payload, with a warning. */
function leaveOut(contact: Contact, problem: Refusal, warnings: Problem[], steps: FieldSteps | undefined): void {
  delete contact[problem.field];
  warnings.push(problem);
  steps?.get(problem.field)?.push({ kind: 'warning', problem });
}

/** `tag_action` is sent only with the row's own tags. */
function valueSent({ contact, tags }: MappedRow, name: string): FieldValue | undefined {
  if (name !== 'tag_action') return Object.hasOwn(contact, name) ? contact[name] : undefined;
  return tags.ownRemove.length > 0 ? 'remove' : tags.ownAdd.length > 0 ? 'add' : undefined;
}

const keyFields = ['user_id', 'email', 'phone'] as const;

/** The same judgment as the schema itself in a fifth of its time. The tests check that both agree. */
const judge = z.compile(contactSchema);

/** The row's own `tag_action`, taken out of the payload: it goes with the tags. */
function takeTagAction(contact: Contact): TagAction | undefined {
  const action = contact['tag_action'];
  delete contact['tag_action'];
  return action === 'add' || action === 'remove' ? action : undefined;
}

const adultAge = 18;

/**
 * Whether a person born on a day (`YYYY-MM-DD`) is too young for an opt-in. Without a birthday they are not. Undefined where the
 * mapping opts no one in, or minors too.
 */
function compileMinors(
  { fields, minorAge = adultAge }: Mapping,
  today: string,
): ((dob: Contact[string] | undefined) => boolean) | undefined {
  if (fields.optin_sms === undefined || fields.optin_sms.allowMinors === true) return undefined;
  // A person born after this day is younger. As texts, days sort as in the calendar.
  const latest = `${String(Number(today.slice(0, 4)) - minorAge).padStart(4, '0')}${today.slice(4)}`;
  return (dob) => typeof dob === 'string' && dob > latest;
}

/** Why a row's date of birth forbids an opt-in. A date that is there and cannot be read may be a minor's. */
function ageOf(
  dob: Contact[string] | undefined,
  found: readonly Problem[],
  isMinor: (dob: Contact[string] | undefined) => boolean,
): 'minor_not_opted_in' | 'age_unknown_not_opted_in' | undefined {
  if (isMinor(dob)) return 'minor_not_opted_in';
  if (dob !== undefined) return undefined;
  const isUnreadable = found.some(({ field, code }) => field === 'dob' && code !== 'date_placeholder');
  return isUnreadable ? 'age_unknown_not_opted_in' : undefined;
}

type Refusal = Problem & { readonly field: string };

/** What the schema finds wrong with the finished payload, except for fields that already have a problem. */
function refusalsOf(
  contact: Contact,
  fields: readonly ReadField[],
  cells: readonly string[],
  known: readonly Problem[],
): Refusal[] {
  const refusals: Refusal[] = [];
  for (const issue of contactSchema.safeParse(contact).error?.issues ?? []) {
    const name = String(issue.path[0]);
    if (isAbout(known, name) || isAbout(refusals, name)) continue;
    const isMissing = contact[name] === undefined;
    refusals.push({
      code: codeOf(name, isMissing),
      field: name,
      ...sourceOf(
        fields.find(({ field }) => field.name === name),
        cells,
        isMissing,
      ),
    });
  }
  return refusals;
}

/** Where a value came from. The field is read again to find out, which only a refused value costs. */
function sourceOf(
  read: ReadField | undefined,
  cells: readonly string[],
  isMissing: boolean,
): { column?: string; value?: string } {
  const steps: ReadingStep[] = [];
  read?.read(cells, { problems: [], warnings: [], steps });
  const first = steps.find((step) => step.kind === 'source');
  // The first column that could have had it is the one to fill in.
  if (isMissing) return first === undefined ? {} : { column: first.column };
  for (const step of steps.toReversed()) {
    if (step.kind === 'source') return { column: step.column, value: step.text };
    if (step.kind === 'constant' || step.kind === 'default') return { value: step.text };
  }
  return {};
}

/** Gleantap needs both names, so a name that is missing always fails the row. */
function isDroppable({ code, field: name }: Refusal, fields: readonly ReadField[]): boolean {
  if (code === 'required_missing') return false;
  return fields.some(({ field }) => field.name === name && field.settings.onInvalid === 'drop');
}

function isAbout(problems: readonly Problem[], name: string): boolean {
  return problems.some(({ field }) => field === name);
}

/** Both halves of a name that can't be split have one problem. */
function eachOnce(problems: readonly Problem[]): readonly Problem[] {
  if (problems.length < 2) return problems;
  return problems.filter(
    ({ code, column, value, field }) =>
      field !== 'last_name' ||
      column === undefined ||
      code === 'required_missing' ||
      !problems.some(
        (other) =>
          other.field === 'first_name' && other.code === code && other.column === column && other.value === value,
      ),
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
